//! Which command enters or leaves a pixi environment? pixi starts a shell of its own, so conda's commands do not exist for its users.

use super::Meaning;
use crate::support::files;
use crate::support::shell::{Shell, quoted};
use crate::support::{PyPath, World};
use crate::verdict::{Kind, kind_of_global};

/// The variable that pixi sets in its shell.
pub const IN_SHELL: &str = "PIXI_IN_SHELL";

/// Is it a folder of pixi's? One that was deleted shows it by its path.
pub fn is_pixis(folder: &PyPath, world: &World) -> bool {
    project(folder).is_some() || kind_of_global(folder, world).0 == Kind::Pixi
}

/// The command that makes the claim of `CONDA_PREFIX` true.
pub fn hint(folder: &PyPath, meaning: &Meaning, world: &World) -> Option<String> {
    let manifest = || {
        let names = ["pixi.toml", "pyproject.toml"].into_iter();
        let mut files = names.map(|it| project(folder).unwrap_or_default().os_join(it));
        quoted(&files.find(files::is_file)?)
    };
    let is_default = folder.without_trailing_slashes().basename().bytes() == b"default";
    let command = match meaning {
        Meaning::CondaWithoutPython => {
            let manifest = Some(manifest()?).filter(|_| is_default)?;
            Some(format!("pixi add --manifest-path {manifest} python"))
        }
        _ if world.non_empty(IN_SHELL).is_some() => Some("exit".to_owned()),
        Meaning::NoFolder | Meaning::NoMark(_) => None,
        _ => {
            let name = quoted(&folder.without_trailing_slashes().basename())?;
            let manifest = manifest()?;
            let environment = if is_default {
                String::new()
            } else {
                format!(" -e {name}")
            };
            Some(format!(
                "pixi shell --manifest-path {manifest}{environment}"
            ))
        }
    };
    Shell::at_hand(world).spelled(command?)
}

/// The project of an environment: pixi keeps it in the project's `.pixi/envs`.
fn project(folder: &PyPath) -> Option<PyPath> {
    let envs = folder.without_trailing_slashes().dirname();
    let pixi = envs.dirname();
    let is_it = envs.basename().bytes() == b"envs" && pixi.basename().bytes() == b".pixi";
    is_it.then(|| pixi.dirname())
}
