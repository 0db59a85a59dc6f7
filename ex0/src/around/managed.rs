//! Which conda or pixi environment is active? It is not a virtual environment, but for its users it is not the global one either.

use serde::Serialize;

use crate::support::files;
use crate::support::{PyPath, World};
use crate::verdict::{Answer, Kind};

/// A conda or pixi environment that is active in this shell, or whose Python starts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Managed {
    pub kind: Kind,
    pub name: PyPath,
    pub path: PyPath,
    /// Does the Python that starts belong to this environment?
    pub in_force: bool,
    /// Does the shell say that it is active?
    pub active: bool,
}

/// The environment whose Python starts, else the one that `CONDA_PREFIX` names, if it exists.
pub fn find_managed(answer: &Answer, world: &World) -> Option<Managed> {
    let claimed = world
        .non_empty("CONDA_PREFIX")
        .map(PyPath::without_trailing_slashes);
    let running = answer.running();
    let own = running.filter(|it| matches!(it.environment.kind, Kind::Conda | Kind::Pixi));
    let based = running.and_then(|it| claimed.clone().filter(|claimed| *claimed == it.base_prefix));
    let in_force = own.map(|it| it.prefix.clone()).or(based);
    let path = in_force.clone().or_else(|| claimed.clone())?;
    let records = path.os_join("conda-meta");
    if !files::is_dir(&records) {
        return None;
    }
    let marks = ["pixi", "pixi_env_prefix"];
    let is_pixi = marks.iter().any(|it| files::is_file(&records.os_join(it)));
    let active = claimed.is_some_and(|it| it == path);
    let named = world
        .non_empty("CONDA_DEFAULT_ENV")
        .filter(|_| active && !is_pixi);
    Some(Managed {
        kind: if is_pixi { Kind::Pixi } else { Kind::Conda },
        name: named.unwrap_or(&path).basename(),
        in_force: in_force.is_some(),
        path,
        active,
    })
}
