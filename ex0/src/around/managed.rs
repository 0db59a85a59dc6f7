//! Which conda or pixi environment is active? It is not a virtual environment, but for its users it is not the global one either.

use serde::Serialize;

use crate::support::{PyPath, World};
use crate::verdict::{Answer, Kind, kind_of_global};

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
    let in_force = own.map(|it| it.site.prefix.clone());
    let path = in_force.clone().or_else(|| claimed.clone())?;
    let (kind, _) = kind_of_global(&path, world);
    if !matches!(kind, Kind::Conda | Kind::Pixi) {
        return None;
    }
    let active = claimed.is_some_and(|it| it == path);
    let named = world
        .non_empty("CONDA_DEFAULT_ENV")
        .filter(|_| active && kind == Kind::Conda);
    Some(Managed {
        kind,
        name: named.unwrap_or(&path).basename(),
        in_force: in_force.is_some(),
        path,
        active,
    })
}
