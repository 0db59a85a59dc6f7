//! What do the headers of an answer say, and what must those of a request say?

use std::time::{Duration, SystemTime};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, NaiveDateTime};
use percent_encoding::percent_decode_str;
use ureq::http::HeaderMap;
use ureq::http::header::HeaderName;

/// What a body is packed with, as its server says.
pub type Codec = Option<&'static str>;

/// The codec of a body with this encoding, or this list of them. `None` if it cannot be unpacked: it is packed once at
/// most.
pub fn codec(encoding: &str) -> Option<Codec> {
    let all = encoding.split(',').map(|it| it.trim().to_lowercase());
    // curl takes `none` for `identity` too.
    let mut packed = all.filter(|it| !matches!(&**it, "" | "identity" | "none"));
    let codec = match packed.next().as_deref() {
        None => None,
        Some("gzip" | "x-gzip") => Some("gzip"),
        Some("zstd") => Some("zstd"),
        Some(_) => return None,
    };
    packed.next().is_none().then_some(codec)
}

/// The two old ways to write a point in time. Source: RFC 9110, section 5.6.7.
const OLD_TIMES: [&str; 2] = ["%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"];

/// How long a server asks to wait: some seconds, or until a point in time. Source: RFC 9110, section 10.2.3.
pub fn until(text: &str, now: SystemTime) -> Option<Duration> {
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let old = |form: &&str| NaiveDateTime::parse_from_str(text, form).ok();
    let old = || Some(OLD_TIMES.iter().find_map(old)?.and_utc().into());
    let then = DateTime::parse_from_rfc2822(text).ok().or_else(old)?;
    let then = SystemTime::from(then);
    // A point in the past needs no wait.
    Some(then.duration_since(now).unwrap_or_default())
}

/// The text of a header. Bytes that are not UTF-8 are replaced.
pub fn header(headers: &HeaderMap, name: &str) -> Option<String> {
    let value = headers.get(name)?;
    Some(String::from_utf8_lossy(value.as_bytes()).trim().to_owned())
}

/// The first way to log in that is offered, if Basic is not among them. Each begins with one word, and names with values
/// may follow. Source: RFC 9110, section 11.6.1.
pub fn other_login(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    let mut ways = Vec::new();
    for value in headers.get_all(name) {
        let text = String::from_utf8_lossy(value.as_bytes());
        let unquoted: String = text.split('"').step_by(2).collect();
        let words = unquoted
            .split(',')
            .filter_map(|it| it.split_whitespace().next());
        ways.extend(words.filter(|it| !it.contains('=')).map(str::to_owned));
    }
    let has_basic = ways.iter().any(|it| it.eq_ignore_ascii_case("basic"));
    ways.into_iter().next().filter(|_| !has_basic)
}

/// User and password as a header has them.
pub fn basic(user: &str) -> String {
    let mut plain: Vec<u8> = percent_decode_str(user).collect();
    if !user.contains(':') {
        plain.push(b':');
    }
    format!("Basic {}", BASE64_STANDARD.encode(plain))
}

#[cfg(test)]
mod tests {
    use ureq::http::header::WWW_AUTHENTICATE;

    use super::*;

    #[test]
    fn a_body_may_be_packed_once() {
        for (encoding, expected) in [
            ("", Some(None)),
            ("None", Some(None)),
            ("GZIP", Some(Some("gzip"))),
            ("x-gzip", Some(Some("gzip"))),
            ("zstd", Some(Some("zstd"))),
            ("identity, gzip", Some(Some("gzip"))),
            ("gzip,", Some(Some("gzip"))),
            ("gzip, gzip", None),
            ("br", None),
            ("gzip, br", None),
        ] {
            assert_eq!(codec(encoding), expected, "{encoding}");
        }
    }

    #[test]
    fn a_pause_is_given_in_seconds_or_by_its_end() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
        for (text, seconds) in [
            ("3", Some(3)),
            ("0", Some(0)),
            ("Sun, 06 Nov 1994 08:49:40 GMT", Some(3)),
            ("Sun, 06 Nov 1994 08:49:30 GMT", Some(0)),
            ("Sunday, 06-Nov-94 08:49:40 GMT", Some(3)),
            ("Sun Nov  6 08:49:40 1994", Some(3)),
            ("-1", None),
            ("1.5", None),
            ("soon", None),
        ] {
            assert_eq!(until(text, now), seconds.map(Duration::from_secs), "{text}");
        }
    }

    #[test]
    fn a_challenge_names_the_ways_to_log_in() {
        for (values, expected) in [
            (&[][..], None),
            (&["Basic realm=\"zion\""], None),
            (&["Bearer"], Some("Bearer")),
            (
                &["Bearer realm=\"a, Basic b\", scope=\"x\""],
                Some("Bearer"),
            ),
            (
                &["Digest realm=\"a\", nonce=\"b\", basic realm=\"a\""],
                None,
            ),
            (&["Negotiate", "BASIC realm=\"a\""], None),
            (&["Negotiate", "NTLM"], Some("Negotiate")),
            (&["", ","], None),
        ] {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(WWW_AUTHENTICATE, value.parse().unwrap());
            }
            let found = other_login(&headers, WWW_AUTHENTICATE);
            assert_eq!(found.as_deref(), expected, "{values:?}");
        }
    }

    #[test]
    fn a_password_is_decoded_before_it_is_sent() {
        // printf 'neo:p@ss' | base64
        assert_eq!(basic("neo:p%40ss"), "Basic bmVvOnBAc3M=");
        assert_eq!(basic("neo"), "Basic bmVvOg==");
    }
}
