//! Where does a Python install packages? (`site.getsitepackages()`)
//!
//! In `lib/pythonX.Y/site-packages` of each prefix, says Python. Debian and Ubuntu keep what their own tools install apart from the
//! rest: they patch site to speak of `dist-packages`, and leave `site-packages` to environments.
//!
//! Source: CPython `Lib/site.py` (`getsitepackages`); Debian's patch to it, and the one to PyPy's.

use crate::binary::Binary;
use crate::finding::{Notes, Reader, Said};
use crate::getpath::{self, Base};
use crate::support::PyPath;
use crate::support::files::{self, Content};
use crate::support::version::{Implementation, Minor};

/// How a Python names its folders of packages.
pub enum Layout {
    /// python.org's: `lib/pythonX.Y/site-packages`; the folders' names, `platlibdir` first.
    Upstream(Vec<PyPath>),
    /// Debian's and Ubuntu's: `dist-packages`, and `site-packages` only in environments. The name `pythonX.Y`, and the folders (`lib`)
    /// of its own `dist-packages`, the last in the list.
    Debian(String, Vec<PyPath>),
}

impl Layout {
    /// Debian's patch shows in the text of `site.py`; what the system calls itself does not count.
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
        // From 3.11 site is frozen into the binary. Its own library is proof enough of what is in there, another's is not.
        let frozen =
            binary.implementation == Implementation::Cpython && binary.minor >= Minor(3, 11);
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
            // Debian's PyPy has no folder of its own kind.
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

    /// `site.getsitepackages(prefixes)`; a prefix that was seen is skipped, by its text.
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
