//! What does a `sqlite:` URL say: which file, and may it be created?
//!
//! SQLite has its own URIs, `file:x.db?mode=rwc`. Their parameters decide which file is opened, created
//! and locked. This module reads them. SQLite itself never gets a URI that somebody else wrote.

use std::path::PathBuf;

use super::url::{self, Malformed};

/// Where an SQLite database is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sqlite {
    /// `None`: in memory.
    pub path: Option<PathBuf>,
    /// May the oracle create a missing file?
    pub creation: Creation,
    /// A parameter that decides how SQLite opens and locks the file, and that is not followed here.
    pub unsupported: Option<&'static str>,
}

/// May a missing file be created? Only `mode=rwc` says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Creation {
    /// `mode=rwc`: yes.
    Allowed,
    /// No. The URL has no parameters.
    NoParameters,
    /// No. The URL has parameters, and none of them is a mode.
    NoMode,
    /// No. The URL has another mode.
    OtherMode,
}

/// The file that `mode=` asks for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum OpenMode {
    /// `ro` or `rw`: a file that exists.
    Existing,
    /// `rwc`: a file that may be created.
    Create,
    /// `memory`: no file.
    Memory,
}

impl Sqlite {
    /// Reads the text after `sqlite:`.
    pub fn parse(rest: &str) -> Result<Self, Malformed> {
        // SQLAlchemy writes `sqlite:///file:x.db?uri=true`.
        let (_, query) = rest.split_once('?').unwrap_or((rest, ""));
        let uri = if query.split('&').any(|it| it == "uri=true") {
            rest.strip_prefix("///file:")
        } else {
            None
        };
        let uri = uri.or_else(|| rest.strip_prefix("file:"));
        // The part after # is not for the program that opens the file.
        let text = uri.map_or(rest, |it| it.split('#').next().unwrap_or_default());
        let (path, query) = text.split_once('?').unwrap_or((text, ""));
        let path = match uri {
            Some(_) => path_of_uri(path)?,
            None => path.strip_prefix("//").unwrap_or(path),
        };
        let (mode, unsupported) = parameters(query)?;
        let memory = matches!(path, ":memory:" | "/:memory:") || mode == Some(OpenMode::Memory);
        // SQLAlchemy writes `sqlite://` or `sqlite:///` for a database in memory.
        if memory || matches!(rest, "//" | "///") {
            return Ok(Self {
                path: None,
                creation: Creation::OtherMode,
                unsupported,
            });
        }
        if path.is_empty() {
            return Err(Malformed::SqlitePath);
        }
        let path = url::decode(path).ok_or(Malformed::Encoding)?;
        if path.contains('\0') {
            return Err(Malformed::SqliteNul);
        }
        Ok(Self {
            path: Some(PathBuf::from(path.as_str())),
            creation: match mode {
                Some(OpenMode::Create) => Creation::Allowed,
                Some(_) => Creation::OtherMode,
                None if text.contains('?') => Creation::NoMode,
                None => Creation::NoParameters,
            },
            unsupported,
        })
    }

    /// The file to open. `sqlite:///crew/matrix.db` is absolute for most programs and relative for
    /// SQLAlchemy: when there is no file at the absolute path, the relative path counts. With four slashes
    /// the path is absolute for all.
    pub fn file(&self) -> Option<PathBuf> {
        let path = self.path.clone()?;
        let absolute = path.as_os_str().as_encoded_bytes().starts_with(b"//");
        match path.strip_prefix("/").ok().filter(|_| !absolute) {
            Some(relative) if !path.exists() && relative.exists() => Some(relative.to_owned()),
            _ => Some(path),
        }
    }
}

/// The path in the text after `file:`. (<https://sqlite.org/uri.html>, 3.1)
fn path_of_uri(uri: &str) -> Result<&str, Malformed> {
    let Some(rest) = uri.strip_prefix("//") else {
        return Ok(uri);
    };
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    match authority {
        "" | "localhost" => Ok(path),
        _ => Err(Malformed::SqliteHost),
    }
}

/// Reads the parameters: the mode, and one that is not followed here. SQLite itself never gets one.
fn parameters(query: &str) -> Result<(Option<OpenMode>, Option<&'static str>), Malformed> {
    let (mut mode, mut unsupported) = (None, None);
    let decoded = |it| url::decode(it).unwrap_or_default();
    for pair in query.split('&').filter(|it| !it.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (name, value) = (decoded(name), decoded(value));
        match (name.as_str(), value.as_str()) {
            ("mode", value) => {
                let read = match value {
                    "ro" | "rw" => OpenMode::Existing,
                    "rwc" => OpenMode::Create,
                    "memory" => OpenMode::Memory,
                    _ => return Err(Malformed::SqliteMode),
                };
                if mode.replace(read).is_some_and(|it| it != read) {
                    return Err(Malformed::SqliteTwoModes);
                }
            }
            // It says whether connections of one process share memory. There is only one connection here.
            ("cache", "shared" | "private") => {}
            ("cache", _) => return Err(Malformed::SqliteCache),
            ("immutable", _) => unsupported = Some("immutable"),
            ("nolock", _) => unsupported = Some("nolock"),
            ("vfs", value) if value != "unix" => unsupported = Some("vfs"),
            // `psow` is for writers, and `unix` is what SQLite uses anyway.
            // Other parameters are for the library of another program (`?timeout=5`). SQLite ignores them too.
            _ => {}
        }
    }
    Ok((mode, unsupported))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(rest: &str, path: Option<&str>, create: bool) {
        let found = Sqlite::parse(rest).unwrap();
        assert_eq!(found.path, path.map(PathBuf::from), "{rest}");
        let allowed = found.creation == Creation::Allowed;
        assert_eq!(allowed, create, "{rest}");
    }

    #[track_caller]
    fn refused(rest: &str, why: Malformed) {
        assert_eq!(Sqlite::parse(rest), Err(why), "{rest}");
    }

    #[test]
    fn an_sqlite_uri_is_understood() {
        check("file:a/b.db", Some("a/b.db"), false);
        check("file:a.db?mode=rwc", Some("a.db"), true);
        check("file:///a/b.db?mode=rw", Some("/a/b.db"), false);
        check("file://localhost/a.db?cache=shared", Some("/a.db"), false);
        check("file:/a.db#part", Some("/a.db"), false);
        check("file:a.db#part?mode=rwc", Some("a.db"), false);
        check("file:a%3Fb%23.db?mode=ro#part", Some("a?b#.db"), false);
        check("///file:a.db?mode=rwc&uri=true", Some("a.db"), true);
        check("///file:a.db", Some("/file:a.db"), false);
        for rest in [
            "file::memory:",
            "file:x?mode=memory&cache=shared",
            "file:?mode=memory",
        ] {
            check(rest, None, false);
        }
        refused("file:", Malformed::SqlitePath);
        refused("file://", Malformed::SqlitePath);
        refused("file://zion/a.db", Malformed::SqliteHost);
        refused("file:a%00.db", Malformed::SqliteNul);
    }

    #[test]
    fn a_url_is_known_by_what_it_says_about_a_missing_file() {
        for (rest, expected) in [
            ("a.db", Creation::NoParameters),
            ("file:a.db#?mode=rwc", Creation::NoParameters),
            ("a.db?", Creation::NoMode),
            ("a.db?cache=shared", Creation::NoMode),
            ("a.db?mode=ro", Creation::OtherMode),
            ("a.db?cache=shared&mode=rw", Creation::OtherMode),
            ("a.db?cache=shared&mode=rwc", Creation::Allowed),
        ] {
            let found = Sqlite::parse(rest).map(|it| it.creation);
            assert_eq!(found, Ok(expected), "{rest}");
        }
    }

    #[test]
    fn every_parameter_that_sqlite_knows_is_understood_or_named() {
        check("a.db?mode=rw&mode=rw&&cache=private", Some("a.db"), false);
        check("a.db?m%6Fde=rw%63", Some("a.db"), true);
        check("a.db%3Fmode=rwc", Some("a.db?mode=rwc"), false);
        check("a.db#?mode=ro", Some("a.db#"), false);
        refused("a.db?mode=ro&mode=rwc", Malformed::SqliteTwoModes);
        refused("a.db?mode=RWC", Malformed::SqliteMode);
        refused("a.db?mode", Malformed::SqliteMode);
        refused("a.db?cache=no", Malformed::SqliteCache);
        let unsupported = |rest: &str| Sqlite::parse(rest).unwrap().unsupported;
        for name in ["immutable", "nolock", "vfs"] {
            for rest in [
                format!("file:a.db?{name}=1"),
                format!("a.db?mode=ro&{name}"),
            ] {
                assert_eq!(unsupported(&rest), Some(name), "{rest}");
            }
        }
        assert_eq!(unsupported("file:a.db?psow=0&vfs=unix&cache=shared"), None);
        refused("a.db?mode=%ff", Malformed::SqliteMode);
        for query in ["timeout=5", "Mode=rwc", "%ff=1", "=", "key=x"] {
            check(&format!("a.db?{query}"), Some("a.db"), false);
        }
        refused("a.db?mode=rwc?x", Malformed::SqliteMode);
    }
}
