//! Does an SQLite database answer a query? Opened for reading, and created only when asked.

use std::fs;
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, Error, ErrorCode, OpenFlags};

use crate::search::work_tree;
use crate::variables::database::Sqlite;

/// How long to wait while somebody else has locked the database.
const PATIENCE: Duration = Duration::from_millis(500);

/// Opens the database and asks how many tables it has; an error is a reason in our words.
pub fn ask(sqlite: &Sqlite) -> Result<(), String> {
    let connection = match sqlite.file() {
        None => Connection::open_in_memory(),
        Some(path) => open(&path, sqlite.create)?,
    };
    let answer = connection.and_then(|it| {
        it.busy_timeout(PATIENCE)?;
        it.query_row("SELECT count(*) FROM sqlite_schema", [], |row| {
            row.get::<_, i64>(0)
        })
    });
    answer
        .map(|_| ())
        .map_err(|error| reason(&error).to_owned())
}

/// Opens a file: one that is there read-only, one that is not there only with `mode=rwc`.
fn open(path: &Path, create: bool) -> Result<rusqlite::Result<Connection>, String> {
    match fs::metadata(path) {
        Err(_) if create => return Ok(Connection::open(path)),
        Err(_) => return Err("no such file; ?mode=rwc after the path would create it".to_owned()),
        Ok(facts) if facts.is_dir() => return Err("a folder, not a database".to_owned()),
        Ok(facts) if !facts.is_file() => return Err("no regular file".to_owned()),
        Ok(_) => {}
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    if !is_quiet_wal(path) {
        return Ok(Connection::open_with_flags(path, flags));
    }
    // In WAL mode even a reader leaves two files behind, unless told that nobody writes.
    let Ok(absolute) = fs::canonicalize(path) else {
        return Err("its path cannot be followed".to_owned());
    };
    let encoded = percent_encoding::percent_encode(
        absolute.as_os_str().as_encoded_bytes(),
        percent_encoding::NON_ALPHANUMERIC,
    );
    let uri = format!("file:{encoded}?immutable=1").replace("%2F", "/");
    Ok(Connection::open_with_flags(
        uri,
        flags | OpenFlags::SQLITE_OPEN_URI,
    ))
}

/// True for a database in WAL mode that nobody has open: its header says so (bytes 18 and 19,
/// <https://sqlite.org/fileformat.html>), and no log lies beside it.
fn is_quiet_wal(path: &Path) -> bool {
    use std::io::Read;
    let mut header = [0; 20];
    let read = work_tree::open_file(path).and_then(|mut file| file.read_exact(&mut header));
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    read.is_ok() && header[18..] == [2, 2] && !Path::new(&log).exists()
}

/// SQLite's reasons in our words: its own may quote the path.
fn reason(error: &Error) -> &'static str {
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => "the file is no SQLite database",
        Some(ErrorCode::DatabaseCorrupt) => "the database is damaged",
        Some(ErrorCode::CannotOpen) => "the file cannot be opened",
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            "somebody has locked the database"
        }
        Some(ErrorCode::PermissionDenied | ErrorCode::ReadOnly) => "permission denied",
        Some(ErrorCode::SystemIoFailure) => "the file cannot be read",
        _ => "SQLite could not answer",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Asks the file of this name in a folder that `prepare` filled.
    #[track_caller]
    fn check(
        prepare: impl Fn(&Path),
        name: &str,
        create: bool,
        expected: Result<(), &str>,
        left: &[&str],
    ) {
        let folder = tempfile::tempdir().unwrap();
        prepare(folder.path());
        let answer = ask(&Sqlite {
            path: Some(folder.path().join(name)),
            create,
        });
        assert_eq!(answer, expected.map_err(str::to_owned));
        let mut names: Vec<_> = fs::read_dir(folder.path())
            .unwrap()
            .map(|it| it.unwrap().file_name())
            .collect();
        names.sort();
        assert_eq!(names, left);
    }

    /// Makes a database with a table in this journal mode.
    fn database(path: &Path, journal: &str) {
        let connection = Connection::open(path).unwrap();
        connection
            .pragma_update(None, "journal_mode", journal)
            .unwrap();
        connection
            .execute_batch("CREATE TABLE crew (name TEXT)")
            .unwrap();
    }

    #[test]
    fn a_database_is_connected_only_when_it_answers() {
        assert_eq!(
            ask(&Sqlite {
                path: None,
                create: false
            }),
            Ok(())
        );
        check(
            |at| database(&at.join("a.db"), "DELETE"),
            "a.db",
            false,
            Ok(()),
            &["a.db"],
        );
        check(
            |at| fs::write(at.join("a.db"), "no database at all, only text").unwrap(),
            "a.db",
            false,
            Err("the file is no SQLite database"),
            &["a.db"],
        );
        check(
            |at| fs::create_dir(at.join("a.db")).unwrap(),
            "a.db",
            false,
            Err("a folder, not a database"),
            &["a.db"],
        );
    }

    #[test]
    fn a_locked_database_is_said_to_be_locked() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        database(&path, "DELETE");
        let other = Connection::open(&path).unwrap();
        other.execute_batch("BEGIN EXCLUSIVE").unwrap();
        let sqlite = Sqlite {
            path: Some(path),
            create: false,
        };
        let locked = Err("somebody has locked the database".to_owned());
        assert_eq!(ask(&sqlite), locked);
        other.execute_batch("COMMIT").unwrap();
        assert_eq!(ask(&sqlite), Ok(()));
    }

    #[test]
    fn a_missing_database_is_created_only_when_the_url_says_so() {
        check(
            |_| {},
            "a.db",
            false,
            Err("no such file; ?mode=rwc after the path would create it"),
            &[],
        );
        check(|_| {}, "a.db", true, Ok(()), &["a.db"]);
    }

    #[test]
    fn reading_a_database_in_wal_mode_leaves_nothing_behind() {
        check(
            |at| database(&at.join("a %?.db"), "WAL"),
            "a %?.db",
            false,
            Ok(()),
            &["a %?.db"],
        );
    }
}
