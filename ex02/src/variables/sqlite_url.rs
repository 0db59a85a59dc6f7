//! What does a `sqlite:` URL say: which file, and may it be created?
//!
//! SQLite has URIs of its own, `file:x.db?mode=rwc`, whose parameters decide what is opened, created
//! and locked. They are read here; SQLite itself is never given one that somebody else wrote.

use std::path::PathBuf;

use crate::variables::url;

/// Where an SQLite database is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sqlite {
    /// `None`: in memory.
    pub path: Option<PathBuf>,
    /// `mode=rwc`: the one case in which a missing file may be created.
    pub create: bool,
}

/// What of a file is asked for by `mode=`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// `ro`, `rw`, or nothing: one that is there.
    Existing,
    /// `rwc`: one that may be created.
    Create,
    /// No file at all.
    Memory,
}

impl Sqlite {
    /// Reads what follows `sqlite:`.
    pub fn parse(rest: &str) -> Result<Self, &'static str> {
        // SQLAlchemy writes `sqlite:///file:x.db?uri=true`.
        let (_, query) = rest.split_once('?').unwrap_or((rest, ""));
        let uri = match query.split('&').any(|it| it == "uri=true") {
            true => rest.strip_prefix("///file:"),
            false => None,
        };
        let uri = uri.or_else(|| rest.strip_prefix("file:"));
        // After # comes what is not for the program that opens the file.
        let text = uri.map_or(rest, |it| it.split('#').next().unwrap_or_default());
        let (path, query) = text.split_once('?').unwrap_or((text, ""));
        let path = match uri {
            Some(_) => path_of_uri(path)?,
            None => path.strip_prefix("//").unwrap_or(path),
        };
        let mode = mode(query)?;
        let memory = matches!(path, ":memory:" | "/:memory:") || mode == Mode::Memory;
        // SQLAlchemy writes `sqlite://` for a database in memory.
        if memory || rest == "//" {
            return Ok(Self {
                path: None,
                create: false,
            });
        }
        if path.is_empty() {
            return Err("the path of the SQLite database is missing");
        }
        let path = url::decode(path).ok_or("the path of the SQLite database is no text")?;
        if path.contains('\0') {
            return Err("the path of the SQLite database holds a NUL byte");
        }
        Ok(Self {
            path: Some(PathBuf::from(path)),
            create: mode == Mode::Create,
        })
    }

    /// Which file to open: `sqlite:///matrix.db` is absolute for most programs and relative for
    /// SQLAlchemy, so the second is tried when there is no file at the first.
    pub fn file(&self) -> Option<PathBuf> {
        let path = self.path.clone()?;
        let relative = path
            .strip_prefix("/")
            .ok()
            .filter(|it| it.components().count() == 1);
        match relative {
            Some(relative) if !path.exists() && relative.exists() => Some(relative.to_owned()),
            _ => Some(path),
        }
    }
}

/// The path of what follows `file:`. (<https://sqlite.org/uri.html>, 3.1)
fn path_of_uri(uri: &str) -> Result<&str, &'static str> {
    let Some(rest) = uri.strip_prefix("//") else {
        return Ok(uri);
    };
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    match authority {
        "" | "localhost" => Ok(path),
        _ => Err(
            "an SQLite database is on this machine: after file:// comes a path that begins with /",
        ),
    }
}

/// Reads the parameters: each is understood or refused, none is passed on.
fn mode(query: &str) -> Result<Mode, &'static str> {
    let mut mode = None;
    for pair in query.split('&').filter(|it| !it.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (name, value) = (url::decode(name), url::decode(value));
        let name_and_value = (name.as_deref(), value.as_deref());
        match name_and_value {
            (Some("mode"), Some(value)) => {
                let read = match value {
                    "ro" | "rw" => Mode::Existing,
                    "rwc" => Mode::Create,
                    "memory" => Mode::Memory,
                    _ => {
                        return Err("the mode of an SQLite database is one of ro, rw, rwc, memory");
                    }
                };
                if mode.replace(read).is_some_and(|it| it != read) {
                    return Err("the mode of the SQLite database is given twice");
                }
            }
            // Whether connections of one process share their pages: there is only one here.
            (Some("cache"), Some("shared" | "private")) | (Some("uri"), Some("true")) => {}
            (Some("cache"), _) => {
                return Err("the cache of an SQLite database is one of shared, private");
            }
            (Some("immutable"), _) => return Err("the parameter immutable is not understood here"),
            (Some("nolock"), _) => return Err("the parameter nolock is not understood here"),
            (Some("psow"), _) => return Err("the parameter psow is not understood here"),
            (Some("vfs"), _) => return Err("the parameter vfs is not understood here"),
            // Its name may be anything, and is not repeated.
            _ => return Err("of the parameters after ? only mode and cache are understood"),
        }
    }
    Ok(mode.unwrap_or(Mode::Existing))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(rest: &str, path: Option<&str>, create: bool) {
        let path = path.map(PathBuf::from);
        assert_eq!(Sqlite::parse(rest), Ok(Sqlite { path, create }), "{rest}");
    }

    #[track_caller]
    fn refused(rest: &str, named: &str) {
        let why = Sqlite::parse(rest).unwrap_err();
        assert!(why.contains(named), "{rest}: {why}");
    }

    #[test]
    fn a_uri_of_sqlites_own_is_understood() {
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
        refused("file:", "path");
        refused("file://", "path");
        refused("file://zion/a.db", "on this machine");
        refused("file:a%00.db", "NUL");
    }

    #[test]
    fn every_parameter_is_understood_or_refused() {
        check("a.db?mode=rw&mode=rw&&cache=private", Some("a.db"), false);
        check("a.db?m%6Fde=rw%63", Some("a.db"), true);
        check("a.db%3Fmode=rwc", Some("a.db?mode=rwc"), false);
        check("a.db#?mode=ro", Some("a.db#"), false);
        refused("a.db?mode=ro&mode=rwc", "twice");
        refused("a.db?mode=RWC", "one of ro, rw, rwc, memory");
        refused("a.db?mode", "one of ro, rw, rwc, memory");
        refused("a.db?cache=no", "one of shared, private");
        for name in ["immutable", "nolock", "psow", "vfs"] {
            refused(&format!("file:a.db?{name}=1"), name);
            refused(&format!("a.db?mode=ro&{name}"), name);
        }
        for query in ["journal=x", "Mode=rwc", "%ff=1", "=", "key=x", "mode=rwc?x"] {
            assert!(Sqlite::parse(&format!("a.db?{query}")).is_err(), "{query}");
        }
    }
}
