//! Why does git not answer?

use std::io::ErrorKind;

/// Why git did not answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Silence {
    /// There is no git on PATH.
    NotOnPath,
    /// Every git on PATH is inside the repository itself.
    OnlyInside,
    /// git does not start.
    NotStarted,
    /// A signal ended git before it answered.
    Killed,
    /// The system does not tell how git ended.
    EndUnknown,
    /// git needs `/dev/null`, and cannot open it.
    NoNullDevice,
    /// git may not read a file of the repository, or a folder on the way to it.
    Denied,
    /// git got too little of something that the system limits: memory, files, threads.
    Limited,
    /// git did not answer in time.
    Late,
    /// The answer is longer than this, so it was not read. In bytes.
    TooLong(u64),
    /// The system had no free thread.
    NoThreads,
    /// This file of the repository is a pipe or a device. git would wait for it.
    NoRegularFile(&'static str),
    /// This file of the repository is larger than this, so git would fill the memory with it. In bytes.
    TooLarge(&'static str, u64),
    /// The repository has no work tree.
    Bare,
    /// The work tree is another folder than the one with `.git`.
    OtherWorkTree,
    /// This variable of the user names another repository, work tree or index, or an index that is not there.
    SentElsewhere(&'static str),
    /// The current folder is inside the store.
    OutsideWorkTree,
    /// git says that the repository belongs to another user.
    DubiousOwnership,
    /// The system does not say whether there is a repository, or where it is, for this reason.
    NotSeen(ErrorKind),
    /// The repository above is on another file system, and git does not look for it there.
    OtherFileSystem,
    /// The repository is in a folder of another user, which was not entered.
    NotEntered,
    /// Git does not accept the repository.
    NotAccepted,
    /// git cannot say whether a file is ignored.
    AboutIgnored,
    /// git cannot list the tracked files.
    AboutTracked,
    /// git cannot read the history.
    AboutHistory,
    /// git could not give all objects.
    AboutObjects,
}
