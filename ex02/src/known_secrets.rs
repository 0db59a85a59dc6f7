//! Which texts must never be shown, and whose are they?

use crate::layer_file::State;
use crate::secret::Secret;
use crate::sources::{EXAMPLE, Sources};
use crate::spec;
use crate::strength;
use crate::typing_errors;

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
        if let Some(spec) = spec::named(name) {
            secrets.extend(
                (spec.secrets)(text)
                    .into_iter()
                    .map(|it| (name.to_owned(), Secret::new(it))),
            );
        }
    }
    // What else a layer file keeps under a name that says so: SMTP_PASSWORD, STRIPE_TOKEN.
    for (file, entry) in sources.entries() {
        if spec::named(&entry.name).is_none()
            && sounds_secret(&entry.name)
            && !entry.value.expose().trim().is_empty()
        {
            let name = format!("the entry in {}:{}", file.shown, entry.line);
            secrets.push((name, entry.value.clone()));
        }
    }
    // The example is public; but whoever put a real key there does not want it on a screen too.
    for entry in sources.example.entries() {
        let text = entry.value.expose();
        let (name, real) = match spec::named(&entry.name) {
            Some(spec) => (format!("{} in {EXAMPLE}", spec.name), (spec.secrets)(text)),
            None if sounds_secret(&entry.name) => {
                let name = format!("the entry in {}:{}", sources.example.shown, entry.line);
                (name, vec![text.to_owned()])
            }
            None => continue,
        };
        let real = real.into_iter().filter(|it| strength::is_real(it));
        secrets.extend(real.map(|it| (name.clone(), Secret::new(it))));
    }
    secrets
}

/// True for names that promise a secret.
fn sounds_secret(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    ["KEY", "TOKEN", "SECRET", "PASS", "PWD", "CREDENTIAL"]
        .iter()
        .any(|it| name.contains(it))
        || typing_errors::resembling(&name).is_some()
}
