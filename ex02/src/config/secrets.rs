//! Which texts must never be shown, and whose are they?

use crate::config::misspelt;
use crate::secret::value::Secret;
use crate::sources::file::State;
use crate::sources::layers::{EXAMPLE, Sources};
use crate::variables::strength;
use crate::variables::table;
use crate::variables::url;

/// Every text that must never be shown, from every place, winners and losers alike.
pub fn all(sources: &Sources) -> Vec<Secret> {
    let mut secrets = named(sources)
        .into_iter()
        .map(|(_, secret)| secret)
        .collect::<Vec<_>>();
    for file in &sources.files {
        if let State::Read { parsed, .. } = &file.state {
            secrets.extend(parsed.rejected.iter().map(without_name));
        }
    }
    secrets
}

/// What of a broken line is secret: all of it but the name it may begin with, which stands in
/// messages too.
fn without_name(line: &Secret) -> Secret {
    let text = line.expose().trim_start();
    let text = text.strip_prefix("export ").unwrap_or(text).trim_start();
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_');
    match text.split_at(end.unwrap_or(0)) {
        (name, rest) if is_usual_name(name) => {
            Secret::new(rest.trim_start_matches(|c: char| !c.is_alphanumeric()))
        }
        _ => line.clone(),
    }
}

/// True for a name as people write them; any other may be part of a secret.
pub fn is_usual_name(name: &str) -> bool {
    let usual = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    name.len() <= 40 && name.contains('_') && name.chars().all(usual)
}

/// The secrets among the values, each with the name of its variable.
pub fn named(sources: &Sources) -> Vec<(String, Secret)> {
    let process = sources
        .process
        .iter()
        .filter_map(|(name, value)| Some((name.to_str()?, value.to_str()?)));
    let files = sources
        .entries()
        .map(|(_, it)| (it.name.as_str(), it.value.expose()));
    let mut secrets = Vec::new();
    for (name, text) in process.chain(files) {
        if let Some(spec) = table::named(name) {
            secrets.extend(
                (spec.secrets)(text)
                    .into_iter()
                    .map(|it| (name.to_owned(), Secret::new(it))),
            );
        }
    }
    // What else a layer file keeps: REDIS_URL with a password in it, SMTP_PASSWORD.
    for (file, entry) in sources.entries() {
        if table::named(&entry.name).is_none() {
            let name = format!("the entry in {}:{}", file.shown, entry.line);
            let secret = by_name(&entry.name, entry.value.expose());
            secrets.extend(secret.map(|it| (name.clone(), Secret::new(it))));
        }
    }
    // The example is public; but whoever put a real key there does not want it on a screen too.
    for entry in sources.example.entries() {
        let text = entry.value.expose();
        let place = || format!("the entry in {}:{}", sources.example.shown, entry.line);
        let (name, real) = match table::named(&entry.name) {
            Some(spec) => (format!("{} in {EXAMPLE}", spec.name), (spec.secrets)(text)),
            None => (place(), by_name(&entry.name, text).collect()),
        };
        let real = real.into_iter().filter(|it| strength::is_real(it));
        secrets.extend(real.map(|it| (name.clone(), Secret::new(it))));
    }
    secrets
}

/// What is secret of a value that nothing here reads: of a URL the parts that are, else all of it
/// when its name says so.
fn by_name(name: &str, text: &str) -> impl Iterator<Item = String> + use<> {
    let parts = match url::parse(text) {
        Ok(url) => url.secrets(),
        Err(_) if sounds_secret(name) => vec![text.to_owned()],
        Err(_) => Vec::new(),
    };
    parts.into_iter().filter(|it| !it.trim().is_empty())
}

/// True for names that promise a secret, and not only the place of one: `PASSWORD_FILE`.
fn sounds_secret(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    let has = |words: &[&str]| words.iter().any(|it| name.contains(it));
    let place = ["_FILE", "_PATH", "_DIR"];
    !place.iter().any(|it| name.ends_with(it))
        && (has(&["KEY", "TOKEN", "SECRET", "PASS", "PWD", "CREDENTIAL"])
            || misspelt::resembling(&name).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, text: &str, expected: &[&str]) {
        assert_eq!(by_name(name, text).collect::<Vec<_>>(), expected, "{name}");
    }

    #[test]
    fn a_value_that_nothing_reads_is_secret_by_its_name_or_in_its_url() {
        check("SMTP_PASSWORD", "wh1te", &["wh1te"]);
        check("authToken", "wh1te", &["wh1te"]);
        check("API_KYE", "wh1te", &["wh1te"]);
        check("SMTP_HOST", "wh1te", &[]);
        check("SMTP_PASSWORD", " ", &[]);
        check("PASSWORD_FILE", "/run/secrets/smtp", &[]);
        check("REDIS_URL", "redis://:wh1te@cache:6379/0", &["wh1te"]);
        check("TOKEN_URL", "https://zion.example/token", &[]);
        check(
            "HOOK",
            "https://h.example/T024BE7LH9zQ1xY8",
            &["T024BE7LH9zQ1xY8"],
        );
    }

    #[test]
    fn of_a_broken_line_all_is_secret_but_its_name() {
        let rest = |line: &str| without_name(&Secret::new(line)).expose().to_owned();
        assert_eq!(rest("export API_KEY = 'wh1te r"), "wh1te r");
        assert_eq!(rest("API_KEY"), "API_KEY");
        assert_eq!(rest("Wh1te_R4bbit=x"), "Wh1te_R4bbit=x");
    }
}
