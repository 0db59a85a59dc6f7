//! Which words occur in placeholders, and what do they say?

use std::collections::HashMap;
use std::sync::LazyLock;

/// The role of a word in a placeholder.
#[derive(Clone, Copy, PartialEq)]
pub enum Says {
    /// It says that this is a placeholder. One such word is enough.
    Placeholder,
    /// It says so too, but songs and proverbs have this word.
    Perhaps,
    /// It says what to do, or what not to do.
    Order,
    /// It says what belongs here, or what is here instead.
    Thing,
    /// It says how, when or where, or is a small word between.
    Glue,
    /// It says whose key it is. It counts as known, and decides nothing.
    Topic,
    /// It is a pattern: `123`, `abc`, `zzz`.
    Nothing,
}

/// The words of placeholders.
pub const VOCABULARY: &[(Says, &str)] = &[
    (
        Says::Placeholder,
        "your changeme changethis changeit replaceme placeholder tbd fixme redacted \
         tobechanged tobemodified tobereplaced",
    ),
    (Says::Perhaps, "here todo"),
    (
        Says::Order,
        "add ask change changed create do dont dummy edit enter example fake fill generate generated \
         get insecure insert mock modified modify must never not notreal openssl overwrite paste please \
         provide put replace replaced sample set unsafe update use",
    ),
    (
        Says::Thing,
        "admin apikey cafebabe deadbeef asdf asdfgh bar baz blank byte bytes char character characters chars \
         credential credentials demo empty foo foobar guest hash hex key keys nil none null pass \
         passphrase passwd password passwords phrase pw pwd qux qwerty qwertyuiop readme required \
         salt secret secrets something string test testing tests text token tokens undefined user \
         username value whatever \
         chave clave cle clé contrasena contraseña geheim geheimer geheimes ipsum lorem passwort \
         schluessel schlüssel senha",
    ),
    (
        Says::Glue,
        "amet bitte dolor einsetzen eintragen hier ici sit sua tu votre \
         isnota nota shouldbe thisis \
         a after an and any as at base base64 be before bit bits by default deploy deploying \
         deployment dev develop development doc docs documentation final first for from good i id \
         in is it later least leave length live local locally long max me min minimum more my n new no \
         now number of on one only optional or our output own private prod production public rand \
         random read real run safe secure secured see some staging strong super temp temporary \
         than that the this to unique until uuid very with",
    ),
    (
        Says::Topic,
        "access account anthropic api app auth aws azure bearer bot botfather client cookie csrf dashboard database db \
         deepseek discord django domain email encryption endpoint firebase flask gemini git github gitlab google \
         groq host jwt laravel mail mongo mysql nextauth node oauth openai postgres rails redis refresh \
         s3 sendgrid server service session signing site slack smtp sql stripe supabase system \
         telegram twilio web webhook word",
    ),
];

/// The same words, for quick look-up.
pub static KNOWN: LazyLock<HashMap<&str, Says>> = LazyLock::new(|| {
    let says = |it: Says, row: &'static str| row.split(' ').map(move |word| (word, it));
    VOCABULARY.iter().flat_map(|it| says(it.0, it.1)).collect()
});
