//! Why did an address give no data, in words?

use std::fmt;

use crate::faults::{Certificate, Connection, Failure, ProxyFault};
use crate::text::reason;

/// Why it gave none.
pub fn why(failure: &Failure) -> String {
    match failure {
        Failure::NoUreq => "ureq is missing".to_owned(),
        Failure::Port(port) => format!("`{port}` is not a port"),
        Failure::Scheme(scheme) => format!(
            "it redirects to `{scheme}:`, and only http and https are followed (unknown scheme: {scheme})"
        ),
        Failure::Redirects(most) => format!("more than {most} redirections"),
        Failure::Status { code: 206, .. } => {
            "the server sent only a part of it (status 206)".to_owned()
        }
        Failure::Status { code: 407, .. } | Failure::Tunnel(Some(407)) => {
            "the proxy asks for a user and a password (status 407)".to_owned()
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
                format!(", and asks to wait {} seconds", it.as_secs_f64().ceil())
            });
            format!("{who} answered with status {code}{wait}")
        }
        Failure::Encoding(encoding) => {
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
        Failure::Connection { why, .. } => why.to_string(),
    }
}

impl fmt::Display for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Timeout => f.write_str("no answer in time"),
            Self::NoHost => f.write_str("no such host"),
            Self::Certificate(Certificate::Other(about)) => {
                write!(f, "the server's certificate is not accepted: {about}")
            }
            Self::Certificate(certificate) => f.write_str(match certificate {
                Certificate::Expired => "the server's certificate is out of date",
                Certificate::NotYetValid => "the server's certificate is not valid yet",
                Certificate::OtherName => "the server's certificate is for another name",
                Certificate::Revoked => "the server's certificate was revoked",
                Certificate::UnknownIssuer | Certificate::Other(_) => {
                    "no authority that this machine trusts signed the server's certificate"
                }
            }),
            Self::Io(error) => f.write_str(&reason(error)),
            Self::Other(why) => f.write_str(why),
        }
    }
}

/// What the user can type then.
pub fn hint(failure: &Failure) -> &'static str {
    match failure {
        Failure::NoUreq => "`cargo run -p ex01` builds with all programs",
        Failure::Port(_) => "a port is a number from 1 to 65535",
        Failure::Scheme(_) => "fetch it with another program, then give `--source` the file",
        Failure::Redirects(_) => "give `--source` the address that it leads to",
        Failure::Status { code: 407, .. } | Failure::Tunnel(Some(401 | 407)) => {
            "write both into the variable: `http://USER:PASSWORD@HOST:PORT`"
        }
        Failure::Tunnel(_) => {
            "ask the owner of the proxy; `NO_PROXY` names the hosts that need no proxy"
        }
        Failure::Status {
            code: 400..=499,
            wait: None,
            proxied,
        } => {
            if *proxied {
                "check the address given to `--source`, and the proxy"
            } else {
                "check the address given to `--source`"
            }
        }
        Failure::Status { .. } | Failure::Encoding(_) => "try again later",
        Failure::Proxy(..) => "set the variable to an http proxy, or unset it",
        Failure::Connection { why, proxied } => match why {
            Connection::Timeout => "`--timeout SECONDS` waits longer",
            Connection::Certificate(_) => {
                "set `SSL_CERT_FILE` to a file with the certificate of the authority that signed it"
            }
            // ureq does not say whether it met the proxy or the server.
            _ if *proxied => {
                "check the proxy that `HTTP_PROXY`, `HTTPS_PROXY` or `ALL_PROXY` names, and the address"
            }
            _ => "check the address given to `--source` and the network",
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(code: u16, proxied: bool) -> Failure {
        Failure::Status {
            code,
            wait: None,
            proxied,
        }
    }

    #[test]
    fn a_proxy_that_may_have_refused_is_named() {
        assert_eq!(
            why(&status(403, false)),
            "the server answered with status 403"
        );
        assert!(why(&status(403, true)).contains("or the proxy"));
        for failure in [status(407, true), Failure::Tunnel(Some(407))] {
            assert!(why(&failure).contains("user and a password"));
            assert!(hint(&failure).contains("USER:PASSWORD"));
        }
        assert!(why(&Failure::Tunnel(Some(403))).contains("403"));
    }

    #[test]
    fn a_proxy_that_cannot_be_used_is_named_by_its_variable() {
        let fault = ProxyFault::Protocol("socks5".to_owned());
        let why = why(&Failure::Proxy("http_proxy", fault));
        assert!(why.starts_with("`http_proxy` names a proxy of the protocol `socks5`"));
    }
}
