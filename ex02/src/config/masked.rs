//! Which texts must never be shown?

use super::secrets::{Part, Rules, names_a_secret, owned, owned_by_example, secret_parts};
use crate::secret::Secret;
use crate::sources::{Entry, EnvFile, Said, Sources};
use crate::variables::{is_placeholder, is_usual_name, may_be_in_force, named, resembling};

/// The parts that are never shown.
const MASKED: Rules = Rules {
    of_entry: |it| whole(masked(it)),
    of_spec: |spec, text| whole(spec.secrets_of(text)),
};

/// Every text that must never be shown, from every place, also from the places that do not win.
pub fn all_secrets(sources: &Sources) -> Vec<Secret> {
    let of_layers = owned(sources, &MASKED);
    let mut secrets = of_layers
        .into_iter()
        .chain(owned_by_example(sources, &MASKED))
        .map(|(_, (secret, _))| secret)
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
    let files = sources.files.iter().chain([&sources.example]);
    for parsed in files.filter_map(EnvFile::parsed) {
        secrets.extend(parsed.rejected.iter().map(without_name));
        // What dotenvy put into entries. The rest of these values is in the file.
        secrets.extend(parsed.from_process.iter().cloned());
    }
    secrets
}

/// All of these secrets: what is only not looked for is not shown either.
fn whole(secrets: Vec<Secret>) -> Vec<Part> {
    secrets.into_iter().map(|it| (it, None)).collect()
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

/// The parts of an entry that are never shown: the secret parts of a URL, or the whole value when the
/// name sounds like a secret. When in doubt, it hides more than the search looks for, never less.
pub fn masked(entry: &Entry) -> Vec<Secret> {
    secret_parts(entry, |name| {
        const ALL: [&str; 6] = ["KEY", "TOKEN", "SECRET", "PASS", "PWD", "CREDENTIAL"];
        let upper = name.to_ascii_uppercase();
        let place = ["_FILE", "_PATH", "_DIR"];
        let sounds = ALL.iter().any(|it| upper.contains(it));
        names_a_secret(name) || (sounds && !place.iter().any(|it| upper.ends_with(it)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_on_a_broken_line_is_secret_except_its_name() {
        let rest = |line: &str| without_name(&Secret::new(line)).expose().to_owned();
        assert_eq!(rest("export API_KEY = 'wh1te r"), "wh1te r");
        assert_eq!(rest("API_KEY"), "API_KEY");
        assert_eq!(rest("Wh1te_R4bbit=x"), "Wh1te_R4bbit=x");
    }
}
