//! Which bytes of a `.pth` file can Python decode?
//!
//! Up to 3.10 site opens the file in UTF-8 or in the locale's encoding, as the variables say. From 3.11 on the variables count no more, and
//! since 3.13 and 3.12.4 UTF-8 comes first.
//!
//! Source: CPython `Lib/site.py` (`addpackage`), `Python/preconfig.c`; PEP 538, PEP 540; test runs of 3.6 to 3.13 and of PyPy.

use super::Rules;
use crate::support::PyPath;
use crate::support::locale::{Letters, letters};
use crate::support::version::{Implementation, Minor};

/// The place of the first byte that Python cannot decode. The error is a locale that is not known.
pub fn undecodable(bytes: &[u8], rules: &Rules) -> Result<Option<usize>, PyPath> {
    let Some(first) = bytes.iter().position(|it| !it.is_ascii()) else {
        return Ok(None);
    };
    let error = std::str::from_utf8(bytes).err();
    if error.is_none() && rules.split_more() {
        return Ok(None);
    }
    match in_force(rules) {
        Letters::Ascii => Ok(Some(first)),
        Letters::Utf8 => Ok(error.map(|it| it.valid_up_to())),
        Letters::EachByte => Ok(None),
        Letters::NotKnown => Err(rules.world.locale().cloned().unwrap_or_else(|| "C".into())),
    }
}

/// The letters that site reads.
fn in_force(rules: &Rules) -> Letters {
    let (world, minor) = (rules.world, rules.binary.minor);
    if rules.binary.build.libc != Some("glibc") {
        return Letters::NotKnown;
    }
    let own = letters(world.locale(), world);
    if minor < Minor(3, 7) {
        return own;
    }
    let says = |name: &str, value: &str| {
        world
            .non_empty(name)
            .is_some_and(|it| it.bytes() == value.as_bytes())
    };
    // PyPy does not.
    let may_leave_c = rules.binary.implementation == Implementation::Cpython
        && world.non_empty("LC_ALL").is_none()
        && !says("PYTHONCOERCECLOCALE", "0");
    if own == Letters::Ascii && may_leave_c {
        let other = letters(Some(&"C.UTF-8".into()), world);
        if other == Letters::Utf8 {
            return other;
        }
    }
    let is_c = own == Letters::Ascii && !says("PYTHONUTF8", "0");
    let in_utf8 = minor < Minor(3, 11) && (is_c || says("PYTHONUTF8", "1"));
    if in_utf8 { Letters::Utf8 } else { own }
}
