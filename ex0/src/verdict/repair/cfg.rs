//! How is pyvenv.cfg repaired with the smallest change?

use bstr::ByteSlice;

use super::flavour::{Flavour, flavour_of};
use super::steps::{absolute, aside, spare};
use super::{Effect, Patient, Repair, base, run};
use crate::pyvenv_cfg::{Cfg, NAME, OUR_LIMIT, is_environment};
use crate::support::PyPath;
use crate::support::files;
use crate::support::shell::quoted;
use crate::verdict::maker;

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
    if bad.len() > MOST_EDITS || is_joined || wide(&bytes).is_some() {
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

/// Changes `home` to the folder of a Python of this version; `None` if the environment's link must change too.
pub fn with_home(path: &PyPath, patient: &Patient) -> Option<Repair> {
    let path = absolute(path, patient);
    let folder = path.dirname();
    let cfg = Cfg::parse(path.clone(), files::bytes(&path, OUR_LIMIT)?);
    let is_link = files::link(&folder.os_join("bin").os_join(patient.file.basename())).is_some();
    let find = if is_link { linked } else { standing };
    let home = find(&folder, patient)?;
    Some(run(
        home_edit(&cfg, &home)?,
        Effect::EditsCfg { unseen: Vec::new() },
    ))
}

/// The command that changes `home`; `None` if it has this value already, or has no line of its own.
pub fn home_edit(cfg: &Cfg, home: &PyPath) -> Option<String> {
    let differs = |it: &PyPath| it.without_trailing_slashes() != home.without_trailing_slashes();
    cfg.home.as_ref().filter(|it| differs(it))?;
    let mut lines = cfg.bytes.split_str("\n");
    let at = lines.position(|it| key(it).as_deref() == Some("home") && !joins_lines(it))?;
    edit(&cfg.path, &[format!("{}c\\{}", at + 1, home_line(home)?)])
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
    let words: Option<Vec<String>> = lines.iter().map(|it| quoted(&it.as_str().into())).collect();
    let (from, to) = (quoted(&path)?, quoted(&kept)?);
    let words = words?.join(" ");
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

/// The folder of the Python that the environment's link leads to, else of another Python of its version.
fn standing(folder: &PyPath, patient: &Patient) -> Option<PyPath> {
    linked(folder, patient).or_else(|| {
        let cfg = maker::cfg_of(folder);
        let flavour = flavour_of(folder, &cfg).or(patient.flavour);
        let wanted = flavour.unwrap_or(Flavour::USUAL);
        let found = base::find(folder, wanted, &cfg, patient.world)?;
        Some(found.python.dirname())
    })
}

/// The folder of the Python that the environment's link leads to, if that Python would start.
fn linked(folder: &PyPath, patient: &Patient) -> Option<PyPath> {
    let link = folder.os_join("bin").os_join(patient.file.basename());
    let real = files::canonical(&link).filter(|it| it.dirname() != folder.os_join("bin"))?;
    base::would_start(&real, |_| true, patient.world)?;
    Some(real.dirname())
}

/// `home = …`; `None` for a folder that cannot be written in the file.
fn home_line(home: &PyPath) -> Option<String> {
    let text = std::str::from_utf8(home.bytes()).ok()?;
    let is_plain = !text.contains(['\n', '\r', '\\', '\0']) && text.trim() == text;
    is_plain.then(|| format!("home = {text}"))
}

/// The key of a line. getpath compares it in the same way.
fn key(line: &[u8]) -> Option<String> {
    let (key, _) = line.split_once_str("=")?;
    Some(key.to_str_lossy().trim().to_lowercase())
}

/// The `sed` command with these instructions. It would replace a link by a file, so it gets the file that the link leads to.
fn edit(path: &PyPath, script: &[String]) -> Option<String> {
    let words: Option<Vec<String>> = script
        .iter()
        .map(|it| quoted(&it.as_str().into()))
        .collect();
    let path = if files::link(path).is_some() {
        files::real(path)
    } else {
        path.clone()
    };
    let (words, path) = (words?, quoted(&path)?);
    Some(match words.as_slice() {
        [one] => format!("{SED} {one} {path}"),
        all => format!("{SED} -e {} {path}", all.join(" -e ")),
    })
}
