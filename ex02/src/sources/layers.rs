//! Where is each variable set, and which of these places wins?
//!
//! Strongest first: process environment, `.env.<mode>.local`, `.env.<mode>`, `.env.local`,
//! `.env`, default. That is the order of Vite and dotenv-flow; Next swaps the middle two.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::secret::value::Secret;
use crate::sources::dotenv;
use crate::sources::file::LayerFile;
use crate::sources::literal::Cause;
use crate::variables::table::{Mode, Spec};

/// Every layer file there may be, the weakest first.
pub const FILES: [&str; 6] = [
    ".env",
    ".env.local",
    ".env.development",
    ".env.development.local",
    ".env.production",
    ".env.production.local",
];

/// The file that shows which variables there are. It is tracked and holds no secret.
pub const EXAMPLE: &str = ".env.example";

/// What the process and the folder say. Read once; everything after is decided from it.
pub struct Sources {
    /// The process environment.
    pub process: Vec<(OsString, OsString)>,
    /// The current folder.
    pub folder: PathBuf,
    /// The repository's root: a folder with `.git`, this one or above. `None`: no repository.
    pub root: Option<PathBuf>,
    /// The layer files, in the order of [`FILES`].
    pub files: Vec<LayerFile>,
    /// The `.env.example` that belongs to them.
    pub example: LayerFile,
}

/// Where a value comes from, for people and for JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Origin {
    /// `process`, the file's name, or `default`.
    pub layer: &'static str,
    /// The file as a person would type it.
    pub file: Option<String>,
    /// First line of the entry, from 1.
    pub line: Option<usize>,
}

impl Origin {
    /// `.env:3`, `process environment`, `default`.
    pub fn words(&self) -> String {
        match (&self.file, self.line) {
            (Some(file), Some(line)) => format!("{file}:{line}"),
            _ if self.layer == PROCESS => "process environment".to_owned(),
            _ => self.layer.to_owned(),
        }
    }
}

/// Name of the strongest layer in JSON.
pub const PROCESS: &str = "process";

/// What a layer says about a variable.
pub enum Said {
    /// A text.
    Text(Secret),
    /// Nothing or blanks: the same as not set.
    Empty,
    /// Bytes that are no UTF-8.
    NotText,
}

/// One place where a variable is set.
pub struct Setting {
    /// Which place.
    pub origin: Origin,
    /// To what.
    pub said: Said,
    /// Why dotenvy's value is not what is written there.
    pub change: Option<Cause>,
    /// Lines of the same file that set it before; this one, the last, counts.
    pub earlier: Vec<usize>,
}

/// Reads the process environment, the layer files and the example.
pub fn read(process: impl Iterator<Item = (OsString, OsString)>, current: &Path) -> Sources {
    let root = current
        .ancestors()
        .find(|it| is_repository(it))
        .map(Path::to_owned);
    let below_root: Vec<&Path> = match &root {
        Some(root) => current
            .ancestors()
            .take_while(|it| it.starts_with(root))
            .collect(),
        None => vec![current],
    };
    let find = |name| LayerFile::find(name, &below_root);
    let files = FILES.into_iter().map(find).collect();
    let example = find(EXAMPLE);
    Sources {
        process: process.collect(),
        folder: current.to_owned(),
        root,
        files,
        example,
    }
}

/// True for a folder with `.git` in it (a folder, or a file in worktrees and submodules).
fn is_repository(folder: &Path) -> bool {
    folder.join(".git").symlink_metadata().is_ok()
}

impl Sources {
    /// Every place that sets a variable in this mode, strongest first.
    pub fn settings(&self, spec: &Spec, mode: Mode) -> Vec<Setting> {
        let process = self.process.iter().find(|(name, _)| name == spec.name);
        let mut settings: Vec<Setting> = process
            .map(|(_, value)| Setting::process(value))
            .into_iter()
            .collect();
        for file in self.layers(mode) {
            // The mode chooses the files of the mode, so these cannot choose the mode.
            let chooses = spec.name != "MATRIX_MODE" || !is_of_mode(file.name);
            settings.extend(file.setting(spec.name).filter(|_| chooses));
        }
        settings
    }

    /// The layer files that count in this mode, strongest first.
    pub fn layers(&self, mode: Mode) -> impl Iterator<Item = &LayerFile> {
        let counts = move |name: &str| match mode {
            Mode::Development => !name.starts_with(".env.production"),
            Mode::Production => !name.starts_with(".env.development"),
            Mode::Unknown => !is_of_mode(name),
        };
        // `.env.<mode>` is stronger than `.env.local`, and so on: FILES backwards.
        self.files.iter().rev().filter(move |it| counts(it.name))
    }

    /// Every entry of every layer file, whatever the mode, and of no other.
    pub fn entries(&self) -> impl Iterator<Item = (&LayerFile, &dotenv::Entry)> {
        self.files
            .iter()
            .flat_map(|file| file.entries().iter().map(move |entry| (file, entry)))
    }
}

/// True for the files that count in one mode only.
pub fn is_of_mode(name: &str) -> bool {
    name.starts_with(".env.development") || name.starts_with(".env.production")
}

impl Setting {
    /// What the process environment says.
    fn process(value: &OsStr) -> Self {
        let said = match value.to_str() {
            Some(text) if text.trim().is_empty() => Said::Empty,
            Some(text) => Said::Text(Secret::new(text)),
            None => Said::NotText,
        };
        let origin = Origin {
            layer: PROCESS,
            file: None,
            line: None,
        };
        Self {
            origin,
            said,
            change: None,
            earlier: Vec::new(),
        }
    }
}

impl LayerFile {
    /// What it says about a variable: the last entry counts.
    fn setting(&self, name: &str) -> Option<Setting> {
        let mut entries: Vec<&dotenv::Entry> =
            self.entries().iter().filter(|it| it.name == name).collect();
        let last = entries.pop()?;
        let said = match last.value.expose().trim().is_empty() {
            true => Said::Empty,
            false => Said::Text(last.value.clone()),
        };
        let origin = Origin {
            layer: self.name,
            file: Some(self.shown.clone()),
            line: Some(last.line),
        };
        Some(Setting {
            origin,
            said,
            change: last.change,
            earlier: entries.iter().map(|it| it.line).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::variables::table;

    /// The places that set a variable, strongest first.
    #[track_caller]
    fn check(
        files: &[(&str, &str)],
        process: &[(&str, &str)],
        name: &str,
        mode: Mode,
        expected: &[&str],
    ) {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        let process = process
            .iter()
            .map(|(name, value)| (name.into(), value.into()));
        let sources = read(process, folder.path());
        let settings = sources.settings(table::named(name).unwrap(), mode);
        let places: Vec<String> = settings.iter().map(|it| it.origin.words()).collect();
        assert_eq!(places, expected);
    }

    #[test]
    fn five_layers_in_the_order_of_vite() {
        let files = [
            (".env", "API_KEY=a"),
            (".env.local", "API_KEY=b"),
            (".env.development", "API_KEY=c"),
            (".env.development.local", "\nAPI_KEY=d"),
            (".env.production", "API_KEY=e"),
        ];
        let development = [
            "process environment",
            ".env.development.local:2",
            ".env.development:1",
            ".env.local:1",
            ".env:1",
        ];
        check(
            &files,
            &[("API_KEY", "p")],
            "API_KEY",
            Mode::Development,
            &development,
        );
        check(
            &files,
            &[],
            "API_KEY",
            Mode::Production,
            &[".env.production:1", ".env.local:1", ".env:1"],
        );
        check(
            &files,
            &[],
            "API_KEY",
            Mode::Unknown,
            &[".env.local:1", ".env:1"],
        );
    }

    #[test]
    fn the_files_of_a_mode_cannot_choose_the_mode() {
        let files = [
            (".env", "MATRIX_MODE=development"),
            (".env.development", "MATRIX_MODE=production"),
        ];
        check(&files, &[], "MATRIX_MODE", Mode::Development, &[".env:1"]);
    }

    #[test]
    fn the_search_ends_at_the_root_of_the_repository() {
        let outer = tempfile::tempdir().unwrap();
        let inner = outer.path().join("repository/src");
        std::fs::create_dir_all(&inner).unwrap();
        std::fs::write(outer.path().join(".env"), "API_KEY=outside").unwrap();
        let found = |from: &Path| read(std::iter::empty(), from).files[0].exists();
        assert!(!found(&inner));
        std::fs::create_dir(outer.path().join("repository/.git")).unwrap();
        assert!(!found(&inner));
        std::fs::write(outer.path().join("repository/.env"), "API_KEY=inside").unwrap();
        assert!(found(&inner));
        // Each file is looked for by itself.
        std::fs::write(inner.join(".env.local"), "API_KEY=nearer").unwrap();
        let sources = read(std::iter::empty(), &inner);
        let shown: Vec<&str> = sources.files[..2]
            .iter()
            .map(|it| it.shown.as_str())
            .collect();
        assert_eq!(shown, ["../.env", ".env.local"]);
    }
}
