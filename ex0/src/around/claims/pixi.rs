//! Is it an environment of pixi's? pixi starts a shell of its own, so conda's commands do not exist for its users.

use crate::support::{PyPath, World};
use crate::verdict::{Kind, kind_of_global};

/// The variable that pixi sets in its shell.
pub const IN_SHELL: &str = "PIXI_IN_SHELL";

/// Is it a folder of pixi's? One that was deleted shows it by its path: pixi keeps an environment in the project's `.pixi/envs`.
pub fn is_pixis(folder: &PyPath, world: &World) -> bool {
    let envs = folder.without_trailing_slashes().dirname();
    let is_in_project =
        envs.basename().bytes() == b"envs" && envs.dirname().basename().bytes() == b".pixi";
    is_in_project || kind_of_global(folder, world).0 == Kind::Pixi
}

/// The command that leaves pixi's shell.
pub fn exit(world: &World) -> Option<String> {
    world.non_empty(IN_SHELL).map(|_| "exit".to_owned())
}
