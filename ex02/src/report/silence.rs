//! Why did git not answer, and what can the user do?

use crate::git::Silence;
use crate::words::{Words, reason, size};

/// Why git did not answer, and what to do.
pub fn silence(why: Silence) -> (Words, &'static str) {
    (what(why), fix(why))
}

/// Why git did not answer.
fn what(why: Silence) -> Words {
    let what = match why {
        Silence::NoRegularFile(name) => {
            return Words::from(name) + " is not a regular file, and git would wait for it";
        }
        Silence::TooLarge(name, most) => {
            let what = Words::from(name) + " is larger than " + size(most);
            return what + ", so git was not asked to read it";
        }
        Silence::TooLong(longest) => {
            return Words::from("git answers more than ") + size(longest) + ", which is not read";
        }
        Silence::SentElsewhere(name) => {
            let where_to = " sends git to another place than the repository of this folder";
            return Words::from(name) + where_to;
        }
        Silence::NotSeen(kind) => {
            let what = Words::from("the oracle could not look for a repository: ");
            return what + reason(kind);
        }
        Silence::NotOnPath => "git cannot be run: not on PATH",
        Silence::OnlyInside => "git cannot be run: every git on PATH is inside this repository",
        Silence::NotStarted => "git cannot be run: it does not start",
        Silence::Killed => "git gave no answer: a signal ended it",
        Silence::EndUnknown => {
            "git gave no answer that counts: the system does not tell how it ended"
        }
        Silence::NoNullDevice => "git cannot be run: it cannot open /dev/null",
        Silence::Denied => "git may not read this repository: permission denied",
        Silence::Limited => {
            "git gave no answer: the system let it have too little memory or too few files"
        }
        Silence::Late => "git did not answer in time",
        Silence::NoThreads => "git could not be asked: the system has no free thread",
        Silence::Bare => "a bare repository: it has no work tree and no tracked files here",
        Silence::OtherWorkTree => "its work tree is another folder than the one with `.git`",
        Silence::OutsideWorkTree => "the current folder is outside the work tree of its repository",
        Silence::DubiousOwnership => {
            "git refuses: the repository belongs to another user (dubious ownership)"
        }
        Silence::OtherFileSystem => {
            "the repository above is on another file system, where git does not look for it"
        }
        Silence::NotEntered => "the repository belongs to another user, so it was not entered",
        Silence::NotAccepted => {
            "git does not accept this repository (it or its configuration may be damaged)"
        }
        Silence::AboutIgnored => "git cannot say whether it is ignored",
        Silence::AboutTracked => "git cannot list the tracked files (the index may be damaged)",
        Silence::AboutHistory => "git cannot read the history (objects may be missing)",
        Silence::AboutObjects => "git could not give all objects (some may be damaged)",
    };
    what.into()
}

/// What the user can do.
fn fix(why: Silence) -> &'static str {
    match why {
        Silence::NoRegularFile(_) => "move it away",
        Silence::TooLarge(..) => "make it shorter",
        Silence::NotOnPath => "install git, or put it on PATH",
        Silence::OnlyInside => {
            "install git outside it: the oracle never runs a program of a repository"
        }
        Silence::NoNullDevice => "look at it with: ls -l /dev/null",
        Silence::Limited => "look at the limits with: ulimit -a",
        Silence::Bare => "run this in a clone of it",
        Silence::OtherWorkTree => "look at it with: git rev-parse --show-toplevel",
        Silence::SentElsewhere(_) => "unset the variable, or run this where it points",
        Silence::OutsideWorkTree => "run this in the work tree",
        Silence::DubiousOwnership => "run this as its owner, or chown -R the folder",
        Silence::OtherFileSystem => "run this in the repository, outside what is mounted in it",
        Silence::NotEntered => "run this as its owner, or make the folder your own with chown",
        Silence::AboutHistory | Silence::AboutObjects => "look at it with: git fsck",
        _ => "look at it with: git status",
    }
}
