//! Where does a Python install packages? (`site.getsitepackages()`)
//!
//! Python uses `lib/pythonX.Y/site-packages` in each prefix. Debian and Ubuntu patch site: the global Python uses `dist-packages`, and only
//! environments use `site-packages`. So the system's packages are in a folder of their own.
//!
//! Source: CPython `Lib/site.py` (`getsitepackages`); Debian's patches for the site of CPython and of PyPy.

use bstr::ByteSlice;

use crate::binary::Binary;
use crate::finding::{Notes, Reader, Said};
use crate::getpath::Base;
use crate::support::PyPath;
use crate::support::files;

/// The names of the folders of packages in a prefix.
pub struct Layout {
    /// It comes first, but only in environments. Debian and Ubuntu have it.
    in_environment: Option<PyPath>,
    everywhere: Vec<PyPath>,
}

impl Layout {
    /// The text of `site.py` shows whether Debian patched it. The name of the system does not count.
    pub fn of(base: &Base, binary: &Binary, notes: &mut Notes) -> Self {
        let name = binary.flavour();
        let mut libs = vec![PyPath::from(base.platlibdir.as_str())];
        if base.platlibdir != "lib" {
            libs.push("lib".into());
        }
        let path = base.stdlib.os_join("site.py");
        // From 3.11 on site is frozen: it is inside the binary. The site.py of the same installation has the same text; another one may not.
        let frozen = base.frozen;
        let own = binary.file.climb().skip(1).any(|it| it == base.prefix);
        // An empty file says nothing about the frozen one.
        let site = if frozen {
            files::bytes(&path, 1 << 20).filter(|it| own && !it.is_empty())
        } else {
            base.site.clone()
        };
        let (path, patched) = if let Some(text) = site {
            (path, text.contains_str("dist-packages"))
        } else {
            let patched = frozen && binary.mentions("dist-packages");
            (binary.file.clone(), patched)
        };
        let in_libs = |folder: &str| -> Vec<PyPath> {
            let folder = format!("{name}/{folder}");
            libs.iter().map(|lib| lib.os_join(&folder)).collect()
        };
        if !patched {
            return Self {
                in_environment: None,
                everywhere: in_libs("site-packages"),
            };
        }
        notes.say(Reader::Site, &path, Said::DebiansLayout);
        let local = format!("local/lib/{name}/dist-packages");
        let mut everywhere = vec![PyPath::new(local), "lib/python3/dist-packages".into()];
        // Debian's PyPy has no folder for its version.
        if !binary.is_pypy() {
            everywhere.extend(in_libs("dist-packages"));
        }
        let own = PyPath::new(format!("lib/{name}/site-packages"));
        Self {
            in_environment: Some(own),
            everywhere,
        }
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
            let own = self.in_environment.iter().filter(|_| in_environment);
            folders.extend(own.chain(&self.everywhere).map(|it| prefix.os_join(it)));
        }
        folders
    }
}
