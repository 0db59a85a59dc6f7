//! Where is each variable set, and which of these places wins?
//!
//! Strongest first: process environment, `.env.<mode>.local`, `.env.<mode>`, `.env.local`,
//! `.env`, default. That is the order of Vite and dotenv-flow; Next swaps the middle two.

use std::path::{Path, PathBuf};

use super::file::{EnvFile, State, Unreadable};
use super::origin::{Named, Origin};
use super::parsed::{Cause, Entry};
use super::process::{Process, Said};
use super::reach::reach;
use crate::git::Silence;
use crate::variables::{MATRIX_MODE, Mode, Spec};
use crate::words::{Place, Words};

/// A place that can set variables. The order is from the weakest to the strongest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// The value that counts when no place sets the variable.
    Default,
    /// `.env`
    Env,
    /// `.env.local`
    EnvLocal,
    /// `.env.development`
    Development,
    /// `.env.development.local`
    DevelopmentLocal,
    /// `.env.production`
    Production,
    /// `.env.production.local`
    ProductionLocal,
    /// The process environment.
    Process,
}

impl Layer {
    /// The layers that are files, weakest first.
    pub const FILES: [Self; 6] = [
        Self::Env,
        Self::EnvLocal,
        Self::Development,
        Self::DevelopmentLocal,
        Self::Production,
        Self::ProductionLocal,
    ];

    /// The file's name, `process` or `default`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Env => ".env",
            Self::EnvLocal => ".env.local",
            Self::Development => ".env.development",
            Self::DevelopmentLocal => ".env.development.local",
            Self::Production => ".env.production",
            Self::ProductionLocal => ".env.production.local",
            Self::Process => "process",
        }
    }

    /// The mode in which the layer counts. `None`: in every mode.
    pub fn mode(self) -> Option<Mode> {
        match self {
            Self::Development | Self::DevelopmentLocal => Some(Mode::Development),
            Self::Production | Self::ProductionLocal => Some(Mode::Production),
            _ => None,
        }
    }

    /// True for the files that always belong to one machine.
    pub fn is_of_this_machine(self) -> bool {
        matches!(
            self,
            Self::Env | Self::EnvLocal | Self::DevelopmentLocal | Self::ProductionLocal
        )
    }
}

/// The file that shows which variables there are. It is tracked, so no secret belongs in it.
pub const EXAMPLE: &str = ".env.example";

/// Other names of the example. The first one that exists counts.
const OTHER_EXAMPLES: &str = ".env.sample .env.template .env.dist .env.defaults .env.default \
    .env.tmpl .env.tpl .env-example .env-sample .env_example .env_sample .env.example.txt \
    .env.local.example .env.local.sample .env.development.example .env.dev.example env.example \
    env.sample env.template env.dist example.env sample.env template.env .example.env \
    .sample.env dotenv.example .env.production.example .env.docker.example .env.production.sample \
    .env.prod.example .env.prod.sample .env.development.sample .env.dev.sample .env.test.example \
    .env.test.sample .env.staging.example .env.docker.sample .env.local.template .env.local.dist \
    .env.schema env-example env_example env-sample dotenv.sample";

/// Everything that the process and the files say. It is read once, and all decisions follow from it.
pub struct Sources {
    /// The process environment.
    pub process: Process,
    /// The current folder.
    pub folder: PathBuf,
    /// The root of the repository: the nearest folder with a `.git`. `None`: no repository. An error: it is
    /// not known whether there is one.
    pub root: Result<Option<PathBuf>, Silence>,
    /// The folder of another user where the search for files stopped: `../`.
    pub ended_at: Option<Words>,
    /// The layer files, in the order of [`Layer::FILES`].
    pub files: Vec<EnvFile>,
    /// The example file, under any of its names.
    pub example: EnvFile,
}

/// One place that sets a variable.
pub struct Setting {
    /// The place.
    pub origin: Origin,
    /// The entries of the same file that gave it parts of its value.
    pub parts: Vec<Named>,
    /// What the place says.
    pub said: Said,
    /// Why dotenvy's value differs from what is written in the file.
    pub change: Option<Cause>,
    /// True when dotenvy put a value of the process environment into this one.
    pub from_process: bool,
    /// Earlier lines of the same file that set it too. The last line counts.
    pub earlier: Vec<usize>,
}

impl Setting {
    /// A place that says this, in one line and without parts.
    fn new(origin: Origin, said: Said) -> Self {
        Self {
            origin,
            parts: Vec::new(),
            said,
            change: None,
            from_process: false,
            earlier: Vec::new(),
        }
    }
}

/// Reads the process environment, the layer files and the example.
pub fn read(process: Process, current: &Path) -> Sources {
    let reach = reach(current);
    let find = |name, layer| EnvFile::read(name, layer, &reach, &process);
    let files = Layer::FILES.map(|it| find(it.name(), Some(it)));
    let example = find(EXAMPLE, None);
    let example = if example.exists() {
        example
    } else {
        let mut others = OTHER_EXAMPLES.split(' ').map(|it| find(it, None));
        others.find(EnvFile::exists).unwrap_or(example)
    };
    Sources {
        files: files.into(),
        example,
        process,
        folder: current.to_owned(),
        root: reach.root.map(|it| it.map(Path::to_owned)),
        ended_at: reach.ended_at,
    }
}

impl Sources {
    /// Every place that sets a variable in this mode, strongest first.
    pub fn settings(&self, spec: &Spec, mode: Mode) -> Vec<Setting> {
        let process = self.process.get(spec.name);
        let process = process.map(|it| Setting::new(Origin::of(Layer::Process), it.clone()));
        let mut settings: Vec<Setting> = process.into_iter().collect();
        for (layer, file) in self.layers(mode) {
            // The mode chooses these files, so they cannot choose the mode.
            let chooses = spec.name != MATRIX_MODE.name || layer.mode().is_none();
            if chooses {
                settings.extend(lost(layer, file, spec.name));
                settings.extend(setting(layer, file, spec.name));
            }
        }
        settings
    }

    /// The layer files that count in this mode, strongest first.
    pub fn layers(&self, mode: Mode) -> impl Iterator<Item = (Layer, &EnvFile)> {
        let layers = self.files.iter().filter_map(|it| Some((it.layer?, it)));
        let counts = move |layer: Layer| layer.mode().is_none_or(|it| it == mode);
        let layers = layers.filter(move |(layer, _)| counts(*layer));
        layers.collect::<Vec<_>>().into_iter().rev()
    }

    /// The example, when it can be copied in the place of this file.
    pub fn copy_for(&self, file: &EnvFile) -> Option<Place> {
        let can_be_read = self.example.parsed().is_some();
        (file.layer == Some(Layer::Env) && can_be_read).then(|| self.example.whole())
    }

    /// Every entry of every layer file, in any mode. Entries of the example are not among them.
    pub fn entries(&self) -> impl Iterator<Item = (&EnvFile, &Entry)> {
        self.files
            .iter()
            .flat_map(|file| file.entries().iter().map(move |entry| (file, entry)))
    }
}

/// Those of these files that may set variables, but were not read.
pub fn unread<'a>(files: impl IntoIterator<Item = &'a EnvFile>) -> Vec<Place> {
    use Unreadable::{NotFollowed, NotOpened, NotRead, NotSeen, TooLarge};
    let files = files.into_iter().filter(|it| {
        matches!(
            it.state,
            State::Unreadable(NotSeen(_) | NotFollowed(_) | NotOpened(_) | NotRead(_) | TooLarge)
        )
    });
    files.map(EnvFile::whole).collect()
}

/// A line that names a variable and cannot be read, when no entry below sets the variable. The line would
/// win over the entries above it.
fn lost(layer: Layer, file: &EnvFile, name: &str) -> Option<Setting> {
    let line = *file.parsed()?.lost.get(name)?;
    let below = file
        .entries()
        .iter()
        .any(|it| it.name == name && it.line > line);
    let place = Some(file.at(line));
    (!below).then(|| Setting::new(Origin { layer, place }, Said::Lost))
}

/// What a file says about a variable. The last entry counts.
fn setting(layer: Layer, file: &EnvFile, name: &str) -> Option<Setting> {
    let mut entries: Vec<&Entry> = file.entries().iter().filter(|it| it.name == name).collect();
    let last = entries.pop()?;
    let said = if last.value.expose().trim().is_empty() {
        Said::Empty
    } else {
        Said::Text(last.value.clone())
    };
    let place = Some(file.at(last.line));
    Some(Setting {
        parts: last
            .parts
            .iter()
            .map(|(name, line)| Named::new(file, name, *line))
            .collect(),
        change: last.change,
        from_process: last.from_process,
        earlier: entries.iter().map(|it| it.line).collect(),
        ..Setting::new(Origin { layer, place }, said)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::variables::named;

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
        let sources = read(Process::new(process), folder.path());
        let settings = sources.settings(named(name).unwrap(), mode);
        let places = settings
            .iter()
            .map(|it| Words::from(&it.origin.at()).plain());
        let places: Vec<String> = places.collect();
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
    fn an_example_is_read_under_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let found = || read(Process::new(std::iter::empty()), folder.path()).example;
        assert_eq!((found().name, found().exists()), (".env.example", false));
        for name in [
            "env-example",
            ".env.production.sample",
            "example.env",
            ".env.dist",
            ".env.sample",
            ".env.example",
        ] {
            std::fs::write(folder.path().join(name), "API_KEY=").unwrap();
            assert_eq!((found().name, found().entries().len()), (name, 1));
        }
    }

    #[test]
    fn the_search_ends_at_the_root_of_the_repository() {
        let outer = tempfile::tempdir().unwrap();
        let inner = outer.path().join("repository/src");
        std::fs::create_dir_all(&inner).unwrap();
        std::fs::write(outer.path().join(".env"), "API_KEY=outside").unwrap();
        let found = |from: &Path| read(Process::new(std::iter::empty()), from).files[0].exists();
        assert!(!found(&inner));
        std::fs::create_dir(outer.path().join("repository/.git")).unwrap();
        assert!(!found(&inner));
        std::fs::write(outer.path().join("repository/.env"), "API_KEY=inside").unwrap();
        assert!(found(&inner));
        // The program looks for each file separately.
        std::fs::write(inner.join(".env.local"), "API_KEY=nearer").unwrap();
        let sources = read(Process::new(std::iter::empty()), &inner);
        let shown: Vec<String> = sources.files[..2]
            .iter()
            .map(|it| it.shown.plain())
            .collect();
        assert_eq!(shown, ["../.env", ".env.local"]);
    }
}
