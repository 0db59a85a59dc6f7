//! Is this a file for examples of secrets?
//!
//! Documentation and tests are full of random texts under a name like `SECRET_KEY`, and lock files are
//! full of checksums. Keys with a well-known shape are reported there too.

use std::path::Path;

/// Folders of documentation and tests.
const FOLDERS: &str = "__tests__ doc docs documentation example examples fixtures mocks spec test \
    testdata testing tests";

/// The ends of file names of documentation, and of lock files.
const ENDINGS: &str = "adoc lock md mdx rst";

/// Parts of file names: words of tests, of their data, and of lock files.
const WORDS: &str = "fixture fixtures lock lockfile mock mocks samples spec test tests";

/// True for documentation, tests and lock files.
pub fn holds_examples(path: &Path) -> bool {
    let is_in = |list: &str, it: &str| list.split(' ').any(|known| known == it);
    let mut folders = path.parent().into_iter().flat_map(Path::iter);
    let ending = path.extension().and_then(|it| it.to_str());
    let name = path.file_stem().and_then(|it| it.to_str());
    let mut words = name.into_iter().flat_map(|it| it.split(['.', '_', '-']));
    ending.is_some_and(|it| is_in(ENDINGS, it))
        || (words.clone().count() > 1 && words.any(|it| is_in(WORDS, it)))
        || folders.any(|it| it.to_str().is_some_and(|it| is_in(FOLDERS, it)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, expected: bool) {
        assert_eq!(holds_examples(Path::new(path)), expected, "{path}");
    }

    #[test]
    fn the_reference_names_every_folder_ending_and_word() {
        let page = include_str!("../../doc/reference.md");
        let endings = ENDINGS.split(' ').map(|it| format!("`*.{it}`"));
        let words = FOLDERS.split(' ').chain(WORDS.split(' '));
        for it in words.map(|it| format!("`{it}`")).chain(endings) {
            assert!(page.contains(&it), "{it}");
        }
    }

    #[test]
    fn documentation_and_tests_are_known_by_their_folder_or_ending() {
        check("docs/config.txt", true);
        check("a/tests/b/c.py", true);
        check("README.md", true);
        check("docs.py", false);
        check("src/docs", false);
        check("settings.py", false);
        check("src/gate.spec.ts", true);
        check("src/test_gate.py", true);
        check("src/gate_test.go", true);
        check("package-lock.json", true);
        check("i18n.lock", true);
        check("src/gate-samples.json", true);
        check("src/samples.json", false);
        check("src/test.py", false);
        check("src/latest_gate.py", false);
        check("src/testing.rs", false);
        check(".env.test", false);
    }
}
