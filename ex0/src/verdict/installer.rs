//! Which tool installed a global Python?
//!
//! conda and pixi write records, and pyenv's own files are next to its versions. For other tools only the folder's name shows it: that is
//! a guess.

use super::environment::{Evidence, Kind};
use crate::support::files;
use crate::support::{PyPath, World};

/// The tool that installed a global Python, and the evidence.
pub fn kind_of_global(prefix: &PyPath, world: &World) -> (Kind, Evidence) {
    let conda = prefix.os_join("conda-meta");
    if files::is_dir(&conda) {
        // Early releases of pixi wrote only the second file.
        let marks = ["pixi", "pixi_env_prefix"].map(|name| conda.os_join(name));
        let mark = marks.into_iter().find(files::is_file);
        let (kind, tool) = if mark.is_some() {
            (Kind::Pixi, "pixi")
        } else {
            (Kind::Conda, "conda")
        };
        let path = mark.unwrap_or(conda);
        return (kind, Evidence::Wrote { path, tool });
    }
    if is_pyenvs(prefix, world) {
        let versions = prefix.dirname();
        return (Kind::Pyenv, Evidence::AmongVersions(versions));
    }
    (Kind::System, by_place(prefix).unwrap_or(Evidence::NoRecord))
}

/// The name of conda's command in this shell. micromamba and mamba do without conda; each shell function has the program's name.
pub fn conda_command(world: &World) -> &'static str {
    let program = match world.non_empty("CONDA_EXE") {
        Some(_) => None,
        None => world.non_empty("MAMBA_EXE"),
    };
    match program.map(PyPath::basename) {
        Some(name) if name.bytes() == b"mamba" => "mamba",
        Some(_) => "micromamba",
        None => "conda",
    }
}

/// Is it one of pyenv's? pyenv keeps its Pythons in a folder `versions`, next to its own files and its shims.
pub fn is_pyenvs(prefix: &PyPath, world: &World) -> bool {
    let versions = prefix.dirname();
    let root = versions.dirname();
    let is_root = |it: &PyPath| it.without_trailing_slashes() == root;
    let marks = ["libexec/pyenv", "bin/pyenv", "shims/python3"];
    versions.basename().bytes() == b"versions"
        && (world.non_empty("PYENV_ROOT").is_some_and(is_root)
            || marks.iter().any(|mark| files::is_file(&root.os_join(mark))))
}

/// Parts of paths, and the tool that installs Pythons there.
const PLACES: [(&str, &str); 7] = [
    ("/uv/python/", "uv"),
    ("/mise/installs/python/", "mise"),
    ("/.asdf/installs/python/", "asdf"),
    ("/Cellar/python@", "Homebrew"),
    ("/Cellar/pypy", "Homebrew"),
    (
        "/Python.framework/Versions/",
        "python.org's installer for macOS",
    ),
    ("/nix/store/", "Nix"),
];

/// The tool that usually installs Pythons in this place: a guess.
fn by_place(prefix: &PyPath) -> Option<Evidence> {
    let path = prefix.lossy();
    let (place, tool) = PLACES.iter().find(|(place, _)| path.contains(place))?;
    let place = PyPath::from(place.trim_matches('/'));
    Some(Evidence::Place { place, tool })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Compares the tool that is guessed for a global Python with this prefix.
    #[track_caller]
    fn check_place(prefix: &str, expected: &str) {
        let (kind, evidence) = kind_of_global(&PyPath::from(prefix), &World::default());
        assert_eq!(kind, Kind::System);
        let tool = match evidence {
            Evidence::Place { tool, .. } => tool,
            _ => "",
        };
        assert_eq!(tool, expected);
    }

    #[test]
    fn the_installer_of_a_global_python_is_guessed_from_its_place() {
        let uv = "/home/neo/.local/share/uv/python/cpython-3.12.5-linux-x86_64-gnu";
        check_place(uv, "uv");
        let brew =
            "/opt/homebrew/Cellar/python@3.12/3.12.5/Frameworks/Python.framework/Versions/3.12";
        check_place(brew, "Homebrew");
        let framework = "/Library/Frameworks/Python.framework/Versions/3.12";
        check_place(framework, "python.org's installer for macOS");
        check_place("/nix/store/0c6k-python3-3.12.5", "Nix");
        check_place("/usr", "");
        check_place("/srv/uv/pythons", "");
    }

    #[test]
    fn conda_and_pixi_are_recognised_by_their_records() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let kind = || kind_of_global(&PyPath::from(folder.path()), &World::default()).0;
        assert_eq!(kind(), Kind::System);
        std::fs::create_dir(at("conda-meta")).unwrap();
        assert_eq!(kind(), Kind::Conda);
        for mark in ["pixi", "pixi_env_prefix"] {
            std::fs::write(at("conda-meta").join(mark), "{}").unwrap();
            assert_eq!(kind(), Kind::Pixi);
            std::fs::remove_file(at("conda-meta").join(mark)).unwrap();
        }
    }

    #[test]
    fn the_command_of_conda_is_the_one_that_the_shell_has() {
        let command = |variables: &[(&str, &str)]| {
            let variables = variables.iter().map(|(name, it)| (name.into(), it.into()));
            conda_command(&World::new(variables, PyPath::default()))
        };
        let micromamba = ("MAMBA_EXE", "/usr/local/bin/micromamba");
        assert_eq!(command(&[]), "conda");
        assert_eq!(command(&[micromamba]), "micromamba");
        assert_eq!(command(&[("MAMBA_EXE", "/opt/bin/mamba")]), "mamba");
        assert_eq!(
            command(&[micromamba, ("CONDA_EXE", "/c/bin/conda")]),
            "conda"
        );
    }

    #[test]
    fn pyenv_is_recognised_by_the_files_next_to_its_versions() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let root = PyPath::from(folder.path());
        let kind = |name: &str, world: &World| kind_of_global(&root.os_join(name), world).0;
        let named = World::new(
            [("PYENV_ROOT".into(), folder.path().into())].into_iter(),
            PyPath::default(),
        );
        let unnamed = World::default();
        assert_eq!(kind("versions/3.12.1", &unnamed), Kind::System);
        assert_eq!(kind("versions/3.12.1", &named), Kind::Pyenv);
        assert_eq!(kind("3.12.1", &named), Kind::System);
        std::fs::create_dir(at("shims")).unwrap();
        std::fs::write(at("shims/python3"), "").unwrap();
        assert_eq!(kind("versions/3.12.1", &unnamed), Kind::Pyenv);
    }
}
