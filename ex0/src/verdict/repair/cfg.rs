//! How is pyvenv.cfg repaired with the smallest change?

mod home; // which `home` does it need?

pub use self::home::{home_edit, meant, with_home, with_other_home};

use bstr::ByteSlice;

use self::home::{home_line, standing};
use super::steps::{absolute, aside, spare};
use super::{Effect, Patient, Repair, run};
use crate::pyvenv_cfg::{NAME, OUR_LIMIT, is_environment};
use crate::support::PyPath;
use crate::support::files;
use crate::support::shell::quoted;

/// The command that edits a file in place.
const SED: &str = if cfg!(target_os = "macos") {
    "sed -i ''"
} else {
    "sed -i"
};

/// How many lines are edited one by one. A file with more bad lines is written again.
const MOST_EDITS: usize = 10;

/// Are the global packages visible? If the key is missing, they are.
const SYSTEM_SITE: &str = "include-system-site-packages";

/// The keys that a rewritten file keeps, besides `home`.
const KEPT: [&str; 8] = [
    SYSTEM_SITE,
    "version",
    "version_info",
    "prompt",
    "uv",
    "virtualenv",
    "implementation",
    "extends-environment",
];

/// Removes the lines that site cannot decode. A line that Python needs is replaced.
pub fn without_bad_bytes(path: &PyPath, patient: &Patient) -> Option<Repair> {
    let path = absolute(path, patient);
    let bytes = files::bytes(&path, OUR_LIMIT)?;
    let lines = bytes.split_str("\n").enumerate();
    let bad: Vec<(usize, &[u8])> = lines.filter(|(_, it)| it.to_str().is_err()).collect();
    let is_joined = bad.iter().any(|(_, line)| joins_lines(line));
    // Without `home` the rest would be no pyvenv.cfg but still count as one.
    let has_home = bytes
        .split_str("\n")
        .any(|it| key(it).as_deref() == Some("home"));
    let is_stray = is_environment(&path.dirname().dirname()) || !has_home;
    if bad.len() > MOST_EDITS || is_joined || is_stray || wide(&bytes).is_some() {
        return rewritten(&path, patient);
    }
    let mut script = Vec::new();
    for (at, line) in bad {
        let number = at + 1;
        let key = key(line).unwrap_or_default();
        script.push(if key == "home" {
            let home = standing(&path.dirname(), patient)?;
            format!("{number}c\\{}", home_line(&home)?)
        } else if key == SYSTEM_SITE {
            format!("{number}c\\{SYSTEM_SITE} = {}", says_true(line))
        } else {
            format!("{number}d")
        });
    }
    if script.is_empty() || path.basename().bytes() != NAME.as_bytes() {
        return None;
    }
    Some(run(
        edit(&path, &script)?,
        Effect::EditsCfg { unseen: Vec::new() },
    ))
}

/// Writes a new file with the lines that Python needs. If Python then finds another pyvenv.cfg, renaming the bad one is enough.
pub fn rewritten(path: &PyPath, patient: &Patient) -> Option<Repair> {
    let path = absolute(path, patient);
    let folder = path.dirname();
    let is_bin = is_environment(&folder.dirname());
    let is_mark_of_one =
        files::is_dir(&folder.os_join("bin")) && files::is_dir(&folder.os_join("lib"));
    if is_bin || !is_mark_of_one || patient.file.dirname().dirname() != folder {
        return Some(aside(&path, patient));
    }
    let home = standing(&folder, patient)?;
    let kept = spare(&path);
    let lines = kept_lines(&path, &home)?;
    let words = all_quoted(&lines)?.join(" ");
    let (from, to) = (quoted(&path)?, quoted(&kept)?);
    let command = format!("mv {from} {to} && printf '%s\\n' {words} > {from}");
    Some(run(command, Effect::RewritesCfg(kept)))
}

/// The lines of the old file that Python needs, if it can be read.
fn kept_lines(path: &PyPath, home: &PyPath) -> Option<Vec<String>> {
    let mut lines = vec![home_line(home)?];
    let bytes = files::bytes(path, OUR_LIMIT).unwrap_or_default();
    let text = wide(&bytes).unwrap_or_else(|| bytes.to_str_lossy().into_owned());
    let text = text.trim_start_matches('\u{feff}');
    for line in text.split(['\n', '\r']) {
        let key = key(line.as_bytes()).unwrap_or_default();
        if KEPT.contains(&key.as_str()) && line.len() < 1000 && lines.len() < 20 {
            lines.push(line.trim_end().to_owned());
        }
    }
    let is_set = |it: &String| key(it.as_bytes()).as_deref() == Some(SYSTEM_SITE);
    if !lines.iter().any(is_set) {
        lines.push(format!("{SYSTEM_SITE} = false"));
    }
    Some(lines)
}

/// Does a `\r` join two lines of an old Mac's text? Then the line has more than one key.
fn joins_lines(line: &[u8]) -> bool {
    line.strip_suffix(b"\r").unwrap_or(line).contains(&b'\r')
}

/// Is the value `true`, apart from bytes that are no text?
fn says_true(line: &[u8]) -> bool {
    let text = line.to_str_lossy().replace('\u{fffd}', "");
    let value = text.split_once('=').map(|(_, value)| value.trim());
    value.is_some_and(|it| it.eq_ignore_ascii_case("true"))
}

/// The text of a file in UTF-16 or UTF-32, as some editors on Windows write it. Its first letter is a mark of the order of the bytes.
fn wide(bytes: &[u8]) -> Option<String> {
    Some(match bytes {
        [0xff, 0xfe, 0, 0, rest @ ..] => utf_32(rest, u32::from_le_bytes),
        [0, 0, 0xfe, 0xff, rest @ ..] => utf_32(rest, u32::from_be_bytes),
        [0xff, 0xfe, rest @ ..] => utf_16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf_16(rest, u16::from_be_bytes),
        _ => return None,
    })
}

fn utf_16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.as_chunks().0.iter().map(|it| unit(*it));
    char::decode_utf16(units)
        .map(|it| it.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}

fn utf_32(bytes: &[u8], unit: fn([u8; 4]) -> u32) -> String {
    let units = bytes.as_chunks().0.iter().map(|it| unit(*it));
    units.filter_map(char::from_u32).collect()
}

/// The key of a line. getpath compares it in the same way.
fn key(line: &[u8]) -> Option<String> {
    let (key, _) = line.split_once_str("=")?;
    Some(key.to_str_lossy().trim().to_lowercase())
}

fn all_quoted(texts: &[String]) -> Option<Vec<String>> {
    texts.iter().map(|it| quoted(&it.as_str().into())).collect()
}

/// The `sed` command with these instructions. It would replace a link by a file, so it gets the file that the link leads to.
fn edit(path: &PyPath, script: &[String]) -> Option<String> {
    let target = files::link(path).map(|_| files::real(path));
    let path = quoted(target.as_ref().unwrap_or(path))?;
    Some(match all_quoted(script)?.as_slice() {
        [one] => format!("{SED} {one} {path}"),
        all => format!("{SED} -e {} {path}", all.join(" -e ")),
    })
}
