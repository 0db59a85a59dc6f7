//! Is this a real secret, or only a text in its place?

use super::code_name::is_code_name;
use super::pattern::is_uniform;
use super::phrase::Phrase;
use super::placeholder::is_placeholder;
use super::vocabulary::Says;

/// A shorter key can be guessed, or is no key. In characters.
pub const SHORTEST_KEY: usize = 16;

/// True for a text that may be a real key or password, although it is in a place for examples.
pub fn is_real(text: &str) -> bool {
    text.len() >= 12 && !is_placeholder(text) && !is_common_word(text) && !is_harmless(text)
}

/// A text with this many neighbours in a row, `12345678`, is invented.
const LONGEST_RUN: usize = 8;

/// Units after a number: `7d`, `60/minute`.
const UNITS: &str = "% b k kb mb gb ms s sec second seconds m min minute minutes h hour hours d day \
    days w week weeks month months y year years request requests";

/// True for a text that nobody keeps secret, under any name: a word, a number, a switch, a path, an
/// e-mail address, a pattern, a key for web pages, the name of a class.
pub fn is_harmless(text: &str) -> bool {
    is_uniform(text)
        || is_public_key(text)
        || is_method(text)
        || is_address(text)
        || Phrase::is_plain_word(text)
        || is_amount(text)
        || is_path(text)
        || is_email(text)
        || has_run(text)
        || is_sentence(text)
        || is_name(text)
        || is_list(text)
        || is_code_name(text)
}

/// Beginnings of keys that everybody may see. First, keys for web pages. Then the keys in documentation: of the
/// emulators for Azure's storage and Cosmos DB, the examples of RFC 5849 (OAuth 1.0), 6749 (OAuth 2.0) and 6750
/// (bearer tokens), the test key of Stripe's reference, the playground `play.min.io`, the session token in the
/// reference of AWS STS.
/// Last, the claims of signed tokens: of jwt.io's example for 1234567890, and of the issuer `supabase-demo` in the two
/// keys with which Supabase starts on every machine.
const PUBLIC_KEYS: &str = "pk_live_ pk_test_ phc_ sb_publishable_ pk.eyJ \
    Eby8vdM02xNOcqFlqUwJ C2y6yDjf5/R+ob0N \
    hh5s93j4hdid hdhd0244k9j7 kkk9d7dh3k39 dpf43f3p2l4k kd94hf93k423 nnch734d00sl pfkkdhi9sl3r \
    2YotnFZFEjr1 tGzv3JOkF0XG 7Fjfp0ZBr1Kt SplxlOBeZQQY mF_9.B5f-4.1 \
    sk_test_4eC39H Q3AM3UQ867SP zuf+tfteSlsw AQoDYXdzEPT/ \
    eyJzdWIiOiIxMjM0NTY3ODkwI eyJpc3MiOiJzdXBhYmFzZS1kZW1v";

/// True for a key that everybody may see.
pub fn is_public_key(text: &str) -> bool {
    let claims = text.strip_prefix("eyJ").and_then(|it| it.split_once('.'));
    let parts = [text].into_iter().chain(claims.map(|it| it.1));
    let begins = |text: &str| {
        PUBLIC_KEYS
            .split_whitespace()
            .any(|it| text.starts_with(it))
    };
    parts.into_iter().any(begins)
}

/// How the names of ways to encrypt, to sign and to hash begin, and the usual files of SSH.
const METHODS: &str = "aes- aes1 aes2 argon2 bcrypt chacha20 ecdsa ed25519 es256 hmac hs256 hs512 id_ecdsa \
    id_ed25519 id_rsa pbkdf2 rs256 rsa- scrypt sha1 sha256 sha384 sha512";

/// True for the name of a way to encrypt: `aes-256-cbc`, `pbkdf2_sha256`. A hash has its own signs after such a name.
fn is_method(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let sign = |c: char| !c.is_ascii_alphanumeric() && !"-_".contains(c);
    text.len() <= 24 && !text.contains(sign) && METHODS.split(' ').any(|it| lower.starts_with(it))
}

/// True for the name of something in AWS, and for the address of a contract on Ethereum. Both are public.
pub fn is_address(text: &str) -> bool {
    let hex = text.strip_prefix("0x").unwrap_or_default();
    text.starts_with("arn:") || (hex.len() == 40 && hex.bytes().all(|it| it.is_ascii_hexdigit()))
}

/// True for a list of such texts with commas: `zion1,zion2`.
fn is_list(text: &str) -> bool {
    let mut items = text.split(',').map(str::trim);
    let harmless = |it: &str| it.is_empty() || is_placeholder(it) || is_harmless(it);
    text.contains(',') && items.all(harmless)
}

/// True for the name of a variable instead of its value: `GATE_API_KEY`.
fn is_name(text: &str) -> bool {
    text.contains('_') && text.bytes().all(|it| it.is_ascii_uppercase() || it == b'_')
}

/// True for words with small words between them: `a-key-with-few-rights`.
fn is_sentence(text: &str) -> bool {
    let it = Phrase::of(text);
    it.noise < 3 && it.count(Says::Glue) > 1 && it.count(Says::Thing) > 0
}

/// True for `3600`, `1.5`, `7d`, `60/minute`.
fn is_amount(text: &str) -> bool {
    let end = text.find(|c: char| !c.is_ascii_digit() && !".,_".contains(c));
    let (number, rest) = text.split_at(end.unwrap_or(text.len()));
    let units = rest.to_lowercase();
    let mut units = units.split(['/', ' ', '-']).filter(|it| !it.is_empty());
    (1..=10).contains(&number.len())
        && number.contains(|c: char| c.is_ascii_digit())
        && units.all(|it| UNITS.split_whitespace().any(|unit| unit == it))
}

/// How a path begins.
const PATHS: &str = "/ ./ ../ ~/ C:";

/// How the name of a file with a key or with data ends.
const FILES: &str = ".pem .key .crt .json .txt .p12 .jks .db";

/// True for a path made of words: `/run/secrets/smtp`, `certs/zion.pem`. Base64 may also have a `/` in
/// it.
pub fn is_path(text: &str) -> bool {
    let begins = PATHS.split(' ').any(|it| text.starts_with(it));
    let ends = FILES.split(' ').any(|it| text.ends_with(it));
    let it = Phrase::of(text);
    (begins || ends) && it.noise < 8 && it.noise * 2 < it.known + it.unknown
}

/// True for `neo@zion.io`.
fn is_email(text: &str) -> bool {
    let usual = |c: char| c.is_ascii_alphanumeric() || "._+-".contains(c);
    let Some((user, host)) = text.split_once('@') else {
        return false;
    };
    let domain = host.rsplit_once('.');
    !user.is_empty()
        && user.chars().chain(host.chars()).all(usual)
        && domain.is_some_and(|(name, top)| {
            !name.is_empty() && top.len() > 1 && top.bytes().all(|it| it.is_ascii_lowercase())
        })
}

/// True for a text with neighbours in a row: `12345678`, `abcdefgh`.
fn has_run(text: &str) -> bool {
    text.as_bytes().windows(LONGEST_RUN).any(|it| {
        it.iter().all(u8::is_ascii_alphanumeric)
            && it.windows(2).all(|it| it[0].wrapping_add(1) == it[1])
    })
}

/// True for a badly written URL of words, numbers and signs: `localhost:8080`,
/// `https:/zion.example/api`. Nobody keeps it secret. But with an `@`, a password may be in it.
pub fn is_harmless_url(text: &str) -> bool {
    let parts = text.split(|c: char| !c.is_alphanumeric() && !"-_~!$*+%".contains(c));
    let noted = text.contains('@') || looks_like_chance(text);
    !noted && parts.into_iter().all(|it| it.len() < 8 || is_harmless(it))
}

/// True for random letters and digits: neither words nor numbers. It knows words, so it may judge any
/// value. `search` has stricter rules for texts in source code.
pub fn looks_like_chance(text: &str) -> bool {
    Phrase::of(text).noise >= 8
}

/// True for a short word, `prodution` or `information`. In a variable that wants a word, it is a typing
/// error and not a key.
pub fn is_word(text: &str) -> bool {
    text.len() < SHORTEST_KEY && text.bytes().all(|it| it.is_ascii_alphabetic())
}

/// Words that are in every source tree. A search for one of them would find only noise.
const COMMON: &str = "administrator database debugging default development localhost password postgres \
    postgresql production security 127.0.0.1";

/// True for one of these words, in any letters.
pub fn is_common_word(text: &str) -> bool {
    let lower = text.to_lowercase();
    COMMON.split(' ').any(|it| it == lower)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, placeholder: bool, uniform: bool) {
        assert_eq!(
            (is_placeholder(text), is_uniform(text)),
            (placeholder, uniform),
            "{text}"
        );
    }

    #[test]
    fn texts_of_examples_are_placeholders() {
        check("your_api_key_here", true, false);
        check("replace-with-your-api-key", true, false);
        check("change-me", true, false);
        check("optional-leave-empty", true, false);
        check("openssl-rand-base64-32", true, false);
        check("toBeModified1,toBeModified2", true, false);
        check("<your key>", true, false);
        check("${API_KEY}", true, false);
        check("password", true, false);
        check("my-secret-key", true, false);
        check("foobar", true, true);
        check("qwertyuiopasdfgh", true, true);
        check("AKIAIOSFODNN7EXAMPLE", true, false);
        check("xxxxxxxxxxxxxxxxxxxx", true, true);
        check("", true, true);
    }

    #[test]
    fn the_keys_of_documentation_are_public() {
        for (text, rest) in [
            ("2YotnFZFEjr1", "zCsicMWpAA"),
            ("mF_9.B5f-4.1", "JqM"),
            ("hh5s93j4hdid", "pola"),
            ("sk_test_4eC39H", "qLyjWDarjtT1zdp7dc"),
            ("C2y6yDjf5/R+ob0N", "8A7Cgv30VRDJIWEHLM"),
        ] {
            assert!(is_public_key(&[text, rest].concat()), "{text}");
            assert!(!is_public_key(&[&text[1..], rest].concat()), "{text}");
        }
    }

    #[test]
    fn a_pattern_is_no_key() {
        check("aaaaaaaaaaaaaaaaaaaaaaaa", false, true);
        check("0123456789abcdef", false, true);
        check("Tr1n1tyTr1n1tyTr1n1ty", false, true);
        check("9876543210987654", false, true);
    }

    #[test]
    fn words_numbers_paths_and_addresses_are_no_secrets() {
        for text in [
            "documents",
            "3600",
            "60/minute",
            "7d",
            "true",
            "/run/secrets/smtp_password",
            "./certs/zion.pem",
            "neo@zion.io",
            "_GATE_PASSWORD",
            "a-key-with-few-rights-of-zion-tv",
            "pk-zi-1234567890",
            "badkeyabcdefghijklmnopqrstuvwxyz",
            "00000000000000000000",
            "zion1, zion2",
            "argon2id",
            "aes-256-cbc",
            "id_ed25519",
            "arn:aws:kms:eu-west-1:918273645546:key/9fQ1kd7x",
            "0xdAC17F958D2ee523a2206206994597C13D831ec7",
        ] {
            assert!(is_harmless(text), "{text}");
        }
        for text in [
            "zk5f0c1b7e9a3d4826",
            "Wh1teR4bbit",
            "/9fQ1kd7xLp2vB8nRt5wYz3mQ",
            "839201746512",
            "12d7f0c1b7e9",
            "p@ss-Wh1te",
            "correct horse battery staple",
            "kessakiwonumalikopetra",
            "zion1,Wh1teR4bbit",
        ] {
            assert!(!is_harmless(text), "{text}");
        }
    }

    #[test]
    fn a_badly_written_url_is_a_place_unless_it_may_have_a_password() {
        for text in [
            "localhost:8080",
            "https:/zion.example/api/v1",
            "https://api.{region}.zion.example",
            "http://[::1",
            "db.zion.internal:5432/matrix",
            "https://münchen.example/",
            "http://localhost:99999",
            "production;LOG_LEVEL=INFO",
        ] {
            assert!(is_harmless_url(text), "{text}");
        }
        for text in [
            "neo:matrix@zion",
            "https:/zion.example/wh1teR4bbit",
            "zk5f0c1b7e9a3d4826",
            "postgresql:neo:Wh1te-R4bbit",
            "9fQ1kd.7xLp2v.B8nRt5",
        ] {
            assert!(!is_harmless_url(text), "{text}");
        }
    }

    #[test]
    fn a_real_key_is_neither() {
        check("zk5f0c1b7e9a3d48266fbd01e7c9a4b8d2", false, false);
        check("zion-key-51HxQzT9bWmK", false, false);
        check("51HxQzT9bWmK3vLp8RyN4cD7e", false, false);
        check("correct horse battery staple", false, false);
    }
}
