//! How does libpq cut a `postgresql://` URL?
//!
//! This is the exact grammar of PostgreSQL 15 (`conninfo_uri_parse_options` and its helpers in
//! `src/interfaces/libpq/fe-connect.c`): the first `@` before a `/` ends the credentials, hosts are a
//! list, there is no fragment, and a parameter wins over a part of the URL.

use secrecy::zeroize::Zeroizing;

use super::authority::{path_and_query, places, user_and_password};
use super::behind;
use super::url::{self, Malformed, Url, with_decoded};
use crate::secret::Secret;

/// The schemes of this grammar. libpq itself knows the first two, in small letters. SQLAlchemy and
/// Django use the other names for the same thing.
const SCHEMES: [&str; 5] = ["postgres", "postgresql", "psql", "pgsql", "postgis"];

/// The scheme and the text after `://`, for a PostgreSQL URL. SQLAlchemy's `+driver` is skipped.
fn after_scheme(text: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = text.split_once("://")?;
    let base = scheme.split('+').next().unwrap_or_default();
    let known = SCHEMES.iter().any(|it| it.eq_ignore_ascii_case(base));
    known.then_some((scheme, rest))
}

/// Cuts a PostgreSQL URL. `None`: it is another kind of URL.
pub fn cut(text: &str) -> Option<Result<Url<'_>, Malformed>> {
    after_scheme(text).map(|(scheme, rest)| cut_rest(scheme, rest))
}

/// Cuts the text after `://`.
fn cut_rest<'a>(scheme: &'a str, rest: &'a str) -> Result<Url<'a>, Malformed> {
    if rest.contains(char::is_control) {
        return Err(Malformed::Control);
    }
    // libpq 15 accepts blanks, libpq 17 refuses them.
    if rest.contains(char::is_whitespace) {
        return Err(Malformed::Blank);
    }
    let end = rest.find(['@', '/']);
    let (credentials, rest) = match end.filter(|at| rest[*at..].starts_with('@')) {
        Some(end) => (Some(&rest[..end]), &rest[end + 1..]),
        None => (None, rest),
    };
    let (user, password) = user_and_password(credentials);
    let (places, rest) = places(rest)?;
    let (path, query) = path_and_query(rest);
    // libpq reads `neo:p@ss@h` as the host `ss@h`, and `neo:1/2@h` as the database `2@h`. Nobody means
    // that, and the report would show a piece of a password.
    let hosts = places.iter().flat_map(|it| [it.host, it.port]);
    if hosts.chain([path]).any(|it| it.contains('@')) {
        return Err(Malformed::Ambiguous);
    }
    Ok(Url {
        scheme,
        user,
        password,
        places,
        path,
        query,
    })
}

/// The parameters as they are written: `name=value&…`.
fn pairs(query: &str) -> impl Iterator<Item = Result<(&str, &str), Malformed>> {
    // libpq skips one `&` after the last parameter, and no other.
    let listed = query.strip_suffix('&');
    let query = listed.filter(|it| !it.is_empty()).unwrap_or(query);
    let pairs = query.split('&').filter(move |_| !query.is_empty());
    pairs.map(|pair| match pair.split_once('=') {
        None => Err(Malformed::ParameterWithoutValue),
        Some((_, value)) if value.contains('=') => Err(Malformed::ParameterWithTwoValues),
        Some(pair) => Ok(pair),
    })
}

/// A name and a value, both decoded.
pub type Parameter = (Zeroizing<String>, Zeroizing<String>);

/// The parameters of a query, decoded.
pub fn parameters(query: &str) -> Result<Vec<Parameter>, Malformed> {
    let decoded = pairs(query).map(|pair| {
        let (name, value) = pair?;
        Ok((decode(name)?, decode(value)?))
    });
    decoded.collect()
}

/// Parameters whose values are not secret.
const PUBLIC: &str = "\
    channel_binding client_encoding connect_timeout dbname gssencmode host hostaddr keepalives \
    keepalives_count keepalives_idle keepalives_interval port schema ssl sslmode \
    target_session_attrs tcp_user_timeout";

/// The secret parts of a PostgreSQL URL. `None`: the text is no such URL, or cannot be cut.
pub fn secrets(text: &str) -> Option<Vec<Secret>> {
    let url = cut(text)?.ok()?;
    let is_public = |pair: &&str| {
        let name = pair.split_once('=').map(|(name, _)| name);
        PUBLIC.split_whitespace().any(|it| Some(it) == name)
    };
    let query = url.query.unwrap_or_default().split('&');
    let values = query.filter(|it| !is_public(it)).map(behind::value);
    let mut secrets = with_decoded(values);
    let others = Url { query: None, ..url };
    secrets.extend(others.secrets_beside_path());
    Some(secrets)
}

/// Decodes `%40` to `@`. Refuses what libpq refuses: `%00`, and a `%` without two hexadecimal digits.
pub fn decode(part: &str) -> Result<Zeroizing<String>, Malformed> {
    let is_code = |it: &[u8; 2]| it.iter().all(u8::is_ascii_hexdigit);
    let mut codes = part.split('%').skip(1).map(str::as_bytes);
    if !codes.all(|it| it.first_chunk().is_some_and(is_code)) {
        return Err(Malformed::Percent);
    }
    let decoded = url::decode(part).ok_or(Malformed::Encoding)?;
    if decoded.contains('\0') {
        return Err(Malformed::PercentNul);
    }
    Ok(decoded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(rest: &str, user: Option<&str>, password: Option<&str>, hosts: &[(&str, &str)]) {
        let text = format!("postgresql://{rest}");
        let cut = cut(&text).unwrap().unwrap();
        let places: Vec<(&str, &str)> = cut.places.iter().map(|it| (it.host, it.port)).collect();
        assert_eq!((cut.user, cut.password), (user, password), "{rest}");
        assert_eq!(places, hosts, "{rest}");
    }

    #[test]
    fn the_first_at_before_a_slash_ends_the_credentials() {
        check("", None, None, &[("", "")]);
        check("neo@", Some("neo"), None, &[("", "")]);
        check("neo:p#w@h/m", Some("neo"), Some("p#w"), &[("h", "")]);
        check("neo:p?w@h/m", Some("neo"), Some("p?w"), &[("h", "")]);
        check("a:b:c@h", Some("a"), Some("b:c"), &[("h", "")]);
        check("h/m?user=neo@zion", None, None, &[("h", "")]);
        for rest in ["neo:p@w@h/m", "ne@o:pw@h/m", "neo:12/34@h/m"] {
            let text = format!("postgresql://{rest}");
            assert_eq!(cut(&text), Some(Err(Malformed::Ambiguous)), "{rest}");
        }
    }

    #[test]
    fn hosts_stand_in_a_list() {
        check("a:1,b:2", None, None, &[("a", "1"), ("b", "2")]);
        check("a,,b:2", None, None, &[("a", ""), ("", ""), ("b", "2")]);
        check(
            "[::1]:1,[::2]?port=3",
            None,
            None,
            &[("::1", "1"), ("::2", "")],
        );
        for (rest, why) in [
            ("[::1", Malformed::OpenBracket),
            ("[]", Malformed::NoIpv6),
            ("[::1]x", Malformed::AfterBracket),
        ] {
            assert_eq!(
                cut(&format!("postgresql://{rest}")),
                Some(Err(why)),
                "{rest}"
            );
        }
    }

    #[test]
    fn two_digits_follow_a_percent_sign() {
        assert_eq!(decode("a%40%2f").as_deref(), Ok(&"a@/".to_owned()));
        for part in ["%zz", "%4", "%", "%+1"] {
            assert_eq!(decode(part), Err(Malformed::Percent), "{part}");
        }
        assert_eq!(decode("%00"), Err(Malformed::PercentNul));
        assert_eq!(decode("%ff"), Err(Malformed::Encoding));
    }

    #[test]
    fn a_parameter_has_a_name_and_one_value() {
        let check = |query: &str, expected: Result<usize, Malformed>| {
            let found = parameters(query);
            assert_eq!(found.map(|it| it.len()), expected, "{query}");
        };
        check("", Ok(0));
        check("a=b&c=", Ok(2));
        check("a=b&", Ok(1));
        check("&", Err(Malformed::ParameterWithoutValue));
        check("a=b&&", Err(Malformed::ParameterWithoutValue));
        check("&a=b", Err(Malformed::ParameterWithoutValue));
        check("a", Err(Malformed::ParameterWithoutValue));
        check("a=b=c", Err(Malformed::ParameterWithTwoValues));
    }
}
