//! 3. What does a pyvenv.cfg say, and to whom?
//!
//! Two parts of Python read the file, and they do not agree. getpath looks for the key `home` and uses its first line. site looks for the key
//! `include-system-site-packages` and uses its last line. Each of them splits lines, decodes and compares in its own way. The C code up to
//! Python 3.10 and PyPy have their own ways too. So one file can mean different things to different readers.
//!
//! Source: PEP 405; CPython `Modules/getpath.py` and `readlines` in `getpath.c`, `Python/pathconfig.c` (`_Py_FindEnvConfigValue`),
//! `Lib/site.py` (`venv`); PyPy `pypy/module/sys/initpath.py` (`find_pyvenv_cfg`).

mod record; // what the tool that made the environment wrote

pub use record::{Record, UvKeys};

use bstr::ByteSlice;

use self::record::record;
use crate::support::{PyPath, access};

/// The file's name.
pub const NAME: &str = "pyvenv.cfg";

/// getpath refuses a file with this many bytes or more ("cannot read file larger than 32KB during initialization").
pub const GETPATH_LIMIT: u64 = 32 * 1024;

/// How many bytes of the file we read at most. site, the C code and PyPy have no limit.
pub const OUR_LIMIT: u64 = 4 << 20;

/// The C reader's line buffer, in bytes. The reader stops at a longer line.
const C_LINE: usize = 8191;

/// PyPy reads at most this many bytes.
const PYPY_LIMIT: usize = 16384;

/// Is it the folder of an environment? Its pyvenv.cfg may be damaged, even a dead link, but must be there.
pub fn is_environment(folder: &PyPath) -> bool {
    !folder.is_empty() && access::file_type(&folder.os_join(NAME)).is_ok()
}

/// The environment that has this file in its `bin`. Its pyvenv.cfg may be in `bin` too: Python looks there first.
pub fn environment_of(file: &PyPath) -> Option<PyPath> {
    let bin = file.dirname();
    let has_own = bin.basename().bytes() == b"bin" && is_environment(&bin);
    Some(bin.dirname()).filter(|it| is_environment(it) || (has_own && !it.is_empty()))
}

/// The file, parsed once for all its readers. Each reader has its own fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cfg {
    pub path: PyPath,
    /// The whole file, for a repair that changes only one line.
    pub bytes: Vec<u8>,
    /// For getpath.py.
    pub home: Option<PyPath>,
    /// For the C code before 3.11.
    pub home_in_c: Option<PyPath>,
    /// For PyPy.
    pub home_in_pypy: Option<PyPath>,
    /// For site. The error is the number of the line where site stops, because it is not UTF-8.
    pub site: Result<SiteKeys, usize>,
    /// For people; Python does not read these keys.
    pub record: Record,
}

impl Cfg {
    /// Reads the file as each of its readers does.
    pub fn parse(path: PyPath, bytes: Vec<u8>) -> Self {
        let line_of = |at: usize| 1 + bytes[..at].find_iter("\n").count();
        Self {
            path,
            home: home(&bytes).map(PyPath::new),
            home_in_c: home_in_c(&bytes).map(PyPath::new),
            home_in_pypy: home_in_pypy(&bytes).map(PyPath::new),
            site: site_keys(&bytes).map_err(line_of),
            record: record(&bytes),
            bytes,
        }
    }
}

/// `home` for getpath.py (Python 3.11 and later): the first line with that key, in upper or lower case, with or without blanks around it.
fn home(file: &[u8]) -> Option<Vec<u8>> {
    // The C code of `readlines` stops at a NUL.
    let file = file.split(|&byte| byte == 0).next().unwrap_or_default();
    file.split(|&byte| byte == b'\n').find_map(|line| {
        let (key, value) = line.split_once_str("=")?;
        (lower(strip(key)) == "home").then(|| strip(value).to_vec())
    })
}

/// `home` for the C code of Python 3.10 and earlier. It needs lower case, blanks on both sides of `=`, and a line break at the end.
fn home_in_c(file: &[u8]) -> Option<Vec<u8>> {
    for line in file.split_inclusive(|&byte| byte == b'\n') {
        let line = line.split(|&byte| byte == 0).next().unwrap_or_default();
        if line.last() != Some(&b'\n') || line.len() > C_LINE {
            return None;
        }
        if line.first() == Some(&b'#') {
            continue;
        }
        let (key, rest) = token(line, b" \t\r\n");
        let (equals, rest) = token(rest, b" \t");
        let (value, _) = token(rest, b"\r\n");
        if key == b"home" && equals == b"=" && !value.is_empty() {
            return Some(value.to_vec());
        }
    }
    None
}

/// C's `strtok`: the first word between delimiters, and the text after its delimiter.
fn token<'a>(text: &'a [u8], delimiters: &[u8]) -> (&'a [u8], &'a [u8]) {
    let text = &text[text.find_not_byteset(delimiters).unwrap_or(text.len())..];
    let end = text.find_byteset(delimiters).unwrap_or(text.len());
    (&text[..end], text.get(end + 1..).unwrap_or_default())
}

/// `home` for PyPy: lower case, perhaps with blanks before and after it; the first value that is not empty.
fn home_in_pypy(file: &[u8]) -> Option<Vec<u8>> {
    let file = &file[..file.len().min(PYPY_LIMIT)];
    file.split(|&byte| byte == b'\n' || byte == b'\r')
        .find_map(|line| {
            let line = line.split(|&byte| byte == 0).next().unwrap_or_default();
            let without_spaces = |text| ByteSlice::trim_start_with(text, |c| c == ' ');
            let rest = without_spaces(line).strip_prefix(b"home")?;
            let value = without_spaces(rest).strip_prefix(b"=")?.trim_ascii();
            Some(value.to_vec()).filter(|it| !it.is_empty())
        })
}

/// What site reads from the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SiteKeys {
    /// The value of the last `include-system-site-packages`, in lower case. If there is none, it counts as `true`.
    pub system_site: Option<String>,
    /// The value of the last `home`. site keeps it for sysconfig.
    pub home: Option<String>,
}

/// site's reading: strict UTF-8, and every kind of line end. The error is the offset of the first bad byte: Python stops there.
fn site_keys(file: &[u8]) -> Result<SiteKeys, usize> {
    let text = std::str::from_utf8(file).map_err(|error| error.valid_up_to())?;
    let mut keys = SiteKeys::default();
    let lines = text.split(['\n', '\r']);
    for (key, value) in lines.filter_map(|line| line.as_bytes().split_once_str("=")) {
        match lower(strip(key)).as_str() {
            "include-system-site-packages" => keys.system_site = Some(lower(strip(value))),
            "home" => keys.home = Some(strip(value).to_str_lossy().into_owned()),
            _ => {}
        }
    }
    Ok(keys)
}

/// `str.lower()`. Bytes that are not UTF-8 cannot be in a key that we look for.
fn lower(text: &[u8]) -> String {
    text.to_str_lossy().to_lowercase()
}

/// `str.strip()`: removes all blanks at both ends.
fn strip(text: &[u8]) -> &[u8] {
    text.trim_with(is_blank)
}

/// `str.isspace()`: is it a blank of Unicode? For Python the four separators of ASCII are blanks too.
pub fn is_blank(c: char) -> bool {
    c.is_whitespace() || ('\x1c'..='\x1f').contains(&c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::support::hostile::{Hostile, within};

    /// Compares what the three readers of `home` find: getpath.py, the C code, PyPy.
    #[track_caller]
    fn check(file: &str, expected: [Option<&str>; 3]) {
        let found = [
            home(file.as_bytes()),
            home_in_c(file.as_bytes()),
            home_in_pypy(file.as_bytes()),
        ];
        let found = found.map(|it| it.map(|it| String::from_utf8(it).unwrap()));
        assert_eq!(found, expected.map(|it| it.map(str::to_owned)));
    }

    #[test]
    fn an_ordinary_file_means_the_same_to_all() {
        check("home = /usr/bin\nversion = 3.11.2\n", [Some("/usr/bin"); 3]);
        check(
            "home = /usr/bin\r\nversion = 3.11.2\r\n",
            [Some("/usr/bin"); 3],
        );
        check("version = 3.11.2\n", [None; 3]);
        check("", [None; 3]);
    }

    #[test]
    fn the_readers_disagree_about_blanks_case_and_the_last_line() {
        check("home=/x\n", [Some("/x"), None, Some("/x")]);
        check("HOME = /x\n", [Some("/x"), None, None]);
        check("home = /x", [Some("/x"), None, Some("/x")]);
        check("\thome\t=\t/x\t\n", [Some("/x"), Some("/x\t"), None]);
        check("home =  /x\n", [Some("/x"), Some(" /x"), Some("/x")]);
        check("home =\nhome = /x\n", [Some(""), Some("/x"), Some("/x")]);
    }

    #[test]
    fn the_first_home_wins_and_quotes_stay() {
        check("home = /a\nhome = /b\n", [Some("/a"); 3]);
        check("home = \"/x\"\n", [Some("\"/x\""); 3]);
        check("home = ~/x\n", [Some("~/x"); 3]);
        check("# home = /x\n", [None; 3]);
        check("home = /x # here\n", [Some("/x # here"); 3]);
    }

    #[test]
    fn a_byte_order_mark_hides_the_first_key() {
        check("\u{feff}home = /x\n", [None; 3]);
    }

    #[test]
    fn a_carriage_return_alone_ends_a_line_only_for_site_and_pypy() {
        check("a = b\rhome = /x\n", [None, None, Some("/x")]);
        check(
            "home = /x\ra = b\n",
            [Some("/x\ra = b"), Some("/x"), Some("/x")],
        );
    }

    #[test]
    fn strip_removes_every_blank_of_unicode() {
        check(
            "home = \u{3000}/x\u{a0}\u{1f}\n",
            [
                Some("/x"),
                Some("\u{3000}/x\u{a0}\u{1f}"),
                Some("\u{3000}/x\u{a0}\u{1f}"),
            ],
        );
        assert_eq!(home(b"home = /x\xff \n").unwrap(), b"/x\xff");
    }

    #[track_caller]
    fn check_site(file: &str, expected: Option<&str>) {
        assert_eq!(
            site_keys(file.as_bytes()).unwrap().system_site.as_deref(),
            expected
        );
    }

    #[test]
    fn site_takes_the_last_line_of_its_key() {
        check_site("include-system-site-packages = false\n", Some("false"));
        check_site("Include-System-Site-Packages=TRUE", Some("true"));
        check_site(
            "include-system-site-packages = true\ninclude-system-site-packages = no\n",
            Some("no"),
        );
        check_site(
            "a = b\rinclude-system-site-packages = false\r",
            Some("false"),
        );
        check_site("home = /usr/bin\n", None);
    }

    #[test]
    fn one_bad_byte_anywhere_stops_site() {
        assert_eq!(site_keys(b"home = /x\n\xff\n"), Err(10));
    }

    #[test]
    fn the_record_is_read_as_a_person_reads_it() {
        let file = b"version_info = 3.12.1.final.0\nversion = 3.11\nuv = 0.5.1\nprompt = 'neo'\n";
        let found = record(file);
        assert_eq!(found.version.as_deref(), Some("3.12.1.final.0"));
        assert_eq!(found.version_key, "version_info");
        assert_eq!(record(b"version = 3.11\n").version_key, "version");
        assert_eq!(found.prompt.as_deref(), Some("neo"));
        assert_eq!(found.uv.unwrap().version, "0.5.1");
        assert_eq!(record(b"\xff\xfe"), Record::default());
    }

    #[track_caller]
    fn check_prompt(written: &str, expected: &str) {
        let found = record(format!("prompt = {written}\n").as_bytes());
        assert_eq!(found.prompt.as_deref(), Some(expected));
    }

    #[test]
    fn a_prompt_is_read_as_repr_wrote_it() {
        check_prompt("neo", "neo");
        check_prompt("\"demo-py3.11\"", "demo-py3.11");
        check_prompt(r#"'it\'s "the" one'"#, r#"it's "the" one"#);
        check_prompt(r"'a\\b\x1b\u202e\U0001f407'", "a\\b\u{1b}\u{202e}\u{1f407}");
        check_prompt(r"'\q\x1'", r"\q\x1");
        check_prompt(r"a\nb", r"a\nb");
    }

    /// The pieces that matter to at least one reader.
    const PIECES: [&[u8]; 22] = [
        b"home",
        b"HOME",
        b"=",
        b" = ",
        b" ",
        b"\t",
        b"\n",
        b"\n",
        b"\r",
        b"\x0b",
        b"\x1c",
        b"\0",
        b"#",
        b"/x",
        b"\xff",
        b"\xc3",
        b"\xef\xbb\xbf",
        "\u{a0}".as_bytes(),
        "\u{3000}".as_bytes(),
        b"include-system-site-packages",
        b"TRUE",
        b"'",
    ];

    /// Does `str.strip()` remove it?
    fn is_blank(c: char) -> bool {
        c.is_whitespace() || ('\x1c'..='\x1f').contains(&c)
    }

    /// The code of getpath.py, translated line by line. A bad byte is an ordinary letter here.
    fn home_as_written(text: &str) -> Option<&str> {
        let pyvenvcfg = text.split('\0').next()?.split('\n');
        for line in pyvenvcfg {
            let Some((key, value)) = line.split_once('=') else {
                continue;
            };
            if key.trim_matches(is_blank).to_lowercase() == "home" {
                return Some(value.trim_matches(is_blank));
            }
        }
        None
    }

    /// The code of site, translated line by line.
    fn system_site_as_written(text: &str) -> Option<String> {
        let mut system_site = None;
        for line in text.replace("\r\n", "\n").replace('\r', "\n").split('\n') {
            if let Some((key, value)) = line.split_once('=')
                && key.trim_matches(is_blank).to_lowercase() == "include-system-site-packages"
            {
                system_site = Some(value.trim_matches(is_blank).to_lowercase());
            }
        }
        system_site
    }

    #[test]
    fn on_any_bytes_the_readers_agree_with_python_s_code() {
        let mut hostile = Hostile::new(405);
        for _ in 0..20_000 {
            let file = hostile.soup(&PIECES, 16);
            // 0xff and a 0xc3 alone become another letter. In Python it is a surrogate: neither a blank nor a line end.
            let text = String::from_utf8_lossy(&file);
            let found = home(&file).map(|it| String::from_utf8_lossy(&it).into_owned());
            assert_eq!(found.as_deref(), home_as_written(&text), "{file:?}");
            let keys = site_keys(&file);
            match std::str::from_utf8(&file) {
                Ok(text) => assert_eq!(keys.unwrap().system_site, system_site_as_written(text)),
                Err(error) => assert_eq!(keys, Err(error.valid_up_to())),
            }
        }
    }

    #[test]
    fn each_found_value_is_in_the_file_and_is_found_again() {
        let mut hostile = Hostile::new(42);
        let good =
            b"home = /usr/bin\ninclude-system-site-packages = true\nprompt = 'neo'\nuv = 0.5\n";
        for round in 0..20_000 {
            let file = match round % 2 {
                0 => hostile.soup(&PIECES, 16),
                _ => hostile.damage(good),
            };
            for reader in [home, home_in_c, home_in_pypy] {
                let Some(found) = reader(&file) else { continue };
                assert!(within(&file, &found) && !found.contains(&0) && !found.contains(&b'\n'));
                let again = [b"home = ", found.as_slice(), b"\n"].concat();
                assert_eq!(reader(&again), Some(found), "{file:?}");
            }
            let text = String::from_utf8_lossy(&file);
            let record = record(&file);
            let uv = record.uv.map(|it| it.version);
            let all = [record.version, uv, record.virtualenv, record.command];
            assert!(
                all.iter()
                    .flatten()
                    .all(|it| !it.is_empty() && text.contains(it.as_str()))
            );
        }
    }
}
