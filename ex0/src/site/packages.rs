//! Where does a Python install packages? (`site.getsitepackages()`)
//!
//! Python uses `lib/pythonX.Y/site-packages` in each prefix. Debian and Ubuntu patch site: the global Python uses `dist-packages`, and only
//! environments use `site-packages`. So the system's packages are in a folder of their own.
//!
//! Source: CPython `Lib/site.py` (`getsitepackages`); Debian's patches for the site of CPython and of PyPy.

use crate::binary::Binary;
use crate::finding::{Notes, Reader, Said};
use crate::getpath::{self, Base};
use crate::support::PyPath;
use crate::support::files::{self, Content};
use crate::support::version::Implementation;

/// The names of the folders of packages.
pub enum Layout {
    /// The layout of python.org: `lib/pythonX.Y/site-packages`. The folders' names; that in `platlibdir` is the first.
    Upstream(Vec<PyPath>),
    /// The layout of Debian and Ubuntu: `dist-packages`, and `site-packages` only in environments. The name `pythonX.Y`, and the library
    /// folders (`lib`) with a `dist-packages` for this version; these come last.
    Debian(String, Vec<PyPath>),
}

impl Layout {
    /// The text of `site.py` shows whether Debian patched it. The name of the system does not count.
    pub fn of(base: &Base, binary: &Binary, notes: &mut Notes) -> Self {
        let name = match binary.implementation {
            Implementation::Cpython => getpath::lib_name(binary),
            Implementation::Pypy => format!("pypy{}", binary.minor),
        };
        let mut libs = vec![PyPath::from(base.platlibdir.as_str())];
        if base.platlibdir != "lib" {
            libs.push("lib".into());
        }
        let path = base.stdlib.os_join("site.py");
        // From 3.11 on site is frozen: it is inside the binary. The site.py of the same installation has the same text; another one may not.
        let frozen = base.frozen;
        let own = binary
            .file
            .dirname()
            .climb()
            .any(|folder| folder == base.prefix);
        let (path, patched) = match files::read(&path, 1 << 20) {
            Content::Bytes(text) if own || !frozen => (
                path,
                std::str::from_utf8(&text).is_ok_and(|it| it.contains("dist-packages")),
            ),
            _ => (
                binary.file.clone(),
                frozen && binary.mentions("dist-packages"),
            ),
        };
        if patched {
            notes.say(Reader::Site, &path, Said::DebiansLayout);
            // Debian's PyPy has no folder for its version.
            let own = if binary.implementation == Implementation::Pypy {
                Vec::new()
            } else {
                libs
            };
            return Self::Debian(name, own);
        }
        Self::Upstream(
            libs.iter()
                .map(|lib| lib.os_join(format!("{name}/site-packages")))
                .collect(),
        )
    }

    /// `site.getsitepackages(prefixes)`. A prefix with the same text as an earlier one is skipped.
    pub fn site_packages(&self, prefixes: &[PyPath], in_environment: bool) -> Vec<PyPath> {
        let mut seen = Vec::new();
        let mut folders = Vec::new();
        for prefix in prefixes {
            if prefix.is_empty() || seen.contains(&prefix) {
                continue;
            }
            seen.push(prefix);
            match self {
                Self::Upstream(names) => {
                    folders.extend(names.iter().map(|name| prefix.os_join(name)));
                }
                Self::Debian(name, own) => {
                    if in_environment {
                        folders.push(prefix.os_join(format!("lib/{name}/site-packages")));
                    }
                    folders.push(prefix.os_join(format!("local/lib/{name}/dist-packages")));
                    folders.push(prefix.os_join("lib/python3/dist-packages"));
                    folders.extend(
                        own.iter().map(|lib| {
                            prefix.os_join(lib).os_join(format!("{name}/dist-packages"))
                        }),
                    );
                }
            }
        }
        folders
    }
}
