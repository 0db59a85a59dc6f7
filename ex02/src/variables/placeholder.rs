//! Is this text a placeholder, which is there instead of a secret?
//!
//! No single character decides: a password may have any character in it. A placeholder has one of the
//! forms below, or it is a phrase: most of its words say what belongs here. A text with enough letters
//! and digits that form no words is a key.

use super::name::is_usual_name;
use super::phrase::{Phrase, cut, is_speech};
use super::vocabulary::{KNOWN, Says};

/// A longer text is not a placeholder. In bytes.
const LONGEST: usize = 160;

/// A text with this many letters and digits that form no words is a key.
const ENOUGH_NOISE: usize = 8;

/// A shorter disguised word, such as `p4ss`, may be chance. In letters.
const SHORTEST_DISGUISED: usize = 6;

/// Nobody has seen a longer one. In bytes.
const LONGEST_DISGUISED: usize = 32;

/// How much text may surround an ellipsis: `sk-proj-abc...xyz`. In bytes.
const MOST_BESIDE_DOTS: usize = 16;

/// What opens and closes a gap that somebody must fill in, with an example.
const GAPS: &[(&str, &str, &str)] = &[
    ("<", ">", "<zion access>"),
    ("{", "}", "{{ zion.access }}"),
    ("[", "]", "[zion access]"),
    ("(", ")", "(zion access)"),
    ("${", "}", "${ZION:-none}"),
    ("$(", ")", "$(cat zion.txt)"),
    ("#{", "}", "#{zion}"),
    ("%(", ")s", "%(zion)s"),
    ("%", "%", "%ZION%"),
    ("@", "@", "@ZION@"),
    ("__", "__", "__ZION__"),
];

/// How well-known keys begin. With a placeholder after it, all of it is a placeholder: `sk-xxxxxxxx`.
const BEGINNINGS: &str = "AIza AKIA ASIA SG. dop_v1_ eyJ ghp_ gho_ ghs_ github_pat_ glpat- gsk_ \
    hf_ npm_ pk_live_ pk_test_ pypi- rk_live_ rk_test_ sk- sk-ant- sk-proj- sk_live_ sk_test_ \
    shpat_ whsec_ xapp- xoxb- xoxp-";

/// The end of the example keys in the documentation of AWS, and the UUIDs that documentation shows.
const ENDINGS: &[&str] = &[
    "EXAMPLE",
    "EXAMPLEKEY",
    "123e4567-e89b-12d3-a456-426614174000",
    "550e8400-e29b-41d4-a716-446655440000",
];

/// Words for what belongs here: `mysupersecrethere`, `zion-api-key`.
const THINGS: &[&str] = &["key", "token", "secret", "pass", "password"];

/// The beginning of a reference. Another program replaces the reference by the secret: 1Password, Vault,
/// the stores of the clouds, sops, ansible, vals.
const REFERENCES: &str = "!vault $ANSIBLE_VAULT; @Microsoft.KeyVault( ENC[ akv:// \
    arn:aws:secretsmanager: arn:aws:ssm: aws-secretsmanager: awskms:// awssm:// awsssm:// azurekeyvault:// bw:// doppler:// \
    gcp-secretmanager: gcpsm:// infisical:// keyring:// keyvault:// kms: op:// pass:// projects/ \
    ref+ secretref: secretsmanager: secretsmanager:// sm:// ssm: vault: vault://";

/// True for placeholders: `your_api_key_here`, `<key>`, `${KEY}`, `change-me`, `xxxxxxxx`.
pub fn is_placeholder(text: &str) -> bool {
    let text = text.trim().trim_matches(['"', '\'', '`']).trim();
    let mut rests = BEGINNINGS.split(' ').filter_map(|it| text.strip_prefix(it));
    text.len() <= LONGEST
        && (stands_for_nothing(text)
            || is_gap(text)
            || is_reference(text)
            || is_phrase(text)
            || is_disguised(text)
            || ENDINGS.iter().any(|it| text.ends_with(it))
            || THINGS
                .iter()
                .any(|it| is_put_here(text, it) || names_it(text, it))
            || forbids_its_use(text)
            || rests.any(|it| stands_for_nothing(it) || is_gap(it) || is_filler(it)))
}

/// True for the host of an example: `your-zion.example`, `changeme.com`, `xxx.xxx`, `todo`. A short word
/// alone, as in `here.com`, may be the name of a service.
pub fn is_placeholder_host(host: &str) -> bool {
    let says = |label: &str| {
        let it = Phrase::of(label);
        it.count(Says::Placeholder) + it.count(Says::Perhaps) > 0
    };
    match host.rsplit_once('.') {
        None => says(host),
        Some((names, _)) => {
            let mut names = names.split('.');
            host.split('.').all(stands_for_nothing) || names.any(|it| it.len() > 4 && says(it))
        }
    }
}

/// True for a reference to the place of a secret, in words: `op://zion/oracle/key`.
fn is_reference(text: &str) -> bool {
    let rest = REFERENCES.split(' ').find_map(|it| text.strip_prefix(it));
    rest.is_some_and(|it| it.is_empty() || it.contains(['/', '#', ':', ',', '=']))
}

/// True for `example-do-not-use-9fQ1kd7x`: no key has such words in it.
fn forbids_its_use(text: &str) -> bool {
    let letters = text.chars().filter(char::is_ascii_alphanumeric);
    let row: String = letters.map(|it| it.to_ascii_lowercase()).collect();
    row.contains("donotuse")
}

/// True for a row of letters that ends in `secrethere`.
fn is_put_here(text: &str, thing: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let before = lower.strip_suffix("here");
    before.is_some_and(|it| it.ends_with(thing) && it.bytes().all(|it| it.is_ascii_lowercase()))
}

/// True for words that name this thing, and are not the thing itself: `my-zion-key`, `zionclientsecret`,
/// `ZION_KEY`. The word before it is known, or it is mine, or all of it is the name of a variable.
fn names_it(text: &str, thing: &str) -> bool {
    let words: Vec<&str> = text.split(['-', '_', '.', ' ']).flat_map(cut).collect();
    let last = words.last().map(|it| it.to_lowercase()).unwrap_or_default();
    let (Some(row), [before @ .., _]) = (last.strip_suffix(thing), &words[..]) else {
        return false;
    };
    let is_known = |it: &str| KNOWN.contains_key(it);
    let named = match before.last() {
        Some(_) if !row.is_empty() => false,
        Some(word) => {
            let mine = before.len() > 1 && before[0].eq_ignore_ascii_case("my");
            is_known(&word.to_lowercase()) || mine || is_usual_name(text)
        }
        // In one row of letters, a shorter word is chance.
        None => (4..=row.len()).any(|it| row.get(row.len() - it..).is_some_and(is_known)),
    };
    named && is_speech(&words.concat())
}

/// Takes the addresses of pages out of a text: `<your key from https://zion.io/x1>`.
fn without_links(text: &str) -> String {
    let words = text.split(' ');
    let words = words.filter(|it| !it.starts_with("https://") || it.contains('@'));
    words.collect::<Vec<_>>().join(" ")
}

/// True for an empty text, `xxx`, `***`, `...`, and for an ellipsis with a little text around it.
fn stands_for_nothing(text: &str) -> bool {
    let filler = |c: char| "xX*.…•-_#? ".contains(c);
    let dots = ["...", "…"].into_iter().find(|it| text.contains(it));
    text.is_empty()
        || (text.chars().count() > 2 && text.chars().all(filler))
        || dots.is_some_and(|it| text.len() - it.len() <= MOST_BESIDE_DOTS)
}

/// True for a gap that a person or a program must fill in.
fn is_gap(text: &str) -> bool {
    let within = |open: &str, close: &str| {
        let rest = text.split_once(open);
        rest.is_some_and(|(_, it)| it.contains(close))
    };
    let around = |open: &str, close: &str| {
        text.starts_with(open) && text.ends_with(close) && within(open, close)
    };
    let variable = text.strip_prefix('$').unwrap_or_default();
    let name = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    let gap = GAPS.iter().any(|(open, close, _)| around(open, close))
        || within("${", "}")
        || within("{{", "}}")
        || (!variable.is_empty() && variable.chars().all(name));
    text == "%s" || (gap && Phrase::of(&without_links(text)).noise < ENOUGH_NOISE)
}

/// True when the words of a text say that a secret belongs here. One of these must hold:
///
/// - it says so: `your-…`;
/// - it says so with a word that songs have too, and no number is in it: `…-here`;
/// - an order comes first, and more than a third of the letters are in known words (with a number, half of them):
///   `change-…`;
/// - it has an order or a thing (`key`), and more than half of the letters are in known words;
/// - all its words are known, two of them are small words such as `the` and `is`, and no number is in it;
/// - it has three words for nothing (`xxx`, `123`), in a pattern.
///
/// False when eight letters, or as many as the known words have, form no words: they may be a key.
fn is_phrase(text: &str) -> bool {
    let it = Phrase::of(text);
    let all = it.known + it.unknown + it.noise;
    let mostly = it.known * 2 > all;
    it.noise < ENOUGH_NOISE.min(it.known)
        && (it.count(Says::Placeholder) > 0
            || (it.count(Says::Perhaps) > 0 && (!it.number || mostly))
            || (it.orders && it.known * 3 > all && (!it.number || mostly))
            || (it.count(Says::Order) + it.count(Says::Thing) > 0 && mostly)
            || (it.count(Says::Glue) > 1 && it.known == all && !it.number)
            || (it.count(Says::Nothing) > 2 && it.is_pattern()))
}

/// True for the rest of an example key, after its well-known beginning: `sk-1234567890abcdef`,
/// `SG.123123`.
fn is_filler(rest: &str) -> bool {
    let half = rest.split_at_checked(rest.len() / 2);
    let twice = half.is_some_and(|(a, b)| a == b);
    is_phrase(rest) || Phrase::of(rest).is_pattern() || twice
}

/// True for `p@ssw0rd` and `super-duper-s3cret`: known words with signs for some letters, and few others.
fn is_disguised(text: &str) -> bool {
    let plain = text.trim_end_matches(|c: char| !c.is_alphabetic());
    let letter = |c: char| match c {
        '@' | '4' => 'a',
        '0' => 'o',
        '1' => 'i',
        '3' => 'e',
        '$' | '5' => 's',
        '7' => 't',
        _ => c.to_ascii_lowercase(),
    };
    if plain.len() > LONGEST_DISGUISED {
        return false;
    }
    let it = Phrase::of(&plain.chars().map(letter).collect::<String>());
    let known = it.known >= SHORTEST_DISGUISED.max(2 * it.unknown);
    known && it.noise == 0 && it.count(Says::Thing) > 0
}

/// True for `S3cretPassw0rd`, false for `password123`. Somebody disguised these words, so they are a
/// password: a bad one, but a password.
pub fn may_be_in_force(text: &str) -> bool {
    let word = text.trim_end_matches(|c: char| !c.is_alphabetic());
    is_disguised(text) && !is_phrase(text) && !word.chars().all(char::is_alphabetic)
}

#[cfg(test)]
mod tests {
    use super::super::pattern::is_uniform;
    use super::*;
    use crate::unit::chance::Chance;

    #[track_caller]
    fn check(text: &str, expected: bool) {
        assert_eq!(is_placeholder(text), expected, "{text}");
    }

    #[test]
    fn somebody_must_fill_in_a_gap() {
        for (open, close, example) in GAPS {
            assert!(example.starts_with(open) && example.ends_with(close));
            check(example, true);
        }
        check("zion-${ENV}-{{ color }}", true);
        check("$ZION_ACCESS", true);
        check("$Wh1teR4bbit", false);
        check("%", false);
        check("{Zq7H*2Lx9Rb4tVn8kWm3}", false);
        check("<Zq7H*2Lx9Rb4tVn8kWm3>", false);
    }

    #[test]
    fn no_single_sign_or_part_makes_a_placeholder() {
        check("Zq7H*2Lx9Rb4tVn8kWm3", false);
        check("9fQ1{kd7x}Lp2<vB8n>Rt", false);
        check("9fQ1kd7x...Lp2vB8nRt5wYz", false);
        check("$9fQ1kd7x", false);
        check("9fQ1kd7xxxxxLp2vB8nRt", false);
        check("9fQ1kd7-apikey-Lp2vB8n", false);
        check("secret-9fQ1kd7xLp2vB8n", false);
    }

    #[test]
    fn the_host_of_an_example_is_told_from_the_name_of_a_service() {
        for host in [
            "your-host.example",
            "your_endpoint_here",
            "api.yourdomain.com",
            "changeme.com",
            "xxxxxxxx.db.zion.io",
            "xxx.xxx",
            "todo",
            "placeholder",
        ] {
            assert!(is_placeholder_host(host), "{host}");
        }
        for host in [
            "zion.example",
            "api.example.com",
            "test.zion.io",
            "here.com",
            "todo.zion.io",
            "abc.xyz",
            "yourls.org",
            "token",
            "user",
            "xn--mnchen-3ya.example",
            "192.0.2.1",
            "::1",
            "",
        ] {
            assert!(!is_placeholder_host(host), "{host}");
        }
    }

    #[test]
    fn a_reference_to_a_store_of_secrets_is_not_a_secret() {
        check("op://zion/oracle/credential", true);
        check("vault:kv/data/zion#nebuchadnezzar", true);
        check(
            "arn:aws:secretsmanager:eu-west-1:918273645546:secret:zion-Wq7RtY",
            true,
        );
        check(
            "ENC[AES256_GCM,data:Zq7H2Lx9Rb4t,iv:Vn8kWm3,type:str]",
            true,
        );
        check("ssm:/zion/prod/oracle", true);
        check("kms:alias/zion", true);
        check("awssm://zion/oracle", true);
        check("ref+awsssm://zion/oracle", true);
        check(
            "@Microsoft.KeyVault(SecretUri=https://zion.example/9fQ1kd7x)",
            true,
        );
        check("vault:9fQ1kd7xLp2vB8nRt5wYz3mQ", false);
        check("op-9fQ1kd7x/Lp2vB8nRt5wYz3mQ", false);
    }

    #[test]
    fn a_disguised_word_may_be_a_real_password() {
        for text in ["S3cretPassw0rd", "P@ssw0rd!"] {
            assert!(is_placeholder(text) && may_be_in_force(text), "{text}");
        }
        for text in [
            "password123",
            "your-p@ssw0rd-here",
            "change-me",
            "Wh1teR4bbit",
        ] {
            assert!(!may_be_in_force(text), "{text}");
        }
    }

    #[test]
    fn words_count_when_they_say_what_belongs_here() {
        check("your-zion-thing", true);
        check("yourzionkey", true);
        check("hier-einsetzen-bitte", true);
        check("tu-clave-api", true);
        check("votre-clé-zion", true);
        check("zion-thing-here", true);
        check("thisisnotasecret", true);
        check("token-from-botfather", true);
        check("votre_cle_api_ici", true);
        check("your-zion-key-42", true);
        check("change-this-key-42", true);
        for text in [
            "wish-you-were-here-1975",
            "use-the-force-luke-77",
            "todo-el-mundo-2024",
            "here-comes-the-sun-69",
            "one-for-the-road-1948",
        ] {
            check(text, false);
        }
        check("123e4567-e89b-12d3-a456-426614174000", true);
        check("change-zion-word", true);
        check("zion-change-matrix", false);
        check("zion_password", true);
        check("zion-matrix-key", false);
        check("secretary-of-zion-matrix", false);
        check("morpheus-trinity-neo", false);
        // The name of a service alone is a password that local databases have.
        check("postgres", false);
        check("sk-1234567890abcdef", true);
        check("S3cr3tK3y!", true);
        check("Wh1teR4bbit", false);
        check("superdupersecrethere", true);
        check("9fQ1kd7xLp2vsecrethere", false);
        check("SG.123123", true);
        for text in [
            "my-openrouter-key",
            "my-fireworks-ai-key",
            "my-perplexity-key",
            "lemonade-api-key",
            "notarealappsecrettoken",
            "thisisasamplesecret",
            "rootsecretpassword",
            "raindropclientsecret",
            "super-duper-s3cret",
            "FIRECRAWL_API_KEY",
            "NEBUCHADNEZZAR_TOKEN",
            "lemonadeApiKey",
            "zion.access.token",
        ] {
            check(text, true);
        }
        for text in [
            "anvil-zipper-turkey",
            "zionmatrixkey",
            "Nebuchadnezzar_Token",
            "NEBUCHADNEZZAR_TURKEY",
            "my-9fQ1kd7x-key",
            "qwzkxvbnapitoken",
            "9fQ1kd7xclientsecret",
        ] {
            check(text, false);
        }
        check("example_do_not_use_9fQ1kd7xLp2vB8n", true);
        check("<your zion key from https://zion.example/a1b2c3d4e5>", true);
        check("<your https://zion.example@9fQ1kd7x.a1b2c3d4>", false);
    }

    impl Chance {
        /// A text of this many of these characters.
        fn text(&self, length: usize, alphabet: &str) -> String {
            let letters: Vec<char> = alphabet.chars().collect();
            (0..length).map(|_| self.one(&letters)).collect()
        }

        /// A text of this many of these words, joined.
        fn words(&self, count: usize, joint: &str) -> String {
            let words: Vec<&str> = (0..count).map(|_| self.one(WORDS)).collect();
            words.join(joint)
        }

        /// A UUID of version 4: 16 bytes as `8-4-4-4-12` hexadecimal digits.
        fn uuid(&self) -> String {
            let digits = [8, 4, 3, 3, 12].map(|length| self.text(length, HEX));
            let [time, middle, high, clock, node] = digits;
            format!("{time}-{middle}-4{high}-a{clock}-{node}")
        }
    }

    const HEX: &str = "0123456789abcdef";
    const BASE32: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    const ALPHANUMERIC: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    const BASE64: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const BASE64_URL: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const DJANGO: &str = "abcdefghijklmnopqrstuvwxyz0123456789!@#$%^&*(-_=+)";
    const WORDPRESS: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!@#$%^&*()-_ []{}<>~`+=,.;:/?|";
    const TERRAFORM: &str =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!@#$%&*()-_=+[]{}<>:?";
    const PRINTABLE: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";
    const ONE_PASSWORD: &str =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!@.-_*";

    /// Words from lists for passphrases. Three of them also occur in placeholders.
    const WORDS: &[&str] = &[
        "acorn", "anvil", "badge", "barley", "beacon", "blanket", "bottle", "bridge", "cactus",
        "candle", "canyon", "carbon", "change", "cobalt", "copper", "cradle", "cricket", "dagger",
        "dolphin", "donkey", "drizzle", "ember", "engine", "fabric", "falcon", "feather", "ferry",
        "fiddle", "gallop", "garden", "ginger", "glacier", "goblet", "gravel", "hammer", "harbor",
        "helmet", "hockey", "icicle", "island", "jacket", "jigsaw", "juniper", "kettle", "kitten",
        "ladder", "lantern", "lizard", "magnet", "marble", "meadow", "monkey", "muffin", "napkin",
        "nectar", "nugget", "oatmeal", "orchid", "otter", "oxygen", "paddle", "pebble", "pepper",
        "pickle", "pillow", "planet", "plaza", "pocket", "quartz", "quiver", "rabbit", "ribbon",
        "rocket", "saddle", "salmon", "sample", "scarf", "secret", "shovel", "silver", "sparrow",
        "spiral", "staple", "sunset", "tablet", "teapot", "thistle", "thunder", "timber",
        "tractor", "turkey", "turtle", "umpire", "velvet", "violin", "walnut", "whisper", "willow",
        "window", "zipper",
    ];

    /// Tools that make keys and passwords, and how each makes one.
    type Generator = (&'static str, fn(&Chance) -> String);

    const GENERATORS: &[Generator] = &[
        ("Django: get_random_secret_key", |it| it.text(50, DJANGO)),
        ("Django: startproject", |it| {
            format!("django-insecure-{}", it.text(50, DJANGO))
        }),
        ("WordPress: secret-key service, salts", |it| {
            it.text(64, WORDPRESS)
        }),
        ("Terraform: random_password", |it| it.text(20, TERRAFORM)),
        ("AWS: secret access key", |it| it.text(40, BASE64)),
        ("AWS: access key id", |it| {
            format!("AKIA{}", it.text(16, BASE32))
        }),
        ("AWS: secretsmanager get-random-password", |it| {
            it.text(32, PRINTABLE)
        }),
        ("1Password: random", |it| {
            let length = 20 + it.number(13);
            it.text(length, ONE_PASSWORD)
        }),
        ("1Password: memorable, 4 words", |it| it.words(4, "-")),
        ("1Password: memorable, blanks", |it| it.words(4, " ")),
        ("Bitwarden: 3 words and a digit", |it| {
            format!("{}{}", it.words(3, "-"), it.number(10))
        }),
        ("KeePass: 20 of letters, digits", |it| {
            it.text(20, ALPHANUMERIC)
        }),
        ("KeePassXC: 20 of all signs", |it| it.text(20, PRINTABLE)),
        ("openssl rand -base64 32", |it| it.text(43, BASE64) + "="),
        ("openssl rand -hex 32", |it| it.text(64, HEX)),
        ("openssl rand -hex 16", |it| it.text(32, HEX)),
        ("Python: secrets.token_urlsafe", |it| {
            it.text(43, BASE64_URL)
        }),
        ("uuid4", Chance::uuid),
        ("nanoid", |it| it.text(21, BASE64_URL)),
        ("pwgen -s 20", |it| it.text(20, ALPHANUMERIC)),
        ("pwgen -s -y 20", |it| it.text(20, PRINTABLE)),
        ("Laravel: key:generate", |it| {
            format!("base64:{}=", it.text(43, BASE64))
        }),
        ("Rails: secret", |it| it.text(128, HEX)),
        ("Phoenix: mix phx.gen.secret", |it| it.text(64, BASE64)),
        ("Heroku: API key", |it| {
            format!("HRKU-{}", it.text(60, BASE64_URL))
        }),
        ("GitHub: token", |it| {
            format!("ghp_{}", it.text(36, ALPHANUMERIC))
        }),
        ("GitLab: token", |it| {
            format!("glpat-{}", it.text(20, BASE64_URL))
        }),
        ("Stripe: test key", |it| {
            format!("sk_test_{}", it.text(24, ALPHANUMERIC))
        }),
        ("Stripe: restricted key", |it| {
            format!("rk_live_{}", it.text(99, ALPHANUMERIC))
        }),
        ("OpenAI: project key", |it| {
            format!("sk-proj-{}", it.text(48, ALPHANUMERIC))
        }),
        ("Google: API key", |it| {
            format!("AIza{}", it.text(35, BASE64_URL))
        }),
        ("20 small letters", |it| {
            it.text(20, "abcdefghijklmnopqrstuvwxyz")
        }),
        ("a name before it", |it| {
            format!("my-secret-key-{}", it.text(16, ALPHANUMERIC))
        }),
        ("words before it", |it| {
            format!("your_api_key_here_{}", it.text(20, HEX))
        }),
    ];

    #[test]
    fn a_generated_key_is_not_a_placeholder() {
        let chance = Chance::new(2026);
        let mut faults = Vec::new();
        for (name, make) in GENERATORS {
            let values: Vec<String> = (0..200).map(|_| make(&chance)).collect();
            let refused = values
                .iter()
                .filter(|it| is_placeholder(it) || is_uniform(it));
            let refused: Vec<&String> = refused.collect();
            if refused.len() > values.len() / 100 {
                faults.push(format!(
                    "{name}: {} of 200, {:?}",
                    refused.len(),
                    refused[0]
                ));
            }
        }
        assert!(faults.is_empty(), "{faults:#?}");
    }

    /// New placeholders, of the kinds that people write.
    const PLACEHOLDERS: &[&str] = &[
        "generate_a_new_key",
        "not-a-secret--read-the-doc!",
        "<insert token>",
        "<your-zion-key>",
        "<PASSWORD>",
        "<<TOKEN>>",
        "{{ api_key }}",
        "{{.Values.zionKey}}",
        "{API_KEY}",
        "${API_KEY}",
        "${API_KEY:-default}",
        "$ZION_TOKEN",
        "$(openssl rand -hex 32)",
        "<%= token %>",
        "%(password)s",
        "%API_KEY%",
        "%s",
        "[your key]",
        "[REDACTED]",
        "__API_KEY__",
        "***",
        "••••••••",
        "................",
        "xxx",
        "xxxx xxxx xxxx xxxx",
        "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx",
        "00000000-0000-0000-0000-000000000000",
        "sk-...",
        "sk-xxxxxxxxxxxxxxxxxxxxxxxx",
        "sk_test_your_key",
        "sk_live_...",
        "ghp_your_token_here",
        "ghp_xxxxxxxxxxxxxxxxxxxx",
        "AIza...",
        "AIzaSyXXXXXXXXXXXXXXXXXXXXXXXX",
        "AKIAXXXXXXXXXXXXXXXX",
        "AKIAIOSFODNN7EXAMPLE",
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "xoxb-your-bot-token",
        "SG.xxxxxx.yyyyyy",
        "eyJhbGciOi...",
        "abc123...",
        "abc123def456ghi789",
        "1234567890",
        "deadbeefdeadbeefdeadbeefdeadbeef",
        "supersecretkey",
        "mysecretpassword",
        "my-super-secret-jwt-key",
        "super_secret_session_key_for_zion_2026",
        "p@ssw0rd",
        "Password1!",
        "secret123",
        "admin123",
        "qwerty123",
        "asdfasdf",
        "SomeRandomString",
        "a_random_32_char_string",
        "a-very-long-random-string-change-me",
        "32-character-secret-key-goes-here",
        "minimum-32-characters-long",
        "please-change-this-in-production-!!!",
        "changeme",
        "change-me-123",
        "ChangeMeInProduction",
        "CHANGE_THIS_TO_SOMETHING_RANDOM",
        "change-it-before-you-deploy",
        "REPLACE_ME",
        "replace_with_output_of_openssl",
        "REPLACE_WITH_NEBUCHADNEZZAR_TOKEN",
        "openssl rand -hex 32",
        "use_openssl_rand",
        "your-secret-here",
        "YOUR_ZION_API_KEY",
        "YourAccessToken",
        "yoursecretkey",
        "enter-your-key",
        "PutYourZionTokenHere",
        "paste-token-here",
        "fill_me_in",
        "any_secret_here",
        "get one from the operator",
        "ask-the-operator",
        "see-readme",
        "required",
        "TODO",
        "TBD",
        "foo",
        "none",
        "N/A",
        "not-set",
        "dev-secret",
        "zion-dev-password",
        "local_dev_only",
        "do-not-use-in-production",
        "insecure-default-key",
        "django-insecure-change-this",
        "fakekey123",
        "test-api-key-not-real",
        "EXAMPLE_TOKEN",
        "google-client-secret",
    ];

    #[test]
    fn example_texts_are_placeholders() {
        let accepted = PLACEHOLDERS
            .iter()
            .filter(|it| !is_placeholder(it) && !is_uniform(it));
        let accepted: Vec<&&str> = accepted.collect();
        assert_eq!(PLACEHOLDERS.len(), 100);
        assert!(accepted.len() <= 10, "{}: {accepted:#?}", accepted.len());
    }
}
