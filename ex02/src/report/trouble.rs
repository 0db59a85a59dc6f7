//! How does the report say that the program could not do its job, and what helps?

use crate::exit::{Misuse, Trouble};
use crate::variables::SPECS;
use crate::words::{Words, reason};

/// The hint of every usage error.
const HELP: &str = "`oracle --help` lists the flags, with an example";

/// What went wrong (in lower case, without a full stop), and what to type or to change.
pub fn said(trouble: &Trouble) -> (Words, Words) {
    match trouble {
        Trouble::NoFolder(kind) => (
            Words::from("the current folder cannot be found: ") + reason(*kind),
            "cd into a folder that exists".into(),
        ),
        Trouble::UnknownArgument(meant) => {
            let hint = match meant {
                Some(meant) => Words::from("did you mean `") + *meant + "`? " + HELP,
                None => HELP.into(),
            };
            let what = "unexpected argument (not repeated: it may be a secret)";
            (what.into(), hint)
        }
        Trouble::Flag(flag, why) => {
            let what = Words::from("`") + *flag + "`: " + misuse(*why);
            (what, HELP.into())
        }
        Trouble::NotWritten(kind) => (
            Words::from("failed to write to stdout: ") + reason(*kind),
            "send the output elsewhere".into(),
        ),
    }
}

/// What is wrong with the use of a flag.
fn misuse(it: Misuse) -> Words {
    match it {
        Misuse::Twice => "given twice".into(),
        Misuse::TakesNoValue => "takes no value".into(),
        Misuse::ValueMissing => "a value must follow".into(),
        Misuse::NoSeconds => "expected a number of seconds above 0, 600 at most".into(),
        Misuse::NoColor => "expected one of auto, always, never".into(),
        Misuse::UnknownName(Some(near)) => {
            Words::from("no such variable; did you mean `") + near + "`?"
        }
        Misuse::UnknownName(None) => {
            let names = Words::joined(SPECS.iter().map(|it| it.name), ", ");
            Words::from("no such variable; expected one of ") + names
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;

    use super::*;

    #[test]
    fn a_failed_write_is_said_with_its_cause() {
        let (what, fix) = said(&Trouble::NotWritten(ErrorKind::StorageFull));
        let expected = "failed to write to stdout: no space left on device";
        assert_eq!(what.plain(), expected);
        assert_eq!(fix.plain(), "send the output elsewhere");
    }
}
