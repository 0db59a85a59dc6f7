//! Which git may be run?

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::silence::Silence;

/// The first git in an absolute folder of PATH that is not inside one of these repositories. (Otherwise the
/// author of the repository would choose what runs.) Links are followed, because their target is what runs.
pub fn find_git(path: Option<&OsStr>, roots: &[&Path]) -> Result<PathBuf, Silence> {
    let name = format!("git{}", std::env::consts::EXE_SUFFIX);
    let mut forbidden: Vec<PathBuf> = roots.iter().map(PathBuf::from).collect();
    for root in roots {
        let real = root.canonicalize();
        forbidden.push(real.map_err(|error| Silence::NotSeen(error.kind()))?);
    }
    let below = |it: &Path| forbidden.iter().any(|root| it.starts_with(root));
    let lies_inside = |it: &Path| below(it) || it.canonicalize().is_ok_and(|it| below(&it));
    let folders = std::env::split_paths(path.unwrap_or_default());
    let gits = folders
        .filter(|folder| folder.is_absolute())
        .map(|folder| folder.join(&name))
        .filter(|file| is_executable(file));
    let mut none = Silence::NotOnPath;
    for file in gits {
        let folder = file.parent().unwrap_or(&file);
        if !lies_inside(folder) && !lies_inside(&file) {
            return Ok(file);
        }
        none = Silence::OnlyInside;
    }
    Err(none)
}

/// True for a regular file that may be executed.
#[cfg(unix)]
fn is_executable(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    file.metadata()
        .is_ok_and(|it| it.is_file() && it.permissions().mode() & 0o111 != 0)
}

/// True for a regular file.
#[cfg(not(unix))]
fn is_executable(file: &Path) -> bool {
    file.is_file()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oracle_never_runs_a_git_in_the_current_folder() {
        for path in [None, Some(""), Some(".:bin:/nonexistent")] {
            let found = find_git(path.map(OsStr::new), &[Path::new("/")]);
            assert_eq!(found, Err(Silence::NotOnPath), "{path:?}");
        }
    }
}
