//! Which texts must never be shown, and whose are they?

use crate::secret::Secret;
use crate::sources::{Sources, State};
use crate::variables::{is_real, named, resembling, secrets_in};
use crate::words::Place;

/// Whose value a secret is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Owner {
    /// One of the five.
    Variable(&'static str),
    /// One of the five, as `.env.example` has it.
    InExample(&'static str),
    /// An entry that nothing here reads.
    Entry(Place),
}

/// Every text that must never be shown, from every place, winners and losers alike.
pub fn everything(sources: &Sources) -> Vec<Secret> {
    let mut secrets = with_owners(sources)
        .into_iter()
        .map(|(_, secret)| secret)
        .collect::<Vec<_>>();
    for file in sources.files.iter().chain([&sources.example]) {
        if let State::Read { parsed, .. } = &file.state {
            secrets.extend(parsed.rejected.iter().map(without_name));
            // What dotenvy put into entries; the rest of those stands in the file.
            secrets.extend(parsed.from_process.iter().cloned());
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

/// The secrets among the values, each with its owner.
pub fn with_owners(sources: &Sources) -> Vec<(Owner, Secret)> {
    let process = sources.process.names();
    let process = process.filter_map(|name| Some((name, sources.process.text(name)?)));
    let files = sources
        .entries()
        .map(|(_, it)| (it.name.as_str(), &it.value));
    let mut secrets = Vec::new();
    for (name, text) in process.chain(files) {
        if let Some(spec) = named(name) {
            let found = (spec.secrets)(text.expose()).into_iter();
            secrets.extend(found.map(|it| (Owner::Variable(spec.name), it)));
        }
    }
    // What else a layer file keeps: REDIS_URL with a password in it, SMTP_PASSWORD.
    for (file, entry) in sources.entries() {
        if named(&entry.name).is_none() {
            let found = by_name(&entry.name, &entry.value);
            secrets.extend(found.map(|it| (Owner::Entry(file.at(entry.line)), it)));
        }
    }
    // The example is public; but whoever put a real key there does not want it on a screen too.
    for entry in sources.example.entries() {
        let (owner, found) = match named(&entry.name) {
            Some(spec) => (
                Owner::InExample(spec.name),
                (spec.secrets)(entry.value.expose()),
            ),
            None => (
                Owner::Entry(sources.example.at(entry.line)),
                by_name(&entry.name, &entry.value).collect(),
            ),
        };
        let real = found.into_iter().filter(|it| is_real(it.expose()));
        secrets.extend(real.map(|it| (owner.clone(), it)));
    }
    secrets
}

/// What is secret of a value that nothing here reads: of a URL the parts that are, else all of it
/// when its name says so.
fn by_name(name: &str, value: &Secret) -> impl Iterator<Item = Secret> + use<> {
    let parts = secrets_in(value.expose()).unwrap_or_else(|| {
        let all = sounds_secret(name).then(|| value.clone());
        all.into_iter().collect()
    });
    parts
        .into_iter()
        .filter(|it| !it.expose().trim().is_empty())
}

/// True for names that promise a secret, and not only the place of one: `PASSWORD_FILE`.
fn sounds_secret(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    let has = |words: &[&str]| words.iter().any(|it| name.contains(it));
    let place = ["_FILE", "_PATH", "_DIR"];
    !place.iter().any(|it| name.ends_with(it))
        && (has(&["KEY", "TOKEN", "SECRET", "PASS", "PWD", "CREDENTIAL"])
            || resembling(&name).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, text: &str, expected: &[&str]) {
        let found = by_name(name, &Secret::new(text));
        let found: Vec<String> = found.map(|it| it.expose().to_owned()).collect();
        assert_eq!(found, expected, "{name}");
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
