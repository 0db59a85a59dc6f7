//! What did the tool that made the environment write? Python does not read these keys.

use serde::Serialize;

use crate::support::PyPath;

/// What the tool that made the environment wrote. Python does not read these keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// The Python that made it.
    pub version: Option<String>,
    /// The key of that line: venv writes `version`, other tools `version_info` or both.
    pub version_key: &'static str,
    /// `prompt`, without the quotes that venv puts around it.
    pub prompt: Option<String>,
    /// What uv wrote, if uv made it.
    pub uv: Option<UvKeys>,
    /// `virtualenv`: the version of virtualenv that made it.
    pub virtualenv: Option<String>,
    /// `implementation`: `CPython` or `PyPy` (uv and virtualenv).
    pub implementation: Option<String>,
    /// `executable` (venv, Python 3.11 and later) and `base-executable` (virtualenv): the Python that made it, and its base.
    pub executables: Vec<PyPath>,
    /// `command`: the command that made it (venv, Python 3.11 and later).
    pub command: Option<String>,
}

/// The keys that only uv writes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UvKeys {
    /// The version of uv that made it.
    pub version: String,
    /// Do its scripts still work when the folder moves?
    pub relocatable: bool,
    /// Did uv install pip?
    pub seed: bool,
    /// The environment below this one: its packages are visible too.
    pub extends_environment: Option<String>,
}

/// Reads the record. It is not strict: it accepts what a person understands.
pub fn record(file: &[u8]) -> Record {
    let text = String::from_utf8_lossy(file);
    let value = |wanted: &str| {
        text.split(['\n', '\r']).find_map(|line| {
            let (key, value) = line.split_once('=')?;
            key.trim()
                .eq_ignore_ascii_case(wanted)
                .then(|| value.trim().to_owned())
        })
    };
    let filled = |wanted| value(wanted).filter(|it| !it.is_empty());
    let versions = ["version_info", "version"].into_iter();
    let mut versions = versions.filter_map(|key| Some((key, filled(key)?)));
    let (version_key, version) = versions.next().unzip();
    Record {
        version,
        version_key: version_key.unwrap_or_default(),
        prompt: filled("prompt")
            .map(|it| unquoted(&it))
            .filter(|it| !it.is_empty()),
        uv: filled("uv").map(|version| UvKeys {
            version,
            relocatable: value("relocatable").as_deref() == Some("true"),
            seed: value("seed").as_deref() == Some("true"),
            extends_environment: filled("extends-environment"),
        }),
        virtualenv: filled("virtualenv"),
        implementation: filled("implementation"),
        executables: ["executable", "base-executable"]
            .into_iter()
            .filter_map(|it| Some(PyPath::from(filled(it)?.as_str())))
            .collect(),
        command: filled("command"),
    }
}

/// Removes the quotes and decodes the escapes between them. (venv writes `repr(prompt)`.)
fn unquoted(text: &str) -> String {
    let inner = |quote| text.strip_prefix(quote)?.strip_suffix(quote);
    let Some(inner) = inner('\'').or_else(|| inner('"')) else {
        return text.to_owned();
    };
    let mut plain = String::new();
    let mut rest = inner;
    while let Some((before, after)) = rest.split_once('\\') {
        plain.push_str(before);
        let (c, length) = escaped(after).unwrap_or(('\\', 0));
        plain.push(c);
        rest = &after[length..];
    }
    plain + rest
}

/// The character that `repr` writes after a backslash, and the number of bytes that it takes.
fn escaped(text: &str) -> Option<(char, usize)> {
    let digits = match text.chars().next()? {
        quoted @ ('\\' | '\'' | '"') => return Some((quoted, 1)),
        'n' => return Some(('\n', 1)),
        'r' => return Some(('\r', 1)),
        't' => return Some(('\t', 1)),
        'x' => 2,
        'u' => 4,
        'U' => 8,
        _ => return None,
    };
    let number = u32::from_str_radix(text.get(1..=digits)?, 16).ok()?;
    Some((char::from_u32(number)?, 1 + digits))
}
