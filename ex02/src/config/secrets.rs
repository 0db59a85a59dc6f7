//! Which secrets does the search look for, and which variable has them?

use std::collections::{BTreeSet, HashMap, HashSet};

use super::parameters::Parameters;
use crate::secret::Secret;
use crate::sources::{Entry, EnvFile, Sources};
use crate::variables::{
    SPECS, Spec, in_other_grammar, is_harmless, is_harmless_url, is_real, is_word, may_be_in_force,
    named, promises_secret, repeats_name, resembling, secrets_in,
};
use crate::words::Place;
use aho_corasick::AhoCorasick;

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

/// Why the search does not look for a value, although its name or its place in a URL says "secret".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NotSought {
    /// It repeats the name of its variable, with words of examples.
    OwnName,
    /// Nobody keeps such a text secret: a word, a number, a path, a pattern.
    Harmless,
    /// It is also a name in the same URL.
    InItsUrl,
    /// It is the name of the project's folder.
    Project,
    /// It is a word that the example file shows.
    InExample,
}

/// A secret part of a value, and why the search does not look for it.
pub type Part = (Secret, Option<NotSought>);

/// What the search looks for, and what it does not look for, each with its owner.
pub struct Sought {
    /// No tracked file may have one of these in it.
    pub secrets: Vec<(Owner, Secret)>,
    /// The others.
    pub left: Vec<(Owner, NotSought)>,
}

/// The secrets that no tracked file may have in it, each with its owner, and the values that may be there.
pub fn sought(sources: &Sources) -> Sought {
    let root = sources.root.as_ref().ok().and_then(Option::as_ref);
    let project = root.unwrap_or(&sources.folder);
    let project = project.file_name().unwrap_or_default();
    let is_project = |it: &Secret| project.eq_ignore_ascii_case(it.expose());
    let parts = owned(sources, &searched, &searched_of);
    let of_example = owned_by_example(sources, &searched, &searched_of);
    let disguised = parts
        .iter()
        .chain(&of_example)
        .map(|(_, (it, _))| it.clone());
    let disguised = disguised.filter(|it| may_be_in_force(it.expose()));
    let disguised: Vec<Secret> = disguised.collect();
    let public = within(&disguised, sources.example.entries());
    let (mut secrets, mut left) = (Vec::new(), Vec::new());
    let why_not = |secret: &Secret| {
        let project = is_project(secret).then_some(NotSought::Project);
        project.or_else(|| {
            public
                .contains(secret.expose())
                .then_some(NotSought::InExample)
        })
    };
    for (owner, (secret, why)) in parts {
        match why.or_else(|| why_not(&secret)) {
            Some(why) => left.push((owner, why)),
            None => secrets.push((owner, secret)),
        }
    }
    let of_example = of_example.into_iter();
    let of_example = of_example.map(|(owner, (secret, _))| (owner, secret));
    secrets.extend(of_example.filter(|(_, it)| why_not(it).is_none()));
    Sought { secrets, left }
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
pub type OfEntry = dyn Fn(&Entry) -> Vec<Part>;

/// The secret part of a value of the five.
pub type OfSpec = dyn Fn(&Spec, &str) -> Vec<Part>;

/// The secrets among the values of the process and of the layer files, each with its owner.
pub fn owned(sources: &Sources, of_entry: &OfEntry, of_spec: &OfSpec) -> Vec<(Owner, Part)> {
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
    secrets
}

/// The secrets among the values of the example, each with its owner. The example is public, but somebody may
/// have put a real key there: do not show it on a screen.
pub fn owned_by_example(
    sources: &Sources,
    of_entry: &OfEntry,
    of_spec: &OfSpec,
) -> Vec<(Owner, Part)> {
    let mut secrets = Vec::new();
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
            None => (Owner::Entry(example.at(entry.line)), of_entry(entry)),
        };
        let is_real = |text: &str| is_real(text) && !repeats_name(&entry.name, text);
        let found: Vec<Part> = found;
        let real = found
            .into_iter()
            .filter(|(it, why)| why.is_none() && is_real(it.expose()));
        secrets.extend(real.map(|it| (owner.clone(), it)));
    }
    secrets
}

/// The parts of an entry that the search looks for in files: a whole word of the name says "secret", and
/// the value may be one. When in doubt, it looks for less: a word that is in every file is no finding.
fn searched(entry: &Entry) -> Vec<Part> {
    let mut parts = secret_parts(entry, |name| {
        promises_secret(name) || resembling(name).is_some()
    });
    let texts = entry.texts().map(|it| Parameters::of(it.expose()));
    let texts: Vec<Parameters> = texts.collect();
    parts.retain(|it| !texts.iter().any(|text| text.only_set(it)));
    let why = |text: &str| {
        let own = repeats_name(&entry.name, text).then_some(NotSought::OwnName);
        own.or(is_harmless(text).then_some(NotSought::Harmless))
    };
    let parts = parts.into_iter().map(|it| {
        let why = why(it.expose());
        (it, why)
    });
    parts.collect()
}

/// The parts of a value of the five that the search looks for. A password that is also a name in the same
/// URL is left out (`postgresql://zion:zion@db/zion`).
pub fn searched_of(spec: &Spec, text: &str) -> Vec<Part> {
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
    if expects_word {
        // Two words count as one: `pre-production`.
        secrets.retain(|it| is_word(it.expose()) || !is_harmless(it.expose()));
    }
    let is_twice = |it: &Secret| words.get(it.expose()).is_some_and(|it| *it > 1);
    let parts = secrets.into_iter().map(|it| {
        let why = is_twice(&it).then_some(NotSought::InItsUrl);
        (it, why)
    });
    parts.collect()
}

/// The secret parts of a URL. When the value is not a URL and the name is that of a secret: all of it.
pub fn secret_parts(entry: &Entry, is_secret: impl Fn(&str) -> bool) -> Vec<Secret> {
    let parts = entry.texts().flat_map(|value| {
        let text = value.expose();
        secrets_in(text).unwrap_or_else(|| {
            // `API_KEY=API_KEY` is not a secret.
            let says_itself = text.eq_ignore_ascii_case(&entry.name);
            let all = (is_secret(&entry.name) && !says_itself).then(|| value.clone());
            all.into_iter().chain(in_other_grammar(text)).collect()
        })
    });
    parts.filter(|it| !it.expose().trim().is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::super::masked::masked;
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
        let sought = searched(&entry).iter().any(|(_, why)| why.is_none());
        let found = [!masked(&entry).is_empty(), sought];
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
            let found = named("DATABASE_URL").map(|it| searched_of(it, &text));
            found.map(|it| it.iter().filter(|(_, why)| why.is_none()).count())
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
}
