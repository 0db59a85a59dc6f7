//! Which parts does a URL have, and which of them are secret?

use std::net::{IpAddr, Ipv6Addr};

use percent_encoding::percent_decode_str;
use secrecy::zeroize::Zeroizing;

use super::address::{is_local_name, is_loopback};
use super::authority::{HostPort, path_and_query, places, port, user_and_password};
use super::behind;
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
    /// The hosts, at least one. Only a PostgreSQL URL may have more. They are asked in this order.
    pub places: Vec<HostPort<'a>>,
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
    let places = only_place(place);
    // `user:12/34@host` would be read as host `user`, port 12. That would show a piece of the password.
    let is_clear = |it: &Vec<HostPort>| is_clearly_a_host(it[0].host);
    let is_clear = places.as_ref().is_ok_and(is_clear);
    let (rest, fragment) = rest.split_once('#').unwrap_or((rest, ""));
    let may_be = is_web(scheme) && !fragment.contains('@') && is_clear;
    if !may_be && (rest.contains('@') || fragment.contains('@')) {
        return Err(Malformed::Ambiguous);
    }
    let places = places?;
    let (path, query) = path_and_query(rest);
    Ok(Url {
        scheme,
        user,
        password,
        places,
        path,
        query,
    })
}

/// True for a scheme of the web.
fn is_web(scheme: &str) -> bool {
    ["http", "https"]
        .iter()
        .any(|it| it.eq_ignore_ascii_case(scheme))
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
fn only_place(text: &str) -> Result<Vec<HostPort<'_>>, Malformed> {
    let (places, _) = places(text)?;
    let [place] = &places[..] else {
        return Err(Malformed::Host);
    };
    let letters = |c: char| c.is_ascii_alphanumeric() || "-._%".contains(c);
    if place.in_brackets && place.host.parse::<Ipv6Addr>().is_err() {
        return Err(Malformed::NoIpv6);
    }
    if !place.in_brackets && !place.host.chars().all(letters) {
        return Err(Malformed::Host);
    }
    // libpq takes `+5432`, no other program does.
    if !place.port.bytes().all(|it| it.is_ascii_digit()) {
        return Err(Malformed::Port);
    }
    port(place.port)?;
    Ok(places)
}

impl<'a> Url<'a> {
    /// The first host: a name or an address, without brackets.
    pub fn host(&self) -> &'a str {
        self.places[0].host
    }

    /// The parts that must never be shown, as they are written and decoded.
    pub fn secrets(&self) -> Vec<Secret> {
        let values = self.query.unwrap_or_default().split('&').map(behind::value);
        let segments = self.path.split('/').filter(|it| looks_random(it));
        let user = self
            .user
            .filter(|it| self.password.is_none() || looks_random(it));
        let mut secrets = with_decoded(values.chain(segments).chain(user).chain(self.password));
        secrets.extend(self.behind_names());
        secrets
    }

    /// The same, when the report shows the path: the name of a database.
    pub fn secrets_beside_path(self) -> Vec<Secret> {
        let behind = self.behind_names();
        [Url { path: "", ..self }.secrets(), behind].concat()
    }

    /// What stands behind the names of the hosts and of the database, and may be a password.
    fn behind_names(&self) -> Vec<Secret> {
        let names = self.places.iter().filter(|it| !it.in_brackets);
        let names = names.map(|it| it.host).chain([self.path]);
        names
            .flat_map(|it| behind::secrets(it, behind::name))
            .collect()
    }

    /// True when there is an `@` after the host. Then the text before it may be a password.
    pub fn has_at_after_host(&self) -> bool {
        self.path.contains('@') || self.query.is_some_and(|it| it.contains('@'))
    }

    /// The part of every URL that may be shown: `scheme://***@host:port`. `None`: it cannot be decoded.
    pub fn place(&self) -> Option<Words> {
        let credentials = if self.user.is_some() { "***@" } else { "" };
        let scheme = shown_scheme(self.scheme) + "://" + credentials;
        if self.hides_its_hosts() {
            return Some(scheme + "***");
        }
        let places = self.places.iter().map(shown_place);
        Some(scheme + Words::joined(places.collect::<Option<Vec<_>>>()?, ","))
    }

    /// The part of a database's URL that may be shown: `scheme://***@host:port/name?***`.
    pub fn shown(&self) -> Option<Words> {
        let place = self.place()?;
        if self.hides_its_hosts() {
            return Some(place);
        }
        let path = decode(self.path)?;
        let name = behind::name(&path);
        let behind = if name.len() < path.len() { "***" } else { "" };
        let query = if self.query.is_some() { "?***" } else { "" };
        Some(place + Outside::from(name) + behind + query)
    }

    /// True when the text before an `@` after the hosts may be a password, so that nobody knows the hosts.
    fn hides_its_hosts(&self) -> bool {
        let is_here = is_web(self.scheme) && is_loopback(self.host());
        self.has_at_after_host() && !is_here
    }
}

/// The part of a place that may be shown: its host and, when it is a number, its port.
fn shown_place(place: &HostPort) -> Option<Words> {
    let host = decode(place.host)?;
    let name = behind::name(&host);
    let host = if place.in_brackets {
        Words::from("[") + shown_host(&host) + "]"
    } else if name.len() < host.len() {
        shown_host(name) + "***"
    } else {
        shown_host(name)
    };
    match place.port {
        "" => Some(host),
        port => Some(host + ":" + decode(port)?.trim().parse::<u16>().ok()?),
    }
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
fn shown_host(host: &str) -> Words {
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
fn looks_random(segment: &str) -> bool {
    segment.len() >= 16
        && segment.contains(|c: char| c.is_ascii_digit())
        && segment.contains(|c: char| c.is_ascii_alphabetic())
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
        let found = parse(text);
        let found = found.map(|it| {
            let port = port(it.places[0].port).unwrap();
            (it.user, it.password, it.host(), port, it.path)
        });
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
        // A number may be a piece of a password, so it is not clearly a host.
        check("http://127.1:12/34@h", Err(Malformed::Ambiguous));
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
        check("http://h:+80", Err(Malformed::Port));
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
}
