//! Who installed a global Python?
//!
//! conda and pixi leave records behind, pyenv keeps itself beside its versions. Other tools are told by the place alone, which is a guess.

use crate::files;
use crate::kind::Kind;
use crate::pypath::PyPath;

/// Who installed a global Python.
pub fn of(prefix: &PyPath) -> (Kind, String) {
    let conda = prefix.os_join("conda-meta");
    if files::is_dir(&conda) {
        let pixi = conda.os_join("pixi");
        if files::is_file(&pixi) {
            return (
                Kind::Pixi,
                format!("{} is there, which pixi writes", pixi.shown()),
            );
        }
        return (
            Kind::Conda,
            format!(
                "{} is there, which conda keeps its records in",
                conda.shown()
            ),
        );
    }
    let versions = prefix.dirname();
    let root = versions.dirname();
    if versions.basename().bytes() == b"versions"
        && ["libexec/pyenv", "bin/pyenv"]
            .iter()
            .any(|it| files::is_file(&root.os_join(it)))
    {
        return (
            Kind::Pyenv,
            format!("it lies in {}, beside pyenv itself", versions.shown()),
        );
    }
    let evidence = storehouse(prefix)
        .unwrap_or_else(|| "no pyvenv.cfg, no conda-meta, not in pyenv's folder".to_owned());
    (Kind::System, evidence)
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
fn storehouse(prefix: &PyPath) -> Option<String> {
    let path = prefix.lossy();
    let (place, tool) = STOREHOUSES.iter().find(|(place, _)| path.contains(place))?;
    let place = place.trim_matches('/');
    Some(format!(
        "guess: {place} on the way to it is where {tool} puts a Python"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The evidence for a global Python under this prefix.
    #[track_caller]
    fn check_storehouse(prefix: &str, expected: &str) {
        let (kind, evidence) = of(&PyPath::from(prefix));
        assert_eq!(kind, Kind::System);
        assert!(evidence.contains(expected), "{evidence}");
    }

    #[test]
    fn the_place_of_a_global_python_lets_guess_who_installed_it() {
        let uv = "/home/neo/.local/share/uv/python/cpython-3.12.5-linux-x86_64-gnu";
        check_storehouse(uv, "where uv puts a Python");
        let brew =
            "/opt/homebrew/Cellar/python@3.12/3.12.5/Frameworks/Python.framework/Versions/3.12";
        check_storehouse(brew, "where Homebrew puts a Python");
        let framework = "/Library/Frameworks/Python.framework/Versions/3.12";
        check_storehouse(framework, "python.org's installer for macOS");
        check_storehouse("/nix/store/0c6k-python3-3.12.5", "Nix");
        check_storehouse("/usr", "no pyvenv.cfg, no conda-meta");
        check_storehouse("/srv/uv/pythons", "no pyvenv.cfg, no conda-meta");
    }

    #[test]
    fn conda_and_pixi_leave_folders_behind() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let prefix = PyPath::from(folder.path());
        assert_eq!(of(&prefix).0, Kind::System);
        std::fs::create_dir(at("conda-meta")).unwrap();
        assert_eq!(of(&prefix).0, Kind::Conda);
        std::fs::write(at("conda-meta/pixi"), "{}").unwrap();
        assert_eq!(of(&prefix).0, Kind::Pixi);
    }
}
