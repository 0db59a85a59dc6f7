//! Where do tools keep many Pythons, one beside the other? pyenv and uv have a folder for them. Other tools (mise), and people in `/opt`, put
//! a new version beside the old one, so an environment's `home` leads to their folder.

use super::cfg::meant;
use crate::pyvenv_cfg::Cfg;
use crate::support::files;
use crate::support::{PyPath, World};

/// The `bin` of each of these Pythons, the newest first in each folder. Their folders are `3.12.1`, `pypy3.9-7.3.16`, `cpython-3.12.5-linux-…`.
pub fn kept_by_tools(cfg: &Cfg, world: &World) -> Vec<PyPath> {
    let pyenv = world.folder("PYENV_ROOT", ".pyenv");
    let own = [pyenv.map(|it| it.os_join("versions")), uv_store(world)];
    let own = own.into_iter().flatten().flat_map(|it| in_store(&it));
    own.chain(meant(cfg).iter().flat_map(siblings)).collect()
}

/// Where uv keeps its Pythons. Source: uv's documentation, "Storage".
fn uv_store(world: &World) -> Option<PyPath> {
    let chosen = world.non_empty("UV_PYTHON_INSTALL_DIR").cloned();
    let data = world.non_empty("XDG_DATA_HOME").cloned();
    let data = data.filter(PyPath::is_absolute);
    let data = || data.or_else(|| Some(world.home()?.os_join(".local/share")));
    chosen.or_else(|| Some(data()?.os_join("uv/python")))
}

/// The Pythons in a folder.
fn in_store(store: &PyPath) -> Vec<PyPath> {
    let mut names = files::names(store, 1000);
    names.sort_by_cached_key(|it| std::cmp::Reverse((age(&it.lossy()), it.clone())));
    let bins = names.iter().map(|it| store.os_join(it).os_join("bin"));
    bins.collect()
}

/// The Pythons whose folder has the name of this `home`'s folder, with another version in it.
fn siblings(home: &PyPath) -> Vec<PyPath> {
    let folder = home.without_trailing_slashes().dirname();
    let own = without_version(&folder.basename());
    if own == folder.basename().bytes() {
        return Vec::new();
    }
    let mut bins = in_store(&folder.dirname());
    bins.retain(|it| without_version(&it.dirname().basename()) == own);
    bins
}

fn without_version(name: &PyPath) -> Vec<u8> {
    let is_of_version = |it: &&u8| it.is_ascii_digit() || **it == b'.';
    let rest = name.bytes().iter().filter(|it| !is_of_version(it));
    rest.copied().collect()
}

/// The numbers of the versions in a name, and whether they are those of a release. A larger one is newer.
fn age(name: &str) -> (Vec<u32>, bool) {
    let pieces = name.split('-').filter(|it| it.contains('.'));
    let versions = pieces.map(|it| it.trim_start_matches(|c: char| !c.is_ascii_digit()));
    let versions: Vec<&str> = versions.collect();
    let numbers = versions.iter().flat_map(|it| it.split('.')).map(|it| {
        let end = it.find(|c: char| !c.is_ascii_digit());
        it[..end.unwrap_or(it.len())].parse().unwrap_or_default()
    });
    let is_release = !versions.iter().any(|it| it.contains(char::is_alphabetic));
    (numbers.collect(), is_release)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Compares the folders that are found with those in the folder `@`.
    #[track_caller]
    fn check(there: &[&str], home: &str, variables: &[(&str, &str)], expected: &[&str]) {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().to_str().unwrap();
        for name in there {
            std::fs::create_dir_all(folder.path().join(name).join("bin")).unwrap();
        }
        let cfg = format!("home = {}\n", home.replace('@', root));
        let cfg = Cfg::parse("pyvenv.cfg".into(), cfg.into());
        let value = |it: &str| it.replace('@', root).into();
        let variables = variables
            .iter()
            .map(|(name, it)| ((*name).into(), value(it)));
        let world = World::new(variables, PyPath::default());
        let mut found: Vec<String> = Vec::new();
        for bin in kept_by_tools(&cfg, &world) {
            let name = bin.dirname().to_string().replace(&format!("{root}/"), "");
            if !found.contains(&name) {
                found.push(name);
            }
        }
        assert_eq!(found, expected);
    }

    #[test]
    fn uv_keeps_its_pythons_where_a_variable_says() {
        let uv = "uv/python/cpython-3.12.7-linux-x86_64-gnu";
        let own = "own/cpython-3.12.6-linux-x86_64-gnu";
        let there = [uv, own, &format!(".local/share/{uv}")];
        let home = ("HOME", "@");
        let data = ("XDG_DATA_HOME", "@");
        let relative = ("XDG_DATA_HOME", "own");
        let chosen = ("UV_PYTHON_INSTALL_DIR", "@/own");
        check(&there, "", &[home], &[there[2]]);
        check(&there, "", &[home, relative], &[there[2]]);
        check(&there, "", &[home, data], &[uv]);
        check(&there, "", &[home, data, chosen], &[own]);
        check(&there, "", &[], &[]);
    }

    #[test]
    fn the_newest_is_the_first_one() {
        let newest = ["3.12.10", "3.12.9", "3.12.2", "3.12.0rc1", "3.9.18"];
        let versions = newest.map(|it| format!("versions/{it}"));
        let versions = versions.each_ref().map(String::as_str);
        check(&versions, "", &[("PYENV_ROOT", "@")], &versions);
        let mut ages = ["pypy3.9-7.3.9", "pypy3.9-7.3.16", "pypy3.10-7.3.12"].map(age);
        assert!(ages.is_sorted());
        ages = ["cpython-3.13.0rc2-linux-x86_64-gnu", "3.13.0", "3.13.1"].map(age);
        assert!(ages.is_sorted());
    }

    #[test]
    fn another_version_beside_the_home_counts() {
        let there = ["opt/python-3.12.10", "opt/python-3.12.4", "opt/tools-3.12"];
        let seen = &there[..2];
        check(&there, "@/opt/python-3.12.1/bin", &[], seen);
        check(&there, "@/opt/python-3.12.1/bin/", &[], seen);
        check(&there, "@/opt/python/bin", &[], &[]);
        check(
            &["installs/3.12.7"],
            "@/installs/3.12.5/bin",
            &[],
            &["installs/3.12.7"],
        );
    }
}
