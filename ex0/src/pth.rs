//! Does a `._pth` file take over?
//!
//! A file beside the executable that is named like it, with `._pth` behind, replaces sys.path, makes Python ignore its variables and
//! leaves site out. It is meant for the embeddable Python on Windows, and works everywhere from 3.11 on.
//!
//! Source: CPython `Modules/getpath.py`, "DETECT `_pth` FILE".

use crate::files::{self, Content};
use crate::getpath::{self, Base, Start};
use crate::notes::Notes;
use crate::pypath::PyPath;
use crate::pyvenv_cfg;

/// Reads the `._pth` file, where there is one: the file, and sys.path. Says in `base` whether site is imported.
pub fn consult(
    start: &Start,
    base: &mut Base,
    real: &PyPath,
    notes: &mut Notes,
) -> Option<(PyPath, Vec<PyPath>)> {
    let library = start
        .binary
        .library
        .as_ref()
        .filter(|_| getpath::since_314(start));
    let (file, lines) = read_pth(&[library, Some(&base.executable), Some(real)])?;
    let pth = Pth::read(&file, &lines);
    let site = if pth.imports_site {
        "asks for site"
    } else {
        "leaves site out"
    };
    notes.say("getpath", &file, format!("replaces sys.path, and {site}"));
    notes.warn(format!(
        "{} takes the place of every other setting",
        file.shown()
    ));
    base.runs_site = pth.imports_site;
    Some((file, pth.paths))
}

/// The first `._pth` file beside the library, the executable or what it links to, and its lines.
fn read_pth(places: &[Option<&PyPath>]) -> Option<(PyPath, Vec<u8>)> {
    places
        .iter()
        .flatten()
        .filter(|it| !it.is_empty())
        .find_map(|place| {
            let path = place.with_suffix("._pth");
            match files::read(&path, pyvenv_cfg::GETPATH_LIMIT - 1) {
                Content::Bytes(bytes) => Some((path, bytes)),
                Content::Folder | Content::Null => Some((path, Vec::new())),
                _ => None,
            }
        })
}

/// What a `._pth` file asks for.
struct Pth {
    /// It has the line `import site`.
    imports_site: bool,
    /// The other lines: the whole of sys.path.
    paths: Vec<PyPath>,
}

impl Pth {
    /// Reads its lines; `#` starts a comment.
    fn read(file: &PyPath, lines: &[u8]) -> Self {
        let folder = file.dirname();
        let lines = lines.split(|&byte| byte == b'\n');
        let lines = lines.map(|line| {
            line.split(|&byte| byte == b'#')
                .next()
                .unwrap_or_default()
                .trim_ascii()
        });
        let lines: Vec<&[u8]> = lines.filter(|line| !line.is_empty()).collect();
        Self {
            imports_site: lines.contains(&&b"import site"[..]),
            paths: lines
                .iter()
                .filter(|line| !line.starts_with(b"import "))
                .map(|line| folder.join(line))
                .collect(),
        }
    }
}
