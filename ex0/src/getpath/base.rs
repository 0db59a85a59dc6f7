//! What does the search for the library start from, and what does it find?

use crate::binary::Binary;
use crate::support::PyPath;
use crate::support::World;
use crate::support::notes::{Notes, Problem};
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
    /// The pyvenv.cfg that was read, a regular file, and its bytes.
    pub cfg: Option<(PyPath, Vec<u8>)>,
    /// The `._pth` file that takes the place of every other setting.
    pub pth: Option<PyPath>,
    /// False when a `._pth` file leaves site out.
    pub runs_site: bool,
    /// Why it would die here.
    pub problem: Option<Problem>,
}

/// `pythonX.Y`, with a `t` in builds without the global lock.
pub fn lib_name(binary: &Binary) -> String {
    let t = if binary.free_threaded { "t" } else { "" };
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
    notes.say(
        "getpath",
        &PyPath::from("PYTHONHOME"),
        format!("is set: the prefix is {}", home.shown()),
    );
    notes.warn(format!(
        "PYTHONHOME is set: the library is looked for in {} alone",
        home.shown()
    ));
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
