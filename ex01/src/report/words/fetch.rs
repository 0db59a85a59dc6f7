//! Why did an address give no data, in words?

use super::excerpt::excerpt;
use super::{ELSEWHERE, shown};
use crate::faults::{Connection, Failure, Login, ProxyFault, RootsFault};
use crate::text::{counted, reason};

/// Why it gave none.
pub fn why(failure: &Failure) -> String {
    match failure {
        Failure::NoUreq => "ureq is missing".to_owned(),
        Failure::Port(Some(port)) => format!("`{port}` is not a port"),
        Failure::Port(None) => "what follows the `:` after its host is not a port".to_owned(),
        Failure::Blank => "a blank is in it".to_owned(),
        Failure::Host => "the name of its host is not ASCII".to_owned(),
        Failure::Scheme(scheme) => format!(
            "it redirects to `{scheme}:`, and only http and https are followed (unknown scheme: {scheme})"
        ),
        Failure::Redirects(most) => format!("more than {most} redirections"),
        Failure::Status { code: 206, .. } => {
            "the server sent only a part of it (status 206)".to_owned()
        }
        Failure::Status {
            code,
            wait,
            proxied,
        } => {
            let who = if *proxied {
                "the server or the proxy"
            } else {
                "the server"
            };
            let wait = wait.map_or(String::new(), |it| {
                let seconds = it.as_secs() + u64::from(it.subsec_nanos() > 0);
                format!(", and asks to wait {}", counted(seconds, "second"))
            });
            format!("{who} answered with status {code}{wait}")
        }
        Failure::Login(login) => wanted(login),
        Failure::Encoding(encoding) => {
            let encoding = excerpt(encoding.as_bytes(), |_| false);
            format!("the server compressed it with `{encoding}`, which was not asked for")
        }
        Failure::Tunnel(Some(code)) => {
            format!("the proxy refused to connect to it (status {code})")
        }
        Failure::Tunnel(None) => "the proxy refused to connect to it".to_owned(),
        Failure::Proxy(variable, ProxyFault::Protocol(scheme)) => format!(
            "`{variable}` names a proxy of the protocol `{scheme}`, but only http and https are supported"
        ),
        Failure::Proxy(variable, ProxyFault::NoAddress) => {
            format!("`{variable}` is not an address of a proxy")
        }
        Failure::Roots { path, why } => {
            format!("`SSL_CERT_FILE` names `{}`{}", shown(path), roots(why))
        }
        Failure::Connection { why, .. } => why.to_string(),
    }
}

/// What is wrong with the file of authorities that was named before.
fn roots(fault: &RootsFault) -> String {
    match fault {
        RootsFault::Io(error) => format!(": {}", reason(error)),
        RootsFault::NotRegular => ", which is not a regular file".to_owned(),
        RootsFault::TooLarge(most) => format!(", which is larger than {most} bytes"),
        RootsFault::ByteOrderMark => {
            ", where a byte order mark (BOM) hides the first certificate".to_owned()
        }
        RootsFault::NoCertificate => ", which holds no certificate in PEM".to_owned(),
    }
}

/// What a server or a proxy wants to know.
fn wanted(login: &Login) -> String {
    let who = if login.proxy {
        "the proxy"
    } else {
        "the server"
    };
    let what = match &login.other {
        Some(other) => {
            let other = excerpt(other.as_bytes(), |_| false);
            format!(
                "asks for a login with `{other}`, and `loading` can only send a user and a password"
            )
        }
        None if login.sent => "refused the user and the password".to_owned(),
        None => "asks for a user and a password".to_owned(),
    };
    format!("{who} {what} (status {})", login.code)
}

/// What the user can type then.
fn login_hint(login: &Login, redirected: bool) -> &'static str {
    match (login.proxy, login.sent, redirected) {
        _ if login.other.is_some() && !login.proxy => ELSEWHERE,
        _ if login.other.is_some() => OTHER_PROXY,
        (true, true, _) => {
            "check both in the variable that names the proxy; `@`, `/` and `#` in them are `%40`, `%2F` and `%23`"
        }
        (true, false, _) => "write both into the variable: `http://USER:PASSWORD@HOST:PORT`",
        (false, true, _) => {
            "check both in the address; `@`, `/` and `#` in them are `%40`, `%2F` and `%23`"
        }
        (false, false, false) => {
            "write both into the address: `http://USER:PASSWORD@HOST`; `@`, `/` and `#` in them as `%40`, `%2F` and `%23`"
        }
        (false, false, true) => {
            "if you trust the server that it redirects to, give `--source` that address with both: `http://USER:PASSWORD@HOST`"
        }
    }
}

/// The hint for what only the server that redirects can mend.
const REDIRECTED: &str = "check the address given to `--source`; if it is right, only its server can mend the redirection";

/// The hint for a proxy that cannot be used.
const OTHER_PROXY: &str =
    "ask the owner of the proxy; `NO_PROXY` names the hosts that need no proxy";

/// What the user can type then. If a redirection led to the address that failed, a hint about the one that was given helps
/// only if it says so.
pub fn hint(failure: &Failure, redirected: bool) -> &'static str {
    match failure {
        Failure::Login(login) => login_hint(login, redirected),
        Failure::Port(_) if redirected => REDIRECTED,
        Failure::NoUreq => "`cargo run -p ex01` builds with all programs",
        Failure::Port(Some(_)) => "a port is a number from 1 to 65535",
        Failure::Port(None) => {
            "a port is a number from 1 to 65535; in a password, write `#` as `%23`, `/` as `%2F` and `?` as `%3F`"
        }
        Failure::Blank => "write a blank as `%20`",
        Failure::Host => "write the name as DNS has it, with `xn--`",
        Failure::Scheme(_) | Failure::Encoding(_) => ELSEWHERE,
        Failure::Redirects(_) => "give `--source` the address that it leads to",
        Failure::Tunnel(_) => OTHER_PROXY,
        // With these three, the server is busy or was too slow.
        Failure::Status {
            code: code @ 400..=499,
            wait: None,
            proxied,
        } if !matches!(code, 408 | 425 | 429) => {
            if *proxied {
                "check the address given to `--source`, and the proxy"
            } else if redirected {
                REDIRECTED
            } else {
                "check the address given to `--source`"
            }
        }
        Failure::Status { .. } => "try again later",
        Failure::Roots {
            why: RootsFault::ByteOrderMark,
            ..
        } => {
            "save it without the mark, then set `SSL_CERT_FILE` to it; `tail -c +4 FILE` shows all but the mark"
        }
        Failure::Roots { .. } => {
            "set `SSL_CERT_FILE` to a file that has `BEGIN CERTIFICATE` in it, or unset it"
        }
        Failure::Proxy(..) => "set the variable to an http proxy, or unset it",
        Failure::Connection { why, proxied } => connection_hint(why, *proxied, redirected),
    }
}

/// What the user can type if there is no connection. Only a missing authority, or one with a new key, is mended with
/// `SSL_CERT_FILE`.
fn connection_hint(why: &Connection, proxied: bool, redirected: bool) -> &'static str {
    match why {
        Connection::OtherName(_) | Connection::NoTls if redirected => REDIRECTED,
        Connection::NoHost | Connection::Io(_) | Connection::Other(_) if redirected && !proxied => {
            "check the network, and the address given to `--source`; its server chose where it redirects to"
        }
        Connection::Timeout => "`--timeout SECONDS` waits longer",
        Connection::UnknownIssuer => {
            "set `SSL_CERT_FILE` to a file with the certificate of the authority that signed it"
        }
        Connection::Signature => {
            "the server needs an RSA key of 2048 bits or more; if its authority has a new key, `SSL_CERT_FILE` needs the new certificate of it"
        }
        Connection::Expired => {
            "compare this machine's clock, `date`; if it is right, the server needs a new certificate"
        }
        Connection::NotYetValid => "compare this machine's clock, `date`",
        Connection::OtherName(_) => "give `--source` a name that the certificate is for",
        Connection::NoNames => {
            "the server needs a certificate with one: `-addext subjectAltName=DNS:HOST` is a flag of `openssl req -x509`"
        }
        Connection::Authority => {
            "the server needs a certificate of its own: add `-addext basicConstraints=critical,CA:FALSE` to `openssl req -x509`"
        }
        Connection::Purpose => "the server needs one with `extendedKeyUsage=serverAuth`",
        Connection::Algorithm | Connection::Certificate => "the server needs another certificate",
        Connection::OldTls
        | Connection::ClientCertificate
        | Connection::Handshake
        | Connection::Alert(_)
        | Connection::Tls => ELSEWHERE,
        Connection::NoTls => "write `http://` if the server has no TLS",
        Connection::NoRoots => {
            "install the package `ca-certificates`, or set `SSL_CERT_FILE` to a file of certificates in PEM"
        }
        // ureq does not say whether it met the proxy or the server.
        Connection::NoHost | Connection::Io(_) | Connection::Other(_) => {
            if proxied {
                "check the proxy that `HTTP_PROXY`, `HTTPS_PROXY` or `ALL_PROXY` names, and the address"
            } else {
                "check the address given to `--source` and the network"
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn status(code: u16, proxied: bool) -> Failure {
        Failure::Status {
            code,
            wait: None,
            proxied,
        }
    }

    fn login(code: u16, proxy: bool, sent: bool, other: Option<&str>) -> Failure {
        let other = other.map(str::to_owned);
        Failure::Login(Login {
            code,
            proxy,
            sent,
            other,
        })
    }

    #[test]
    fn the_hint_for_a_login_looks_at_what_was_sent_and_what_is_wanted() {
        for proxy in [false, true] {
            let refused = login(401, proxy, true, None);
            assert!(why(&refused).contains("refused the user and the password (status 401)"));
            assert!(hint(&refused, false).starts_with("check both in the "));
            let bearer = login(407, proxy, false, Some("Bearer"));
            assert!(why(&bearer).contains("`Bearer`") && why(&bearer).contains("status 407"));
            assert!(!hint(&bearer, false).contains("USER"));
        }
        // A password must not go to a host that did not ask for it.
        let there = hint(&login(401, false, false, None), true);
        assert!(there.contains("that it redirects to"), "{there}");
    }

    #[test]
    fn behind_a_redirection_no_hint_is_for_the_first_address() {
        let failed = |why| Failure::Connection {
            why,
            proxied: false,
        };
        for failure in [
            Failure::Port(Some("0".to_owned())),
            Failure::Port(None),
            status(404, false),
            failed(Connection::NoTls),
            failed(Connection::OtherName(Vec::new())),
            failed(Connection::NoHost),
            failed(Connection::Timeout),
        ] {
            let hint = hint(&failure, true);
            let helps = hint.contains("redirect") || hint.contains("--timeout");
            assert!(helps, "{failure:?}: {hint}");
        }
    }

    #[test]
    fn a_proxy_that_may_have_refused_is_named() {
        assert_eq!(
            why(&status(403, false)),
            "the server answered with status 403"
        );
        assert!(why(&status(403, true)).contains("or the proxy"));
        let failure = login(407, true, false, None);
        assert!(why(&failure).contains("user and a password"));
        assert!(hint(&failure, false).contains("USER:PASSWORD"));
        assert!(why(&Failure::Tunnel(Some(403))).contains("403"));
        // Without a proxy, it is the server's own answer.
        let strange = status(407, false);
        assert_eq!(why(&strange), "the server answered with status 407");
        assert_eq!(
            hint(&strange, false),
            "check the address given to `--source`"
        );
    }

    #[test]
    fn a_wait_is_counted_in_whole_seconds() {
        for (milliseconds, said) in [
            (0, "0 seconds"),
            (200, "1 second"),
            (1000, "1 second"),
            (1001, "2 seconds"),
            (3_600_000, "3,600 seconds"),
        ] {
            let failure = Failure::Status {
                code: 503,
                wait: Some(Duration::from_millis(milliseconds)),
                proxied: false,
            };
            let found = why(&failure);
            assert!(found.ends_with(&format!("asks to wait {said}")), "{found}");
        }
    }

    #[test]
    fn the_hint_fits_the_status() {
        assert!(hint(&login(401, false, false, None), false).contains("USER:PASSWORD@HOST"));
        for code in [408, 425, 429, 503] {
            assert_eq!(hint(&status(code, false), false), "try again later");
        }
        assert!(hint(&status(404, false), false).contains("the address"));
        let encoding = Failure::Encoding("br".to_owned());
        assert!(hint(&encoding, false).starts_with("fetch it with another program"));
    }

    #[test]
    fn a_proxy_that_cannot_be_used_is_named_by_its_variable() {
        let fault = ProxyFault::Protocol("socks5".to_owned());
        let why = why(&Failure::Proxy("http_proxy", fault));
        assert!(why.starts_with("`http_proxy` names a proxy of the protocol `socks5`"));
    }
}
