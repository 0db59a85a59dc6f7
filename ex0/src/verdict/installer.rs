//! Who installed a global Python?
//!
//! conda and pixi leave records behind, pyenv keeps itself beside its versions. Other tools are told by the place alone, which is a guess.

use super::environment::{Evidence, Kind};
use crate::support::files;
use crate::support::{PyPath, World};

/// Who installed a global Python.
pub fn of(prefix: &PyPath, world: &World) -> (Kind, Evidence) {
    let conda = prefix.os_join("conda-meta");
    if files::is_dir(&conda) {
        // Early releases of pixi wrote the second one alone.
        let marks = ["pixi", "pixi_env_prefix"].map(|name| conda.os_join(name));
        return match marks.into_iter().find(files::is_file) {
            Some(path) => (Kind::Pixi, Evidence::Wrote { path, tool: "pixi" }),
            None => (
                Kind::Conda,
                Evidence::Wrote {
                    path: conda,
                    tool: "conda",
                },
            ),
        };
    }
    if is_pyenvs(prefix, world) {
        let versions = prefix.dirname();
        return (Kind::Pyenv, Evidence::AmongVersions { versions });
    }
    (
        Kind::System,
        storehouse(prefix).unwrap_or(Evidence::NoRecord),
    )
}

/// pyenv keeps its Pythons in a folder `versions`, beside itself and its shims.
fn is_pyenvs(prefix: &PyPath, world: &World) -> bool {
    let versions = prefix.dirname();
    let root = versions.dirname();
    let is_root = |it: &PyPath| it.without_trailing_slashes() == root;
    let marks = ["libexec/pyenv", "bin/pyenv", "shims/python3"];
    versions.basename().bytes() == b"versions"
        && (world.set("PYENV_ROOT").is_some_and(is_root)
            || marks.iter().any(|mark| files::is_file(&root.os_join(mark))))
}

/// Folders in which one tool keeps the Pythons that it installs, by the names on the way.
const STOREHOUSES: [(&str, &str); 7] = [
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

/// Who keeps Pythons where this one lies. The place is a habit of the tool's, so it is a guess.
fn storehouse(prefix: &PyPath) -> Option<Evidence> {
    let path = prefix.lossy();
    let (place, tool) = STOREHOUSES.iter().find(|(place, _)| path.contains(place))?;
    let place = PyPath::from(place.trim_matches('/'));
    Some(Evidence::Place { place, tool })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The evidence for a global Python under this prefix.
    #[track_caller]
    fn check_storehouse(prefix: &str, expected: &str) {
        let (kind, evidence) = of(&PyPath::from(prefix), &World::default());
        assert_eq!(kind, Kind::System);
        let tool = match evidence {
            Evidence::Place { tool, .. } => tool,
            _ => "",
        };
        assert_eq!(tool, expected);
    }

    #[test]
    fn the_place_of_a_global_python_lets_guess_who_installed_it() {
        let uv = "/home/neo/.local/share/uv/python/cpython-3.12.5-linux-x86_64-gnu";
        check_storehouse(uv, "uv");
        let brew =
            "/opt/homebrew/Cellar/python@3.12/3.12.5/Frameworks/Python.framework/Versions/3.12";
        check_storehouse(brew, "Homebrew");
        let framework = "/Library/Frameworks/Python.framework/Versions/3.12";
        check_storehouse(framework, "python.org's installer for macOS");
        check_storehouse("/nix/store/0c6k-python3-3.12.5", "Nix");
        check_storehouse("/usr", "");
        check_storehouse("/srv/uv/pythons", "");
    }

    #[test]
    fn conda_and_pixi_leave_folders_behind() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let kind = || of(&PyPath::from(folder.path()), &World::default()).0;
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
    fn pyenv_is_told_by_what_stands_beside_its_versions() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let root = PyPath::from(folder.path());
        let kind = |name: &str, world: &World| of(&root.os_join(name), world).0;
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
