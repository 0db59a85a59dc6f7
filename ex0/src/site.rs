//! 5. Which prefix and which package folders does Python use? (`sys.prefix`, `site.getsitepackages()`)
//!
//! Python imports the module `site` last, just before your program. site looks for a pyvenv.cfg too, but in another order than getpath,
//! and finds the folders of packages. Up to Python 3.13 only this pass sets `sys.prefix` to the environment.
//!
//! Source: CPython `Lib/site.py` (`venv`, `getsitepackages`, `check_enableusersite`); Debian's patch to it; PEP 405, PEP 668.

mod customization; // modules that change Python when it starts
mod pth; // the .pth file that stops Python
mod well_known; // the lines of code that tools write into .pth files
mod visible; // what makes the global packages visible all the same
mod packages; // where a Python installs packages
mod user; // are the user's own packages visible?

pub use self::user::UserSite;
pub use self::visible::Added;

use std::collections::BTreeSet;

use self::packages::Layout;
use self::pth::{Packages, Rules};
use crate::binary::Binary;
use crate::finding::{Cause, Notes, Opaque, Reader, Said, Source, Warning};
use crate::getpath::{self, Base, goes_on};
use crate::pyvenv_cfg::{self, Cfg};
use crate::support::files::{self, Content, Odd};
use crate::support::locale::{Letters, letters};
use crate::support::version::Minor;
use crate::support::{PyPath, World};

/// What the second pass finds.
#[derive(Debug, Default)]
#[expect(clippy::struct_field_names, reason = "they are Python's own names")]
pub struct Site {
    /// `sys.prefix`.
    pub prefix: PyPath,
    /// `sys.exec_prefix`.
    pub exec_prefix: PyPath,
    /// The pyvenv.cfg that site read.
    pub cfg: Option<Cfg>,
    /// Are the global packages visible? `None` outside an environment.
    pub system_site: Option<bool>,
    /// `site.getsitepackages()`.
    pub site_packages: Vec<PyPath>,
    /// `site.getsitepackages()` of the base interpreter.
    pub global_site_packages: Vec<PyPath>,
    pub user_site: UserSite,
    /// `sitecustomize` and similar modules: they change Python when it starts.
    pub customizations: Vec<PyPath>,
    /// What makes the global packages visible, although pyvenv.cfg hides them.
    pub seen_by: Option<Source>,
    /// The other folders that `.pth` files add to sys.path.
    pub added: Vec<Added>,
    /// Why Python would stop in this pass.
    pub problem: Option<Cause>,
}

/// The second pass: the prefix and the folders of packages. If Python would stop in this pass, `problem` says why.
pub fn find_site(base: &Base, binary: &Binary, world: &World, notes: &mut Notes) -> Site {
    let venv_prefix = base.venv_prefix.as_ref();
    let mut site = Site {
        prefix: venv_prefix.unwrap_or(&base.prefix).clone(),
        exec_prefix: venv_prefix.unwrap_or(&base.exec_prefix).clone(),
        ..Site::default()
    };
    let mut prefixes = vec![site.prefix.clone(), site.exec_prefix.clone()];
    if base.runs_site {
        match find_cfg(base, world, notes) {
            Err(problem) => site.problem = Some(problem),
            Ok(None) => {}
            Ok(Some((site_prefix, cfg))) => {
                read_key(&mut site, &cfg, notes);
                if binary.is_3_6() {
                    check_encoding(&mut site, &cfg, world);
                }
                prefixes = set_prefix(&mut site, site_prefix, base, binary.minor, notes);
                site.cfg = Some(cfg);
            }
        }
        site.user_site = UserSite::of(&site, binary, world);
    }
    let layout = Layout::of(base, binary, notes);
    site.site_packages = layout.site_packages(&prefixes, site.prefix != base.prefix);
    let global = [base.prefix.clone(), base.exec_prefix.clone()];
    site.global_site_packages = layout.site_packages(&global, false);
    if base.runs_site && site.problem.is_none() {
        look_into_packages(&mut site, base, binary, world, notes);
    }
    site.problem = site.problem.take().map(|it| goes_on(it, binary));
    site
}

/// Looks into the folders of packages: reads the `.pth` files, and finds the modules that change Python when it starts.
fn look_into_packages(
    site: &mut Site,
    base: &Base,
    binary: &Binary,
    world: &World,
    notes: &mut Notes,
) {
    let user_site = site.user_site == UserSite::On;
    let user = user_site.then(|| customization::user_packages(base, world));
    let folders = user.flatten().into_iter().chain(site.site_packages.clone());
    let rules = Rules {
        base,
        binary,
        world,
    };
    // Python adds each folder to sys.path only once. These are on it before site runs.
    let before = getpath::python_path(world).into_iter();
    let before = before.chain([base.stdlib.clone()]);
    let mut known: BTreeSet<PyPath> = before.map(|it| it.abspath(&world.cwd)).collect();
    let folders: Vec<Packages> = folders
        .map(|it| Packages::read(it, &rules, &mut known))
        .collect();
    site.problem = pth::problem(&folders, base);
    site.seen_by = visible::find(site, &base.before, &folders, notes);
    site.added = visible::outside(&site.prefix, &folders);
    site.customizations = customization::find(site, base, &folders, binary, notes);
}

/// Sets whether the global packages are visible.
fn read_key(site: &mut Site, cfg: &Cfg, notes: &mut Notes) {
    let system_site = match &cfg.site {
        Ok(keys) => {
            let value = keys.system_site.as_deref();
            let said = Said::SystemSite(value.map(PyPath::from));
            notes.say(Reader::Site, &cfg.path, said);
            value.is_none_or(|it| it == "true")
        }
        Err(line) => {
            let (path, line) = (cfg.path.clone(), *line);
            site.problem = Some(Cause::CfgNotUtf8 { path, line });
            true
        }
    };
    site.system_site = Some(system_site);
}

/// Python 3.6 uses the last `home` as a path when it looks for the user's packages. It stops if it cannot encode that path: it has a NUL,
/// or a letter that is not ASCII in the C locale.
fn check_encoding(site: &mut Site, cfg: &Cfg, world: &World) {
    let home = cfg.site.as_ref().ok().and_then(|it| it.home.as_ref());
    let speaks_ascii = || letters(world.locale(), world) == Letters::Ascii;
    let fatal = |home: &String| home.contains('\0') || (!home.is_ascii() && speaks_ascii());
    if site.problem.is_none() && home.is_some_and(fatal) {
        site.problem = Some(Cause::CfgUnencodable(cfg.path.clone()));
    }
}

/// Sets the prefix, and returns the prefixes whose folders of packages count. Up to 3.13 site sets `sys.prefix` to the folder above the
/// executable's folder, for either place of the file. From 3.14 on getpath has set it, and site only compares.
fn set_prefix(
    site: &mut Site,
    site_prefix: PyPath,
    base: &Base,
    minor: Minor,
    notes: &mut Notes,
) -> Vec<PyPath> {
    let before = [site.prefix.clone(), site.exec_prefix.clone()];
    let (mut own, global) = if minor < Minor(3, 14) {
        (site.prefix, site.exec_prefix) = (site_prefix.clone(), site_prefix.clone());
        (vec![site_prefix], before)
    } else {
        if site.prefix != site_prefix {
            let (expected, found) = (site_prefix, site.prefix.clone());
            notes.warn(Warning::OtherPrefix { expected, found });
        }
        let global = [base.prefix.clone(), base.exec_prefix.clone()];
        (before.to_vec(), global)
    };
    if site.system_site == Some(true) {
        own.extend(global);
    }
    own
}

/// The environment's folder and its pyvenv.cfg. site looks next to the executable first, then one level above.
fn find_cfg(base: &Base, world: &World, notes: &mut Notes) -> Result<Option<(PyPath, Cfg)>, Cause> {
    let exe_dir = base.executable.abspath(&world.cwd).dirname_or_root();
    let site_prefix = exe_dir.dirname_or_root();
    for folder in [exe_dir.clone(), site_prefix.clone()] {
        let path = folder.os_join(pyvenv_cfg::NAME);
        // The file that getpath has read is not read again.
        if let Some(cfg) = base.cfg.as_ref().filter(|it| it.path == path) {
            return Ok(Some((site_prefix.clone(), cfg.clone())));
        }
        let content = if base.without_cfg.contains(&path) {
            Content::Absent
        } else {
            files::read(&path, pyvenv_cfg::OUR_LIMIT)
        };
        match content {
            Content::Bytes(bytes) => return Ok(Some((site_prefix, Cfg::parse(path, bytes)))),
            Content::Odd(Odd::TooLarge(size)) => {
                return Err(Cause::opaque(&path, Opaque::LargeCfg(size)));
            }
            Content::Odd(odd @ (Odd::Denied | Odd::Failed(_))) if files::is_file(&path) => {
                return Err(Cause::CfgUnreadable { path, odd });
            }
            Content::Odd(Odd::Denied) | Content::Absent => {
                notes.say(Reader::Site, &path, Said::NotThere);
            }
            _ => notes.say(Reader::Site, &path, Said::NotRegular),
        }
    }
    Ok(None)
}

#[cfg(target_os = "linux")]
#[cfg(test)]
mod tests {
    use super::*;
    use crate::getpath::{self, Start};
    use crate::lookup::Found;
    use std::fs;

    /// A base installation and an environment in one folder. Both passes run for a Python that is not on this machine.
    struct Tree {
        /// The folder; the test deletes it at its end.
        folder: tempfile::TempDir,
        /// The version of this Python: 3.`minor`.
        minor: u8,
    }

    impl Tree {
        /// `base` has a library, `env` has a pyvenv.cfg. `@` means the base's bin.
        fn new(minor: u8, cfg: &str) -> Self {
            let tree = Self {
                folder: tempfile::tempdir().unwrap(),
                minor,
            };
            let lib = format!("base/lib/python3.{minor}");
            for name in [
                "base/bin",
                "env/bin",
                &format!("{lib}/lib-dynload"),
                &format!("{lib}/encodings"),
            ] {
                fs::create_dir_all(tree.at(name).as_path()).unwrap();
            }
            let encodings = ["__init__", "aliases", "utf_8"].map(|it| format!("encodings/{it}.py"));
            for name in ["os.py", "site.py"]
                .into_iter()
                .chain(encodings.iter().map(String::as_str))
            {
                fs::write(tree.at(&format!("{lib}/{name}")).as_path(), "#").unwrap();
            }
            tree.write("env/pyvenv.cfg", cfg);
            tree
        }

        /// A path in the folder.
        fn at(&self, name: &str) -> PyPath {
            PyPath::from(self.folder.path().canonicalize().unwrap().as_path()).os_join(name)
        }

        /// Writes a file, with the base's bin instead of `@`.
        fn write(&self, name: &str, text: &str) {
            fs::write(
                self.at(name).as_path(),
                text.replace('@', &self.at("base/bin").to_string()),
            )
            .unwrap();
        }

        /// Runs both passes for `env/bin/python3`.
        fn run(&self, variables: &[(&str, PyPath)]) -> (Base, Site, Notes) {
            let executable = self.at("env/bin/python3");
            // Every environment has this link. The interpreter is an empty file.
            fs::write(self.at("base/bin/python3").as_path(), "").unwrap();
            let _ = std::os::unix::fs::symlink("../../base/bin/python3", executable.as_path());
            let binary = Binary::pretend(3, self.minor, &self.at("base/bin/python3"));
            let variables: Vec<_> = variables
                .iter()
                .map(|(name, value)| ((*name).into(), value.as_path().into()))
                .collect();
            let world = World::new(variables.into_iter(), self.at(""));
            let mut notes = Notes::default();
            let start = Start {
                found: &Found::at(&executable),
                binary: &binary,
                world: &world,
            };
            let base = getpath::find_base(&start, &mut notes);
            let site = find_site(&base, &binary, &world, &mut notes);
            (base, site, notes)
        }
    }

    /// Compares `sys.prefix` and `sys.base_prefix` with names in the folder.
    #[track_caller]
    fn check(tree: &Tree, variables: &[(&str, PyPath)], prefix: &str, base_prefix: &str) {
        let (base, site, _) = tree.run(variables);
        assert_eq!(
            (site.prefix, base.prefix),
            (tree.at(prefix), tree.at(base_prefix))
        );
        assert_eq!((base.problem, site.problem), (None, None));
    }

    #[test]
    fn every_version_accepts_an_ordinary_environment() {
        for minor in [11, 13, 14, 15] {
            check(&Tree::new(minor, "home = @\n"), &[], "env", "base");
        }
    }

    #[test]
    fn a_pyvenv_cfg_without_home_is_enough_for_every_version() {
        for minor in [13, 14] {
            check(
                &Tree::new(minor, "include-system-site-packages = false\n"),
                &[],
                "env",
                "base",
            );
        }
    }

    #[test]
    fn from_3_14_on_a_file_in_bin_makes_bin_the_prefix_and_site_warns() {
        for (minor, expected) in [(13, "env"), (14, "env/bin")] {
            let tree = Tree::new(minor, "home = @\n");
            fs::rename(
                tree.at("env/pyvenv.cfg").as_path(),
                tree.at("env/bin/pyvenv.cfg").as_path(),
            )
            .unwrap();
            check(&tree, &[], expected, "base");
            let (_, _, notes) = tree.run(&[]);
            assert_eq!(notes.warnings.len(), usize::from(minor == 14));
        }
    }

    #[test]
    fn the_latest_releases_follow_the_link_and_not_home() {
        for (minor, expected) in [(13, "base"), (14, "base")] {
            let tree = Tree::new(minor, "home = @/../../other/bin\n");
            let lib = format!("other/lib/python3.{minor}");
            for name in ["other/bin", &format!("{lib}/encodings")] {
                fs::create_dir_all(tree.at(name).as_path()).unwrap();
            }
            tree.write(&format!("{lib}/os.py"), "");
            // This Python is such a release: the bytes of this test program contain the constant.
            let (base, site, _) = tree.run(&[]);
            let found = base.prefix.join("lib");
            assert_eq!(found, tree.at(&format!("{expected}/lib")), "3.{minor}");
            assert_eq!(site.prefix, tree.at("env"));
        }
    }

    #[test]
    fn pythonhome_does_not_hide_an_environment() {
        for minor in [13, 14] {
            let tree = Tree::new(minor, "home = /nowhere\n");
            let home = tree.at("base");
            check(&tree, &[("PYTHONHOME", home)], "env", "base");
        }
    }

    #[test]
    fn from_3_14_on_the_base_is_the_last_prefix() {
        for minor in [13, 14] {
            let tree = Tree::new(minor, "home = @\ninclude-system-site-packages = true\n");
            // With its own lib-dynload, exec_prefix is not the same folder as the prefix.
            fs::create_dir_all(
                tree.at(&format!("base/bin/lib/python3.{minor}/lib-dynload"))
                    .as_path(),
            )
            .unwrap();
            let (_, site, _) = tree.run(&[]);
            let folders = |names: &[&str]| -> Vec<PyPath> {
                names
                    .iter()
                    .map(|it| tree.at(&format!("{it}/lib/python3.{minor}/site-packages")))
                    .collect()
            };
            // 3.14 looks for lib-dynload in the prefix first.
            let expected = if minor == 14 {
                folders(&["env", "base"])
            } else {
                folders(&["env", "base", "base/bin"])
            };
            assert_eq!(site.site_packages, expected);
        }
    }

    #[test]
    fn a_python_of_fedora_has_its_library_in_lib64() {
        for minor in [11, 13, 14] {
            // This Python was built so: the bytes of this test program contain the constant.
            let tree = Tree::new(minor, "home = @\ninclude-system-site-packages = false\n");
            fs::rename(
                tree.at("base/lib").as_path(),
                tree.at("base/lib64").as_path(),
            )
            .unwrap();
            // Fedora has packages without compiled code in `lib`.
            let other = format!("base/lib/python3.{minor}/site-packages");
            fs::create_dir_all(tree.at(&other).as_path()).unwrap();
            let (base, site, _) = tree.run(&[]);
            assert_eq!((base.problem, site.problem), (None, None));
            assert_eq!(base.prefix, tree.at("base"));
            assert_eq!(base.platlibdir, "lib64");
            let packages = |lib: &str| tree.at(&format!("env/{lib}/python3.{minor}/site-packages"));
            assert_eq!(site.site_packages, [packages("lib64"), packages("lib")]);
        }
    }

    #[test]
    fn each_pass_reads_one_of_two_files() {
        let tree = Tree::new(14, "home = @\ninclude-system-site-packages = true\n");
        tree.write(
            "env/bin/pyvenv.cfg",
            "include-system-site-packages = false\n",
        );
        let (base, site, _) = tree.run(&[]);
        assert_eq!(base.venv_prefix, Some(tree.at("env")));
        assert_eq!(site.system_site, Some(false));
        assert_eq!(site.site_packages.len(), 1);
    }
}
