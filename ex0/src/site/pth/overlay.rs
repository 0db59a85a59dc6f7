//! Which folders does uv's overlay add? `uv run --with` makes an environment on top of others. One line of code in it adds their folders of
//! packages, with all that the `.pth` files there do.
//!
//! Source: uv `crates/uv/src/commands/project/environment.rs` and `run.rs`; the lines that uv 0.4 to 0.13 write.

use crate::support::PyPath;

/// The name of the file.
const FILE: &[u8] = b"_uv_ephemeral_overlay.pth";

/// The folders that the line adds; `None` if it is not uv's, or does something else too.
pub fn folders(file: &PyPath, line: &[u8]) -> Option<Vec<PyPath>> {
    if file.basename().bytes() != FILE {
        return None;
    }
    let mut rest = line.strip_prefix(b"import site")?;
    let mut folders = Vec::new();
    loop {
        rest = rest.trim_ascii();
        if rest.is_empty() {
            return Some(folders);
        }
        rest = rest.strip_prefix(b";")?.trim_ascii_start();
        if rest.is_empty() {
            return Some(folders);
        }
        let call = rest.strip_prefix(b"site.addsitedir(")?;
        let decoded = call.strip_prefix(b"__import__(\"os\").fsdecode(b");
        let (path, after) = literal(decoded.unwrap_or(call), decoded.is_some())?;
        let end: &[u8] = if decoded.is_some() { b"))" } else { b")" };
        rest = after.strip_prefix(end)?;
        folders.push(path);
    }
}

/// The text in double quotes at the start, and what comes after it. Only in bytes an escape in hex is one byte.
fn literal(text: &[u8], is_bytes: bool) -> Option<(PyPath, &[u8])> {
    let mut rest = text.strip_prefix(b"\"")?;
    let mut path = Vec::new();
    loop {
        let byte = match rest {
            [b'"', after @ ..] => return Some((PyPath::new(path), after)),
            [b'\\', b'x', high, low, after @ ..] if is_bytes => {
                rest = after;
                let digits = [*high, *low];
                u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?
            }
            [b'\\', escaped, after @ ..] => {
                rest = after;
                match escaped {
                    b'\\' | b'"' | b'\'' => *escaped,
                    b'n' => b'\n',
                    b'r' => b'\r',
                    b't' => b'\t',
                    _ => return None,
                }
            }
            [byte, after @ ..] => {
                rest = after;
                *byte
            }
            [] => return None,
        };
        path.push(byte);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, expected: Option<&[&[u8]]>) {
        let found = folders(&"/e/_uv_ephemeral_overlay.pth".into(), line.as_bytes());
        let expected = expected.map(|it| it.iter().map(|it| PyPath::new(*it)).collect());
        assert_eq!(found, expected, "{line}");
    }

    #[test]
    fn the_line_of_each_uv_names_its_folders() {
        check("import site; site.addsitedir(\"/a b\")", Some(&[b"/a b"]));
        let new = |it: &str| format!("site.addsitedir(__import__(\"os\").fsdecode(b\"{it}\"))");
        let line = format!("import site; {}; {}", new("/a;b"), new(r"/f\xc3\xbc\\r"));
        check(&line, Some(&[b"/a;b", "/fü\\r".as_bytes()]));
        check(&format!("import site;{};", new("/a")), Some(&[b"/a"]));
    }

    #[test]
    fn more_code_in_the_line_is_not_known() {
        check("import site; site.addsitedir(neo('/a'))", None);
        check("import site; site.addsitedir(\"/a\"); import neo", None);
        check("import site, neo; site.addsitedir(\"/a\")", None);
        check("import site; site.addsitedir(\"/a\" + neo)", None);
        check("import site; site.addsitedir(\"/\\x41\")", None);
        check("import site; site.addsitedir(\"/a", None);
        assert_eq!(folders(&"/e/neo.pth".into(), b"import site"), None);
    }
}
