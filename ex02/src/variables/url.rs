//! Which parts does a URL have, and which of them are secret?

use std::net::{IpAddr, Ipv6Addr};

use percent_encoding::percent_decode_str;
use secrecy::zeroize::Zeroizing;

use super::address::address;
use super::authority::{places, port, user_and_password};
pub use super::malformed::Malformed;
use super::scheme::shown_scheme;
use super::strength::looks_like_chance;
use crate::secret::Secret;
use crate::words::{Outside, Words};

/// A URL cut into its parts. Nothing is decoded yet.
#[derive(Debug, PartialEq, Eq)]
pub struct Url<'a> {
    /// The text before `://`.
    pub scheme: &'a str,
    /// The user: the text before the `:` of the credentials.
    pub user: Option<&'a str>,
    /// The password: the text after that `:`. Secret.
    pub password: Option<&'a str>,
    /// Name or address. `[::1]` is without its brackets.
    pub host: &'a str,
    /// The port, after the host.
    pub port: Option<u16>,
    /// The path, from its `/`. Secret: a web hook has its key there.
    pub path: &'a str,
    /// The text after `?`. Secret: `?token=…`.
    pub query: Option<&'a str>,
}

/// Cuts a URL. An error says which part is wrong, and never quotes it.
pub fn parse(text: &str) -> Result<Url<'_>, Malformed> {
    if text.contains(char::is_control) {
        return Err(Malformed::Control);
    }
    let (scheme, rest) = text.split_once("://").ok_or(Malformed::NoSeparator)?;
    if text.contains(|c: char| c.is_whitespace() || c == '\\') {
        return Err(Malformed::Blank);
    }
    if !is_scheme(scheme) {
        return Err(Malformed::NoScheme);
    }
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, rest) = rest.split_at(end);
    let (credentials, place) = match authority.rsplit_once('@') {
        Some((credentials, place)) => (Some(credentials), place),
        None => (None, authority),
    };
    let (user, password) = user_and_password(credentials);
    let place = host_and_port(place);
    // `user:12/34@host` would be read as host `user`, port 12. That would show a piece of the password.
    let is_web = ["http", "https"].map(|it| it.eq_ignore_ascii_case(scheme));
    let is_clear = |(host, _)| is_clearly_a_host(host);
    let (rest, fragment) = rest.split_once('#').unwrap_or((rest, ""));
    let may_be = is_web.contains(&true) && !fragment.contains('@') && place.is_ok_and(is_clear);
    if !may_be && (rest.contains('@') || fragment.contains('@')) {
        return Err(Malformed::Ambiguous);
    }
    let (host, port) = place?;
    let (path, query) = match rest.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (rest, None),
    };
    Ok(Url {
        scheme,
        user,
        password,
        host,
        port,
        path,
        query,
    })
}

/// True for a text that is not a piece of a password: an address, this machine, a usual host name.
fn is_clearly_a_host(host: &str) -> bool {
    let usual = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let mut labels = host.split('.');
    let top = host.rsplit('.').next().unwrap_or_default();
    let is_name = host.contains('.')
        && labels.all(|it| !it.is_empty() && it.chars().all(usual))
        && top.len() > 1
        && top.chars().all(|c| c.is_ascii_lowercase())
        && !looks_like_chance(host);
    is_name || host.parse::<IpAddr>().is_ok() || is_local_name(host)
}

/// RFC 3986: a letter, then letters, digits, `+`, `-`, `.`.
pub fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
}

/// Reads `host:5432` and `[::1]:5432`. The host may be empty (a Unix socket).
fn host_and_port(place: &str) -> Result<(&str, Option<u16>), Malformed> {
    let (places, _) = places(place)?;
    let [place] = &places[..] else {
        return Err(Malformed::Host);
    };
    let letters = |c: char| c.is_ascii_alphanumeric() || "-._%".contains(c);
    if place.in_brackets && place.host.parse::<Ipv6Addr>().is_err() {
        Err(Malformed::NoIpv6)
    } else if !place.in_brackets && !place.host.chars().all(letters) {
        Err(Malformed::Host)
    } else {
        Ok((place.host, port(place.port)?))
    }
}

impl Url<'_> {
    /// The parts that must never be shown, as they are written and decoded.
    pub fn secrets(&self) -> Vec<Secret> {
        let values = values(self.query.unwrap_or_default());
        let segments = self.path.split('/').filter(|it| looks_random(it));
        let user = self
            .user
            .filter(|it| self.password.is_none() || looks_random(it));
        with_decoded(values.chain(segments).chain(user).chain(self.password))
    }

    /// True when there is an `@` after the host. Then the text before it may be a password.
    pub fn has_at_after_host(&self) -> bool {
        self.path.contains('@') || self.query.is_some_and(|it| it.contains('@'))
    }

    /// The part of every URL that may be shown: `scheme://***@host:port`.
    pub fn place(&self) -> Words {
        let scheme = shown_scheme(self.scheme);
        if self.has_at_after_host() && !is_loopback(self.host) {
            return scheme + "://***";
        }
        let credentials = if self.user.is_some() { "***@" } else { "" };
        let host = shown_host(self.host);
        let place = scheme + "://" + credentials;
        let place = if self.host.contains(':') {
            place + "[" + host + "]"
        } else {
            place + host
        };
        match self.port {
            Some(port) => place + ":" + port,
            None => place,
        }
    }
}

/// The values of a query.
fn values(query: &str) -> impl Iterator<Item = &str> {
    let pairs = query.split('&');
    pairs.map(|pair| pair.split_once('=').map_or(pair, |(_, value)| value))
}

/// The secrets in the query of a database's file: `sqlite:x.db?key=…`. SQLite's own words are none.
pub(super) fn in_query_of_file(text: &str) -> Vec<Secret> {
    let own = ["memory", "shared", "private", "true"];
    let (_, query) = text.split_once('?').unwrap_or_default();
    with_decoded(values(query).filter(|it| !own.contains(it)))
}

/// Each of these parts as a secret: as it is written and, when that differs, decoded.
pub(super) fn with_decoded<'a>(parts: impl Iterator<Item = &'a str>) -> Vec<Secret> {
    let mut secrets = Vec::new();
    for part in parts.filter(|it| !it.is_empty()) {
        let decoded = decode(part).filter(|it| it.as_str() != part && !it.is_empty());
        secrets.extend(decoded.map(|it| Secret::new(it.as_str())));
        secrets.push(Secret::new(part));
    }
    secrets
}

/// The usual names of this machine are our own words. When the password is `localhost`, they are not
/// masked, so the mask does not tell the password.
pub(super) fn shown_host(host: &str) -> Words {
    let here = ["localhost", "127.0.0.1", "::1", "0.0.0.0"];
    match here.into_iter().find(|it| *it == host) {
        Some(here) => here.into(),
        None => Outside::from(host).into(),
    }
}

/// The secret parts of a URL. `None`: the text is not a URL.
pub fn secrets_in(text: &str) -> Option<Vec<Secret>> {
    let of_postgres = super::postgres_url::secrets(text);
    of_postgres.or_else(|| parse(text).ok().map(|url| url.secrets()))
}

/// Decodes `%40` to `@`. `None`: the result is not UTF-8.
pub fn decode(part: &str) -> Option<Zeroizing<String>> {
    let decoded = percent_decode_str(part).decode_utf8().ok()?;
    Some(Zeroizing::new(decoded.into_owned()))
}

/// True for `T024BE7LH9zQ1xY8`, false for `status` and `v1`: a part of a path may be a key. It
/// knows no words: in doubt, the part is hidden.
pub(super) fn looks_random(segment: &str) -> bool {
    segment.len() >= 16
        && segment.contains(|c: char| c.is_ascii_digit())
        && segment.contains(|c: char| c.is_ascii_alphabetic())
}

/// True for the names and addresses of this machine, also `zion.localhost` (RFC 6761). A connection to
/// `0.0.0.0` or `::` also ends on this machine.
pub fn is_loopback(host: &str) -> bool {
    is_local_name(host) || address(host).is_some_and(is_this_machine)
}

/// True for `localhost` and the names below it.
pub fn is_local_name(host: &str) -> bool {
    let name = host.strip_suffix('.').unwrap_or(host);
    let top = name.rsplit('.').next().unwrap_or_default();
    top.eq_ignore_ascii_case("localhost") && !name.starts_with('.')
}

/// True for an address of this machine.
pub fn is_this_machine(address: IpAddr) -> bool {
    let address = address.to_canonical();
    address.is_loopback() || address.is_unspecified()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// User, password, host, port, path.
    type Parts<'a> = (
        Option<&'a str>,
        Option<&'a str>,
        &'a str,
        Option<u16>,
        &'a str,
    );

    #[track_caller]
    fn check(text: &str, expected: Result<Parts, Malformed>) {
        let found = parse(text).map(|it| (it.user, it.password, it.host, it.port, it.path));
        assert_eq!(found, expected);
    }

    #[test]
    fn a_url_is_cut_where_it_should_be() {
        check(
            "postgresql://neo:pw@h:5432/m",
            Ok((Some("neo"), Some("pw"), "h", Some(5432), "/m")),
        );
        check(
            "postgresql://neo:p@w@h/m",
            Ok((Some("neo"), Some("p@w"), "h", None, "/m")),
        );
        check("http://[::1]:80", Ok((None, None, "::1", Some(80), "")));
        check("http://[::1]", Ok((None, None, "::1", None, "")));
        check("postgresql:///m", Ok((None, None, "", None, "/m")));
        check(
            "https://key@h/?a=b#c",
            Ok((Some("key"), None, "h", None, "/")),
        );
    }

    #[test]
    fn a_path_may_have_an_at_sign_where_the_host_is_clearly_one() {
        check(
            "https://zion.example:8443/@neo/a:b@c",
            Ok((None, None, "zion.example", Some(8443), "/@neo/a:b@c")),
        );
        check(
            "http://localhost:80/?to=neo@zion.io",
            Ok((None, None, "localhost", Some(80), "/")),
        );
        check("http://zion/@neo", Err(Malformed::Ambiguous));
        check("http://a.h7Kq2XvR9tZb.io/@neo", Err(Malformed::Ambiguous));
        check("http://neo:12/34@h", Err(Malformed::Ambiguous));
        check("https://dG9r/ZW4@zion.io/", Err(Malformed::Ambiguous));
        check("mysql://neo.a:12/34@h/m", Err(Malformed::Ambiguous));
    }

    #[test]
    fn a_url_that_would_show_a_piece_of_a_password_is_refused() {
        let encode = Malformed::Ambiguous;
        check("postgresql://neo:12/34@h/m", Err(encode));
        check("postgresql://neo:p#w@h/m", Err(encode));
        check("postgresql://neo:p w@h/m", Err(Malformed::Blank));
        check("neo:pw@h", Err(Malformed::NoSeparator));
        check("Server=h;User Id=neo", Err(Malformed::NoSeparator));
        check("http://h:0", Err(Malformed::Port));
        check("http://[::1", Err(Malformed::OpenBracket));
        check("http://<host>", Err(Malformed::Host));
    }

    #[test]
    fn the_gate_knows_every_part_of_a_url_that_may_be_a_key() {
        let url = parse("https://u:p%40ss@h/services/T024BE7LH9zQ1xY8/x?token=abc&d").unwrap();
        let secrets = url.secrets();
        let secrets: Vec<&str> = secrets.iter().map(Secret::expose).collect();
        assert_eq!(secrets, ["abc", "d", "T024BE7LH9zQ1xY8", "p@ss", "p%40ss"]);
    }

    #[test]
    fn this_machine_has_several_names() {
        for host in [
            "localhost",
            "LOCALHOST",
            "127.0.0.1",
            "127.9.9.9",
            "::1",
            "::ffff:127.0.0.1",
            "localhost.",
            "zion.localhost",
            "0.0.0.0",
            "::",
            "127.1",
            "127.0.1",
            "0",
            "2130706433",
            "0x7f000001",
            "0X7F.1",
            "017700000001",
            "0177.0.0.01",
        ] {
            assert!(is_loopback(host), "{host}");
        }
        for host in [
            "localhost.zion",
            "zionlocalhost",
            ".localhost",
            "localhost..",
            "128.0.0.1",
            "",
            "1",
            "128.1",
            "127.1.",
            "127.0.0.256",
            "127.16777216",
            "127.0.0.0.1",
            "4294967296",
            "0x",
            "08.1",
            "127.+1",
            "127..1",
        ] {
            assert!(!is_loopback(host), "{host}");
        }
        // A number may be a piece of a password, so it is not clearly a host.
        assert!(parse("http://127.1:12/34@h").is_err());
    }
}
