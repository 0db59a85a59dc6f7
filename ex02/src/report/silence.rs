//! Why did git not answer, and what can the user do?

use crate::git::Silence;
use crate::words::{Words, reason, size};

/// Why git did not answer, and what to do.
pub fn silence(why: Silence) -> (Words, &'static str) {
    let status = "look at it with: git status";
    let fsck = "look at it with: git fsck";
    let (what, fix) = match why {
        Silence::NoRegularFile(name) => {
            let what = Words::from(name) + " is not a regular file, and git would wait for it";
            return (what, "move it away");
        }
        Silence::TooLarge(name, most) => {
            let what = Words::from(name) + " is larger than " + size(most);
            return (
                what + ", so git was not asked to read it",
                "make it shorter",
            );
        }
        Silence::TooLong(longest) => {
            let what = Words::from("git answers more than ") + size(longest);
            return (what + ", which is not read", status);
        }
        Silence::NotSeen(kind) => {
            let what = Words::from("the oracle could not look for a repository: ");
            return (what + reason(&kind.into()), status);
        }
        Silence::NotOnPath => (
            "git cannot be run: not on PATH",
            "install git, or put it on PATH",
        ),
        Silence::OnlyInside => (
            "git cannot be run: every git on PATH is inside this repository",
            "install git outside it: the oracle never runs a program of a repository",
        ),
        Silence::NotStarted => ("git cannot be run: it does not start", status),
        Silence::Killed => ("git gave no answer: a signal ended it", status),
        Silence::EndUnknown => (
            "git gave no answer that counts: the system does not tell how it ended",
            status,
        ),
        Silence::NoNullDevice => (
            "git cannot be run: it cannot open /dev/null",
            "look at it with: ls -l /dev/null",
        ),
        Silence::Denied => (
            "git may not read this repository: permission denied",
            status,
        ),
        Silence::Limited => (
            "git gave no answer: the system let it have too little memory or too few files",
            "look at the limits with: ulimit -a",
        ),
        Silence::Late => ("git did not answer in time", status),
        Silence::NoThreads => (
            "git could not be asked: the system has no free thread",
            status,
        ),
        Silence::Bare => (
            "a bare repository: it has no work tree and no tracked files here",
            "run this in a clone of it",
        ),
        Silence::OtherWorkTree => (
            "its work tree is another folder than the one with `.git`",
            "look at it with: git rev-parse --show-toplevel",
        ),
        Silence::OutsideWorkTree => (
            "the current folder is outside the work tree of its repository",
            "run this in the work tree",
        ),
        Silence::DubiousOwnership => (
            "git refuses: the repository belongs to another user (dubious ownership)",
            "run this as its owner, or chown -R the folder",
        ),
        Silence::OtherFileSystem => (
            "the repository above is on another file system, where git does not look for it",
            "run this in the repository, outside what is mounted in it",
        ),
        Silence::NotEntered => (
            "the repository belongs to another user, so it was not entered",
            "run this as its owner, or make the folder your own with chown",
        ),
        Silence::NotAccepted => (
            "git does not accept this repository (it or its configuration may be damaged)",
            status,
        ),
        Silence::AboutIgnored => ("git cannot say whether it is ignored", status),
        Silence::AboutTracked => (
            "git cannot list the tracked files (the index may be damaged)",
            status,
        ),
        Silence::AboutHistory => ("git cannot read the history (objects may be missing)", fsck),
        Silence::AboutObjects => ("git could not give all objects (some may be damaged)", fsck),
    };
    (what.into(), fix)
}
