//! Which proxy is asked for an address? The same one as curl asks, from the same variables.

use std::ffi::OsString;
use std::net::IpAddr;

use ipnet::IpNet;

use super::address::Address;
use super::url::is_scheme;
use crate::faults::{Failure, ProxyFault};

/// The proxy for an address. The environment is an argument, so that tests can set it.
pub fn proxy_for(
    address: &Address,
    environment: impl Fn(&str) -> Option<OsString>,
) -> Result<Option<Address>, Failure> {
    // An empty variable is as one that is not set.
    let set = |name| environment(name).filter(|it| !it.is_empty());
    let text = |name| set(name).map(|it| it.to_string_lossy().trim().to_owned());
    let variables: &[&'static str] = if address.is_secure() {
        &["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]
    } else if environment("REQUEST_METHOD").is_some() {
        // In a script of a web server, a visitor's header `Proxy:` sets HTTP_PROXY.
        &["http_proxy", "all_proxy", "ALL_PROXY"]
    } else {
        &["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"]
    };
    let found = variables.iter().find_map(|name| Some((*name, text(name)?)));
    let Some((variable, value)) = found else {
        return Ok(None);
    };
    let exceptions = text("no_proxy").or_else(|| text("NO_PROXY"));
    if is_exception(name(&address.host), &exceptions.unwrap_or_default()) {
        return Ok(None);
    }
    parse(&value)
        .map(Some)
        .map_err(|why| Failure::Proxy(variable, why))
}

/// The name of a host, or its IP address, without port and brackets.
fn name(host: &str) -> &str {
    match host.strip_prefix('[') {
        Some(v6) => v6.split(']').next().unwrap_or(v6),
        None => host.split(':').next().unwrap_or(host),
    }
}

/// The proxy that a variable names. Without a protocol, it is http.
fn parse(value: &str) -> Result<Address, ProxyFault> {
    let mut proxy = Address::new(value).map_err(|_| ProxyFault::NoAddress)?;
    let port = match &*proxy.scheme {
        // curl's default port for a proxy.
        "http" => ":1080",
        "https" => ":443",
        other if other.is_empty() || is_scheme(other) => {
            return Err(ProxyFault::Protocol(other.to_owned()));
        }
        // It may be a part of a password.
        _ => return Err(ProxyFault::NoAddress),
    };
    let name = name(&proxy.host);
    let known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':' | '%');
    if name.is_empty() || !name.chars().all(known) {
        return Err(ProxyFault::NoAddress);
    }
    if !proxy.host.contains(':') || proxy.host.ends_with(']') {
        proxy.host += port;
    }
    proxy.path.clear();
    Ok(proxy)
}

/// Whether a host needs no proxy. Commas or blanks separate hosts, domains and networks.
fn is_exception(host: &str, exceptions: &str) -> bool {
    let host = host.trim_end_matches('.').to_lowercase();
    let address: Option<IpAddr> = host.parse().ok();
    if exceptions == "*" {
        return true;
    }
    let mut entries = exceptions
        .split([',', ' ', '\t'])
        .filter(|it| !it.is_empty());
    entries.any(|entry| {
        let entry = entry.to_lowercase();
        let entry = entry.trim_matches(['[', ']']);
        if let Some(address) = address {
            return in_network(address, entry);
        }
        let domain = entry.trim_start_matches('.').trim_end_matches('.');
        let within = host.strip_suffix(domain);
        !domain.is_empty() && within.is_some_and(|it| it.is_empty() || it.ends_with('.'))
    })
}

/// Whether an address is this one or belongs to this network: `10.0.0.0/8`.
fn in_network(address: IpAddr, entry: &str) -> bool {
    let network = entry.parse::<IpNet>();
    network.map_or(entry.parse() == Ok(address), |it| it.contains(&address))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(url: &str, environment: &[(&str, &str)], expected: Option<&str>) {
        let find = |name: &str| {
            let found = environment.iter().find(|it| it.0 == name);
            found.map(|it| it.1.into())
        };
        let found = proxy_for(&Address::new(url).unwrap(), find).unwrap();
        assert_eq!(
            found.map(|it| it.with_user()).as_deref(),
            expected,
            "{environment:?}"
        );
    }

    #[test]
    fn each_protocol_has_its_variable() {
        let both = [("http_proxy", "a:1"), ("HTTPS_PROXY", "https://b:2/")];
        check("http://x/", &both, Some("http://a:1"));
        check("https://x/", &both, Some("https://b:2"));
        check("https://x/", &both[..1], None);
        check(
            "http://x/",
            &[("ALL_PROXY", "u:p@a:1")],
            Some("http://u:p@a:1"),
        );
        check(
            "http://x/",
            &[("http_proxy", ""), ("all_proxy", ""), ("ALL_PROXY", "a:1")],
            Some("http://a:1"),
        );
        check("http://x/", &[("http_proxy", "")], None);
        let direct = [("http_proxy", "a:1"), ("no_proxy", ""), ("NO_PROXY", "x")];
        check("http://x/", &direct, None);
        check("http://y/", &direct, Some("http://a:1"));
        let script = [("HTTP_PROXY", "a:1"), ("REQUEST_METHOD", "GET")];
        check("http://x/", &script, None);
    }

    #[test]
    fn a_proxy_that_cannot_be_used_is_an_error() {
        let protocol = |name: &str| ProxyFault::Protocol(name.to_owned());
        for (value, expected) in [
            ("socks5://a:1", protocol("socks5")),
            ("socks5h://a:1", protocol("socks5h")),
            ("a b c", ProxyFault::NoAddress),
            (" ", ProxyFault::NoAddress),
            ("neo:Sw0rdfish@h://x", ProxyFault::NoAddress),
            ("http://", ProxyFault::NoAddress),
            ("a:99999", ProxyFault::NoAddress),
        ] {
            let found = proxy_for(&Address::new("http://x/").unwrap(), |name| {
                (name == "http_proxy").then(|| value.into())
            });
            let is_expected = |why: &ProxyFault| *why == expected;
            assert!(
                matches!(&found, Err(Failure::Proxy("http_proxy", why)) if is_expected(why)),
                "{found:?}"
            );
        }
    }

    #[test]
    fn exceptions_are_names_domains_and_networks() {
        for (host, list, expected) in [
            ("a.b", "*", true),
            ("a.b", "c,*", false),
            ("x.a.b", "*.a.b", false),
            ("a.b", "a.b:80", false),
            ("a.b", "c, a.b", true),
            ("a.b", "c a.b", true),
            ("x.a.b", "a.b", true),
            ("x.a.b", ".a.b", true),
            ("xa.b", "a.b", false),
            ("127.0.0.1", "127.0.0.0/8", true),
            ("128.0.0.1", "127.0.0.0/8", false),
            ("127.0.0.1", "127.0.0.1", true),
            ("127.0.0.1", "0.0.1", false),
            ("::1", "[::1]", true),
            ("fe80::1", "fe80::/10", true),
            ("a.b", "", false),
        ] {
            assert_eq!(is_exception(host, list), expected, "{host} in `{list}`");
        }
    }
}
