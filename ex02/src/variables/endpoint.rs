//! What does `ZION_ENDPOINT` say: which host, and is the connection encrypted?

use super::address::is_loopback;
use super::authority::port;
use super::scheme::is_known;
use super::url::{self, Malformed};
use crate::secret::Secret;
use crate::words::Words;

/// A `ZION_ENDPOINT` that could be read.
#[derive(Clone, Debug)]
pub struct Endpoint {
    /// The URL to ask, without its credentials: the endpoint must judge the key alone. Its path and query may
    /// be secrets.
    pub url: Secret,
    /// The part that may be shown: `scheme://host:port`.
    pub shown: Words,
    /// Name or address, without brackets.
    pub host: String,
    /// The port of the URL, or else 80 or 443.
    pub port: u16,
    /// True for `https`.
    pub encrypted: bool,
}

impl Endpoint {
    /// Reads a `ZION_ENDPOINT`.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let url = url::parse(text)?;
        let encrypted = match url.scheme.to_ascii_lowercase().as_str() {
            "https" => true,
            "http" => false,
            _ => return Err(Malformed::NotHttp),
        };
        if url.host().is_empty() {
            return Err(Malformed::HostMissing);
        }
        if text.parse::<ureq::http::Uri>().is_err() {
            return Err(Malformed::Characters);
        }
        Ok(Self {
            url: without_credentials(text),
            shown: url.place().ok_or(Malformed::Encoding)?,
            host: url.host().to_owned(),
            port: port(url.places[0].port)?.unwrap_or(if encrypted { 443 } else { 80 }),
            encrypted,
        })
    }

    /// True when it is on this machine.
    pub fn is_local(&self) -> bool {
        is_loopback(&self.host)
    }
}

/// A URL without the text before the `@` of its host.
fn without_credentials(text: &str) -> Secret {
    let (scheme, rest) = text.split_once("://").unwrap_or_default();
    let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let place = authority.rsplit('@').next().unwrap_or_default();
    Secret::new([scheme, "://", place, path].concat())
}

/// The part of a `ZION_ENDPOINT` that may be shown: `https://***@host:8443`. After an unknown scheme, even
/// the host may be a token.
pub fn shown(text: &str) -> Option<Words> {
    let url = url::parse(text).ok().filter(|it| is_known(it.scheme));
    url?.place()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Result<(&str, u16), Malformed>) {
        let found = Endpoint::parse(text);
        let found = found.map(|it| (it.shown.plain(), it.port));
        let expected = expected.map(|(shown, port)| (shown.to_owned(), port));
        assert_eq!(found, expected);
    }

    #[test]
    fn an_endpoint_is_http_or_https_with_a_host() {
        check("http://localhost:8080", Ok(("http://localhost:8080", 8080)));
        check(
            "https://neo:pw@zion.io/hook/T0?token=x",
            Ok(("https://***@zion.io", 443)),
        );
        check("http://[::1]/", Ok(("http://[::1]", 80)));
        check("HTTPS://zion.io", Ok(("https://zion.io", 443)));
        check("ftp://zion.io", Err(Malformed::NotHttp));
        check("https:///x", Err(Malformed::HostMissing));
        check("zion.io", Err(Malformed::NoSeparator));
    }

    #[test]
    fn an_endpoint_is_asked_without_its_credentials() {
        for (text, expected) in [
            ("http://zion.io", "http://zion.io"),
            (
                "https://neo:pw@[::1]:8/@x?y=a@b#c",
                "https://[::1]:8/@x?y=a@b#c",
            ),
            ("http://key@zion.io?x=1", "http://zion.io?x=1"),
        ] {
            let url = Endpoint::parse(text).unwrap().url;
            assert_eq!(url.expose(), expected);
        }
    }

    #[test]
    fn nothing_is_shown_after_an_unknown_scheme() {
        let shown = |text: &str| shown(text).map(|it| it.plain());
        assert_eq!(
            shown("ftp://neo:pw@zion.io/x").as_deref(),
            Some("ftp://***@zion.io")
        );
        assert_eq!(shown("zion://T1JJ3T3L2xA1BTD4/x"), None);
    }
}
