//! Does an SQLite database answer a query?
//!
//! The oracle opens it for reading, and creates it only when the URL says so. Reading leaves no trace:
//! it writes, makes or deletes no journal, log or index beside the file. A database comes from outside,
//! so nothing in its schema is run.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use percent_encoding::{NON_ALPHANUMERIC, percent_encode};
use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::{Connection, Error, ErrorCode, OpenFlags};

use super::beside::{PATIENCE, is_read_alone};
use crate::variables::{Creation, Sqlite};

/// After this many instructions, SQLite asks whether it may go on.
const STEP: i32 = 1000;

/// How often it may go on. Reading the schema of ten thousand tables takes less.
const MOST_STEPS: u32 = 10_000;

/// How much memory SQLite may take, for the schema too. In bytes.
const MOST_MEMORY: i64 = 64 * 1024 * 1024;

/// The longest row of a schema that is read. In bytes.
const LONGEST: i32 = 1024 * 1024;

/// Why a database is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unread {
    /// A link that points nowhere.
    Dangling,
    /// There is no file, and the URL does not say that one may be created.
    Absent(Creation),
    /// There is no file, and no folder for it.
    NoFolder,
    /// There is no file, and this user may not create one in that folder.
    NotAllowed,
    /// The system creates no file.
    NotCreated,
    /// The system or SQLite cannot open the file.
    NotOpened,
    /// A folder.
    Folder,
    /// A pipe, a socket or a device.
    NotRegular,
    /// Its journal is there: another program writes, or was stopped while it wrote.
    Unfinished,
    /// Its journal cannot be read, or is not a regular file.
    JournalNotRead,
    /// In WAL mode: its log, or the index of it, cannot be read.
    LogNotRead,
    /// In WAL mode: it has no log, or no index of it, and this user may not make one in its folder.
    NoLog,
    /// It is no database.
    NotADatabase,
    /// It is damaged.
    Damaged,
    /// Another program has locked it.
    Locked,
    /// The system does not tell whether another program has locked it.
    LocksUnknown,
    /// The system cannot read it.
    NotRead,
    /// Its schema is too large.
    TooLarge,
    /// Any other reason of SQLite.
    NoAnswer,
}

/// Opens the database and asks for a table.
pub fn ask(sqlite: &Sqlite) -> Result<(), Unread> {
    let connection = match sqlite.file() {
        None => Connection::open_in_memory(),
        Some(path) => open(&path, sqlite.creation)?,
    };
    let answer = connection.and_then(|it| query(it, MOST_STEPS));
    answer.map_err(|error| reason(&error))
}

/// Asks, for at most this many [`STEP`]s.
fn query(mut connection: Connection, most_steps: u32) -> rusqlite::Result<()> {
    shut(&connection)?;
    let mut steps = 0;
    let enough = move || {
        steps += 1;
        steps > most_steps
    };
    connection.progress_handler(STEP, Some(enough))?;
    let question = "SELECT count(*) FROM (SELECT 1 FROM sqlite_schema LIMIT 1)";
    connection.query_row(question, [], |row| row.get::<_, i64>(0))?;
    Ok(())
}

/// Turns off everything that a database from a stranger could use. (Extensions are off already.)
fn shut(connection: &Connection) -> rusqlite::Result<()> {
    for (setting, on) in [
        (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
        (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false),
    ] {
        connection.set_db_config(setting, on)?;
    }
    connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, LONGEST)?;
    connection.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 0)?;
    connection.pragma_update(None, "hard_heap_limit", MOST_MEMORY)?;
    connection.busy_timeout(PATIENCE)?;
    Ok(())
}

/// Opens a file for reading. Creates a missing file first, when the URL says so.
fn open(path: &Path, creation: Creation) -> Result<rusqlite::Result<Connection>, Unread> {
    let facts = match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            if path.symlink_metadata().is_ok() {
                return Err(Unread::Dangling);
            }
            no_place_for(path)?;
            if creation != Creation::Allowed {
                return Err(Unread::Absent(creation));
            }
            // SQLite itself makes an empty file for a new database. An existing file is never changed.
            create_new(path)
                .and_then(|it| it.metadata())
                .map_err(|_| Unread::NotCreated)?
        }
        outcome => outcome.map_err(|_| Unread::NotOpened)?,
    };
    if facts.is_dir() {
        return Err(Unread::Folder);
    } else if !facts.is_file() {
        return Err(Unread::NotRegular);
    }
    // The journal of a link is beside the file that the link points to.
    let path = fs::canonicalize(path).map_err(|_| Unread::NotOpened)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    if !is_read_alone(&path, facts.len())? {
        // An absolute path never begins with `file:`, so SQLite does not read it as a URI.
        return Ok(Connection::open_with_flags(path, flags));
    }
    let encoded = percent_encode(path.as_os_str().as_encoded_bytes(), NON_ALPHANUMERIC);
    let uri = format!("file:{encoded}?immutable=1").replace("%2F", "/");
    let flags = flags | OpenFlags::SQLITE_OPEN_URI;
    Ok(Connection::open_with_flags(uri, flags))
}

/// An error says why nobody can create this missing file: it has no folder, or one that this user may not
/// write to.
fn no_place_for(path: &Path) -> Result<(), Unread> {
    let folder = path.parent().unwrap_or(path).join(".");
    if !folder.is_dir() {
        return Err(Unread::NoFolder);
    }
    #[cfg(unix)]
    if rustix::fs::access(&folder, rustix::fs::Access::WRITE_OK).is_err() {
        return Err(Unread::NotAllowed);
    }
    Ok(())
}

/// Creates an empty file, with the permissions that SQLite uses, if there is nothing at this path.
fn create_new(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o644);
    options.open(path)
}

/// Why SQLite gives no answer. SQLite may quote the path.
fn reason(error: &Error) -> Unread {
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => Unread::NotADatabase,
        Some(ErrorCode::DatabaseCorrupt) => Unread::Damaged,
        Some(ErrorCode::CannotOpen) => Unread::NotOpened,
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Unread::Locked,
        Some(ErrorCode::SystemIoFailure) => Unread::NotRead,
        Some(ErrorCode::OperationInterrupted | ErrorCode::TooBig | ErrorCode::OutOfMemory) => {
            Unread::TooLarge
        }
        _ => Unread::NoAnswer,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;
    use std::ffi::OsString;
    use std::path::PathBuf;
    use std::time::SystemTime;

    use crate::unit::skipped::lacks;

    /// Every name in a folder. For a file: its bytes and its time of writing.
    fn contents(folder: &Path) -> BTreeMap<OsString, (Vec<u8>, SystemTime)> {
        let entries = fs::read_dir(folder).unwrap().map(|it| it.unwrap());
        let entries = entries.map(|it| {
            let facts = it.path().symlink_metadata().unwrap();
            let bytes = if facts.is_file() {
                fs::read(it.path()).unwrap()
            } else {
                Vec::new()
            };
            (it.file_name(), (bytes, facts.modified().unwrap()))
        });
        entries.collect()
    }

    /// What a URL without other parameters says.
    fn sqlite(path: Option<PathBuf>, creation: Creation) -> Sqlite {
        Sqlite {
            path,
            creation,
            unsupported: None,
        }
    }

    /// Asks for `a.db` in a folder, with and without permission to create it. Nothing may change.
    #[track_caller]
    fn unchanged(folder: &Path, expected: Result<(), Unread>) {
        let before = contents(folder);
        for creation in [Creation::NoParameters, Creation::Allowed] {
            let path = Some(folder.join("a.db"));
            let answer = ask(&sqlite(path, creation));
            assert_eq!(answer, expected, "{creation:?}");
            assert!(contents(folder) == before, "{creation:?}");
        }
    }

    /// The same, in a folder that `prepare` fills.
    #[track_caller]
    fn check(prepare: impl Fn(&Path), expected: Result<(), Unread>) {
        let folder = tempfile::tempdir().unwrap();
        prepare(folder.path());
        unchanged(folder.path(), expected);
    }

    /// Makes a database with a table in this journal mode, and leaves it open.
    fn database(path: &Path, journal: &str) -> Connection {
        let connection = Connection::open(path).unwrap();
        connection
            .pragma_update(None, "journal_mode", journal)
            .unwrap();
        connection
            .execute_batch("CREATE TABLE crew (name TEXT)")
            .unwrap();
        connection
    }

    #[test]
    fn a_database_is_connected_only_when_it_answers() {
        let in_memory = sqlite(None, Creation::NoParameters);
        assert_eq!(ask(&in_memory), Ok(()));
        for journal in ["DELETE", "TRUNCATE", "PERSIST"] {
            check(|at| drop(database(&at.join("a.db"), journal)), Ok(()));
        }
        check(
            |at| fs::write(at.join("a.db"), "no database at all, only text").unwrap(),
            Err(Unread::NotADatabase),
        );
        check(
            |at| fs::create_dir(at.join("a.db")).unwrap(),
            Err(Unread::Folder),
        );
    }

    #[test]
    fn a_locked_database_is_said_to_be_locked() {
        let folder = tempfile::tempdir().unwrap();
        let other = database(&folder.path().join("a.db"), "DELETE");
        other.execute_batch("BEGIN EXCLUSIVE").unwrap();
        unchanged(folder.path(), Err(Unread::Locked));
        other.execute_batch("COMMIT").unwrap();
        unchanged(folder.path(), Ok(()));
    }

    #[test]
    fn a_missing_database_is_created_only_when_the_url_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let ask_for = |name: &str, creation| {
            let path = Some(folder.path().join(name));
            ask(&sqlite(path, creation))
        };
        for creation in [
            Creation::NoParameters,
            Creation::NoMode,
            Creation::OtherMode,
        ] {
            assert_eq!(ask_for("a.db", creation), Err(Unread::Absent(creation)));
        }
        assert_eq!(contents(folder.path()).len(), 0);
        for creation in [Creation::NoParameters, Creation::Allowed] {
            let nowhere = ask_for("no folder/a.db", creation);
            assert_eq!(nowhere, Err(Unread::NoFolder));
        }
        let strange = ask_for("file:a %?mode=memory#.db", Creation::Allowed);
        assert_eq!(strange, Ok(()));
        let left: Vec<_> = contents(folder.path()).into_keys().collect();
        assert_eq!(left, ["file:a %?mode=memory#.db"]);
    }

    #[test]
    fn a_file_name_that_looks_like_a_uri_is_a_file_name() {
        let folder = tempfile::tempdir().unwrap();
        for journal in ["DELETE", "WAL"] {
            let path = folder.path().join(format!("a %?mode=rwc&{journal}#.db"));
            drop(database(&path, journal));
            let path = Some(path);
            let creation = Creation::NoParameters;
            assert_eq!(ask(&sqlite(path, creation)), Ok(()));
        }
        assert_eq!(contents(folder.path()).len(), 2);
    }

    #[test]
    fn reading_a_database_in_wal_mode_leaves_no_files() {
        check(|at| drop(database(&at.join("a.db"), "WAL")), Ok(()));
        let folder = tempfile::tempdir().unwrap();
        let writer = database(&folder.path().join("a.db"), "WAL");
        writer
            .execute_batch("BEGIN IMMEDIATE; CREATE TABLE ship (name TEXT)")
            .unwrap();
        assert_eq!(contents(folder.path()).len(), 3);
        unchanged(folder.path(), Ok(()));
    }

    /// Runs these lines of SQL, and stays. Only the locks of other programs can be seen.
    const HOLDER: &str = "import sqlite3, sys\n\
        c = sqlite3.connect(sys.argv[1], isolation_level=None)\n\
        for line in sys.argv[2:]: c.execute(line).fetchall()\n\
        print('ready', flush=True)\n\
        sys.stdin.read()";

    #[test]
    fn a_reader_in_wal_mode_is_kept_out_as_sqlite_would_keep_it_out() {
        use std::io::{BufRead, BufReader};
        use std::process::{Command, Stdio};
        if lacks("python3") {
            return;
        }
        let exclusive = "PRAGMA locking_mode=EXCLUSIVE";
        let insert = "INSERT INTO crew VALUES ('neo')";
        let delete = "PRAGMA journal_mode=DELETE";
        for (lines, locked) in [
            (&[exclusive, insert][..], true),
            (&["SELECT * FROM crew", exclusive, insert], true),
            (&["BEGIN IMMEDIATE", insert], false),
            (&["BEGIN", "SELECT * FROM crew"], false),
            // Somebody left a log beside a database in another mode.
            (&[delete, exclusive, "BEGIN EXCLUSIVE"], true),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("a.db");
            drop(database(&path, "WAL"));
            let mut holder = Command::new("python3")
                .args(["-c", HOLDER])
                .arg(&path)
                .args(lines)
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .spawn()
                .unwrap();
            let mut ready = String::new();
            let mut said = BufReader::new(holder.stdout.take().unwrap());
            said.read_line(&mut ready).unwrap();
            assert_eq!(ready, "ready\n");
            if lines.contains(&delete) {
                fs::write(folder.path().join("a.db-wal"), "x").unwrap();
            }
            let expected = if locked { Err(Unread::Locked) } else { Ok(()) };
            unchanged(folder.path(), expected);
            drop(holder.stdin.take());
            holder.wait().unwrap();
        }
    }

    #[test]
    fn a_hot_journal_is_left_to_the_next_writer() {
        let folder = tempfile::tempdir().unwrap();
        let writer = database(&folder.path().join("a.db"), "DELETE");
        let insert = "PRAGMA cache_size=1; BEGIN; CREATE TABLE ship (name TEXT); INSERT INTO ship VALUES (hex(zeroblob(100000)))";
        writer.execute_batch(insert).unwrap();
        let hot = Unread::Unfinished;
        unchanged(folder.path(), Err(hot));
        // A crash leaves the same files, and no program has them open.
        let copy = |at: &Path| {
            for name in ["a.db", "a.db-journal"] {
                fs::copy(folder.path().join(name), at.join(name)).unwrap();
            }
        };
        check(copy, Err(hot));
    }

    #[test]
    fn files_beside_a_database_stay() {
        for name in ["a.db-journal", "a.db-wal", "a.db-shm"] {
            for text in ["", "\0\0\0\0\0\0\0\0\0", "of somebody else", "x"] {
                check(
                    |at| {
                        drop(database(&at.join("a.db"), "DELETE"));
                        fs::write(at.join(name), text).unwrap();
                    },
                    Ok(()),
                );
                // SQLite would delete what is beside an empty database.
                check(
                    |at| {
                        fs::write(at.join("a.db"), "").unwrap();
                        fs::write(at.join(name), text).unwrap();
                    },
                    Ok(()),
                );
            }
        }
    }

    #[cfg(unix)]
    #[test]
    fn the_search_never_waits_for_a_link() {
        use std::os::unix::fs::symlink;
        let pipe = |path: &Path| {
            let made = std::process::Command::new("mkfifo").arg(path).status();
            assert!(made.unwrap().success());
        };
        let nowhere = Err(Unread::Dangling);
        check(|at| symlink("b.db", at.join("a.db")).unwrap(), nowhere);
        let around = Err(Unread::NotOpened);
        check(|at| symlink("a.db", at.join("a.db")).unwrap(), around);
        let strange = Err(Unread::NotRegular);
        check(|at| symlink("/dev/zero", at.join("a.db")).unwrap(), strange);
        check(
            |at| {
                pipe(&at.join("pipe"));
                symlink("pipe", at.join("a.db")).unwrap();
            },
            strange,
        );
        check(
            |at| {
                drop(database(&at.join("a.db"), "DELETE"));
                pipe(&at.join("a.db-journal"));
            },
            Err(Unread::JournalNotRead),
        );
        check(
            |at| {
                drop(database(&at.join("b.db"), "WAL"));
                symlink("b.db", at.join("a.db")).unwrap();
            },
            Ok(()),
        );
    }

    #[test]
    fn nothing_of_the_schema_is_run_and_the_work_has_an_end() {
        let connection = Connection::open_in_memory().unwrap();
        shut(&connection).unwrap();
        let is_on = |it| connection.db_config(it).unwrap();
        assert!(is_on(DbConfig::SQLITE_DBCONFIG_DEFENSIVE));
        assert!(!is_on(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA));
        let load = "SELECT load_extension('x')";
        assert!(connection.query_row(load, [], |_| Ok(())).is_err());
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        let writer = database(&path, "DELETE");
        for table in 0..300 {
            let table = format!("CREATE TABLE t{table} (name TEXT)");
            writer.execute_batch(&table).unwrap();
        }
        let read_only = || Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_ONLY);
        assert_eq!(query(read_only().unwrap(), MOST_STEPS), Ok(()));
        let stopped = query(read_only().unwrap(), 0).unwrap_err();
        assert_eq!(reason(&stopped), Unread::TooLarge);
    }

    #[test]
    fn no_database_fills_the_memory() {
        let connection = Connection::open_in_memory().unwrap();
        shut(&connection).unwrap();
        let most = "PRAGMA hard_heap_limit";
        let most: i64 = connection.query_row(most, [], |row| row.get(0)).unwrap();
        assert_eq!(most, MOST_MEMORY);
        connection.execute_batch("CREATE TABLE t (b)").unwrap();
        let insert = "INSERT INTO t VALUES (zeroblob(1000000))";
        let full = (0..100).find_map(|_| connection.execute(insert, []).err());
        let full = full.unwrap();
        assert_eq!(full.sqlite_error_code(), Some(ErrorCode::OutOfMemory));
        assert_eq!(reason(&full), Unread::TooLarge);
    }
}
