//! Could a tool that makes environments start, and does it make one for this Python?
//!
//! A tool may be a script whose Python is gone, or a shim of a version that is not selected. It may also be installed in the environment
//! itself: then it has no Python as soon as those of the environment are replaced.
//!
//! Source: virtualenv's changelog (20.22, 20.27, 21.0).

use super::base::has_no_problem;
use crate::binary::{self, Program};
use crate::finding::{Notes, Opaque};
use crate::lookup::{Found, entries, starts};
use crate::support::files;
use crate::support::shell::quoted;
use crate::support::version::Minor;
use crate::support::{PyPath, World};

/// A tool that could start.
pub struct Tool {
    /// How it is called: by its name if the shell finds it with it, else by its path.
    pub word: String,
    /// The folders in which its Python finds packages; empty if it is no script for one.
    packages: Vec<PyPath>,
}

/// The first tool with this name on PATH that could start. It needs nothing of the environment in `folder`, which is made again.
pub fn find_tool(name: &str, folder: Option<&PyPath>, world: &World) -> Option<Tool> {
    let own = folder.map(files::real);
    let files = entries(world).into_iter().map(|it| it.os_join(name));
    let mut files = files.filter(starts).peekable();
    let first = files.peek().cloned();
    files.find_map(|file| {
        let packages = could_start(&file, own.as_ref(), world)?;
        let called = if first.as_ref() == Some(&file) {
            name.to_owned()
        } else {
            quoted(&file.abspath(&world.cwd))?
        };
        Some(Tool {
            word: called,
            packages,
        })
    })
}

impl Tool {
    /// Does this virtualenv make environments for a Python of this version?
    pub fn makes_for(&self, minor: Minor) -> bool {
        let names = (self.packages.iter()).flat_map(|it| files::names(it, 10_000));
        let mut versions = names.filter_map(|it| version_in(&it.lossy()));
        let oldest = match versions.next() {
            Some(it) if it < (20, 22) => Minor(2, 7),
            Some(it) if it < (20, 27) => Minor(3, 7),
            Some(it) if it < (21, 0) => Minor(3, 8),
            _ => Minor(3, 9),
        };
        minor >= oldest
    }
}

/// The version in the name of the folder that an installer writes: `virtualenv-20.26.6.dist-info`.
fn version_in(name: &str) -> Option<(u32, u32)> {
    let version = name.strip_prefix("virtualenv-")?;
    let mut numbers = version.split('.').map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

/// The folders of packages of the Python that the file is a script for, if nothing shows that it cannot start.
fn could_start(file: &PyPath, own: Option<&PyPath>, world: &World) -> Option<Vec<PyPath>> {
    let in_the_end = |it| binary::follow(Found::at(it), world, &mut Notes::default()).ok();
    let (Found { file, .. }, program) = in_the_end(file)?;
    let text = match program {
        Program::Script(text) => text,
        Program::Other(Opaque::NoPython | Opaque::Embeds) => return Some(Vec::new()),
        _ => return None,
    };
    if binary::refusal(&text, None, world).is_some() {
        return None;
    }
    let Some(python) = binary::python_of(&text, &file, world) else {
        // What another script does is not known.
        return Some(Vec::new());
    };
    let folder = files::real(&python.dirname());
    if !starts(&python) || own.is_some_and(|it| folder.is_inside(it)) {
        return None;
    }
    let (Found { file, .. }, program) = in_the_end(&python)?;
    let Program::Python(binary) = program else {
        return None;
    };
    if binary.outcome.failure().is_some() {
        return None;
    }
    has_no_problem(&file, &binary, world).map(|(_, site)| site.site_packages)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_virtualenv_makes_environments_for_the_versions_of_its_time() {
        let folder = tempfile::tempdir().unwrap();
        let makes = |version: &str, minor: u8| {
            let name = format!("virtualenv-{version}.dist-info");
            std::fs::create_dir(folder.path().join(&name)).unwrap();
            let tool = Tool {
                word: String::new(),
                packages: vec![folder.path().into()],
            };
            let makes = tool.makes_for(Minor(3, minor));
            std::fs::remove_dir(folder.path().join(&name)).unwrap();
            makes
        };
        assert!(makes("20.13.0+ds", 6));
        assert!(!makes("20.26.6", 6));
        assert!(makes("20.26.6", 7));
        assert!(!makes("20.27.1", 7));
        assert!(makes("20.27.1", 8));
        assert!(!makes("21.0.0", 8));
        assert!(makes("21.0.0", 9));
        assert!(!makes("x", 8));
        assert!(makes("x", 9));
    }
}
