//! Which texts must never be shown, and which variable has them?

use std::collections::{BTreeSet, HashMap, HashSet};

use aho_corasick::AhoCorasick;
use secrecy::zeroize::Zeroizing;

use crate::secret::Secret;
use crate::sources::{Entry, EnvFile, Said, Sources, State};
use crate::variables::{
    SPECS, Spec, decode, is_harmless, is_harmless_url, is_placeholder, is_real, is_usual_name,
    is_word, looks_like_chance, may_be_in_force, named, promises_secret, resembling, secrets_in,
};
use crate::words::Place;

/// The variable or entry that has a secret.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Owner {
    /// One of the five variables.
    Variable(&'static str),
    /// One of the five variables, in the example file of this name.
    InExample(&'static str, &'static str),
    /// An entry that the program does not read.
    Entry(Place),
}

/// Every text that must never be shown, from every place, also from the places that do not win.
pub fn all_secrets(sources: &Sources) -> Vec<Secret> {
    let mut secrets = owned(sources, &masked, &Spec::secrets_of)
        .into_iter()
        .map(|(_, secret)| secret)
        .filter(|it| !is_blank_to_fill(it.expose()))
        .collect::<Vec<_>>();
    for (name, said) in sources.process.all() {
        let meant = named(name).or_else(|| resembling(name));
        match (meant, said) {
            (Some(meant), Said::Text(text)) => secrets.extend(meant.secrets_of(text.expose())),
            (Some(_), Said::NotText(parts)) => secrets.extend(parts.iter().cloned()),
            _ => {}
        }
    }
    for file in sources.files.iter().chain([&sources.example]) {
        if let State::Read { parsed, .. } = &file.state {
            secrets.extend(parsed.rejected.iter().map(without_name));
            // What dotenvy put into entries. The rest of these values is in the file.
            secrets.extend(parsed.from_process.iter().cloned());
        }
    }
    secrets
}

/// True for a placeholder of several words, which is no secret. `<INSERT_POSTGRES_PASSWORD>` would hide the
/// host `postgres`. Its own place is never shown anyway. A short one hides no piece of another text.
fn is_blank_to_fill(text: &str) -> bool {
    text.len() >= 8
        && text.contains(|c: char| !c.is_alphanumeric())
        && is_placeholder(text)
        && !may_be_in_force(text)
}

/// The secret part of a broken line: everything except the name at its beginning. The name may stand in
/// other messages, so it is not masked.
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

/// The secrets that no tracked file may have in it, each with its owner.
pub fn secrets_with_owners(sources: &Sources) -> Vec<(Owner, Secret)> {
    let root = sources.root.as_ref().ok().and_then(Option::as_ref);
    let project = root.unwrap_or(&sources.folder);
    let project = project.file_name().unwrap_or_default();
    let is_project = |it: &Secret| project.eq_ignore_ascii_case(it.expose());
    let mut secrets = owned(sources, &searched, &searched_of);
    let disguised = secrets.iter().map(|(_, it)| it.clone());
    let disguised = disguised.filter(|it| may_be_in_force(it.expose()));
    let disguised: Vec<Secret> = disguised.collect();
    let public = within(&disguised, sources.example.entries());
    secrets.retain(|(_, it)| !is_project(it) && !public.contains(it.expose()));
    secrets
}

/// Which of these words are in the values of the example? These are public.
fn within<'a>(words: &'a [Secret], example: &[Entry]) -> HashSet<&'a str> {
    let words: BTreeSet<&str> = words.iter().map(Secret::expose).collect();
    let words: Vec<&str> = words.into_iter().collect();
    // All at once: both files may have very many.
    let Ok(search) = AhoCorasick::new(&words) else {
        return HashSet::new();
    };
    let values = example.iter().map(|it| it.value.expose());
    let found = values.flat_map(|it| search.find_overlapping_iter(it));
    found
        .filter_map(|it| words.get(it.pattern().as_usize()).copied())
        .collect()
}

/// The secret part of an entry that the program does not read.
type OfEntry = dyn Fn(&Entry) -> Vec<Secret>;

/// The secret part of a value of the five.
type OfSpec = dyn Fn(&Spec, &str) -> Vec<Secret>;

/// The secrets among the values, each with its owner.
fn owned(sources: &Sources, of_entry: &OfEntry, of_spec: &OfSpec) -> Vec<(Owner, Secret)> {
    let process = SPECS.iter().map(|it| it.name);
    let process = process.filter_map(|name| Some((name, sources.process.text(name)?)));
    let files = sources
        .entries()
        .flat_map(|(_, it)| it.texts().map(|text| (it.name.as_str(), text)));
    let mut secrets = Vec::new();
    for (name, text) in process.chain(files) {
        if let Some(spec) = named(name) {
            let found = of_spec(spec, text.expose()).into_iter();
            secrets.extend(found.map(|it| (Owner::Variable(spec.name), it)));
        }
    }
    // The other entries of a layer file: REDIS_URL with a password in it, SMTP_PASSWORD.
    let owner = |file: &EnvFile, entry: &Entry| Owner::Entry(file.at(entry.line));
    for (file, entry) in sources.entries() {
        if named(&entry.name).is_none() {
            let found = of_entry(entry).into_iter();
            secrets.extend(found.map(|it| (owner(file, entry), it)));
        }
    }
    // The example is public. But somebody may have put a real key there: do not show it on a screen.
    let example = &sources.example;
    for entry in example.entries() {
        let (owner, found) = match named(&entry.name) {
            Some(spec) => (
                Owner::InExample(spec.name, example.name),
                entry
                    .texts()
                    .flat_map(|it| of_spec(spec, it.expose()))
                    .collect(),
            ),
            None => (owner(example, entry), of_entry(entry)),
        };
        let real = found.into_iter().filter(|it| is_real(it.expose()));
        secrets.extend(real.map(|it| (owner.clone(), it)));
    }
    secrets
}

/// The parts of an entry that are never shown: the secret parts of a URL, or the whole value when the
/// name sounds like a secret. When in doubt, it hides more.
fn masked(entry: &Entry) -> Vec<Secret> {
    secret_parts(entry, |name| {
        const ALL: [&str; 6] = ["KEY", "TOKEN", "SECRET", "PASS", "PWD", "CREDENTIAL"];
        let upper = name.to_ascii_uppercase();
        let place = ["_FILE", "_PATH", "_DIR"];
        !place.iter().any(|it| upper.ends_with(it))
            && (ALL.iter().any(|it| upper.contains(it)) || resembling(name).is_some())
    })
}

/// The parts of an entry that the search looks for in files: a whole word of the name says "secret", and
/// the value may be one. When in doubt, it looks for less: a word that is in every file is no finding.
fn searched(entry: &Entry) -> Vec<Secret> {
    let mut parts = secret_parts(entry, |name| {
        promises_secret(name) || resembling(name).is_some()
    });
    let texts = entry.texts().map(|it| Parameters::of(it.expose()));
    let texts: Vec<Parameters> = texts.collect();
    parts.retain(|it| !is_harmless(it.expose()) && !texts.iter().any(|text| text.only_set(it)));
    parts
}

/// The parts of a value of the five that the search looks for. A password that is also a name in the same
/// URL is not among them (`postgresql://zion:zion@db/zion`).
fn searched_of(spec: &Spec, text: &str) -> Vec<Secret> {
    // Each variable with a default expects a word.
    let expects_word = spec.default.is_some();
    if (spec.is_url() || (expects_word && !is_word(text))) && is_harmless_url(text) {
        return Vec::new();
    }
    let mut secrets = spec.secrets_of(text);
    let parameters = Parameters::of(text);
    let mut words = HashMap::new();
    for word in text.split(|c: char| !c.is_alphanumeric()) {
        *words.entry(word).or_insert(0) += 1;
    }
    secrets.retain(|it| !parameters.only_set(it));
    secrets.retain(|it| words.get(it.expose()).is_none_or(|it| *it < 2));
    if expects_word {
        // Two words count as one: `pre-production`.
        secrets.retain(|it| is_word(it.expose()) || !is_harmless(it.expose()));
    }
    secrets
}

/// The values of a URL's parameters, as they are written and decoded, each once and in order. For each:
/// does a name say "secret"?
struct Parameters(Vec<(Zeroizing<String>, bool)>);

impl Parameters {
    /// Reads the parameters.
    fn of(url: &str) -> Self {
        let (_, query) = url.split_once('?').unwrap_or_default();
        let mut values = Vec::new();
        for (name, written) in query.split(['&', ';']).filter_map(|it| it.split_once('=')) {
            let is_secret = promises_secret(name);
            let written_so = Zeroizing::new(written.to_owned());
            let both = [written_so].into_iter().chain(decode(written));
            values.extend(both.map(|it| (it, is_secret)));
        }
        values.sort_unstable_by(|(a, _), (b, _)| a.as_str().cmp(b));
        values.dedup_by(|(value, is_secret), kept| {
            let same = *value == kept.0;
            kept.1 |= same && *is_secret;
            same
        });
        Self(values)
    }

    /// True for a value that only sets something: `?options=-csearch_path%3Dzion`. No name says "secret",
    /// and it does not look like one.
    fn only_set(&self, value: &Secret) -> bool {
        let known = self
            .0
            .binary_search_by(|(it, _)| it.as_str().cmp(value.expose()));
        known.is_ok_and(|it| !self.0[it].1) && !looks_like_chance(value.expose())
    }
}

/// The secret parts of a URL. When the value is not a URL and the name is that of a secret: all of it.
fn secret_parts(entry: &Entry, is_secret: impl Fn(&str) -> bool) -> Vec<Secret> {
    let parts = entry.texts().flat_map(|value| {
        let text = value.expose();
        secrets_in(text).unwrap_or_else(|| {
            // `API_KEY=API_KEY` is not a secret.
            let says_itself = text.eq_ignore_ascii_case(&entry.name);
            let all = (is_secret(&entry.name) && !says_itself).then(|| value.clone());
            all.into_iter().collect()
        })
    });
    parts.filter(|it| !it.expose().trim().is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An entry that the program does not read.
    fn entry(name: &str, text: &str) -> Entry {
        Entry {
            name: name.to_owned(),
            value: Secret::new(text),
            written: None,
            line: 1,
            change: None,
            from_process: false,
            parts: Vec::new(),
        }
    }

    /// A URL with this password in it.
    fn redis(password: &str) -> String {
        format!("redis://:{password}@cache:6379/0")
    }

    #[track_caller]
    fn check(name: &str, text: &str, shown: bool, looked_for: bool) {
        let entry = entry(name, text);
        let found = [masked(&entry), searched(&entry)].map(|it| !it.is_empty());
        assert_eq!(found, [!shown, looked_for], "{name}");
    }

    #[test]
    fn an_unused_value_is_secret_because_of_its_name_or_its_url() {
        check("SMTP_PASSWORD", "wh1te-R4bbit", false, true);
        check("authToken", "wh1te-R4bbit", false, true);
        check("API_KYE", "wh1te-R4bbit", false, true);
        check("SMTP_HOST", "wh1te-R4bbit", true, false);
        check("SMTP_PASSWORD", " ", true, false);
        check("PASSWORD_FILE", "/run/secrets/smtp", true, false);
        check("REDIS_URL", &redis("wh1te-R4bbit"), false, true);
        check("TOKEN_URL", "https://zion.example/token", true, false);
        check("HOOK", "https://h.example/T024BE7LH9zQ1xY8", false, true);
    }

    #[test]
    fn the_search_ignores_values_that_cannot_be_secrets() {
        check("ZION_ACCESS_KEY_ID", "nebuchadnezza", false, false);
        check("API_KEY_RATE_LIMIT", "wh1te-R4bbit", false, false);
        check("ZION_SECRET", "3600", false, false);
        check("SESSION_KEY", "ABCDEFGHIJKLMNOP", false, false);
        check("KEYMAKER_API_KEY", "KEYMAKER_API_KEY", true, false);
        check("REDIS_URL", &redis("morpheus"), false, false);
        let class = "zion.contrib.auth.Argon2PasswordBackend";
        check("ZION_TOKEN", class, false, false);
    }

    #[test]
    fn the_search_ignores_a_password_that_is_a_name_in_its_url() {
        let found = |name: &str| {
            let text = format!("postgresql://zion:{}@db/{name}", "gatekeeper");
            named("DATABASE_URL").map(|it| searched_of(it, &text).len())
        };
        assert_eq!(found("gatekeeper"), Some(0));
        assert_eq!(found("gate"), Some(1));
    }

    #[test]
    fn the_search_ignores_a_parameter_that_only_sets_something() {
        let found = |url: &str| named("DATABASE_URL").map(|it| searched_of(it, url).len());
        for query in [
            "options=-csearch_path%3Dnebuchadnezzar2",
            "authMechanism=SCRAM-SHA-256&replicaSet=atlas-zion-shard-0",
            "driver=ODBC+Driver+17+for+SQL+Server",
        ] {
            assert_eq!(found(&format!("mongodb://h/m?{query}")), Some(0), "{query}");
            assert_eq!(
                found(&format!("postgresql://h/m?{query}")),
                Some(0),
                "{query}"
            );
        }
        for query in ["api_key=wh1te-R4bbit-ho", "sig=k7Gq2xR9tZb4Lw8Vn3Hs"] {
            assert_eq!(found(&format!("mysql://h/m?{query}")), Some(1), "{query}");
        }
        check("BROKER", "amqp://h/v?frame_max=wh1te-R4bbit", false, false);
        check("BROKER", "amqp://h/v?auth_token=wh1te-R4bbit", false, true);
    }

    #[test]
    fn everything_on_a_broken_line_is_secret_except_its_name() {
        let rest = |line: &str| without_name(&Secret::new(line)).expose().to_owned();
        assert_eq!(rest("export API_KEY = 'wh1te r"), "wh1te r");
        assert_eq!(rest("API_KEY"), "API_KEY");
        assert_eq!(rest("Wh1te_R4bbit=x"), "Wh1te_R4bbit=x");
    }
}
