//! Is the text of each variable good, and which part of it is secret?

use super::behind::{in_file, in_other_grammar};
use super::database;
use super::endpoint::{self, Endpoint};
use super::pattern::{is_only_short, is_only_words, is_uniform};
use super::placeholder::{is_placeholder, is_placeholder_host};
use super::postgres_url;
use super::strength::SHORTEST_KEY;
use super::url::{self, Malformed};
use super::value::{Fault, Judged, Mode, Typed};
use crate::secret::Secret;

/// The five levels of Python's logging module.
pub const LEVELS: [&str; 5] = ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"];

/// Each level, and its other names: of syslog, npm, pino, log4j, .NET, the loggers of Rust and Go, and the
/// numbers of Python, pino and syslog.
const LEVEL_NAMES: [&str; 5] = [
    "DEBUG trace tracing verbose silly finest finer fine http all notset dbug dbg 0 5 7 10",
    "INFO information informational notice success config normal log 20",
    "WARNING warn warnings 30",
    "ERROR err errors severe 40",
    "CRITICAL fatal crit panic dpanic alert emerg emergency off none silent quiet disabled 50 60",
];

/// Each mode, and what people write for it. A word of three letters also counts as the beginning of a longer
/// one.
const MODE_NAMES: [&str; 2] = [
    "production pro prd live staging stage stg preview preprod uat qa release",
    "development dev local test testing ci debug",
];

/// The first word of the row with a word that fits.
fn first_word(rows: &[&'static str], fits: impl Fn(&str) -> bool) -> Option<&'static str> {
    let row = rows.iter().find(|row| row.split(' ').any(&fits));
    row?.split(' ').next()
}

/// Reads `development` or `production`, in capital or small letters.
pub fn mode(text: &str, _: Mode) -> Judged {
    let lower = text.to_ascii_lowercase();
    match lower.as_str() {
        "development" => Judged::ok(Typed::Mode(Mode::Development), "development"),
        "production" => Judged::ok(Typed::Mode(Mode::Production), "production"),
        other => {
            let fits = |it: &str| other == it || (it.len() == 3 && other.starts_with(it));
            Judged::invalid(Fault::UnknownMode(first_word(&MODE_NAMES, fits)))
        }
    }
}

/// Reads a `DATABASE_URL`.
pub fn database(text: &str, _: Mode) -> Judged {
    let read = database::read(text);
    match read.database {
        Ok(database) => {
            let host = database.hosts().iter().any(|it| is_placeholder_host(it));
            let shown = read.shown.unwrap_or("***".into());
            Judged::ok(Typed::Database(database), shown)
                .with(host.then_some(Fault::PlaceholderHost))
                .with(read.placeholder.then_some(Fault::PlaceholderPassword))
        }
        // libpq also takes `host=h password=secret`, so this is not a phrase.
        Err(_) if !text.contains([':', '=']) && is_placeholder(text) => {
            Judged::invalid(Fault::PlaceholderUrl)
        }
        Err(malformed) => {
            let fault = Fault::NoDatabase(malformed);
            let judged = Judged::invalid(gap_for_host(text, malformed).unwrap_or(fault));
            Judged {
                shown: read.shown.unwrap_or(judged.shown),
                ..judged
            }
        }
    }
}

/// Reads a key, and checks whether a service may have issued it.
pub fn key(text: &str, _: Mode) -> Judged {
    let judged = Judged::ok(Typed::Key(Secret::new(text)), "***");
    if is_placeholder(text) {
        return judged.with(Some(Fault::PlaceholderKey));
    }
    // A header may carry a tab, which is a blank.
    let unfit = if text.contains(|c: char| c.is_control() && c != '\t') {
        Some(Fault::ControlInKey)
    } else if text.contains(char::is_whitespace) {
        Some(Fault::BlankInKey)
    } else if !text.is_ascii() {
        Some(Fault::KeyBeyondAscii)
    } else if text.starts_with('=') {
        Some(Fault::KeyAfterSign)
    } else {
        None
    };
    let short = text.chars().count() < SHORTEST_KEY;
    let uniform = is_uniform(text) && !is_only_short(text);
    judged
        .with(unfit)
        .with(short.then_some(Fault::ShortKey))
        .with(uniform.then_some(Fault::UniformKey))
        .with(is_only_words(text).then_some(Fault::WordsForKey))
}

/// Reads one of the five levels, in any usual spelling. `info,sqlx=warn` sets several.
pub fn level(text: &str, _: Mode) -> Judged {
    if let Some(level) = level_of(text) {
        return Judged::ok(Typed::Level, level);
    }
    let directives = text.split(',').map(|it| {
        let it = it.trim();
        let (target, level) = it.rsplit_once('=').unwrap_or(("", it));
        // `LOG_LEVEL==INFO`
        let has_target = !it.starts_with('=');
        let usual = |c: char| c.is_ascii_alphanumeric() || "_:-.".contains(c);
        let level = level_of(level)?;
        (has_target && target.chars().all(usual)).then_some((target, level))
    });
    let levels: Option<Vec<(&str, &str)>> = directives.collect();
    // The level without a module name, or else the first one.
    let of_all = levels.and_then(|it| {
        let of_all = it.iter().find(|(target, _)| target.is_empty());
        of_all.or(it.first()).map(|(_, level)| *level)
    });
    match LEVELS.iter().find(|it| Some(**it) == of_all) {
        Some(level) => Judged::ok(Typed::Level, *level),
        None => Judged::invalid(Fault::UnknownLevel),
    }
}

/// The standard level that this text means.
fn level_of(text: &str) -> Option<&'static str> {
    // The names of syslog.
    let bare = text.strip_prefix("LOG_").unwrap_or(text);
    first_word(&LEVEL_NAMES, |it| it.eq_ignore_ascii_case(bare))
}

/// Reads an endpoint. In production the connection to another machine must be encrypted.
pub fn endpoint(text: &str, mode: Mode) -> Judged {
    let endpoint = match Endpoint::parse(text) {
        Ok(endpoint) => endpoint,
        Err(_) if !text.contains(':') && is_placeholder(text) => {
            return Judged::invalid(Fault::PlaceholderUrl);
        }
        Err(malformed) => {
            let fault = Fault::NoEndpoint(malformed);
            let judged = Judged::invalid(gap_for_host(text, malformed).unwrap_or(fault));
            return Judged {
                shown: endpoint::shown(text).unwrap_or(judged.shown),
                ..judged
            };
        }
    };
    let open = !endpoint.encrypted && !endpoint.is_local();
    let refused = open && mode != Mode::Development;
    let shown = endpoint.shown.clone();
    let host = is_placeholder_host(&endpoint.host);
    Judged::ok(Typed::Endpoint(endpoint), shown)
        .with(host.then_some(Fault::PlaceholderHost))
        .with(refused.then_some(Fault::Unencrypted))
}

/// A host that somebody must fill in is not only no host: `https://${HOST}:8080/`, `https://<host>/`.
fn gap_for_host(text: &str, why: Malformed) -> Option<Fault> {
    let (_, rest) = text.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let place = authority.rsplit('@').next()?;
    let digits = |it: &str| it.bytes().all(|it| it.is_ascii_digit());
    let host = place.rsplit_once(':').filter(|(_, port)| digits(port));
    let host = host.map_or(place, |(host, _)| host);
    let is_gap = why == Malformed::Host && is_placeholder(host);
    is_gap.then_some(Fault::PlaceholderHost)
}

/// All of a key is secret.
pub fn all_of_it(text: &str) -> Vec<Secret> {
    vec![Secret::new(text)]
}

/// Parts of the URL of a database are secret.
pub fn in_database(text: &str) -> Vec<Secret> {
    in_url(text, database::read(text).shown.is_some())
}

/// Parts of the URL of an endpoint are secret.
pub fn in_endpoint(text: &str) -> Vec<Secret> {
    in_url(text, endpoint::shown(text).is_some())
}

/// Parts of a URL are secret. When nothing of it is shown, or when it cannot be cut into parts, all of it is.
fn in_url(text: &str, is_shown: bool) -> Vec<Secret> {
    let is_file = database::after_sqlite(text).is_some_and(|it| !database::has_credentials(it));
    let parts = postgres_url::secrets(text).or_else(|| match url::parse(text) {
        Ok(url) if url.scheme.to_ascii_lowercase().starts_with("http") => Some(url.secrets()),
        Ok(url) if is_file => {
            let beside = url::Url { path: "", ..url }.secrets();
            Some([beside, in_file(text)].concat())
        }
        Ok(url) => Some(url.secrets_beside_path()),
        Err(_) => is_file.then(|| in_file(text)),
    });
    match parts {
        Some(parts) if is_shown || is_file => parts,
        Some(parts) => [parts, all_of_it(text)].concat(),
        None => [in_other_grammar(text), all_of_it(text)].concat(),
    }
}

/// A text that is not a value of this variable may be the secret of another: `LOG_LEVEL=sk-live-…`.
pub fn misplaced(text: &str) -> Vec<Secret> {
    let known = mode(text, Mode::Unknown)
        .typed
        .or(level(text, Mode::Unknown).typed);
    if known.is_none() && text.len() >= 8 {
        all_of_it(text)
    } else {
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::super::table::named;
    use super::super::value::Status;
    use super::*;
    use crate::unit::chance::Chance;

    /// The first fault decides the status.
    fn status_of(judged: &Judged) -> Status {
        judged.faults.first().map_or(Status::Ok, |it| it.status())
    }

    #[track_caller]
    fn check(name: &str, text: &str, mode: Mode, status: Status, shown: &str) {
        let judged = (named(name).unwrap().judge)(text, mode);
        assert_eq!(
            (status_of(&judged), judged.shown.plain().as_str()),
            (status, shown)
        );
    }

    #[test]
    fn each_variable_is_judged_by_its_own_rules() {
        use Mode::{Development, Production};
        use Status::{Invalid, Ok, Placeholder, Weak};
        check("MATRIX_MODE", "production", Development, Ok, "production");
        check("MATRIX_MODE", "prod", Development, Invalid, "***");
        check("LOG_LEVEL", "debug", Development, Ok, "DEBUG");
        check("LOG_LEVEL", "LOUD", Development, Invalid, "***");
        check("API_KEY", "zk5f0c1b7e9a3d4826", Production, Ok, "***");
        check(
            "API_KEY",
            "your_api_key_here",
            Production,
            Placeholder,
            "***",
        );
        check("API_KEY", "zk5f0c1b7", Production, Weak, "***");
        check("API_KEY", "aaaaaaaaaaaaaaaaaaaaa", Production, Weak, "***");
        check("API_KEY", "zk5f0c1b7 9a3d4826", Production, Invalid, "***");
        check(
            "DATABASE_URL",
            "sqlite::memory:",
            Production,
            Ok,
            "sqlite::memory:",
        );
        check("DATABASE_URL", "neo:pw@db", Production, Invalid, "***");
        check("DATABASE_URL", "mysql://db/%ff", Production, Ok, "***");
        check(
            "DATABASE_URL",
            "your_database_url",
            Production,
            Placeholder,
            "***",
        );
        check(
            "DATABASE_URL",
            "mysql://root:@db/m",
            Production,
            Ok,
            "mysql://***@db/m",
        );
        check(
            "DATABASE_URL",
            "postgresql://user:password@db/m",
            Production,
            Placeholder,
            "postgresql://***@db/m",
        );
        check(
            "ZION_ENDPOINT",
            "http://zion.io",
            Development,
            Ok,
            "http://zion.io",
        );
        check(
            "ZION_ENDPOINT",
            "http://zion.io",
            Production,
            Invalid,
            "http://zion.io",
        );
        check(
            "ZION_ENDPOINT",
            "http://[::1]:80",
            Production,
            Ok,
            "http://[::1]:80",
        );
        for (name, url) in [
            ("ZION_ENDPOINT", "https://your-zion.example"),
            ("DATABASE_URL", "mysql://your-zion/m"),
        ] {
            check(name, url, Production, Placeholder, url);
        }
        for url in [
            "https://${HOST}:8080/",
            "http://<host>/",
            "https://neo:pw@{{host}}",
            "https://<your-host>:443",
        ] {
            check("ZION_ENDPOINT", url, Production, Placeholder, "***");
        }
        for url in [
            "https://zi|on:8080/",
            "https://zion.io:${PORT}/",
            "https://zion.io:<port>/",
        ] {
            check("ZION_ENDPOINT", url, Production, Invalid, "***");
        }
        let (url, shown) = ("postgresql://neo:x7@<host>/m", "postgresql://***@<host>/m");
        check("DATABASE_URL", url, Production, Placeholder, shown);
    }

    #[test]
    fn a_value_in_the_wrong_place_counts_as_a_secret() {
        let secrets = |name: &str, text: &str| {
            let secrets = (named(name).unwrap().secrets)(text).into_iter();
            secrets.map(|it| it.expose().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(secrets("LOG_LEVEL", "51HxQzT9bWmK"), ["51HxQzT9bWmK"]);
        assert!(secrets("LOG_LEVEL", "CRITICAL").is_empty());
        assert!(secrets("DATABASE_URL", "file:./zion.db").is_empty());
        assert_eq!(secrets("DATABASE_URL", "neo:pw@db"), ["neo:pw@db"]);
        assert_eq!(
            secrets("DATABASE_URL", "postgresql://neo:pw@db/a0123456789abcdefg"),
            ["pw"]
        );
        for name in ["DATABASE_URL", "ZION_ENDPOINT"] {
            let of_file = secrets(name, "sqlite:x.db?mode=memory&key=p%40w");
            assert_eq!(of_file, ["p@w", "p%40w"], "{name}");
            let hook = "zion://4174216298/JHMHIqBebkZwO";
            assert_eq!(secrets(name, hook), [hook], "{name}");
        }
        let hook = "https://hooks.zion.io/services/TABCDEFGH";
        assert_eq!(secrets("DATABASE_URL", hook), [hook]);
        assert!(secrets("ZION_ENDPOINT", hook).is_empty());
    }

    #[test]
    fn a_level_may_have_any_usual_spelling() {
        for (text, expected) in [
            ("warn", Some("WARNING")),
            ("WARN", Some("WARNING")),
            ("fatal", Some("CRITICAL")),
            ("trace", Some("DEBUG")),
            ("notice", Some("INFO")),
            ("silly", Some("DEBUG")),
            ("off", Some("CRITICAL")),
            ("30", Some("WARNING")),
            ("SUCCESS", Some("INFO")),
            ("LOG_ERR", Some("ERROR")),
            ("7", Some("DEBUG")),
            ("LOG_LEVEL", None),
            ("info,sqlx=warn", Some("INFO")),
            ("zion::gate=debug, warn", Some("WARNING")),
            ("zion=trace", Some("DEBUG")),
            ("LOUD", None),
            ("31", None),
            ("info,51HxQzT9bWmK", None),
            ("zi on=info", None),
        ] {
            let judged = level(text, Mode::Development);
            let shown = judged.typed.map(|_| judged.shown.plain());
            assert_eq!(shown.as_deref(), expected, "{text}");
            assert_eq!(
                expected.is_some() || text.len() < 8,
                misplaced(text).is_empty()
            );
        }
    }

    #[test]
    fn an_unknown_mode_has_a_hint() {
        for (text, expected) in [
            ("dev", Some("development")),
            ("prod", Some("production")),
            ("Produktion", Some("production")),
            ("staging", Some("production")),
            ("test", Some("development")),
            ("zion", None),
        ] {
            let faults = mode(text, Mode::Unknown).faults;
            assert_eq!(faults, [Fault::UnknownMode(expected)], "{text}");
        }
    }

    #[test]
    fn the_report_says_only_true_things_about_a_key() {
        let faults = |text: &str| key(text, Mode::Production).faults;
        assert_eq!(faults("zk5f0c1b7 9a3d4826"), [Fault::BlankInKey]);
        assert_eq!(faults("zk5f0c1b7e9a3d4826\n"), [Fault::ControlInKey]);
        assert_eq!(faults("zk5f0c1b\t7e9a3d4826"), [Fault::BlankInKey]);
        assert_eq!(faults("zk5f0c1b7e9a3d48é26"), [Fault::KeyBeyondAscii]);
        assert_eq!(faults("=zk5f0c1b7e9a3d4826"), [Fault::KeyAfterSign]);
        assert_eq!(faults("==zk5f0c1b7e9a3d4826="), [Fault::KeyAfterSign]);
        assert_eq!(faults("zk5f0c1b7e9a3d4826=="), []);
        assert_eq!(faults("aaaa"), [Fault::ShortKey, Fault::UniformKey]);
        assert_eq!(faults("Zx9xZ"), [Fault::ShortKey, Fault::UniformKey]);
        assert_eq!(faults("k7Gq2"), [Fault::ShortKey]);
        assert_eq!(faults("Zx9"), [Fault::ShortKey]);
    }

    #[test]
    fn words_and_walks_on_the_keyboard_are_no_keys() {
        let weak = |text: &str| !key(text, Mode::Production).faults.is_empty();
        let accepted = NO_KEYS.split_whitespace().filter(|it| !weak(it));
        let accepted: Vec<&str> = accepted.collect();
        assert!(accepted.is_empty(), "{accepted:#?}");
    }

    /// Values that people write until there is a key.
    const NO_KEYS: &str = "to_be_filled_in_later will-be-provided-later not_configured_yet \
        thisisasecretkey123 arandomstringof32characters yourapikeygoeshere asdfghjklqwertyuiop \
        1qaz2wsx3edc4rfv YOURAPIKEYGOESHERE randomstringgoeshere unused_in_development \
        injected-at-runtime injected_by_kubernetes managed-by-terraform masked_value_see_vault \
        see-1password-vault-backend qazwsxedcrfvtgbyhn zxcvbnmasdfghjkl aaaabbbbccccddddeeeeffff \
        00000000deadbeef cafebabecafebabecafebabe12345678 tu_clave_api_aqui_por_favor \
        coloque_sua_chave_aqui remplacez-moi-svp-merci twoj_klucz_api_tutaj inserisci-la-tua-chiave";

    #[test]
    fn a_random_key_is_never_refused() {
        const HEX: &str = "0123456789abcdef";
        const SMALL: &str = "abcdefghijklmnopqrstuvwxyz0123456789";
        const MIXED: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        const URL: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        const BASE32: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        const CROCKFORD: &str = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        // `?` is a random character.
        let shapes = [
            ("????????????????", "0123456789"),
            ("????????????????????????????????", HEX),
            ("????????-????-4???-a???-????????????", HEX),
            ("????????????????????????", SMALL),
            ("????????????????????????", MIXED),
            ("???????????????????????????????????????????", URL),
            ("??????????????????????????", BASE32),
            ("01??????????????????????????", CROCKFORD),
            ("sk_live_????????????????????????", MIXED),
            ("ghp_????????????????????????????????????", MIXED),
            ("napi_????????????????????????", SMALL),
        ];
        let chance = Chance::new(2026);
        for (shape, alphabet) in shapes {
            let letters: Vec<char> = alphabet.chars().collect();
            let random = |it| if it == '?' { chance.one(&letters) } else { it };
            for _ in 0..1_000 {
                let text: String = shape.chars().map(random).collect();
                assert_eq!(key(&text, Mode::Production).faults, [], "{text}");
            }
        }
    }

    #[test]
    fn a_level_after_a_second_sign_is_none() {
        for text in ["=INFO", "==INFO", "info,=warn", "= INFO"] {
            assert_eq!(level(text, Mode::Production).faults.len(), 1, "{text}");
        }
        for text in ["sqlx=warn", "info,sqlx=warn"] {
            assert_eq!(level(text, Mode::Production).faults, [], "{text}");
        }
    }
}
