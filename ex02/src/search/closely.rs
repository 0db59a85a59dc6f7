//! Does the text at this place really have the shape that its beginning promises?

use std::ops::Range;
use std::sync::OnceLock;

use regex_lite::Regex;

use super::assigned::assigned;
use super::by_hand::{password_in_url, private_key, web_token};
use super::chance::in_words;
use super::commands::{curl_user, password_in_command};
use super::headers::{authorization, basic, bearer};
use super::needles::Needle;
use super::one_each::Finding;
use super::operators::unfolded;
use super::parts::{Anchor, PARTS};
use super::shape::{Look, Shape};
use super::shapes::SHAPES;
use crate::variables::{is_placeholder, is_public_key, is_uniform};

/// How much text before and after an anchor is looked at. In bytes.
pub const REACH: usize = 512;

/// Random text has at least this many changes between capital and small letters.
const FEWEST_CHANGES: usize = 4;

/// No name is such a long row of letters.
const LONG_ROW: usize = 30;

/// The same for capital letters.
const LONG_CAPITAL_ROW: usize = 16;

/// The patterns in the order of [`SHAPES`]. Each is compiled when it is first needed: most trees have no text
/// that begins like a key of AWS.
static PATTERNS: [OnceLock<Option<Regex>>; SHAPES.len()] =
    [const { OnceLock::new() }; SHAPES.len()];

/// For each shape: where does the last text end that only looked like its key? What begins inside that text
/// is not looked at again, so a file of nothing but beginnings is searched only once.
pub type Rejected = [usize; SHAPES.len()];

/// Nothing looked like a key so far.
pub const NONE_REJECTED: Rejected = [0; SHAPES.len()];

/// The first shape that the text around this part has.
pub fn confirmed_shape(
    part: usize,
    text: &[u8],
    at: usize,
    rejected: &mut Rejected,
) -> Option<Finding> {
    PARTS[part].anchors.iter().find_map(|anchor| {
        let at = at.checked_sub(anchor.before)?;
        let rejected = &mut rejected[anchor.shape];
        if !text[at..].starts_with(anchor.text.as_bytes()) || *rejected > at {
            return None;
        }
        let range = secret_range(anchor, text, at, rejected)?;
        let needle = Needle::Shape(first_of_its_rule(anchor.shape));
        Some(Finding { at, range, needle })
    })
}

/// The range of the text at `at` that has the shape of this anchor. Notes the end of a text that only looks like it.
fn secret_range(
    anchor: &Anchor,
    text: &[u8],
    at: usize,
    rejected: &mut usize,
) -> Option<Range<usize>> {
    let (index, anchor) = (anchor.shape, anchor.text);
    let before = &text[at.saturating_sub(REACH)..at];
    let end = at + anchor.len();
    let rest = &text[end..text.len().min(end + REACH)];
    // The place and length of a secret after the anchor.
    let inside =
        |it: Option<(usize, usize)>| it.map(|(from, length)| end + from..end + from + length);
    match SHAPES[index].look {
        Look::After(after) => {
            // `risk-`, `task-`: the anchor must begin a word.
            if !ends_a_word(before) {
                return None;
            }
            let key = key_at(index, after, rest)?;
            if !is_made(key) || (after.contains(',') && is_elided(&rest[key.len()..])) {
                *rejected = end + key.len();
                return None;
            }
            (!is_for_a_form(before)).then_some(at..end + key.len())
        }
        Look::Around((of, least, most), after) => {
            let head = before.iter().rev().take(most + 1);
            let head = head.take_while(|it| of(**it)).count();
            let before_head = &before[..before.len() - head];
            // `https://api.telegram.org/bot…`: the name ends where the digits begin.
            let whole = ends_a_word(before_head) || before_head.ends_with(b"/bot");
            if !whole || !(least..=most).contains(&head) {
                return None;
            }
            let tail = key_at(index, after, rest)?;
            let head = ascii(&before[before.len() - head..], |_| true);
            let made = is_made(head) || is_made(tail);
            made.then_some(at - head.len()..end + tail.len())
        }
        Look::PrivateKey => Some(at..end + private_key(rest)?),
        Look::WebToken => Some(at..at + web_token(before, &text[at..])?),
        Look::Bearer => {
            let token = unfolded(rest);
            inside(bearer(token).map(|length| (rest.len() - token.len(), length)))
        }
        Look::Password => inside(password_in_url(before, rest)),
        Look::Authorization => inside(authorization(rest)),
        Look::Basic => inside(basic(rest)),
        Look::CurlUser => inside(curl_user(rest)),
        Look::Command(options) => inside(password_in_command(rest, options)),
        Look::Assignment => inside(assigned(before, anchor, rest)),
    }
}

/// True when an ellipsis follows, so this is only the beginning of a key. (A key of a fixed length is whole,
/// whatever follows it.)
pub fn is_elided(rest: &[u8]) -> bool {
    rest.starts_with(b"...") || rest.starts_with("…".as_bytes())
}

/// The part of this text, from its beginning, that fits a pattern. It must end with a whole word.
fn key_at<'a>(index: usize, pattern: &str, text: &'a [u8]) -> Option<&'a str> {
    let compile = || Regex::new(&format!(r"^({pattern})(?:\W|$)")).ok();
    let pattern = PATTERNS[index].get_or_init(compile).as_ref()?;
    let text = ascii(text, |it| it.is_ascii_graphic());
    Some(pattern.captures(text)?.get(1)?.as_str())
}

/// Several rows may have the same rule. A place counts once for each rule.
fn first_of_its_rule(shape: usize) -> usize {
    let same = |it: &Shape| it.rule == SHAPES[shape].rule;
    SHAPES.iter().position(same).unwrap_or(shape)
}

/// True when a new word may begin here, also after a line end that is written `\n`.
pub fn ends_a_word(before: &[u8]) -> bool {
    let escaped = matches!(before, [.., b'\\', b'n' | b'r' | b't']);
    escaped || !before.last().is_some_and(|it| in_word(*it))
}

/// True inside of a text for an empty field of a form: `placeholder="`, `placeholder: 'e.g. `, `placeholder={t('`.
fn is_for_a_form(before: &[u8]) -> bool {
    const NAME: &[u8] = b"placeholder";
    let line = before.rsplit(|it| *it == b'\n').next().unwrap_or(before);
    let mut name = line.windows(NAME.len());
    let name = name.rposition(|it| it.eq_ignore_ascii_case(NAME));
    let Some(after) = name.map(|at| &line[at + NAME.len()..]) else {
        return false;
    };
    let is_quote = |it: &u8| b"\"'`".contains(it);
    let mut quotes = after.iter().copied().filter(is_quote);
    // Only one text begins after the name, and it has not ended.
    let first = quotes.next();
    let open = first.is_none_or(|first| quotes.all(|it| it != first));
    let head = after.iter().take_while(|it| !is_quote(it));
    let is_call = |it: &u8| it.is_ascii_alphabetic() || b" \t=:{(.?\\".contains(it);
    let is_sign = |it: &u8| !it.is_ascii_alphabetic();
    let calls = head.clone().all(is_call) && (first.is_some() || head.clone().all(is_sign));
    open && calls
}

/// True for a byte that may be a part of a key.
pub fn in_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-'
}

/// True for a text that a machine made: its longest part mixes digits with letters, or capital with small
/// letters, or is a long row of letters without a word. It is no pattern and no placeholder, and no key that
/// everybody knows. A milder rule than that of `assigned`, because this text has the shape of a key already.
pub fn is_made(key: &str) -> bool {
    let pieces = key.split(|c: char| !c.is_ascii_alphanumeric());
    let longest = pieces.max_by_key(|it| it.len()).unwrap_or_default();
    let changes = longest
        .as_bytes()
        .windows(2)
        .filter(|it| it[0].is_ascii_uppercase() != it[1].is_ascii_uppercase());
    let mixed = longest.contains(|c: char| c.is_ascii_digit()) || changes.count() >= FEWEST_CHANGES;
    let capital = longest.bytes().all(|it| it.is_ascii_uppercase());
    let long = if capital { LONG_CAPITAL_ROW } else { LONG_ROW };
    let row = longest.len() >= long && in_words(longest.as_bytes()) == 0;
    let mut counts = [0; 256];
    for byte in key.bytes() {
        counts[usize::from(byte)] += 1;
    }
    let filled = counts.into_iter().any(|it| it * 2 > key.len());
    (mixed || row) && !filled && !is_uniform(longest) && !is_placeholder(key) && !is_public_key(key)
}

/// The longest beginning of ASCII characters of this kind.
pub fn ascii(bytes: &[u8], of: impl Fn(u8) -> bool) -> &str {
    let end = bytes
        .iter()
        .position(|it| !it.is_ascii() || !of(*it))
        .unwrap_or(bytes.len());
    std::str::from_utf8(&bytes[..end]).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::buffer::Buffer;
    use super::super::parts::AnchorPart;
    use super::super::{Needles, What};
    use super::*;
    use crate::variables::secret_words;
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;

    /// Rules, and templates of the keys that they find. No whole key is written in this file.
    const CASES: &str = include_str!("../../tests/support/shapes.txt");

    /// At least this share of the random cases is found. In percent.
    const FOUND: usize = 95;

    /// The rules of the findings in a text.
    fn rules(needles: &Needles, text: &str) -> Vec<&'static str> {
        let mut rules = Vec::new();
        let hit = |_, needle| match needles.what(needle) {
            What::Shape(_, rule) => rules.push(rule),
            What::Value(_) => panic!("no value is looked for"),
        };
        let mut buffer = Buffer::default();
        needles
            .search_stream(text.as_bytes(), &mut buffer, hit)
            .unwrap();
        rules
    }

    /// Fills in a template. `letter` chooses from an alphabet.
    fn filled(template: &str, mut letter: impl FnMut(&str) -> char) -> String {
        let template = template.replace("\\\\n", "\u{1}").replace("\\n", "\n");
        let template = template.replace("\\t", "\t");
        let mut text = String::new();
        for (index, part) in template.replace('\u{1}', "\\n").split('<').enumerate() {
            let blank = part.split_once('>').filter(|_| index > 0);
            let count = blank.and_then(|(blank, _)| blank.get(..blank.len() - 1)?.parse().ok());
            let (Some((blank, rest)), Some(count)) = (blank, count) else {
                text.extend((index > 0).then_some('<'));
                text.push_str(part);
                continue;
            };
            let alphabet = alphabet(blank.chars().next_back().unwrap());
            text.extend((0_usize..count).map(|_| letter(&alphabet)));
            text.push_str(rest);
        }
        text
    }

    /// The alphabet of a blank.
    fn alphabet(kind: char) -> String {
        let small = "abcdefghijklmnopqrstuvwxyz";
        let (capital, digits) = (small.to_uppercase(), "0123456789");
        match kind {
            'a' => [small, &capital, digits].concat(),
            'b' => [small, &capital, digits, "+/"].concat(),
            'D' => [small, digits, "!@#%^&*-_=+"].concat(),
            'J' => [small, digits, "!@#$%^&*(-_=+)"].concat(),
            'd' => "123456789".to_owned(),
            'h' => "0123456789abcdef".to_owned(),
            'L' => [small, &capital].concat(),
            'l' => [small, digits].concat(),
            's' => small.to_owned(),
            'T' => [&capital, "234567"].concat(),
            'u' => [&capital, digits].concat(),
            'w' => [small, &capital, digits, "-_"].concat(),
            'X' => "0123456789ABCDEF".to_owned(),
            _ => panic!("{kind} is no alphabet"),
        }
    }

    /// The cases: each has a rule and a template.
    fn cases() -> impl Iterator<Item = (&'static str, &'static str)> {
        let lines = CASES.lines().filter(|it| !it.starts_with('#'));
        lines.map(|it| it.split_once(' ').unwrap())
    }

    /// Random numbers that are the same in every run.
    fn chance(mut state: u64) -> impl FnMut(&str) -> char {
        move |alphabet| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            let index = usize::try_from(state >> 33).unwrap() % alphabet.len();
            char::from(alphabet.as_bytes()[index])
        }
    }

    #[test]
    fn every_shape_is_found_under_its_rule_and_once() {
        let needles = Needles::new(&[]);
        let (mut all, mut found, mut missed) = (0, 0, Vec::new());
        for seed in 1..=10 {
            let mut letter = chance(seed);
            for (rule, template) in cases() {
                let text = filled(template, &mut letter);
                all += 1;
                match rules(&needles, &text)[..] {
                    [only] if only == rule => found += 1,
                    // A longer random rest may have a shape itself.
                    ref other => missed.push((rule, template, other.to_vec())),
                }
            }
        }
        assert!(found * 100 >= all * FOUND, "{found} of {all}: {missed:#?}");
        let told_by_looks = missed.iter().filter(|it| it.0 != "generic-api-key");
        assert!(told_by_looks.count() <= 5, "{missed:#?}");
    }

    #[test]
    fn a_placeholder_instead_of_a_key_is_no_finding() {
        let needles = Needles::new(&[]);
        for (_, template) in cases() {
            for filler in ['x', 'X', '0'] {
                let text = filled(template, |_| filler);
                assert!(rules(&needles, &text).is_empty(), "{text}");
            }
        }
    }

    #[test]
    fn a_piece_of_a_longer_word_is_no_key() {
        let needles = Needles::new(&[]);
        for (rule, template) in cases() {
            let beginning = template.split('<').next().unwrap_or_default();
            if !beginning.is_empty() && beginning.bytes().all(in_word) {
                let text = format!("task_{}", filled(template, chance(3)));
                assert!(!rules(&needles, &text).contains(&rule), "{text}");
            }
        }
    }

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        assert_eq!(rules(&Needles::new(&[]), text), expected, "{text}");
    }

    /// Letters and digits without a pattern.
    fn random(count: usize) -> String {
        filled(&format!("<{count}a>"), chance(7))
    }

    #[test]
    fn keys_in_programs_are_found_too() {
        check(
            &format!("x = \"\\nghp_{}\\n\"", random(36)),
            &["github-pat"],
        );
        let pair = STANDARD.encode(format!("neo:{}", random(16)));
        check(
            &format!("Authorization: Basic {pair}"),
            &["curl-auth-header"],
        );
        check(
            &format!("{{\"zion.io\": {{\"auth\": \"{pair}\"}}}}"),
            &["docker-auth"],
        );
        check(&format!("_auth={pair}"), &["npm-auth"]);
        check(&format!("//r.zion.io/:_auth = {pair}"), &["npm-auth"]);
        check("_auth=bmVvOnRyaW5pdHk=", &[]);
        // AWS documents no alphabet.
        check(
            &format!("k = \"AKIA{}\"", "10Z8WM9KPLR1XN0B"),
            &["aws-access-token"],
        );
        check(&format!("sk-live-{}", random(24)), &["sk-key"]);
        // In two halves, because the oracle searches this file too.
        for password in [
            random(12),
            ["red", "pill"].concat(),
            ["Tr1n", "ty$k9"].concat(),
            ["S3cret", "Passw0rd"].concat(),
        ] {
            let text = format!("u = postgresql://neo:{password}@db:1/m");
            check(&text, &["password-in-url"]);
        }
    }

    #[test]
    fn a_text_that_only_looks_like_a_key_is_no_finding() {
        check("ghp_", &[]);
        let hex = filled("<32h>", chance(7));
        check(&format!("TASK{hex} SK{hex}0 SK{}", &hex[1..]), &[]);
        check(&format!("sk_prod_{}", random(12)), &[]);
        check(&format!("fo1_{} ico-{}", random(42), random(31)), &[]);
        check(&format!("ico-{}", "a-button-with-an-icon-of-zion-tv"), &[]);
        let parts = [22, 24, 19].map(random).join(".");
        check(&format!("pat.{parts}0a compat.{parts}a"), &[]);
        check("sk-your-own-key-goes-here-0123", &[]);
        check("the-sk-fading-circle-spinner-wrapper-2", &[]);
        check("AKIAIOSFODNN7EXAMPLE", &[]);
        check(&format!("pub_key = '{}'", random(44)), &[]);
        check("sk-a-key-for-the-gateway-999", &[]);
        check(&format!("placeholder: \"sk-{}\"", random(24)), &[]);
        check(&format!("<input placeholder='ghp_{}'>", random(36)), &[]);
        check(&format!("GATE_API_KEY = 'phc_{}'", random(43)), &[]);
        check(&format!("stripe_key: pk_live_{}", random(24)), &[]);
        check(
            &format!("AccountKey={}{}==", "Eby8vdM02xNOcqFlqUwJ", random(66)),
            &[],
        );
        check("Bearer eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9", &[]);
        check(
            &format!(
                "eyJhbGciOiJIUzI1NiJ9.{}.{}",
                "eyJzdWIiOiIxMjM0NTY3ODkwIn0",
                random(43)
            ),
            &[],
        );
        check(
            &format!(
                "Bearer eyJhbGciOiJIUzI1NiJ9.{}.{}",
                "eyJzdWIiOiIxMjM0NTY3ODkwIn0",
                random(43)
            ),
            &[],
        );
        check(
            "TrinityPasswordManager = \"ea7b8d31-4d01-1d26-3ce4-b6b47cb375d4\"",
            &[],
        );
        check("-----BEGIN PRIVATE KEY-----\n...", &[]);
        check(
            &format!("-----BEGIN PRIVATE KEY-----\\n{}...\"", random(52)),
            &[],
        );
        check(
            &format!("-----BEGIN PRIVATE KEY-----\n{}\u{2026}", random(52)),
            &[],
        );
        check(&"-----BEGIN RSA PRIVATE KEY-----\n".repeat(50), &[]);
        check(
            &format!("-----BEGIN NOPRIVATE KEY-----\n{}", random(64)),
            &[],
        );
        check("-----BEGIN PRIVATE KEY-----\nYourPrivateKeyGoesHere", &[]);
        check(&format!("-----BEGIN PUBLIC KEY-----\n{}", random(64)), &[]);
        check("postgresql://user:password@host:5432/name", &[]);
        check("postgresql://{user}:{password}@{host}", &[]);
        check("postgresql://neo:password123@db:5432/m", &[]);
        check("https://zion.io/@neo:morpheus1", &[]);
        check("http://neo:p%3Ass:tail@localhost:3128", &[]);
        check("postgresql://postgres:postgres@localhost", &[]);
        check("postgresql://neo:trinity@localhost", &[]);
        check("postgresql://neo:p%40ss%23word@localhost:5432/m", &[]);
        check("postgresql://neo:gateway@gateway-db:5432/m", &[]);
        check("amqp://neo:gateway@gateway:5672", &[]);
        check("postgresql://neo:gateway@db.zion:5432/gateway", &[]);
        check("postgresql://trinity:trinity@db:5432/m", &[]);
        for name in ["zion_gate", "zion-gate-db"] {
            check(&format!("postgresql://neo:{name}@db/{name}"), &[]);
            check(&format!("postgresql://{name}:{name}@db/m"), &[]);
            check(&format!("amqp://neo:{name}@{name}.zion.io:5672/m"), &[]);
        }
        check("https://neo:trinity@zion.example/", &[]);
        for template in [
            "$PASSWORD",
            "${PASSWORD}",
            "%s%s%s",
            "%(password)s",
            "[password]",
        ] {
            check(&format!("postgresql://neo:{template}@db/m"), &[]);
        }
    }

    #[test]
    fn only_random_text_in_a_header_or_a_command_is_a_secret() {
        let basic = |pair: &str| STANDARD.encode(pair);
        let password = random(16);
        check(&format!("Basic {}", basic("neo:trinity")), &[]);
        let pair = basic(&format!("neo:{password}"));
        for header in [
            format!("Authorization: BASIC {pair}"),
            format!("authorization: Basic\r\n\t{pair}"),
            format!("AUTHORIZATION:\r\n Basic {pair}"),
        ] {
            check(&header, &["curl-auth-header"]);
        }
        let token = random(40);
        for text in [
            // No blank: the next line is another header, or a line of prose.
            format!("Authorization:\n{token}"),
            format!("Authorization: Bearer\n{token}"),
            format!("X-Api-Key:\n{token}"),
            "Authorization:\n the-header-that-is-described-in-2-parts".to_owned(),
            "Authorization: Bearer\n YOUR_ACCESS_TOKEN_1234".to_owned(),
            "AUTHORIZATION: BEARER $TOKEN_OF_ZION_12".to_owned(),
            "X-Api-Key:\n  description: the key 4 the gateway".to_owned(),
        ] {
            check(&text, &[]);
        }
        check(&format!("Basic {}", basic(&password)), &[]);
        check(&format!("\"auth\": \"{}\"", random(16)), &[]);
        let command = format!("curl -s \\\n  -u 'neo:{password}' \\\n  https://zion.io");
        check(&command, &["curl-auth-user"]);
        check(
            &format!("curl -u $NEO:$PASSWORD https://zion.io {password}"),
            &[],
        );
        check(&format!("curl -u neo: https://zion.io/:{password}"), &[]);
        check(
            &format!("curl https://zion.io\nsort -u neo:{password}"),
            &[],
        );
        check(
            &format!("curl --user-agent neo:{password} https://zion.io"),
            &[],
        );
        check("curl -u neo:trinity123 https://zion.io", &[]);
        for command in [
            "mysql -u neo -p {}",
            "mysqldump -u neo {}",
            "mysql_config -p{}",
            "[\"mysql\", \"-p\", \"{}\"]",
            "login(\"-p\", \"{}\")",
            "{\"login\": \"neo\", \"id\": \"{}\"}",
            "my mysql: -p{}",
            "mysql -u neo\nmkdir -p{}",
            "docker run -p {}",
            "docker login -u neo --profile {}",
            "redis-cli -h {} ping",
            "sshpass -f {} ssh zion.io",
            "--token-type {}",
            "commit_token_sha = \"{}\"",
            "--password-file {}",
        ] {
            check(&command.replace("{}", &password), &[]);
        }
        for filler in [
            "password",
            "YOUR_PASSWORD",
            "$PASSWORD",
            "\"${PASSWORD_OF_ZION_1}\"",
            "zion_production_2024",
            "<password-of-zion>",
            "$(cat /run/secrets/zion2)",
            "{{ zion.password2 }}",
            "password123",
            "my-secret-password-1",
        ] {
            for command in [
                "mysql -p{}",
                "sshpass -p {}",
                "docker login -p {}",
                "redis-cli -a {}",
                "zion --token {}",
                "gpg --passphrase {}",
                "zion --db-pass={}",
                "zion --pwd {}",
                "requirepass {}",
                "curl -u neo:{}",
            ] {
                check(&command.replace("{}", filler), &[]);
            }
        }
        for id in [
            "YOURACCESSKEYIDX",
            "XXXXXXXXXXXXXXXX",
            "EXAMPLEEXAMPLEKE",
            "ABCDEFGHIJKLMNOP",
        ] {
            check(&format!("AKIA{id}"), &[]);
        }
    }

    #[test]
    fn the_name_of_a_long_option_says_that_a_password_follows() {
        let password = random(24);
        for option in [
            "--passphrase ",
            "--passphrase=",
            "--encryption-passphrase ",
            "--pass ",
            "--db-pass=",
            "--pwd ",
            "--db-pwd=",
            "--passcode ",
            "--psk ",
        ] {
            let command = format!("zion {option}{password} x");
            check(&command, &["generic-api-key"]);
        }
        for option in [
            "--passthrough",
            "--passive",
            "--pass-timeout",
            "--pass-name",
            "--pwdx",
            "by-pass",
        ] {
            check(&format!("zion {option} {password} x"), &[]);
        }
    }

    #[test]
    fn under_the_name_of_a_secret_only_random_text_is_a_secret() {
        for text in [
            "token = getToken2FromCacheV1(user)",
            "let secret = SecretTlsVecU16;",
            "WRAP_KEY_BLOB: &str = \"Rfc3565KeyWrapBlob\";",
            "api_key = os.environ[\"MATRIX_API_KEY_2\"]",
            "password = \"${DB_PASSWORD_V2}\"",
            "password: changeme-12345678",
            "secret_name: prod/zion/db-7f3a9c2e1b",
            "\"api_key\": \"a9f4-f152e97ad808\"",
            "tokenizerModel: \"gpt-4-32k-0613\"",
            "req_key = \"zion_vgfm_t2v_l20\"",
            "password = 'crwdns12318:0crwdne12318:0'",
            "token = \"hashed(b64x2q, k9v7w3z, t5)\"",
            "SECRET_KEY = \"SAK123456789\"",
        ] {
            check(text, &[]);
        }
        let password = random(16);
        check(&format!("name: DB_PASSWORD\nother: {password}"), &[]);
        check(&format!("name: DB_PASSWORD\nvalueFrom: {password}"), &[]);
        check(&format!("the password {password}"), &[]);
        check(&format!("log('token', '{password}')"), &[]);
        let hash = format!(
            "password = 'pbkdf2_sha256$30000${}${}'",
            random(12),
            random(43)
        );
        check(&hash, &[]);
        check(&format!("public_key = '{}'", random(44)), &[]);
        check(&format!("assert token == '{}'", random(44)), &[]);
    }

    #[test]
    fn documentation_shows_parts_of_tokens_paths_and_hosts_that_nobody_owns() {
        let short = filled("abc<7l>4<7l>", chance(7));
        for text in [
            "token: \"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9...\"".to_owned(),
            "token: \"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9\"".to_owned(),
            "access_token = \"eyJhbGciOiJIUzUxMiJ9.payload.signature\"".to_owned(),
            "access_token = \"eyJhbGciOiJIUzUxMiJ9.xxx.yyy\"".to_owned(),
            "token = \"eyJhbGciOiJIUzI1NiJ9.fake-sample-token-not-real.signature\"".to_owned(),
            format!("access_token = \"ya29.a0AfH6SM{}...\"", random(12)),
            format!("token = \"sk-proj-{short}...xyz\""),
            format!("sk-ant-{short}..."),
            format!("sk-{short}\u{2026}"),
            format!("Bearer {}...", random(20)),
            format!("eyJhbGciOiJIUzUxMiJ9.eyJ{}.{}...", random(20), random(22)),
            format!("Sec-WebSocket-Key: {}", random(24)),
            "{ \"./v3/apiKeys\": \"./src/v3/apiKeys.ts\" }".to_owned(),
            "apiToken = \"lib/v3/t4Q9x7Kz2/w8Rb5.js\"".to_owned(),
            format!("\"placeholderAppToken\": \"{}\"", random(30)),
            format!("apiKeyPlaceholder: \"{}\"", random(30)),
            "redis://user:s3cret@cluster.example:6379".to_owned(),
            "postgresql://user:hunter22@db.example.com/m".to_owned(),
            "mysql://u:s3cretword@db.zion.test/m".to_owned(),
            "mysql://u:s3cretword@zion.invalid./m".to_owned(),
        ] {
            check(&text, &[]);
        }
        // The same, when it is a secret.
        let generic = &["generic-api-key"];
        check(
            &format!("token = \"eyJhbGciOiJIUzUxMiJ9.{}\"", random(40)),
            generic,
        );
        check(&format!("apiToken = \"{}\"", random(30)), generic);
        check(
            &format!("sk-ant-{} and so on...", random(40)),
            &["anthropic-api-key"],
        );
        check(&format!("ghp_{}...", random(36)), &["github-pat"]);
        let token = format!("eyJhbGciOiJIUzI1NiJ9.eyJ{}.{}", random(20), random(43));
        check(&format!("{token}..."), &["jwt"]);
        for host in [
            "db.example.com",
            "db.zion.io",
            "notexample",
            "example.com.zion",
        ] {
            let url = format!("postgresql://neo:{}@{host}/m", random(20));
            check(&url, &["password-in-url"]);
        }
    }

    #[test]
    fn a_text_for_an_empty_field_and_a_name_that_denies_are_no_secrets() {
        let key = format!("ghp_{}", random(36));
        for text in [
            "placeholder=\"{}\"",
            "tokenPlaceholder: '{}'",
            "placeholder: 'e.g. {}'",
            "placeholder={t('{}')}",
            "placeholder={`for example {} or so`}",
        ] {
            check(&text.replace("{}", &key), &[]);
        }
        for text in [
            "placeholder='token' value='{}'",
            "placeholder: none, token: '{}'",
            "placeholder: 'x'\nk = '{}'",
            "// a placeholder for {}",
        ] {
            check(&text.replace("{}", &key), &["github-pat"]);
        }
        let value = random(30);
        for name in [
            "OIDC_CLIENT_SECRET_REDACTED_VALUE",
            "CREDENTIAL_BLANKING_VALUE",
            "maskedToken",
        ] {
            check(&format!("{name} = \"{value}\""), &[]);
        }
    }

    #[test]
    fn each_url_of_a_list_has_its_own_password() {
        let stars = "********";
        check(&format!("redis://u:{stars}@h1:1;u3:{stars}@h2:2/0"), &[]);
        check(
            &format!("redis://u:{stars}@h1:1;u3:{stars}@h2:2;u:{stars}@h3:3"),
            &[],
        );
        let password = random(16);
        for url in [
            "redis://u:{}@h1:1;u3:********@h2:2/0",
            "redis://u:********@h1:1;u3:{}@h2:2/0",
            "postgresql://u:a;{}@h2/m",
        ] {
            check(&url.replace("{}", &password), &["password-in-url"]);
        }
    }

    #[test]
    fn the_keys_with_which_supabase_starts_are_no_secrets() {
        let claims = "eyJpc3MiOiJzdXBhYmFzZS1kZW1v";
        let of =
            |claims: &str| format!("eyJhbGciOiJIUzI1NiJ9.{claims}{}.{}", random(20), random(43));
        check(&of(claims), &[]);
        check(&of("eyJpc3MiOiJzdXBhYmFzZSIs"), &["jwt"]);
        check(&format!("SERVICE_ROLE_KEY=\"{}\"", of(claims)), &[]);
    }

    #[test]
    fn every_name_of_a_secret_variable_is_one_in_source_code_too() {
        let value = random(26);
        for word in secret_words() {
            check(&format!("ZION_{word}=\"{value}\""), &["generic-api-key"]);
        }
        for name in [
            "ZION_PATH",
            "zion_path",
            "COMPASS",
            "zion_pattern",
            "sortKey",
            "mapKey",
            "MONKEY",
            "cacheKey",
            "accessKeyId",
            "ZION_SALT_ROUNDS",
        ] {
            check(&format!("{name} = \"{value}\""), &[]);
        }
    }

    #[test]
    fn a_dot_before_key_says_what_for_or_is_no_name_of_a_secret() {
        let value = random(26);
        for name in ["item.key", "map-key", "$.key", "keyboard.key", "event.key"] {
            check(&format!("{name} = \"{value}\""), &[]);
        }
        check(&format!("api.key.name = {value}"), &[]);
        check(&format!("(api_key, \"{}\")", random(16)), &[]);
        check(&format!("{{api_key, {value}}}"), &[]);
        check(&format!("token = look_up(\"{value}\")"), &[]);
    }

    #[test]
    fn a_uuid_under_a_name_that_is_no_credential_is_a_name_too() {
        let mut letter = chance(7);
        let uuid = filled("<8h>-<4h>-<4h>-<4h>-<12h>", &mut letter);
        let other = random(30);
        let generic = &["generic-api-key"];
        for name in [
            "OnePassword = ",
            "LastPassword: ",
            "IDEMPOTENCY_KEY=",
            "partition_key = ",
            "next_page_token: ",
            "nextPageToken: ",
            "sync_token = ",
            "nextSyncToken = ",
            "ROW_KEY = ",
            "continuation_token = ",
        ] {
            check(&format!("{name}\"{uuid}\""), &[]);
            check(&format!("{name}\"{}\"", uuid.to_uppercase()), &[]);
            // Any other text may be a credential.
            check(&format!("{name}\"{other}\""), generic);
            check(&format!("{name}\"{uuid}f\""), generic);
        }
        for name in [
            "API_KEY=",
            "HEROKU_API_KEY: ",
            "client_secret = ",
            "token = ",
            "pageAuthToken = ",
            "phone_password = ",
            "partition_api_key = ",
            "last_access_token = ",
        ] {
            check(&format!("{name}\"{uuid}\""), generic);
        }
    }

    #[test]
    fn a_name_in_camel_case_says_what_its_twin_with_underscores_says() {
        let mut letter = chance(7);
        let uuid = filled("<8h>-<4h>-<4h>-<4h>-<12h>", &mut letter);
        let other = random(30);
        let generic = &["generic-api-key"];
        check(&format!("<UserSecretsId>{uuid}</UserSecretsId>"), &[]);
        check(&format!("credentialsId: '{uuid}'"), &[]);
        for start in ["token", "clientSecret", "apiKey", "Password", "credential"] {
            for end in [
                "Id", "ID", "Name", "Uri", "URL", "Type", "Version", "Path", "File", "Prefix",
                "Length",
            ] {
                check(&format!("\"{start}{end}\": \"{other}\""), &[]);
            }
            // An ending is a word of its own.
            for end in ["", "Value", "IdValue", "Rapid", "rename"] {
                check(&format!("\"{start}{end}\": \"{other}\""), generic);
            }
        }
        for name in ["FingerPrint", "pubKey", "siteKey", "SignKeyCheckSum"] {
            let assigned = format!("{name}OfToken = \"{other}\"");
            let word = name.to_lowercase();
            check(&assigned.replace(name, &word), &[]);
            check(&assigned, &[]);
        }
    }

    #[test]
    fn the_fingerprint_of_a_key_that_signs_packages_is_public() {
        let mut letter = chance(7);
        let generic = &["generic-api-key"];
        let print = filled("<40X>", &mut letter);
        for name in [
            "docker__upstream_key: ",
            "gitlab_runner__apt_key: ",
            "ENV GPG_KEY ",
            "PGP_KEY=",
            "gpg_keys = ",
        ] {
            check(&format!("{name}'{print}'"), &[]);
            // Only a fingerprint is one.
            for other in ["<41X>", "<39X>", "<40h>", "<64X>", "<40a>"] {
                let other = filled(other, &mut letter);
                check(&format!("{name}'{other}'"), generic);
            }
        }
        for name in [
            "API_KEY=",
            "signing_key: ",
            "GPG_SECRET=",
            "gpg_key_password=",
            "adapter_key=",
        ] {
            check(&format!("{name}'{print}'"), generic);
        }
    }

    #[test]
    fn what_only_begins_like_a_key_is_no_key() {
        let mut letter = chance(9);
        for text in [
            // Sizes of paper, names of variables, and hashes with one digit too few or too many.
            "format = \"A3-LANDSCAPE-PAGE\"",
            "A3-<6u>-<11u>-<5u>-<5u>",
            "A3-<6u>-<10u>-<5u>-<5u>-<5u>",
            "a3-<6l>-<11l>-<5l>-<5l>-<5l>",
            "squ_<39h>",
            "sqp_<41h>",
            "x.squ_are",
            "sm_pat_<15a>",
            "sm_sat_<17a>",
            "FLWSECK_TEST-<11h>",
            // A JSON text in base64 that is no token, and the head of one alone.
            "ZXlK<160a>",
            "ZXlKaGJHY2lPaUpJVXpJMU5pSXNJblI1Y0NJNklrcFhWQ0o5",
        ] {
            check(&filled(text, &mut letter), &[]);
        }
    }

    /// For how long this thread had a processor, in hundredths of a second. Other work on the machine does not
    /// count.
    #[cfg(target_os = "linux")]
    fn processor_time() -> u64 {
        let text = std::fs::read_to_string("/proc/thread-self/stat").unwrap();
        // After the name: the state, ten fields, then the time in the program and the time in the kernel.
        let (_, fields) = text.rsplit_once(") ").unwrap();
        let times = fields.split(' ').skip(11).take(2);
        times.map(|it| it.parse::<u64>().unwrap()).sum()
    }

    /// The clock on the wall, where no file tells the time of a thread.
    #[cfg(not(target_os = "linux"))]
    fn processor_time() -> u64 {
        let now = std::time::SystemTime::now();
        let now = now.duration_since(std::time::UNIX_EPOCH).unwrap();
        now.as_secs() * 100 + u64::from(now.subsec_millis()) / 10
    }

    #[test]
    fn a_file_of_nothing_but_beginnings_is_looked_at_in_time() {
        let needles = Needles::new(&[]);
        for anchor in SHAPES.iter().flat_map(|it| it.anchors.split('|')) {
            for between in ["", " ", ".", "=\"", ":"] {
                let piece = format!("{anchor}{between}");
                let text = piece.repeat(4_000 / piece.len());
                let start = processor_time();
                rules(&needles, &text);
                assert!(processor_time() - start < 50, "{piece}");
            }
        }
    }

    #[test]
    fn a_beginning_inside_a_text_that_is_no_key_is_not_looked_at_again() {
        for piece in ["/ABSK", "+ABSK", "=sntrys_", "=ATATT3"] {
            let text = piece.repeat(8_000 / piece.len());
            let shape = SHAPES.iter().position(|it| it.anchors == &piece[1..]);
            let (shape, mut rejected) = (shape.unwrap(), NONE_REJECTED);
            let holds = |it: &AnchorPart| it.anchors.iter().any(|it| it.shape == shape);
            let part = PARTS.iter().position(holds).unwrap();
            let anchors = text.match_indices(PARTS[part].text).filter(|(at, _)| {
                let ends = rejected[shape];
                confirmed_shape(part, text.as_bytes(), *at, &mut rejected);
                ends != rejected[shape]
            });
            // A key is the longest that fits, so these texts follow each other.
            let looked_at = anchors.count();
            assert!((1..=8_000 / 32).contains(&looked_at), "{piece} {looked_at}");
        }
    }
}
