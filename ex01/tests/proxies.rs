//! Does `loading` ask for an address as curl does, with a real server and real proxies?

// These tests need all programs. cli.rs makes and tests builds without some of them.
#![cfg(all(
    unix,
    feature = "ndarray",
    feature = "plotters",
    feature = "polars",
    feature = "ureq"
))]
#![expect(clippy::unwrap_used, reason = "a test may panic")]

#[path = "support/proxies.rs"]
mod proxies;
#[path = "support/run.rs"]
#[expect(dead_code, reason = "shared with other tests")]
mod run;
#[path = "support/skip.rs"]
mod skip;

use std::process::Command;

use proxies::{Servers, TABLE, dead_port, servers};
use skip::skip;
use tempfile::tempdir;

/// Variables of the environment.
type Variables<'v> = &'v [(&'v str, &'v str)];

/// Whether curl gets the table.
fn curl(url: &str, variables: Variables<'_>) -> bool {
    let output = Command::new("curl")
        .args(["-qsSfL", "--compressed", "--max-redirs", "5", "--max-time"])
        .args(["10", url])
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap())
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    output.status.success() && output.stdout == TABLE.as_bytes()
}

/// What `loading` prints; nothing if it gets the table.
fn loading(url: &str, variables: Variables<'_>) -> Result<(), String> {
    let folder = tempdir().unwrap();
    let output = run::command(folder.path(), "-q --no-plot --source")
        .arg(url)
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!said.contains("p@ss") && !said.contains("p%40ss"), "{said}");
    let code = output.status.code();
    assert!(matches!(code, Some(0 | 2)), "{url}: {code:?}: {said}");
    if code == Some(0) { Ok(()) } else { Err(said) }
}

/// Collects the cases in which curl or `loading` does something unexpected.
struct Cases<'s> {
    servers: &'s Servers,
    ran: usize,
    wrong: Vec<String>,
}

impl Cases<'_> {
    /// In the address and the variables, `{http}` and the like become the ports of the servers.
    fn check(&mut self, url: &str, variables: Variables<'_>, expected: bool) {
        let dead = dead_port();
        let fill = |text: &str| {
            let it = self.servers;
            text.replace("{http}", &format!("127.0.0.1:{}", it.http))
                .replace("{other}", &format!("127.0.0.1:{}", it.other))
                .replace("{https}", &format!("127.0.0.1:{}", it.https))
                .replace("{squid}", &format!("127.0.0.1:{}", it.squid))
                .replace("{tinyproxy}", &format!("127.0.0.1:{}", it.tinyproxy))
                .replace("{squid!}", &format!("127.0.0.1:{}", it.guarded_squid))
                .replace(
                    "{tinyproxy!}",
                    &format!("127.0.0.1:{}", it.guarded_tinyproxy),
                )
                .replace("{dead}", &format!("127.0.0.1:{dead}"))
        };
        let mut filled: Vec<(&str, String)> = variables
            .iter()
            .map(|(name, value)| (*name, fill(value)))
            .collect();
        filled.push(("SSL_CERT_FILE", self.servers.authority.clone()));
        let filled: Vec<(&str, &str)> = filled.iter().map(|it| (it.0, &*it.1)).collect();
        let address = fill(url);
        let (theirs, ours) = (curl(&address, &filled), loading(&address, &filled));
        self.ran += 1;
        if theirs != expected || ours.is_ok() != expected {
            self.wrong.push(format!(
                "{url} {variables:?}: expected {expected}, curl {theirs}, loading {ours:?}"
            ));
        }
    }
}

/// Checks the cases, at least this many, if the servers are installed.
fn with_servers(at_least: usize, work: impl FnOnce(&mut Cases<'_>)) {
    let servers = match servers() {
        Ok(servers) => servers,
        Err(missing) => return skip(&format!("there is no {missing}")),
    };
    let mut cases = Cases {
        servers: &servers,
        ran: 0,
        wrong: Vec::new(),
    };
    work(&mut cases);
    assert!(cases.ran >= at_least, "{}", cases.ran);
    assert!(cases.wrong.is_empty(), "{}", cases.wrong.join("\n"));
}

#[test]
fn a_server_is_asked_as_curl_does() {
    with_servers(56, |cases| {
        for (path, expected) in [
            ("data.csv", true),
            ("data.csv?x=1", true),
            ("data.csv#part", true),
            ("a/../data.csv", true),
            ("da%20ta.csv", true),
            ("packed/data.csv", true),
            ("guarded/data.csv", false),
            ("a/relative", true),
            ("a/sibling", true),
            ("a/dots", true),
            ("a/host", true),
            ("a/large", true),
            ("a/login", false),
            ("a/fragment", true),
            ("a/noport", false),
            ("a/port", false),
            ("a/zero", false),
            ("a/blank", true),
            ("a/umlaut", true),
            ("a/nowhere", false),
            ("a/ftp", false),
            ("a/file", false),
            ("a/loop", false),
            ("a/query", false),
            ("a/encrypted", true),
            ("300", true),
            ("301", true),
            ("303", true),
            ("307", true),
            ("308", true),
            ("204", false),
            ("304", false),
            ("404", false),
            ("410", false),
            ("444", false),
            ("500", false),
            ("999", false),
            ("part", false),
            ("as/GZIP", true),
            ("as/x-gzip", true),
            ("as/br", false),
            ("as/rot13", false),
            ("plain/identity", true),
            ("plain/gzip", false),
            ("plain/br", false),
            ("plain/rot13", false),
            ("chain4", true),
            ("chain5", false),
        ] {
            cases.check(&format!("http://{{http}}/{path}"), &[], expected);
        }
        for (url, expected) in [
            ("HTTP://{http}/data.csv", true),
            ("https://{https}/data.csv", true),
            ("https://{https}/a/plain", true),
            ("https://{https}/packed/data.csv", true),
            ("https://{http}/data.csv", false),
            ("http://{https}/data.csv", false),
            ("http://neo:p%40ss@{http}/guarded/data.csv", true),
            ("http://n%65o:p%40ss@{http}/guarded/same", true),
            ("http://neo:wrong@{http}/guarded/data.csv", false),
            ("http://neo:p%40ss@{http}/a/stranger", true),
            ("http://neo:p%40ss@{http}/a/there", false),
            ("http://{http}/a/there", false),
            ("http://{http}/a/own", true),
            ("https://neo:p%40ss@{https}/guarded/data.csv", true),
        ] {
            cases.check(url, &[], expected);
        }
    });
}

#[test]
fn a_proxy_is_asked_as_curl_does() {
    with_servers(50, |cases| {
        for proxy in ["{squid}", "{tinyproxy}"] {
            for (url, expected) in [
                ("http://{http}/through/data.csv", true),
                ("http://{http}/direct/data.csv", false),
                ("http://{http}/packed/data.csv", true),
                ("http://{http}/a/stranger", true),
                ("http://{http}/a/encrypted", true),
                ("http://{http}/404", false),
                ("http://neo:p%40ss@{http}/guarded/data.csv", true),
                ("http://neo:p%40ss@{http}/a/stranger", true),
                ("http://{dead}/data.csv", false),
                ("http://no-such-host.invalid/data.csv", false),
                ("https://{https}/data.csv", true),
                ("https://{https}/a/plain", true),
                ("https://{https}/direct/data.csv", true),
                ("https://{http}/data.csv", false),
            ] {
                let both = [("http_proxy", proxy), ("https_proxy", proxy)];
                cases.check(url, &both, expected);
            }
            let url = "http://{http}/through/data.csv";
            cases.check(url, &[("ALL_PROXY", proxy)], true);
            cases.check(url, &[("http_proxy", &format!("HTTP://{proxy}/"))], true);
            // A tunnel to a port without TLS is forbidden, here as after a fresh installation.
            let url = "https://{other}/data.csv";
            cases.check(url, &[("https_proxy", proxy)], false);
        }
        for proxy in ["{squid!}", "{tinyproxy!}"] {
            for (user, expected) in [("", false), ("neo:trin%69ty@", true), ("neo:wrong@", false)] {
                let proxy = format!("http://{user}{proxy}");
                let both = [("http_proxy", &*proxy), ("https_proxy", &*proxy)];
                cases.check("http://{http}/unproxied/data.csv", &both, expected);
                cases.check("https://{https}/unproxied/data.csv", &both, expected);
                let url = "http://neo:p%40ss@{http}/guarded/data.csv";
                cases.check(url, &both, expected);
            }
        }
    });
}

#[test]
fn a_proxy_is_never_bypassed_and_exceptions_are_those_of_curl() {
    with_servers(30, |cases| {
        let url = "http://{http}/data.csv";
        for proxy in [
            "{dead}",
            "http://{dead}",
            "socks5h://{dead}",
            "gopher://{dead}",
            "http://{http}:x",
        ] {
            cases.check(url, &[("http_proxy", proxy)], false);
            cases.check(url, &[("all_proxy", proxy)], false);
        }
        cases.check(
            "https://{https}/data.csv",
            &[("https_proxy", "{dead}")],
            false,
        );
        // These variables do not name a proxy for the address.
        cases.check(
            url,
            &[("HTTP_PROXY", "{dead}"), ("REQUEST_METHOD", "GET")],
            true,
        );
        cases.check(url, &[("https_proxy", "{dead}")], true);
        cases.check(url, &[("http_proxy", "")], true);
        cases.check(url, &[("http_proxy", ""), ("all_proxy", "{dead}")], false);
        for (exceptions, expected) in [
            ("*", true),
            ("127.0.0.1", true),
            (" 127.0.0.1 ", true),
            ("a.b, 127.0.0.1", true),
            ("a.b 127.0.0.1", true),
            ("a.b,,127.0.0.1,", true),
            ("127.0.0.0/8", true),
            ("10.0.0.0/8 127.0.0.0/24", true),
            ("127.0.0.1/32", true),
            ("128.0.0.0/8", false),
            ("127.0.0.2", false),
            ("0.0.1", false),
            (".0.0.1", false),
            ("27.0.0.1", false),
            ("localhost", false),
            ("", false),
        ] {
            let variables = [("http_proxy", "{dead}"), ("no_proxy", exceptions)];
            cases.check(url, &variables, expected);
        }
    });
}

#[test]
fn exceptions_may_be_names() {
    with_servers(20, |cases| {
        let url = format!("http://localhost:{}/data.csv", cases.servers.http);
        for (exceptions, expected) in [
            ("localhost", true),
            ("LOCALHOST", true),
            (".localhost", true),
            ("localhost.", true),
            ("host", false),
            ("ocalhost", false),
            ("127.0.0.1", false),
            ("127.0.0.0/8", false),
            ("xlocalhost", false),
            ("a.localhost", false),
            ("**", false),
            ("*.localhost", false),
            ("a,*", false),
        ] {
            let variables = [("http_proxy", "{dead}"), ("no_proxy", exceptions)];
            cases.check(&url, &variables, expected);
            let variables = [("http_proxy", "{dead}"), ("NO_PROXY", exceptions)];
            cases.check(&url, &variables, expected);
        }
        // curl does not support a name with a port.
        let with_port = format!("localhost:{}", cases.servers.http);
        for exceptions in [&*with_port, "localhost:1"] {
            let variables = [("http_proxy", "{dead}"), ("no_proxy", exceptions)];
            cases.check(&url, &variables, false);
        }
    });
}
