//! Is a text the name of something in a program, such as a class?

use super::phrase::{Phrase, cut};

/// A random text has more letters and digits than this that form no word.
const MOST_NOISE: usize = 7;

/// True for the full name of a class, module or function: `zion.auth.TokenBackend`,
/// `zion.main:create_app`, `Zion\Auth\TokenFactory`, `zion::auth::Token`. Such a name is in the code, so it
/// is no secret.
///
/// Words with dots between them may also be a password (`correct.horse.battery`). So a name must show that
/// a program wrote it: by capitals inside a word, or by a `_`.
pub fn is_code_name(text: &str) -> bool {
    let in_parts = |separator: &str| text.split(separator).collect::<Vec<_>>();
    if text.contains("::") {
        return are_names(&in_parts("::"), text);
    }
    if text.contains('\\') {
        return are_names(&in_parts("\\"), text);
    }
    // The text before a `:` may be a user, and the text after it a password.
    let (module, attribute) = text.split_once(':').unwrap_or((text, ""));
    let mut parts: Vec<&str> = module.split('.').collect();
    let written_by_a_program = if text.contains(':') {
        parts.push(attribute);
        is_compound(attribute)
    } else {
        parts.iter().any(|it| it.contains('_')) || parts.last().is_some_and(|it| is_camel(it))
    };
    let folders = parts.split_last().map_or(&[][..], |(_, before)| before);
    let small = |it: &&str| !it.contains(|c: char| c.is_ascii_uppercase());
    written_by_a_program && folders.iter().all(small) && are_names(&parts, text)
}

/// True for two or more names, which consist of words.
fn are_names(parts: &[&str], text: &str) -> bool {
    let inside = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let is_name = |it: &&str| {
        it.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && it.chars().all(inside)
    };
    let phrase = Phrase::of(text);
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    parts.len() > 1
        && parts.iter().all(is_name)
        && phrase.noise + digits <= MOST_NOISE
        && (phrase.noise + digits) * 3 <= phrase.known + phrase.unknown
}

/// True for `create_app` and `TokenBackend`.
fn is_compound(name: &str) -> bool {
    name.contains('_') || is_camel(name)
}

/// True for two words or more that begin with capitals: `TokenBackend`.
fn is_camel(name: &str) -> bool {
    let words = cut(name);
    let is_word = |it: &&&str| it.len() > 2 && it.starts_with(|c: char| c.is_ascii_uppercase());
    words.iter().filter(is_word).count() > 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_programs_are_told_from_passwords_and_tokens() {
        for name in [
            "django.contrib.auth.hashers.Argon2PasswordHasher",
            "airflow.providers.hashicorp.secrets.vault.VaultBackend",
            "airflow.api.auth.backend.basic_auth",
            "rest_framework.authtoken.models.Token",
            "com.example.secrets.FileSecretProvider",
            "org.apache.kafka.common.serialization.StringSerializer",
            "App\\Security\\TokenFactory",
            "zion.main:create_app",
            "zion.auth:TokenBackend",
            "devise::strategies::Token",
            "Devise::Strategies::TokenAuth",
        ] {
            assert!(is_code_name(name), "{name}");
        }
        for secret in [
            "correct.horse.battery.staple",
            "Correct.Horse.Battery.Staple",
            "correct.horse.battery.Staple",
            "neo_smith:sunshine",
            "neo.smith:sunshine",
            "first_name:matrix",
            "Wh1te.R4bbit_h0le.Tr1n1ty",
            "wh1te_r4bbit.h0le.tr1n1ty",
            "kq_zxv.wtrpl_mnb.FgHjKlQwRt",
            "TokenBackend",
            "create_app",
            "zion..TokenBackend",
        ] {
            assert!(!is_code_name(secret), "{secret}");
        }
        // A signed token, a key of SendGrid and a token of Vault, in pieces: nobody finds them here.
        for token in [
            [
                "eyJhbGciOiJIUzI1NiJ9",
                "eyJuYW1lIjoibmVvIn0",
                "dBjftJeZ4CVPmB92K27",
            ]
            .join("."),
            [
                "SG",
                "ngeVfQFYQlKU0ufo8x5d1A",
                "TwL2iGABf9DHoTf09kqeF8tAmbihYzrnopKc",
            ]
            .join("."),
            ["hvs", "CAESIJlWh7qnFOwUsZ8DqFxgFzMbp2L4"].join("."),
            ["kq9v", "zx_7t", "PqLmNbVc"].join("."),
        ] {
            assert!(!is_code_name(&token), "{token}");
        }
    }
}
