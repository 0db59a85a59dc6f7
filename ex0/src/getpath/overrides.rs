//! Does a `._pth` file replace the settings?
//!
//! The file has the name of the executable plus `._pth` and is in the same folder. It replaces sys.path, Python ignores its variables, and
//! site is not imported. It was made for the embeddable Python on Windows; from 3.11 on it works on every system.
//!
//! Source: CPython `Modules/getpath.py`, "DETECT `_pth` FILE".

use super::base::{self, Base, Start};
use crate::finding::{Cause, Misled, Notes, OfGetpath, Reader};
use crate::pyvenv_cfg;
use crate::support::PyPath;
use crate::support::files::{self, Content, Odd};

/// Reads the `._pth` file, if there is one. Returns the file and sys.path, and sets `base.runs_site`.
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
        .filter(|_| base::since_314(start));
    let (file, bytes) = read_pth(&[library, Some(&base.executable), Some(real)])?;
    let lines = bytes.split(|&byte| byte == b'\n').map(without_comment);
    let lines: Vec<&[u8]> = lines.filter(|it| !it.is_empty()).collect();
    let imports_site = lines.contains(&&b"import site"[..]);
    notes.say(
        Reader::Getpath,
        &file,
        OfGetpath::ReplacesPath { imports_site },
    );
    notes.warn_of_it();
    base.misled = Some(Misled::File(file.clone()));
    base.runs_site = imports_site;
    let folder = file.dirname();
    let paths = lines.iter().filter(|it| !it.starts_with(b"import "));
    let paths = paths.map(|it| folder.join(it)).collect();
    Some((file, paths))
}

/// The first `._pth` file and its bytes. Python looks next to the library, the executable and the link's target.
fn read_pth(places: &[Option<&PyPath>]) -> Option<(PyPath, Vec<u8>)> {
    places
        .iter()
        .flatten()
        .filter(|it| !it.is_empty())
        .find_map(|place| {
            let path = place.with_suffix("._pth");
            match files::read(&path, pyvenv_cfg::GETPATH_LIMIT - 1) {
                Content::Bytes(bytes) => Some((path, bytes)),
                Content::Nothing => Some((path, Vec::new())),
                _ => None,
            }
        })
}

/// The text of a line before `#`.
fn without_comment(line: &[u8]) -> &[u8] {
    let text = line.split(|&byte| byte == b'#').next();
    text.unwrap_or_default().trim_ascii()
}

/// The mark of a build tree: a file next to the executable, in the folder in which Python was built. If Python cannot read it, Python
/// stops.
///
/// With the mark, both prefixes become the compiled-in ones, but only at the end: the path of the library is already fixed then.
pub fn mark(folder: &PyPath, start: &Start, notes: &mut Notes) -> Result<Option<PyPath>, Cause> {
    let path = folder.join("pybuilddir.txt");
    let mark = match files::read(&path, pyvenv_cfg::GETPATH_LIMIT - 1) {
        Content::Bytes(_) | Content::Nothing => Some(path),
        Content::Absent | Content::Odd(Odd::Denied) => {
            // From 3.14 on, and in the later releases of 3.13, only Windows uses this mark. Then its name is not in the program.
            let name = "Modules/Setup.local";
            let other = Some(folder.join(name)).filter(|_| !base::since_314(start));
            other.filter(|it| files::is_file(it) && start.binary.mentions(name))
        }
        Content::Odd(odd) => return Err(Cause::BuildMarkUnreadable { path, odd }),
    };
    if let Some(mark) = &mark {
        notes.say(Reader::Getpath, mark, OfGetpath::BuildMark);
    }
    Ok(mark)
}
