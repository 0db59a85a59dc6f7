//! What does the name of a variable say about its value?

use super::phrase::cut;

/// Whole words that say that the value is a secret.
const SECRETS: &str = "KEY KEYS APIKEY TOKEN TOKENS SECRET SECRETS PASS PASSWORD PASSWORDS PASSWD \
    PASSPHRASE PASSCODE PGPASS PWD PSK CREDENTIAL CREDENTIALS";

/// The same, when it is the last word of the name: `GITHUB_PAT`, but not `SALT_ROUNDS`.
const LAST: &str = "CREDS JWT MNEMONIC PAT PW SALT";

/// The same, at the end of a word: `PGPASSWORD`.
const ENDINGS: &str = "ACCESSKEY ADMINPASS APIKEY DBPASS MAILPASS MASTERKEY PASSWORD PASSWD PASSPHRASE \
    PRIVATEKEY ROOTPASS SECRET SECRETKEY SMTPPASS TOKEN USERPASS";

/// After these words, the value says something about a secret or names its place: `TOKEN_EXPIRY`.
const ABOUT: &str = "ADDRESS AGE ALG ALGO ALGORITHM ALIAS ARN ATTEMPTS AUDIENCE BACKEND BACKENDS BITS BYTES CIPHER CLASS COST \
    COUNT DAYS DERIVATION DESERIALIZER DIR DIRECTORY DISABLED DURATION EMAIL ENABLED ENABLE ENDPOINT EXPIRATION EXPIRE EXPIRES EXPIRY EXP \
    FIELD FILE FILENAME FINGERPRINT FOLDER FORMAT FUNCTION HASHER HASHERS HEADER HOST HOSTNAME HOURS INTERVAL ISSUER LABEL LEN LENGTH \
    LENGTHS LIFETIME LIMIT LIMITS LINK LOCATION MAX MIN MINUTES MODE MODEL NAME NAMES NAMESPACE PARAM PATH POLICY \
    PORT PREFIX PROVIDER QUOTA RATE REGEX REGION REQUIRED RETRIES ROTATION ROUNDS SCOPE SCOPES \
    SECONDS SERIALIZER SIZE STORE STRATEGY SUFFIX SYMBOL TIME TIMEOUT TTL TYPE URI URL URLS USER USERNAME VALIDITY \
    VERSION WINDOW";

/// Words that say that the value is public.
const PUBLIC: &[&str] = &["PUBLIC", "PUBLISHABLE"];

/// Before `KEY`, these words say that the key is public, or no key at all: `RECAPTCHA_SITE_KEY`, `SORT_KEY`.
const HARMLESS_KEYS: &str = "ANON CACHE FLAG FOREIGN PARTITION PRIMARY ROUTING SHORTCUT SITE SORT";

/// True for a text that looks like the name of a variable. Any other text may be a part of a secret.
pub fn is_usual_name(name: &str) -> bool {
    let usual = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    name.len() <= 40 && name.contains('_') && name.chars().all(usual)
}

/// The longest name without a `_` that is shown. No output may have 8 letters of a secret.
const LONGEST_PLAIN: usize = 7;

/// True for a name that a list may show: a usual one, or a short word in capital letters (`PORT`).
pub fn may_be_listed(name: &str) -> bool {
    let plain = name.len() <= LONGEST_PLAIN && name.bytes().all(|it| it.is_ascii_uppercase());
    plain || is_usual_name(name)
}

/// True for the name of a secret: `SMTP_PASSWORD`, `authToken`. False when the value says something
/// about a secret, names its place, or is public: `PASSWORD_MIN_LENGTH`, `KEYCLOAK_URL`,
/// `STRIPE_PUBLIC_KEY`.
pub fn promises_secret(name: &str) -> bool {
    let words: Vec<String> = name
        .split(|c: char| !c.is_alphanumeric())
        .flat_map(cut)
        .map(str::to_ascii_uppercase)
        .collect();
    let secret = |word: &String| {
        SECRETS.split_whitespace().any(|it| it == word)
            || ENDINGS.split(' ').any(|it| word.ends_with(it))
    };
    let about = |word: &String| ABOUT.split_whitespace().any(|it| it == word);
    let public = words.iter().any(|it| PUBLIC.contains(&it.as_str()));
    let is_last = |word: &String| LAST.split(' ').any(|it| it == word);
    let before_key = |word: &String| HARMLESS_KEYS.split(' ').any(|it| it == word);
    let harmless = |at: usize| {
        let before = at.checked_sub(1).is_some_and(|it| before_key(&words[it]));
        before && words[at].starts_with("KEY")
    };
    let found = words.iter().rposition(secret);
    let found = found.filter(|at| !harmless(*at) && !words[*at..].iter().any(about));
    !public && (found.is_some() || words.last().is_some_and(is_last))
}

/// Every word that says "secret", for tests.
#[cfg(test)]
pub fn secret_words() -> impl Iterator<Item = &'static str> {
    [SECRETS, LAST, ENDINGS]
        .into_iter()
        .flat_map(str::split_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_words_of_a_name_say_secret() {
        for name in [
            "SMTP_PASSWORD",
            "authToken",
            "PGPASSWORD",
            "DB_PASS",
            "ZION_ACCESS_KEY_ID",
            "SECRET_OF_ZION",
            "API_KEY_2",
            "keymaker.apikey",
            "OLD_TOKENS",
            "RATE_LIMITER_KEY",
            "AUTH_SALT",
            "GITHUB_PAT",
            "WALLET_MNEMONIC",
            "SECRETKEY",
            "DBPASS",
            "SITE_PASSWORD",
        ] {
            assert!(promises_secret(name), "{name}");
        }
        for name in [
            "API_KEY_RATE_LIMIT",
            "KEYCLOAK_URL",
            "TOKEN_EXPIRY",
            "PASSWORD_MIN_LENGTH",
            "PASSWORD_FILE",
            "SECRET_NAME",
            "TOKENIZER",
            "MONKEY_ISLAND",
            "COMPASS",
            "TURKEY",
            "KEYBOARD",
            "PASSPORT_COOKIE_NAME",
            "ZION_PUBLIC_KEY",
            "jwtTokenLifetime",
            "ACCESS_TOKEN_EXPIRE_MINUTES",
            "SMTP_HOST",
            "PASSWORD_HASHERS",
            "AIRFLOW__SECRETS__BACKEND",
            "AUTH_TOKEN_MODEL",
            "KEY_SERIALIZER",
            "RECAPTCHA_SITE_KEY",
            "SUPABASE_ANON_KEY",
            "AMQP_ROUTING_KEY",
            "KMS_KEY_ARN",
            "KMS_KEY_ALIAS",
            "GPG_KEY_FINGERPRINT",
            "TOKEN_ADDRESS",
            "TOKEN_SYMBOL",
            "PASSWORD_HASH_FUNCTION",
            "SALT_ROUNDS",
            "DEV_PATH",
            "BYPASS",
        ] {
            assert!(!promises_secret(name), "{name}");
        }
    }

    #[test]
    fn a_usual_name_has_capitals_and_an_underscore() {
        assert!(is_usual_name("SMTP_HOST2"));
        assert!(!is_usual_name("Wh1te_R4bbit"));
        assert!(!is_usual_name("SMTP"));
    }

    #[test]
    fn a_list_shows_short_names_and_no_piece_of_a_secret() {
        assert!(may_be_listed("PORT") && may_be_listed("SMTP_HOST2"));
        for name in ["QDNVKTWR", "Wh1te", "WH1TE", "port"] {
            assert!(!may_be_listed(name), "{name}");
        }
    }
}
