//! What did whoever made the environment write down? Nothing in Python reads these keys back.

/// What whoever made the environment wrote down then. A record: nothing in Python reads these keys back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// `version` or `version_info`: the Python of that day.
    pub version: Option<String>,
    /// `prompt`, without the quotes that venv puts around it.
    pub prompt: Option<String>,
    /// `uv`: the uv that made it.
    pub uv: Option<String>,
    /// `virtualenv`: the virtualenv that made it.
    pub virtualenv: Option<String>,
    /// `command`: the line that made it (venv, Python 3.11 and later).
    pub command: Option<String>,
    /// `relocatable`: uv makes scripts that need not stay where they are.
    pub relocatable: Option<String>,
    /// `seed`: uv put pip in.
    pub seed: Option<String>,
    /// `extends-environment`: uv lays it over this one.
    pub extends: Option<String>,
}

/// Reads the record as leniently as a person would.
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
    Record {
        version: filled("version_info").or_else(|| filled("version")),
        prompt: filled("prompt")
            .map(|it| unquoted(&it))
            .filter(|it| !it.is_empty()),
        uv: filled("uv"),
        virtualenv: filled("virtualenv"),
        command: filled("command"),
        relocatable: filled("relocatable"),
        seed: filled("seed"),
        extends: filled("extends-environment"),
    }
}

/// Without a pair of quotes around it, and what a backslash hides in between. (venv writes `repr(prompt)`.)
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

/// The character that `repr` spells after a backslash, and how many bytes that takes.
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
