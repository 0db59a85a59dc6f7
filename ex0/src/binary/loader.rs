//! Where does the dynamic loader find a library?
//!
//! Source: ld.so(8): `DT_RPATH` (only without a `DT_RUNPATH`), `LD_LIBRARY_PATH`, `DT_RUNPATH`, the cache, the default folders.

use memchr::memmem;

use super::elf::Dynamic;
use crate::support::PyPath;
use crate::support::World;
use crate::support::files::{self, Content};

/// The loader's own folders on the systems that we know.
const DEFAULTS: [&str; 8] = [
    "/lib/x86_64-linux-gnu",
    "/usr/lib/x86_64-linux-gnu",
    "/lib/aarch64-linux-gnu",
    "/usr/lib/aarch64-linux-gnu",
    "/lib64",
    "/usr/lib64",
    "/lib",
    "/usr/lib",
];

/// The library that `program` (links resolved) would be given under this name.
pub fn find(name: &str, dynamic: &Dynamic, program: &PyPath, world: &World) -> Option<PyPath> {
    if name.contains('/') {
        let path = with_origin(name, program);
        return files::is_file(&path).then_some(path);
    }
    let rpath = dynamic
        .rpath
        .as_deref()
        .filter(|_| dynamic.runpath.is_none());
    let listed = |list: &str| -> Vec<PyPath> {
        list.split(':').map(|it| with_origin(it, program)).collect()
    };
    let mut folders = rpath.map(listed).unwrap_or_default();
    if let Some(list) = world.set("LD_LIBRARY_PATH") {
        folders.extend(
            list.bytes()
                .split(|&byte| byte == b':' || byte == b';')
                .map(PyPath::new),
        );
    }
    folders.extend(dynamic.runpath.as_deref().map(listed).unwrap_or_default());
    let in_folder = |folder: PyPath| Some(folder.os_join(name)).filter(files::is_file);
    folders
        .into_iter()
        .find_map(in_folder)
        .or_else(|| in_cache(name))
        .or_else(|| DEFAULTS.into_iter().map(PyPath::from).find_map(in_folder))
}

/// `$ORIGIN` is the folder of the program itself.
fn with_origin(text: &str, program: &PyPath) -> PyPath {
    let origin = program.dirname();
    let text = text.replace("${ORIGIN}", "$ORIGIN");
    let mut pieces = text.split("$ORIGIN");
    let mut path = pieces.next().unwrap_or_default().as_bytes().to_vec();
    for piece in pieces {
        path.extend(origin.bytes());
        path.extend(piece.as_bytes());
    }
    PyPath::new(path)
}

/// The path of a library in the loader's cache, whose strings stand between NUL bytes.
fn in_cache(name: &str) -> Option<PyPath> {
    let Content::Bytes(cache) = files::read(&PyPath::from("/etc/ld.so.cache"), 8 << 20) else {
        return None;
    };
    let needle = format!("/{name}\0");
    let at = memmem::find(&cache, needle.as_bytes())?;
    let start = cache[..at].iter().rposition(|&byte| byte == 0)? + 1;
    Some(PyPath::new(&cache[start..at + needle.len() - 1]))
        .filter(|it| it.is_absolute() && files::is_file(it))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origin_is_the_folder_of_the_program() {
        let program = PyPath::from("/opt/py/bin/python3");
        assert_eq!(
            with_origin("$ORIGIN/../lib", &program).shown(),
            "/opt/py/bin/../lib"
        );
        assert_eq!(with_origin("${ORIGIN}", &program).shown(), "/opt/py/bin");
        assert_eq!(with_origin("/usr/lib", &program).shown(), "/usr/lib");
    }

    #[test]
    fn the_folders_are_asked_in_the_order_of_the_manual() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).display().to_string();
        for name in ["rpath", "variable", "runpath"] {
            std::fs::create_dir(path(name)).unwrap();
            std::fs::write(path(name) + "/libx.so", "").unwrap();
        }
        let variables = [("LD_LIBRARY_PATH".into(), path("variable").into())];
        let world = World::new(variables.into_iter(), PyPath::default());
        let found = |rpath: bool, runpath: bool, world: &World| {
            let dynamic = Dynamic {
                needed: Vec::new(),
                rpath: rpath.then(|| path("rpath")),
                runpath: runpath.then(|| path("runpath")),
            };
            find("libx.so", &dynamic, &PyPath::default(), world)
                .map(|it| it.dirname().basename().shown())
        };
        assert_eq!(found(true, false, &world).as_deref(), Some("rpath"));
        assert_eq!(found(true, true, &world).as_deref(), Some("variable"));
        assert_eq!(
            found(false, true, &World::default()).as_deref(),
            Some("runpath")
        );
        assert_eq!(found(false, false, &World::default()), None);
    }
}
