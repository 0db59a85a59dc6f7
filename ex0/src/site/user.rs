//! Are the user's own packages visible? (`site.ENABLE_USER_SITE`)

use super::Site;
use crate::binary::Binary;
use crate::getpath::number;
use crate::support::version::Minor;
use crate::support::{World, access};

/// Are the packages of `pip install --user` visible?
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UserSite {
    On,
    Off,
    /// No: the real user or group is not the effective one.
    TwoUsers,
    #[default]
    SiteDoesNotRun,
}

impl UserSite {
    /// Python: `site.check_enableusersite()`. An environment that hides the global packages hides the user's too.
    pub fn of(site: &Site, binary: &Binary, world: &World) -> Self {
        if site.system_site == Some(false) || no_user_site(binary, world) {
            Self::Off
        } else if access::is_for_two_users() {
            Self::TwoUsers
        } else {
            Self::On
        }
    }

    /// `site.ENABLE_USER_SITE`
    pub fn in_python(self) -> Option<bool> {
        match self {
            Self::On => Some(true),
            Self::Off => Some(false),
            Self::TwoUsers | Self::SiteDoesNotRun => None,
        }
    }
}

/// Python: `sys.flags.no_user_site`. From CPython 3.7 on `PYTHONNOUSERSITE` may be a number, and 0 means no.
fn no_user_site(binary: &Binary, world: &World) -> bool {
    let value = world.non_empty("PYTHONNOUSERSITE");
    let reads_numbers = !binary.is_pypy() && binary.minor >= Minor(3, 7);
    value.is_some_and(|it| !reads_numbers || number(&it.lossy()) != Some(0))
}
