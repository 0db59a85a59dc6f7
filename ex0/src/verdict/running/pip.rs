//! What do the variables tell pip? It reads `PIP_*` as the values of its options. Its configuration files can say the same; they are not
//! read.
//!
//! Source: pip's `cli/main_parser.py`, `cli/parser.py`, `commands/install.py` and `utils/misc.py`.

use crate::finding::{Notes, PipDoes, Reader, Said, Warning};
use crate::site::Site;
use crate::support::files;
use crate::support::{PyPath, World};

/// The variable that tells pip to install into a Python with the mark of PEP 668.
const BREAKS: &str = "PIP_BREAK_SYSTEM_PACKAGES";

/// What a variable does to an installation, if it does anything: of its value, of where packages go without it, and of the environment.
type Effect = fn(&PyPath, &Site, &Place) -> Option<PipDoes>;

const EFFECTS: [(&str, Effect); 5] = [
    ("PIP_TARGET", |value, site, place| {
        elsewhere(value, site.site_packages.first()?, place)
    }),
    ("PIP_PREFIX", |value, site, place| {
        elsewhere(value, &site.prefix, place)
    }),
    ("PIP_ROOT", |value, _, place| {
        elsewhere(value, &"/".into(), place)
    }),
    ("PIP_USER", |value, site, place| {
        let is_refused = place.is_isolated && site.system_site != Some(true);
        let does = if is_refused {
            PipDoes::RefusesUser
        } else {
            PipDoes::InstallsForUser
        };
        is_yes(value).then_some(does)
    }),
    ("PIP_REQUIRE_VIRTUALENV", |value, _, place| {
        (is_yes(value) && !place.is_isolated).then_some(PipDoes::RefusesOutside)
    }),
];

struct Place<'a> {
    is_isolated: bool,
    world: &'a World,
}

/// The value names another folder than the usual one.
fn elsewhere(value: &PyPath, usual: &PyPath, place: &Place) -> Option<PipDoes> {
    let folder = place.world.cwd.os_join(value);
    (files::real(&folder) != files::real(usual)).then_some(PipDoes::InstallsInto)
}

/// Is it a yes for pip (`strtobool`)?
fn is_yes(value: &PyPath) -> bool {
    let value = value.lossy().to_lowercase();
    ["y", "yes", "t", "true", "on", "1"].contains(&value.as_str())
}

/// Notes the variable that tells pip to ignore the mark of PEP 668.
pub fn say_breaks(world: &World, notes: &mut Notes) {
    if world.non_empty(BREAKS).is_some_and(is_yes) {
        notes.say_variable(Reader::Pip, BREAKS, Said::BreaksSystem);
    }
}

/// Warns of the variables with which pip installs elsewhere, or nothing. For pip an empty one is not set.
pub fn warn_of_variables(site: &Site, is_isolated: bool, world: &World, notes: &mut Notes) {
    let place = Place { is_isolated, world };
    for (name, effect) in EFFECTS {
        let value = world.non_empty(name);
        if let Some((value, does)) = value.and_then(|it| Some((it, effect(it, site, &place)?))) {
            let value = value.clone();
            notes.warn(Warning::PipVariable { name, value, does });
        }
    }
}
