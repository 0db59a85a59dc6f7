//! How is a word of the user's shown, if it may hold a secret?
//!
//! A mistyped address is no address to a parser, but its password is one all the same. So these functions look at the
//! text alone: at `…:…@`, and at the names of parameters.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::path::Path;

use percent_encoding::percent_decode_str;

/// A word in the name of a parameter that holds a secret ends like this, as in the names of signed addresses.
const ENDS: [&str; 14] = [
    "auth", "code", "cred", "key", "keyid", "otp", "pass", "pin", "pw", "pwd", "sas", "sid", "sig",
    "sign",
];

/// Or the name has this in it.
const PARTS: [&str; 15] = [
    "apikey",
    "authoriz",
    "bearer",
    "cookie",
    "credential",
    "hmac",
    "jwt",
    "passphrase",
    "passwd",
    "password",
    "secret",
    "session",
    "signature",
    "ticket",
    "token",
];

/// These words end like a secret, and are none.
const HARMLESS: [&str; 6] = ["design", "donkey", "hockey", "jockey", "monkey", "turkey"];

/// Before each parameter stands one of these.
const SEPARATORS: [char; 4] = ['?', '&', ';', '#'];

/// A word that may be an address or a path. If there is a file with this name, it is that file's name, and no secret.
pub fn safe(word: &OsStr) -> Cow<'_, OsStr> {
    let text = word.to_string_lossy();
    let hidden = masked(&text);
    if hidden == text || Path::new(word).symlink_metadata().is_ok() {
        Cow::Borrowed(word)
    } else {
        Cow::Owned(hidden.into())
    }
}

/// A text without user, password, and secret parameters.
///
/// A password may have a `/`, `?` or `#` that should have been written as `%2F`, `%3F` or `%23`. Its first part then
/// stands where a port must be, and may be a number, or the rest of it in a fragment. So everything up to the last `@` is
/// left out.
pub fn masked(text: &str) -> String {
    let Some((before, rest)) = text.split_once("://") else {
        return pieces(&without_login(text, &[":", "\\", "//"]));
    };
    let before = masked(before);
    // The host is asked behind any number of slashes.
    let slashes = rest.len() - rest.trim_start_matches('/').len();
    let (slashes, rest) = rest.split_at(slashes);
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let host = rest[..end].rsplit('@').next().unwrap_or_default();
    // A name with a port may be a user with the first part of a password: `neo:80/rd@h`. Not so in `h:80/@neo`.
    let is_named = host.contains(':') && !host.starts_with('[');
    let is_cut = bad_port(host).is_some()
        || rest[end..].starts_with('#')
        || is_named && rest.rfind('@') > Some(end + 1);
    let secret = if is_cut { rest } else { &rest[..end] };
    let (login, host, tail) = match secret.rfind('@') {
        Some(at) => ("***", &rest[at..end.max(at)], &rest[end.max(at)..]),
        None => ("", &rest[..end], &rest[end..]),
    };
    let tail = pieces(&without_login(tail, &["://"]));
    format!("{before}://{slashes}{login}{host}{tail}")
}

/// A text without what stands before its last `@`, if one of these signs is in it.
fn without_login(text: &str, signs: &[&str]) -> String {
    let start = text.len()
        - text
            .trim_start_matches(['-', '/', '?', '&', ';', '#'])
            .len();
    match text.rfind('@') {
        Some(at) if signs.iter().any(|it| text[..at].contains(it)) => {
            format!("{}***{}", &text[..start], &text[at..])
        }
        _ => text.to_owned(),
    }
}

/// A text with each of its parameters judged alone.
fn pieces(text: &str) -> String {
    text.split_inclusive(SEPARATORS).map(piece).collect()
}

/// A parameter, or what stands before the first one. A secret may hide behind its percent-encoding.
fn piece(piece: &str) -> String {
    let mut shown = without_login(piece, &[":"]);
    // A value may have parameters of its own: `?a=1,token=2`, `?a={"token":2}`. Nobody knows where the secret ends.
    let names_secret = |(at, _): &(usize, &str)| {
        let name = shown[..*at].rsplit(['=', ':']).next();
        name.is_some_and(is_secret)
    };
    if let Some((at, sign)) = shown.match_indices(['=', ':']).find(names_secret) {
        let end = &shown[shown.trim_end_matches(SEPARATORS).len()..];
        shown = format!("{}{sign}***{end}", &shown[..at]);
    }
    let decoded = percent_decode_str(&shown).decode_utf8_lossy();
    let hidden = if *decoded == shown {
        shown.clone()
    } else {
        pieces(&without_login(&decoded, &[":"]))
    };
    if hidden == *decoded { shown } else { hidden }
}

/// Whether a parameter with this name holds a secret: `auth[token]`, `api%4Bey` and `keyValue` do.
fn is_secret(name: &str) -> bool {
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let (mut words, mut before) = (String::new(), ' ');
    for c in percent_decode_str(name).decode_utf8_lossy().chars() {
        let begins = before.is_ascii_lowercase() && c.is_ascii_uppercase();
        if begins || !c.is_alphabetic() {
            words.push(' ');
        }
        words.extend(c.to_lowercase().filter(char::is_ascii_alphabetic));
        before = c;
    }
    let letters = words.replace(' ', "");
    let ends = |word: &str| {
        let ends_in = |it: &&str| word.ends_with(it);
        ENDS.iter().any(ends_in) && !HARMLESS.iter().any(ends_in)
    };
    let mut words = words.split(' ').chain([&*letters]);
    words.any(|it| ends(it) || it.strip_suffix('s').is_some_and(ends))
        || PARTS.iter().any(|it| letters.contains(it))
}

/// What stands after a host where a port must be, but is none.
pub fn bad_port(host: &str) -> Option<&str> {
    let port = match host.strip_prefix('[') {
        Some(v6) => v6.split_once(']')?.1.strip_prefix(':')?,
        None => host.split_once(':')?.1,
    };
    (!port.parse().is_ok_and(|port: u16| port > 0)).then_some(port)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(masked(text), expected);
        // A name that is masked already is shown as it is.
        assert_eq!(masked(expected), expected);
    }

    #[test]
    fn the_secret_parameters_of_an_address_are_not_shown() {
        check(
            "https://a.b/x.csv?X-Amz-Credential=A&X-Amz-Expires=60&X-Amz-Signature=b#x",
            "https://a.b/x.csv?X-Amz-Credential=***&X-Amz-Expires=60&X-Amz-Signature=***#x",
        );
        check(
            "https://a.b/x?sv=2024&sig=ab%3D",
            "https://a.b/x?sv=2024&sig=***",
        );
        check(
            "http://a.b/x;token=1?access_token=a=b&n=1",
            "http://a.b/x;token=***?access_token=***&n=1",
        );
        for name in [
            "passwd",
            "authorization",
            "credentials",
            "passphrase",
            "pw",
            "cred",
            "code",
            "auth_code",
            "sas",
            "hmac",
            "bearer",
            "session",
            "PHPSESSID",
            "auth[token]",
            "auth%5Btoken%5D",
            "api%4Bey",
            "password_2",
            "auth-token-id",
            "access_token_v2",
            "token_value",
            "tokens",
            "keys",
            "cookies",
            "signature_b64",
            "key_value",
            "keyValue",
            "key2",
            "to\u{212a}en",
            "a=1,token",
            "a=1|token",
        ] {
            for (before, after) in [("?", ""), ("?n=1&", "&m=2"), (";", "?n=1"), ("#", "")] {
                let whole = |value| format!("http://a.b/x{before}{name}={value}{after}");
                check(&whole("Sw0rd/+fish="), &whole("***"));
            }
        }
        check(
            "http://a.b/x;jsessionid=1f?y",
            "http://a.b/x;jsessionid=***?y",
        );
    }

    #[test]
    fn a_secret_inside_of_a_value_is_not_shown() {
        check(
            r#"http://a/?x={"token":"S"}&n=1"#,
            r#"http://a/?x={"token":***&n=1"#,
        );
        check(
            "http://a/?x=%7B%22token%22%3A%22S%22%7D",
            r#"http://a/?x={"token":***"#,
        );
        check("http://a/?a=1,token=S,b=2#c", "http://a/?a=1,token=***#c");
        check("http://a/?a=1|token=S", "http://a/?a=1|token=***");
        check("http://a/?token=a,b=S", "http://a/?token=***");
    }

    #[test]
    fn a_secret_behind_percent_encoding_is_not_shown() {
        check(
            "http://a.b/x?apikey%3Dabc&n=1",
            "http://a.b/x?apikey=***&n=1",
        );
        check("http://a.b/x?apikey%253Dabc", "http://a.b/x?apikey=***");
        check("http://a.b/x?u=%3Ftoken%3Dabc", "http://a.b/x?u=?token=***");
        check(
            "http://a.b/x?url=http%3A%2F%2Fu%3Ap%40h",
            "http://a.b/x?***@h",
        );
        check("http%3A%2F%2Fneo%3Apw%40h/x", "***@h/x");
    }

    #[test]
    fn a_login_in_a_parameter_or_a_path_is_not_shown() {
        check("http://a.b/x?url=http://u:p@h&n=1", "http://a.b/***@h&n=1");
        check("http://a.b/x?url=http://u:p&q@h", "http://a.b/***@h");
        check("http://a.b/2024/http://token@h/x", "http://a.b/***@h/x");
        check("http://a.b/x?login=neo:pw@h", "http://a.b/x?***@h");
        check("http:///neo:Sw0rdfish@h/x", "http:///***@h/x");
        check("http:///token@h/x", "http:///***@h/x");
    }

    #[test]
    fn a_password_that_begins_like_a_port_is_not_shown() {
        for (text, expected) in [
            ("http://neo:80/Sw0rd@h:81/ok", "http://***@h:81/ok"),
            ("http://neo:80?Sw0rd@h/", "http://***@h/"),
            ("http://neo:4/pw#Sw0rd@h/", "http://***@h/"),
            ("http://neo@zion.io:80/Sw0rd@h/@x", "http://***@x"),
            ("HTTP:///neo:080/Sw0rd@h", "HTTP:///***@h"),
            ("http://a.b:81/c@d", "http://***@d"),
            (
                "http://h/?u=http%3A%2F%2Fneo%3A80%2FSw0rd%40h",
                "http://h/?***@h",
            ),
        ] {
            check(text, expected);
        }
    }

    #[test]
    fn a_login_in_a_mistyped_address_is_not_shown() {
        for (text, expected) in [
            (" https://neo:pw@h/x", " https://***@h/x"),
            ("\"http://neo:pw@h\"", "\"http://***@h\""),
            ("<http://neo:p/w@h>", "<http://***@h>"),
            ("http:/neo:pw@h", "***@h"),
            ("https:neo:pw@h", "***@h"),
            ("http;//token@h/x", "***@h/x"),
            (r"http:\\neo:pw@h", "***@h"),
            ("//neo:pw@h", "//***@h"),
            ("//token@h", "//***@h"),
            ("neo:pw@h/x", "***@h/x"),
            ("neo:p?w&x=1@h/x?token=1", "***@h/x?token=***"),
            ("neo:pw@h://x", "***@h://x"),
            (
                "jdbc:postgresql://neo:pw@h/db",
                "jdbc:postgresql://***@h/db",
            ),
            ("s3://AKIA:p/w@b/x.parquet", "s3://***@b/x.parquet"),
        ] {
            check(text, expected);
        }
    }

    #[test]
    fn what_holds_no_secret_is_shown_as_it_is() {
        for plain in [
            "http://a.b/x?signal=1&day=2&X-Amz-Expires=60&download",
            "http://a.b/x?t=10:00&mail=neo@zion",
            "http://a.b:81/@c/d",
            "http://a.b:81?@c",
            "http://a.b/b//c@d?e=%C3%A9",
            "http://[::1]:81/c@d",
            "a@b.csv",
            "data/signal=1/a.csv",
            r"C:\data\a.csv",
            "http://a.b/x?monkeys=1&keyboard=2&author=neo&day=12:30:00",
            r"C:\keys\a=1.csv",
        ] {
            check(plain, plain);
        }
    }

    #[test]
    fn the_name_of_a_file_is_no_secret() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a:b@c.csv");
        let safe = || safe(path.as_os_str()).into_owned();
        assert_eq!(safe(), "/***@c.csv");
        std::fs::write(&path, "").unwrap();
        assert_eq!(safe(), path.as_os_str());
    }
}
