//! Why does git not tell?

/// Why git did not tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Silence {
    /// There is no git on PATH.
    NotOnPath,
    /// Each git on PATH lies in the repository that it would be asked about.
    OnlyInside,
    /// It does not start.
    NotStarted,
    /// It did not answer in time.
    Late,
    /// Its answer is longer than this, and was not read. In bytes.
    TooLong(u64),
    /// There was no thread to ask it with.
    NoThreads,
    /// This file of the repository is a pipe or a device, and git would wait for it.
    NoRegularFile(&'static str),
    /// The repository has no work tree.
    Bare,
    /// The work tree is another folder than the one that `.git` is in.
    OtherWorkTree,
    /// The current folder lies in the store.
    OutsideWorkTree,
    /// The repository belongs to another user, says git.
    DubiousOwnership,
    /// The repository lies in a folder of another user, which was not entered.
    NotEntered,
    /// Git does not accept the repository.
    NotAccepted,
    /// It cannot say whether a file is ignored.
    AboutIgnored,
    /// It cannot list the tracked files.
    AboutTracked,
    /// It cannot walk the history.
    AboutHistory,
    /// It could not hand out all objects.
    AboutObjects,
}
