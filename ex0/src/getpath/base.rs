//! What does the search for the library start from, and what does it find?

use crate::binary::Binary;
use crate::finding::{Cause, Misled, Notes, Reader, Said, Warning};
use crate::pyvenv_cfg::Cfg;
use crate::support::PyPath;
use crate::support::World;
use crate::support::files;
use crate::support::version::Minor;

/// What is known before Python looks at a single file.
pub struct Start<'a> {
    /// The name that the program is told (`argv[0]`).
    pub argv0: &'a PyPath,
    /// The file that the shell found under that name: executable, without looking again.
    pub file: &'a PyPath,
    /// The interpreter's binary.
    pub binary: &'a Binary,
    /// The environment.
    pub world: &'a World,
}

/// What the first pass finds.
#[derive(Debug, Default)]
pub struct Base {
    /// `sys.executable`.
    pub executable: PyPath,
    /// `sys.base_prefix`.
    pub prefix: PyPath,
    /// `sys.base_exec_prefix`.
    pub exec_prefix: PyPath,
    /// From 3.14 getpath itself sets `sys.prefix`: to the folder of the pyvenv.cfg that it read.
    pub venv_prefix: Option<PyPath>,
    /// `sys.platlibdir`: `lib`, or `lib64` on some systems.
    pub platlibdir: String,
    /// The folder of the standard library.
    pub stdlib: PyPath,
    /// The pyvenv.cfg that was read, a regular file.
    pub cfg: Option<Cfg>,
    /// Where getpath looked for one, and there was none.
    pub without_cfg: Vec<PyPath>,
    /// The `._pth` file that takes the place of every other setting.
    pub pth: Option<PyPath>,
    /// False when a `._pth` file leaves site out.
    pub runs_site: bool,
    /// Why it would die here.
    pub problem: Option<Cause>,
    /// What moved the search for the library, as far as something did.
    pub misled: Option<Misled>,
}

/// `pythonX.Y`, with a `t` in builds without the global lock.
pub fn lib_name(binary: &Binary) -> String {
    let t = if binary.build.free_threaded { "t" } else { "" };
    format!("python{}{t}", binary.minor)
}

/// The compiled-in or overridden name of the folder of libraries.
pub fn platlibdir(start: &Start) -> String {
    let set = start
        .world
        .set("PYTHONPLATLIBDIR")
        .filter(|_| start.binary.minor >= Minor(3, 9));
    set.map_or_else(|| "lib".to_owned(), |it| it.lossy().into_owned())
}

/// The rules of 3.14 hold.
pub fn since_314(start: &Start) -> bool {
    start.binary.minor >= Minor(3, 14)
}

/// Says that `PYTHONHOME` is set, which settles the prefix.
pub fn heed_home(home: &PyPath, notes: &mut Notes) {
    let said = Said::SetsPrefix {
        value: home.clone(),
    };
    notes.say_variable(Reader::Getpath, "PYTHONHOME", said);
    notes.warn(Warning::PythonHome { home: home.clone() });
}

/// `prefix[:exec_prefix]`, to the letter.
pub fn split_home(home: &PyPath) -> (PyPath, PyPath) {
    let mut parts = home
        .bytes()
        .splitn(2, |&byte| byte == b':')
        .map(PyPath::new);
    let prefix = parts.next().unwrap_or_default();
    let exec_prefix = parts.next().unwrap_or_else(|| prefix.clone());
    (prefix, exec_prefix)
}

/// Was it `PYTHONPLATLIBDIR` that sent the search elsewhere? Only when the library is where it would be without.
pub fn heed_platlibdir(start: &Start, base: &mut Base) {
    let usual = base.prefix.os_join("lib").os_join(lib_name(start.binary));
    if base.platlibdir != "lib" && files::is_dir(&usual) && !files::is_dir(&base.stdlib) {
        base.misled = Some(Misled::Variable("PYTHONPLATLIBDIR"));
    }
}
