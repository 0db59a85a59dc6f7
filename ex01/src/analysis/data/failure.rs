//! Why is there no answer, and what can the user type then?

use std::io;
use std::time::Duration;

use super::address::AddressFault;
use super::proxy;
use crate::text;

/// How many redirections are followed.
pub const REDIRECTS: usize = 5;

/// Why there is no answer.
pub enum Failure {
    /// ureq's reason. If a proxy was asked, it may be the proxy's.
    Ureq { error: ureq::Error, proxied: bool },
    /// A status other than success, and how long the server asks to wait. If a proxy was asked, it may have sent this.
    Status {
        code: u16,
        wait: Option<Duration>,
        proxied: bool,
    },
    /// A proxy refuses the tunnel, with this status.
    Tunnel(Option<u16>),
    /// The address, or one that it redirects to, cannot be asked.
    Address(AddressFault),
    /// There are too many redirections.
    Redirects,
    /// An encoding that was not asked for.
    Encoding(String),
    /// An environment variable names a proxy that cannot be used.
    Proxy(proxy::UnusableProxy),
}

impl From<AddressFault> for Failure {
    fn from(wrong: AddressFault) -> Self {
        Self::Address(wrong)
    }
}

/// Whether a second try may succeed.
pub fn worth_retrying(failure: &Failure) -> bool {
    match failure {
        Failure::Status { code, .. } => *code == 429 || (500..=599).contains(code),
        Failure::Ureq { error, .. } => match error {
            ureq::Error::Timeout(_) => true,
            ureq::Error::Io(error) => error.kind() == io::ErrorKind::TimedOut,
            _ => false,
        },
        _ => false,
    }
}

/// Why it failed, in a student's words.
pub fn reason(failure: &Failure) -> String {
    match failure {
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
        Failure::Tunnel(Some(code)) => {
            format!("the proxy refused to connect to it (status {code})")
        }
        Failure::Tunnel(None) => "the proxy refused to connect to it".to_owned(),
        Failure::Address(AddressFault::Port(port)) => format!("`{port}` is not a port"),
        Failure::Address(AddressFault::Scheme(scheme)) => {
            format!(
                "it redirects to `{scheme}:`, and only http and https are followed (unknown scheme: {scheme})"
            )
        }
        Failure::Redirects => format!("more than {REDIRECTS} redirections"),
        Failure::Encoding(encoding) => {
            format!("the server compressed it with `{encoding}`, which was not asked for")
        }
        Failure::Proxy(unusable) => unusable.to_string(),
        Failure::Ureq { error, .. } => ureqs_reason(error),
    }
}

/// ureq's reason.
pub fn ureqs_reason(error: &ureq::Error) -> String {
    match error {
        ureq::Error::Timeout(_) => "no answer in time".to_owned(),
        ureq::Error::HostNotFound => "no such host".to_owned(),
        ureq::Error::Io(error) => tls(&error.to_string()).unwrap_or_else(|| text::reason(error)),
        error => tls(&error.to_string()).unwrap_or_else(|| error.to_string()),
    }
}

/// Why a certificate is not trusted.
fn tls(error: &str) -> Option<String> {
    let error = error.to_lowercase();
    let about = error.split_once("certificate:").map(|it| it.1.trim())?;
    let known = [
        (
            "unknownissuer",
            "no authority that this machine trusts signed the server's certificate",
        ),
        (
            "unknown issuer",
            "no authority that this machine trusts signed the server's certificate",
        ),
        ("expired", "the server's certificate is out of date"),
        ("notvalidyet", "the server's certificate is not valid yet"),
        ("not valid yet", "the server's certificate is not valid yet"),
        (
            "notvalidforname",
            "the server's certificate is for another name",
        ),
        (
            "not valid for",
            "the server's certificate is for another name",
        ),
        ("revoked", "the server's certificate was revoked"),
        (
            "causedasendentity",
            "no authority that this machine trusts signed the server's certificate",
        ),
    ];
    let words = known.iter().find(|it| about.contains(it.0));
    Some(words.map_or_else(
        || format!("the server's certificate is not accepted: {about}"),
        |it| it.1.to_owned(),
    ))
}

/// What the user can type then.
pub fn hint(failure: &Failure) -> &'static str {
    match failure {
        Failure::Address(AddressFault::Port(_)) => "a port is a number from 1 to 65535",
        Failure::Status { code: 407, .. } | Failure::Tunnel(Some(401 | 407)) => {
            "write both into the variable: `http://USER:PASSWORD@HOST:PORT`"
        }
        Failure::Tunnel(_) => {
            "ask the owner of the proxy; `NO_PROXY` names the hosts that need no proxy"
        }
        Failure::Status {
            code: 400..=499,
            wait: None,
            proxied: true,
        } => "check the address given to `--source`, and the proxy",
        Failure::Status {
            code: 400..=499,
            wait: None,
            ..
        } => "check the address given to `--source`",
        Failure::Status { .. } | Failure::Encoding(_) => "try again later",
        Failure::Address(AddressFault::Scheme(_)) => {
            "fetch it with another program, then give `--source` the file"
        }
        Failure::Redirects => "give `--source` the address that it leads to",
        Failure::Proxy(_) => "set the variable to an http proxy, or unset it",
        Failure::Ureq {
            error: ureq::Error::Timeout(_),
            ..
        } => "`--timeout SECONDS` waits longer",
        Failure::Ureq { error, .. } if tls(&error.to_string()).is_some() => {
            "set `SSL_CERT_FILE` to a file with the certificate of the authority that signed it"
        }
        // ureq does not say whether it met the proxy or the server.
        Failure::Ureq { proxied: true, .. } => {
            "check the proxy that `HTTP_PROXY`, `HTTPS_PROXY` or `ALL_PROXY` names, and the address"
        }
        Failure::Ureq { proxied: false, .. } => {
            "check the address given to `--source` and the network"
        }
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
            reason(&status(403, false)),
            "the server answered with status 403"
        );
        assert!(reason(&status(403, true)).contains("or the proxy"));
        for failure in [status(407, true), Failure::Tunnel(Some(407))] {
            assert!(reason(&failure).contains("user and a password"));
            assert!(hint(&failure).contains("USER:PASSWORD"));
        }
        assert!(reason(&Failure::Tunnel(Some(403))).contains("403"));
    }

    #[test]
    fn only_a_failure_that_may_pass_is_tried_again() {
        for (code, worth) in [(503, true), (429, true), (404, false), (999, false)] {
            assert_eq!(worth_retrying(&status(code, false)), worth, "{code}");
        }
        assert!(!worth_retrying(&Failure::Redirects));
    }
}
