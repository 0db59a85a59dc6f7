//! How is pyvenv.cfg repaired with the smallest change?

use super::steps::{absolute, aside};
use super::{Effect, Patient, Repair, base, is_environment};
use crate::pyvenv_cfg::{Cfg, NAME};
use crate::support::PyPath;
use crate::support::files::{self, Content};
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

/// The keys that a rewritten file keeps.
const KEPT: [&str; 9] = [
    "home",
    "include-system-site-packages",
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
    let Content::Bytes(bytes) = files::read(&path, 4 << 20) else {
        return None;
    };
    let bad = bytes
        .split(|&byte| byte == b'\n')
        .filter(|it| std::str::from_utf8(it).is_err());
    if bad.count() > MOST_EDITS {
        return rewritten(&path, patient);
    }
    let mut script = Vec::new();
    for (at, line) in bytes.split(|&byte| byte == b'\n').enumerate() {
        if std::str::from_utf8(line).is_ok() {
            continue;
        }
        let keys: Vec<String> = line.split(|&byte| byte == b'\r').filter_map(key).collect();
        let needs = |key: &str| keys.iter().any(|it| it == key);
        script.push(if needs("home") {
            format!(
                "{}c\\{}",
                at + 1,
                home_line(&standing(&path.dirname(), patient)?)?
            )
        } else if needs("include-system-site-packages") {
            format!("{}c\\include-system-site-packages = false", at + 1)
        } else {
            format!("{}d", at + 1)
        });
    }
    edit(&path, &script)
}

/// Changes `home` to the folder of a Python of this version.
pub fn with_home(path: &PyPath, patient: &Patient) -> Option<Repair> {
    let path = absolute(path, patient);
    let Content::Bytes(bytes) = files::read(&path, 4 << 20) else {
        return None;
    };
    let cfg = Cfg::parse(path.clone(), bytes);
    let command = home_edit(&cfg, &standing(&path.dirname(), patient)?)?;
    Some(Repair::Run {
        command,
        effect: Effect::EditsCfg,
    })
}

/// The command that changes `home`; `None` if it has this value already.
pub fn home_edit(cfg: &Cfg, home: &PyPath) -> Option<String> {
    let differs = |it: &PyPath| it.without_trailing_slashes() != home.without_trailing_slashes();
    cfg.home.as_ref().filter(|it| differs(it))?;
    let lines = cfg.bytes.split(|&byte| byte == b'\n').enumerate();
    let number = lines
        .into_iter()
        .find(|(_, line)| key(line).as_deref() == Some("home"))?
        .0
        + 1;
    let script = quoted(&PyPath::from(
        format!("{number}c\\{}", home_line(home)?).as_str(),
    ))?;
    Some(format!("{SED} {script} {}", quoted(&cfg.path)?))
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
    let kept = path.with_suffix(".off");
    let lines = kept_lines(&path, &home)?;
    let words: Option<Vec<String>> = lines.iter().map(|it| quoted(&it.as_str().into())).collect();
    let (from, to) = (quoted(&path)?, quoted(&kept)?);
    let command = format!(
        "mv {from} {to} && printf '%s\\n' {} > {from}",
        words?.join(" ")
    );
    Some(Repair::Run {
        command,
        effect: Effect::RewritesCfg { kept },
    })
}

/// The lines of the old file that Python needs, if it can be read.
fn kept_lines(path: &PyPath, home: &PyPath) -> Option<Vec<String>> {
    let mut lines = vec![home_line(home)?];
    if let Content::Bytes(bytes) = files::read(path, 4 << 20) {
        for line in String::from_utf8_lossy(&bytes).lines() {
            let key = key(line.as_bytes()).unwrap_or_default();
            if key != "home"
                && KEPT.contains(&key.as_str())
                && line.len() < 1000
                && lines.len() < 20
            {
                lines.push(line.trim_end().to_owned());
            }
        }
    }
    let is_set =
        |it: &String| key(it.as_bytes()).as_deref() == Some("include-system-site-packages");
    if !lines.iter().any(is_set) {
        lines.push("include-system-site-packages = false".to_owned());
    }
    Some(lines)
}

/// The folder of the Python that the environment's link leads to, else of another Python of its version.
fn standing(folder: &PyPath, patient: &Patient) -> Option<PyPath> {
    let cfg = maker::cfg_of(folder);
    let link = folder.os_join("bin").os_join(patient.file.basename());
    let real = files::canonical(&link).filter(|it| it.dirname() != folder.os_join("bin"));
    let has_library = |it: &PyPath| {
        let prefix = it.dirname().dirname();
        let names = files::names(&prefix.os_join("lib"), 1000);
        names
            .iter()
            .any(|name| files::is_file(&prefix.os_join("lib").os_join(name).os_join("os.py")))
    };
    if let Some(real) = real.filter(has_library) {
        return Some(real.dirname());
    }
    let minor = base::minor_of(folder, &cfg).or(patient.minor);
    Some(
        base::find(folder, minor, &cfg, patient.world)?
            .python
            .dirname(),
    )
}

/// `home = …`; `None` for a folder that cannot be written in the file.
fn home_line(home: &PyPath) -> Option<String> {
    let text = std::str::from_utf8(home.bytes()).ok()?;
    let is_plain = !text.contains(['\n', '\r', '\\', '\0']) && text.trim() == text;
    is_plain.then(|| format!("home = {text}"))
}

/// The key of a line. getpath compares it in the same way.
fn key(line: &[u8]) -> Option<String> {
    let at = line.iter().position(|&byte| byte == b'=')?;
    Some(String::from_utf8_lossy(&line[..at]).trim().to_lowercase())
}

/// The `sed` command with these instructions.
fn edit(path: &PyPath, script: &[String]) -> Option<Repair> {
    if script.is_empty() || path.basename().bytes() != NAME.as_bytes() {
        return None;
    }
    let parts: Option<Vec<String>> = script
        .iter()
        .map(|it| Some(format!("-e {}", quoted(&it.as_str().into())?)))
        .collect();
    let command = match script {
        [one] => format!("{SED} {} {}", quoted(&one.as_str().into())?, quoted(path)?),
        _ => format!("{SED} {} {}", parts?.join(" "), quoted(path)?),
    };
    Some(Repair::Run {
        command,
        effect: Effect::EditsCfg,
    })
}
