//! What do `Cargo.toml` and `Cargo.lock` say about a crate?
//!
//! Both are read line by line, and unknown lines are skipped: a new version of the format may add fields.

use std::sync::LazyLock;

/// This crate's own name, as its `[[package]]` block spells it.
const OURS: &str = env!("CARGO_PKG_NAME");

/// This crate's manifest, as it was when this binary was compiled.
pub const MANIFEST: &str = include_str!("../../Cargo.toml");
/// The manifest of the workspace: `workspace = true` points into it.
pub const ROOT: &str = include_str!("../../../Cargo.toml");
/// The blocks in the lock file of the workspace.
pub static PACKAGES: LazyLock<Vec<Package<'static>>> =
    LazyLock::new(|| packages(include_str!("../../../Cargo.lock")));

/// What may be around a text.
const QUOTES: [char; 2] = ['"', '\''];

/// One `[[package]]` block of a `Cargo.lock`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Package<'a> {
    pub name: &'a str,
    pub version: &'a str,
    /// SHA-256 of the downloaded `.crate` file; a workspace's own crate has none.
    pub checksum: Option<&'a str>,
    /// `name`, or `name version` if the lock file has several versions of it.
    pub dependencies: Vec<&'a str>,
}

/// Every block of a lock file, in its order.
pub fn packages(lock: &str) -> Vec<Package<'_>> {
    let blocks = lock.split("[[package]]").skip(1);
    let package = |block| {
        let (mut package, mut in_list) = (Package::default(), false);
        // An editor may have moved the blanks and the line ends of a list.
        for line in str::lines(block).map(|it| without_comment(it).trim()) {
            let (key, value) = match line.split_once('=') {
                Some((key, value)) if !in_list => (key.trim(), value.trim()),
                _ => ("", line),
            };
            if in_list || key == "dependencies" {
                let quoted = value.split(QUOTES).skip(1).step_by(2);
                package.dependencies.extend(quoted);
                in_list = !value.ends_with(']');
            } else {
                let value = value.trim_matches(QUOTES);
                match key {
                    "name" => package.name = value,
                    "version" => package.version = value,
                    "checksum" => package.checksum = Some(value),
                    _ => {}
                }
            }
        }
        package
    };
    blocks.map(package).collect()
}

/// A line without the comment at its end. In quotes, `#` begins none.
fn without_comment(line: &str) -> &str {
    let mut quote = None;
    let end = line.find(|c| {
        if quote.is_none() && c == '#' {
            return true;
        }
        quote = match quote {
            None => Some(c).filter(|it| QUOTES.contains(it)),
            Some(open) => Some(open).filter(|it| *it != c),
        };
        false
    });
    &line[..end.unwrap_or(line.len())]
}

/// The block of this crate. A lock file without one belongs to another project.
fn ours<'l>(packages: &'l [Package<'l>]) -> Option<&'l Package<'l>> {
    packages
        .iter()
        .find(|package| package.name == OURS && package.checksum.is_none())
}

/// The block of this crate's dependency `name`.
pub fn locked<'l>(packages: &'l [Package<'l>], name: &str) -> Option<&'l Package<'l>> {
    resolve(packages, dependency(packages, name)?)
}

/// The entry `name` in the dependency list of this crate.
pub fn dependency<'l>(packages: &'l [Package<'l>], name: &str) -> Option<&'l str> {
    let mut entries = ours(packages)?.dependencies.iter();
    let entry = entries.find(|entry| entry.split(' ').next() == Some(name));
    entry.copied()
}

/// How many crates a build of this crate can need, with the optional ones, without this crate itself.
pub fn reachable<'l>(packages: &'l [Package<'l>]) -> Vec<&'l Package<'l>> {
    let mut found: Vec<&Package<'_>> = Vec::new();
    let mut open: Vec<&Package<'_>> = ours(packages).into_iter().collect();
    while let Some(package) = open.pop() {
        for entry in &package.dependencies {
            if let Some(next) = resolve(packages, entry)
                && !found.contains(&next)
            {
                found.push(next);
                open.push(next);
            }
        }
    }
    found
}

/// The block that an entry of a dependency list points to.
fn resolve<'l>(packages: &'l [Package<'l>], entry: &str) -> Option<&'l Package<'l>> {
    let mut words = entry.split(' ');
    let (name, version) = (words.next()?, words.next());
    packages
        .iter()
        .find(|it| it.name == name && version.is_none_or(|version| it.version == version))
}

/// The range that a manifest asks for, as it is written there: `0.55` means `^0.55`.
/// `name.workspace = true` and `{ workspace = true }` point to the root manifest.
pub fn required<'m>(manifest: &'m str, root: &'m str, name: &str) -> Option<&'m str> {
    let entry = |manifest, section| entries(manifest, section).find(|it| it.0 == name);
    let (_, mut wanted) = entry(manifest, "[dependencies]")?;
    if wanted.contains("workspace = true") || wanted == "true" {
        (_, wanted) = entry(root, "[workspace.dependencies]")?;
    }
    // The version in `"1.0"` or `{ version = "1.0", … }`.
    let text = match wanted.split_once("version = \"") {
        Some((_, rest)) => rest,
        None => wanted.strip_prefix('"')?,
    };
    text.split('"').next()
}

/// The entries of a manifest's section, up to the next one: name and right-hand side.
pub fn entries<'m>(manifest: &'m str, section: &str) -> impl Iterator<Item = (&'m str, &'m str)> {
    manifest
        .lines()
        .map(|line| without_comment(line).trim())
        .skip_while(move |line| *line != section)
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .filter_map(|line| line.split_once('='))
        .map(|(key, value)| (key.trim().trim_end_matches(".workspace"), value.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = r#"
version = 4

[[package]]
name = "ex01"
version = "0.1.0"
dependencies = [
 "ndarray",
 "png 0.18.1",
]

[[package]]
name = "ndarray"
version = "0.17.2"
source = "registry+https://github.com/rust-lang/crates.io-index"
checksum = "520080814a"
dependencies = [
 "ndarray",
]

[[package]]
name = "png"
version = "0.17.16"
checksum = "old"

[[package]]
name = "png"
version = "0.18.1"
checksum = "new"
"#;

    #[track_caller]
    fn check(name: &str, expected: Option<(&str, &str)>) {
        let packages = packages(LOCK);
        let found = locked(&packages, name);
        assert_eq!(
            found.map(|it| (it.version, it.checksum.unwrap_or(""))),
            expected
        );
    }

    #[test]
    fn a_comment_belongs_to_no_value() {
        let lock = LOCK
            .replace("\"0.17.2\"", "\"0.17.2\" # keep 'this'")
            .replace("crates.io-index\"", "crates.io-index#1\" # \"x\"")
            .replace("png 0.18.1\",", "png 0.18.1\", # or \"png 0.17.16\"")
            .replace("\n]", "\n] # all");
        assert_eq!(packages(&lock), packages(LOCK));
    }

    #[test]
    fn a_lock_tells_version_and_checksum() {
        check("ndarray", Some(("0.17.2", "520080814a")));
        check("png", Some(("0.18.1", "new")));
        check("polars", None);
        let cut = LOCK
            .split("[[package]]\nname = \"ndarray\"")
            .next()
            .unwrap();
        assert_eq!(locked(&packages(cut), "ndarray"), None);
    }

    #[test]
    fn blanks_and_line_ends_of_an_editor_change_nothing() {
        let expected = packages(LOCK);
        let indented = LOCK.replace('\n', "\n  ");
        let short = LOCK
            .replace("[\n ", "[")
            .replace(",\n]", "]")
            .replace(",\n", ",");
        let long = LOCK
            .replace(" = ", "=")
            .replace(",\n", " ,\n\t")
            .replace('\n', " \r\n");
        let other = LOCK.replace('"', "'");
        assert!(short.contains("[\"ndarray\", \"png 0.18.1\"]"), "{short}");
        for lock in [indented, short, long, other] {
            assert_eq!(packages(&lock), expected, "{lock}");
        }
    }

    #[test]
    fn a_package_that_nothing_needs_is_not_counted() {
        assert_eq!(reachable(&packages(LOCK)).len(), 2);
    }

    #[test]
    fn a_lock_file_of_another_project_is_not_ours() {
        assert_eq!(ours(&packages("[[package]]\nname = \"other\"\n")), None);
        let published = "[[package]]\nname = \"ex01\"\nchecksum = \"ab\"\n";
        assert_eq!(ours(&packages(published)), None);
    }

    #[track_caller]
    fn check_required(manifest: &str, expected: Option<&str>) {
        let root = "[workspace.dependencies]\nureq = \"3.5\"\n[profile.dev]\nureq = \"9\"\n";
        assert_eq!(required(manifest, root, "ureq"), expected, "{manifest}");
    }

    #[test]
    fn a_manifest_tells_the_range() {
        check_required("[dependencies]\nureq = \"3.1\"\n", Some("3.1"));
        check_required(
            "[dependencies]\nureq = { version = \"3.2\" }\n",
            Some("3.2"),
        );
        check_required("[dependencies]\nureq.workspace = true\n", Some("3.5"));
        check_required(
            "[dependencies]\nureq = { workspace = true, optional = true }\n",
            Some("3.5"),
        );
        check_required("[dev-dependencies]\nureq = \"1\"\n", None);
        check_required("[dependencies]\n# ureq = \"1\"\nureqs = \"2\"\n", None);
    }
}
