//! Does the process environment name a proxy for the endpoint, as curl reads it?
//!
//! The key goes only to the endpoint itself, so no proxy is asked. When the endpoint does not answer, the
//! report says that another program may reach it.

use std::net::IpAddr;

use crate::sources::{Process, Said};
use crate::variables::Endpoint;

/// The variable that names a proxy for this endpoint. `HTTP_PROXY` is none: to a CGI program, that is what
/// a client sent.
pub fn variable(endpoint: &Endpoint, process: &Process) -> Option<&'static str> {
    let is_set =
        |name: &&'static str| !matches!(process.get(name), None | Some(Said::Empty | Said::Lost));
    let names: &[&str] = if endpoint.encrypted {
        &["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]
    } else {
        &["http_proxy", "all_proxy", "ALL_PROXY"]
    };
    let exceptions = ["no_proxy", "NO_PROXY"].into_iter().find(is_set);
    let exceptions = exceptions.and_then(|it| process.text(it));
    let excepted = exceptions.is_some_and(|it| is_excepted(&endpoint.host, it.expose()));
    let mut names = names.iter().copied();
    names.find(is_set).filter(|_| !excepted)
}

/// Is the host in this list? A name stands for the names below it too, and `10.0.0.0/8` for many addresses.
fn is_excepted(host: &str, list: &str) -> bool {
    let host = host.strip_suffix('.').unwrap_or(host);
    let mut entries = list.split([',', ' ', '\t']).filter(|it| !it.is_empty());
    list == "*"
        || entries.any(|entry| match host.parse() {
            Ok(address) => has_address(entry, address),
            Err(_) => has_name(entry, host),
        })
}

/// Is it this name, or one above it?
fn has_name(entry: &str, host: &str) -> bool {
    let name = entry.strip_suffix('.').unwrap_or(entry);
    let name = name.strip_prefix('.').unwrap_or(name);
    let start = host.len().checked_sub(name.len());
    start.is_some_and(|at| {
        let (before, end) = host.as_bytes().split_at(at);
        end.eq_ignore_ascii_case(name.as_bytes()) && (before.is_empty() || before.ends_with(b"."))
    })
}

/// Is it this address, or one with the same first bits?
fn has_address(entry: &str, address: IpAddr) -> bool {
    let (network, bits) = entry.split_once('/').unwrap_or((entry, ""));
    let (network, address, width): (u128, u128, u32) = match (network.parse(), address) {
        (Ok(IpAddr::V4(network)), IpAddr::V4(it)) => {
            (u128::from(network.to_bits()), u128::from(it.to_bits()), 32)
        }
        (Ok(IpAddr::V6(network)), IpAddr::V6(it)) => (network.to_bits(), it.to_bits(), 128),
        _ => return false,
    };
    // To curl, 0 bits and what is no number mean all bits.
    let bits = bits.parse::<u32>().ok().filter(|it| *it > 0);
    let other_bits = width.checked_sub(bits.unwrap_or(width));
    other_bits.is_some_and(|it| (network ^ address).checked_shr(it).unwrap_or(0) == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(url: &str, variables: &[(&str, &str)], expected: Option<&str>) {
        let variables = variables
            .iter()
            .map(|(name, value)| (name.into(), value.into()));
        let process = Process::new(variables);
        let endpoint = Endpoint::parse(url).unwrap();
        assert_eq!(variable(&endpoint, &process), expected, "{url}");
    }

    #[test]
    fn a_proxy_is_named_as_curl_finds_it() {
        let proxy = "http://127.0.0.1:8899";
        let http = "http://zion.example/";
        let https = "https://zion.example/";
        check(http, &[], None);
        check(http, &[("http_proxy", proxy)], Some("http_proxy"));
        check(http, &[("HTTP_PROXY", proxy)], None);
        check(http, &[("http_proxy", "")], None);
        check(http, &[("https_proxy", proxy)], None);
        check(http, &[("ALL_PROXY", proxy)], Some("ALL_PROXY"));
        check(https, &[("http_proxy", proxy)], None);
        check(https, &[("HTTPS_PROXY", proxy)], Some("HTTPS_PROXY"));
        check(https, &[("all_proxy", proxy)], Some("all_proxy"));
        let spared = |url, list, expected| {
            check(url, &[("http_proxy", proxy), ("NO_PROXY", list)], expected);
        };
        let asked = Some("http_proxy");
        spared(http, "*", None);
        spared(http, "localhost,ZION.example", None);
        spared(http, "localhost .example.", None);
        spared(http, "ion.example", asked);
        spared("http://zion.example./", "zion.example", None);
        spared(http, "db.zion.example", asked);
        spared("http://10.1.2.3/", "10.0.0.0/8", None);
        spared("http://10.1.2.3/", "10.1.2.3", None);
        spared("http://11.1.2.3/", "10.0.0.0/8", asked);
        spared("http://10.1.2.3/", "10.0.0.0/40", asked);
        // Tried with curl 7.88.1 at 127.0.0.2 and [::1].
        spared("http://10.1.2.3/", "[10.1.2.3]", asked);
        spared("http://10.1.2.3/", "10.1.2.3/x", None);
        spared("http://10.1.2.3/", "10.1.2.3/0", None);
        spared("http://10.1.2.3/", "0.0.0.0/0", asked);
        spared("http://[::1]/", "::1", None);
        spared("http://[::1]/", "[::1]", asked);
        spared("http://[::1]/", "::/0", asked);
        spared("http://[::1]/", "127.0.0.0/8", asked);
    }
}
