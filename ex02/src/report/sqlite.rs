//! Why does the report say that SQLite does not read a file?

use crate::probe::Unread;
use crate::variables::Creation;

/// Why SQLite does not read a file.
pub fn said(why: Unread) -> &'static str {
    match why {
        Unread::Dangling => "a link that points nowhere",
        Unread::Absent(Creation::NoParameters | Creation::Allowed) => {
            "no such file; ?mode=rwc after the path would create it"
        }
        Unread::Absent(Creation::NoMode) => {
            "no such file; &mode=rwc after its parameters would create it"
        }
        Unread::Absent(Creation::OtherMode) => {
            "no such file; mode=rwc in place of its mode would create it"
        }
        Unread::NoFolder => "no such file, and no folder for it",
        Unread::NotAllowed => "no such file, and this user may not create one in its folder",
        Unread::NotCreated => "the file cannot be created",
        Unread::NotOpened => "the file cannot be opened",
        Unread::Folder => "a folder, not a database",
        Unread::NotRegular => "not a regular file",
        Unread::Unfinished => {
            "another program writes to it, or was stopped while it wrote: its journal is there"
        }
        Unread::JournalNotRead => "its journal cannot be read",
        Unread::LogNotRead => "its log or the index of it (-wal, -shm) cannot be read",
        Unread::NoLog => {
            "in WAL mode even a reader makes files beside it, and this user may not write to its folder"
        }
        Unread::NotADatabase => "the file is not an SQLite database",
        Unread::Damaged => "the database is damaged",
        Unread::Locked => "another program has locked the database",
        Unread::LocksUnknown => {
            "not checked: the system does not tell whether another program has locked it"
        }
        Unread::NotRead => "the file cannot be read",
        Unread::TooLarge => "its schema is too large to be read here",
        Unread::NoAnswer => "SQLite could not answer",
    }
}
