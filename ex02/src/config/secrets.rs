//! Which secrets are in the values, and which variable has them?

use std::collections::HashMap;

use super::parameters::Parameters;
use crate::secret::Secret;
use crate::sources::{Entry, EnvFile, Sources};
use crate::variables::{
    SPECS, Spec, add_new, behind_a_user, in_other_grammar, is_harmless, is_harmless_url, is_real,
    is_word, named, named_secrets, promises_secret, repeats_name, resembling, secrets_in,
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

/// Why the search does not look for a value, although its name or its place in a URL says "secret".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NotSought {
    /// It is a placeholder.
    Placeholder,
    /// It is so short that it may occur by chance.
    TooShort,
    /// It is in every source tree.
    CommonWord,
    /// `MATRIX_MODE` or `LOG_LEVEL` has a wrong word, such as a typing error. Many files have this word in
    /// them, and the report does not show it.
    Word,
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

/// Which parts of a value are secret?
pub struct Rules {
    /// Of an entry that the program does not read.
    pub of_entry: fn(&Entry) -> Vec<Part>,
    /// Of a value of the five.
    pub of_spec: fn(&Spec, &str) -> Vec<Part>,
}

/// The parts that the search looks for.
pub const SEARCHED: Rules = Rules {
    of_entry: searched,
    of_spec: searched_of,
};

/// The secrets among the values of the process and of the layer files, each with its owner. Those of the five
/// come first. Then those of the other entries: `REDIS_URL` with a password in it, `SMTP_PASSWORD`.
pub fn owned(sources: &Sources, rules: &Rules) -> Vec<(Owner, Part)> {
    let process = SPECS.iter().flat_map(|spec| {
        let text = sources.process.text(spec.name).into_iter();
        let parts = text.flat_map(|it| (rules.of_spec)(spec, it.expose()));
        parts.map(|it| (Owner::Variable(spec.name), it))
    });
    let files = sources.entries();
    let files = files.flat_map(|(file, it)| owned_by_entry(file, it, rules));
    let mut secrets: Vec<(Owner, Part)> = process.chain(files).collect();
    secrets.sort_by_key(|(owner, _)| matches!(owner, Owner::Entry(_)));
    secrets
}

/// The secrets among the values of the example, each with its owner. The example is public, but somebody may
/// have put a real key there: do not show it on a screen.
pub fn owned_by_example(sources: &Sources, rules: &Rules) -> Vec<(Owner, Part)> {
    let entries = sources.example.entries().iter().flat_map(|entry| {
        let is_real = |text: &str| is_real(text) && !repeats_name(&entry.name, text);
        let mut secrets = owned_by_entry(&sources.example, entry, rules);
        secrets.retain(|(_, (it, why))| why.is_none() && is_real(it.expose()));
        secrets
    });
    entries.collect()
}

/// The secrets in one entry of a file, with their owner.
fn owned_by_entry(file: &EnvFile, entry: &Entry, rules: &Rules) -> Vec<(Owner, Part)> {
    let of_spec = |spec| {
        let texts = entry.texts();
        texts.flat_map(move |it| (rules.of_spec)(spec, it.expose()))
    };
    let (owner, parts) = match (named(&entry.name), file.layer) {
        (Some(it), Some(_)) => (Owner::Variable(it.name), of_spec(it).collect()),
        (Some(it), None) => (Owner::InExample(it.name, file.name), of_spec(it).collect()),
        (None, _) => (Owner::Entry(file.at(entry.line)), (rules.of_entry)(entry)),
    };
    parts.into_iter().map(|it| (owner.clone(), it)).collect()
}

/// True for the name of a secret, and for one that resembles the name of one of the five.
pub fn names_a_secret(name: &str) -> bool {
    promises_secret(name) || resembling(name).is_some()
}

/// The parts of an entry that the search looks for in files: a whole word of the name says "secret", and
/// the value may be one. When in doubt, it looks for less: a word that is in every file is no finding.
fn searched(entry: &Entry) -> Vec<Part> {
    let mut parts = secret_parts(entry, names_a_secret);
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
    // `zion_gate` is two words, or one name.
    let counts = ["", "-_"].map(|joints| {
        let mut counts = HashMap::new();
        for word in text.split(|c: char| !c.is_alphanumeric() && !joints.contains(c)) {
            *counts.entry(word).or_insert(0) += 1;
        }
        counts
    });
    secrets.retain(|it| !parameters.only_set(it));
    if expects_word {
        // Two words count as one: `pre-production`.
        secrets.retain(|it| is_word(it.expose()) || !is_harmless(it.expose()));
    }
    let is_twice = |it: &Secret| counts.iter().any(|all| all.get(it.expose()) > Some(&1));
    let parts = secrets.into_iter().map(|it| {
        let why = is_twice(&it).then_some(NotSought::InItsUrl);
        (it, why)
    });
    parts.collect()
}

/// The secret parts of a URL, and what stands behind the name of a secret in any text. When the value is not a
/// URL and the name is that of a secret: all of it.
pub fn secret_parts(entry: &Entry, is_secret: impl Fn(&str) -> bool) -> Vec<Secret> {
    let parts = entry.texts().flat_map(|value| {
        let text = value.expose();
        let bare = text.trim_matches(|c: char| c.is_whitespace() || "\"'`".contains(c));
        let mut parts = secrets_in(bare).unwrap_or_else(|| {
            // `API_KEY=API_KEY` is not a secret.
            let says_itself = text.eq_ignore_ascii_case(&entry.name);
            let is_secret = is_secret(&entry.name) && !says_itself;
            let all = is_secret.then(|| value.clone());
            // `NEO4J_AUTH=neo4j/…`: the name does not say that all of it is secret.
            let is_pair = is_secret || entry.name.to_ascii_uppercase().ends_with("_AUTH");
            let last = is_pair.then(|| behind_a_user(bare)).flatten();
            let parts = all.into_iter().chain(last);
            parts.chain(in_other_grammar(bare)).collect()
        });
        add_new(&mut parts, named_secrets(text));
        parts
    });
    parts.filter(|it| !it.expose().trim().is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::super::masked::masked;
    use super::*;
    use crate::variables::secret_words;

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
    fn whatever_is_looked_for_is_masked() {
        for word in secret_words() {
            for name in [word.to_owned(), format!("ZION_{word}"), format!("{word}_2")] {
                let entry = entry(&name, "wh1te-R4bbit");
                let sought = searched(&entry).iter().any(|(_, why)| why.is_none());
                assert!(!sought || !masked(&entry).is_empty(), "{name}");
            }
        }
        check("GITHUB_PAT", "wh1te-R4bbit", false, true);
        check("JWT", "wh1te-R4bbit", false, true);
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
        let url = |name: &str| format!("postgresql://{name}:{}@db/m", "zion_gate-app");
        for (name, expected) in [("zion_gate-app", 0), ("zion_gate", 1)] {
            let found = named("DATABASE_URL").map(|it| searched_of(it, &url(name)));
            let found = found.unwrap().into_iter().filter(|(_, why)| why.is_none());
            assert_eq!(found.count(), expected, "{name}");
        }
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
