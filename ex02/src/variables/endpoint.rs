//! What does `ZION_ENDPOINT` say: which host, over which wire?

use crate::secret::value::Secret;
use crate::variables::database::{Wrong, place};
use crate::variables::url;

/// A `ZION_ENDPOINT` that could be read.
#[derive(Clone, Debug)]
pub struct Endpoint {
    /// The whole URL. Its path, query and credentials may be keys.
    pub url: Secret,
    /// `scheme://host:port`, which may be shown.
    pub shown: String,
    /// Name or address, without brackets.
    pub host: String,
    /// Given, or 80 and 443.
    pub port: u16,
    /// `https`.
    pub encrypted: bool,
}

/// The forms that are understood.
const FORMS: &str = "write https://host/ or, on this machine, http://localhost:8080";

impl Endpoint {
    /// Reads a `ZION_ENDPOINT`.
    pub fn parse(text: &str) -> Result<Self, Wrong> {
        let url = url::parse(text).map_err(|what| (what, FORMS))?;
        let encrypted = match url.scheme.to_ascii_lowercase().as_str() {
            "https" => true,
            "http" => false,
            _ => return Err(("the scheme must be http or https", FORMS)),
        };
        if url.host.is_empty() {
            return Err(("the host is missing", FORMS));
        }
        if text.parse::<ureq::http::Uri>().is_err() {
            return Err(("it has characters that a URL must percent-encode", FORMS));
        }
        Ok(Self {
            url: Secret::new(text),
            shown: place(&url),
            host: url.host.to_owned(),
            port: url.port.unwrap_or(if encrypted { 443 } else { 80 }),
            encrypted,
        })
    }

    /// True when it is on this machine.
    pub fn is_local(&self) -> bool {
        url::is_loopback(&self.host)
    }
}

/// What may be shown of a `ZION_ENDPOINT`: `https://***@host:8443`.
pub fn shown(text: &str) -> Option<String> {
    url::parse(text).ok().map(|url| place(&url))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Result<(&str, u16), &str>) {
        let found = Endpoint::parse(text);
        let found = found.as_ref().map(|it| (it.shown.as_str(), it.port));
        assert_eq!(found.map_err(|(what, _)| *what), expected);
    }

    #[test]
    fn an_endpoint_is_http_or_https_with_a_host() {
        check("http://localhost:8080", Ok(("http://localhost:8080", 8080)));
        check(
            "https://neo:pw@zion.io/hook/T0?token=x",
            Ok(("https://***@zion.io", 443)),
        );
        check("http://[::1]/", Ok(("http://[::1]", 80)));
        check("HTTPS://zion.io", Ok(("HTTPS://zion.io", 443)));
        check("ftp://zion.io", Err("the scheme must be http or https"));
        check("https:///x", Err("the host is missing"));
        check("zion.io", Err("`://` is missing"));
    }
}
