//! How is data fetched from an address without trusting the other side?
//!
//! ureq does the work; its limits are set here, and what it does not do: trying again.

use std::io::{self, Read};
use std::thread;
use std::time::{Duration, Instant};

use super::source::Limits;
use crate::exit::Trouble;
use crate::output;

/// Redirections that are followed.
const REDIRECTS: u32 = 5;
/// Pauses before the second and the third attempt.
const PAUSES: [Duration; 2] = [Duration::from_millis(200), Duration::from_millis(400)];

/// Asks for the address and returns its body; nothing of it has been read yet.
pub fn open(url: &str, shown: &str, limits: Limits) -> Result<impl Read + use<>, Trouble> {
    let failed = |why: &str, hint: &str| {
        Trouble::new(
            format_args!("failed to fetch `{shown}`: {why}"),
            format_args!("{hint}; `--or-simulate` goes on without it"),
        )
    };
    if let Some(port) = bad_port(url) {
        return Err(failed(
            &format!("`{port}` is no port"),
            "a port is a number from 1 to 65535",
        ));
    }
    let deadline = Instant::now() + limits.timeout;
    let mut pauses = PAUSES.iter();
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        // A silent server shall not eat up the time of the next attempt.
        let patience = match pauses.len() {
            0 => left,
            _ => left / 2,
        };
        let error = match get(url, left, patience) {
            Ok(body) => {
                let limit = limits.bytes.saturating_add(1);
                return Ok(body.into_with_config().limit(limit).reader());
            }
            Err(error) => error,
        };
        let left = deadline.saturating_duration_since(Instant::now());
        match pauses.next() {
            Some(pause) if worth_retrying(&error) && left > *pause => thread::sleep(*pause),
            _ => return Err(failed(&reason(&error), hint(&error))),
        }
    }
}

/// One attempt.
fn get(url: &str, left: Duration, patience: Duration) -> Result<ureq::Body, ureq::Error> {
    let config = ureq::Agent::config_builder()
        .timeout_global(Some(left))
        .timeout_connect(Some(patience))
        .timeout_recv_response(Some(patience))
        .max_redirects(REDIRECTS)
        .user_agent(concat!("loading/", env!("CARGO_PKG_VERSION")))
        .build();
    let agent: ureq::Agent = config.into();
    Ok(agent.get(url).call()?.into_body())
}

/// A port that ureq's parser would drop without a word, and ask port 80 instead.
fn bad_port(url: &str) -> Option<&str> {
    let rest = url.split_once("://")?.1;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?;
    let port = match host.strip_prefix('[') {
        Some(v6) => v6.split_once(']')?.1.strip_prefix(':')?,
        None => host.split_once(':')?.1,
    };
    (!port.parse().is_ok_and(|port: u16| port > 0)).then_some(port)
}

/// Whether the other side may do better in a moment.
fn worth_retrying(error: &ureq::Error) -> bool {
    match error {
        ureq::Error::StatusCode(code) => *code == 429 || *code >= 500,
        ureq::Error::Timeout(_) => true,
        ureq::Error::Io(error) => error.kind() == io::ErrorKind::TimedOut,
        _ => false,
    }
}

/// Why it failed, in a student's words.
fn reason(error: &ureq::Error) -> String {
    match error {
        ureq::Error::StatusCode(code) => format!("the server answered with status {code}"),
        ureq::Error::Timeout(_) => "no answer in time".to_owned(),
        ureq::Error::HostNotFound => "no such host".to_owned(),
        ureq::Error::TooManyRedirects => format!("more than {REDIRECTS} redirections"),
        ureq::Error::Io(error) => output::reason(error),
        error => error.to_string(),
    }
}

/// What to type then.
fn hint(error: &ureq::Error) -> &'static str {
    match error {
        ureq::Error::Timeout(_) => "`--timeout SECONDS` waits longer",
        ureq::Error::StatusCode(400..=499) => "check the address given to `--source`",
        ureq::Error::StatusCode(_) => "try again later",
        // ureq asks the proxy in place of the address, and the error does not tell which of the two it met.
        _ if ureq::Proxy::try_from_env().is_some() => {
            "check the proxy that `HTTP_PROXY`, `HTTPS_PROXY` or `ALL_PROXY` names, and the address"
        }
        _ => "check the address given to `--source` and the network",
    }
}

/// ureq wraps what went wrong in the middle of a body: this unwraps it.
pub fn cause(error: io::Error) -> io::Error {
    let inner = error
        .get_ref()
        .and_then(|it| it.downcast_ref::<ureq::Error>());
    match inner {
        Some(ureq::Error::Timeout(_)) => io::ErrorKind::TimedOut.into(),
        Some(ureq::Error::BodyExceedsLimit(_)) => io::ErrorKind::FileTooLarge.into(),
        Some(inner) => io::Error::other(reason(inner)),
        None => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(url: &str, expected: Option<&str>) {
        assert_eq!(bad_port(url), expected, "{url}");
    }

    #[test]
    fn a_port_is_a_number_that_fits() {
        check("http://a.b", None);
        check("http://a.b:80/c:d", None);
        check("http://neo:p@a.b/", None);
        check("http://[::1]:8080/", None);
        check("http://[::1]/", None);
        check("http://a.b:99999/", Some("99999"));
        check("http://a.b:0", Some("0"));
        check("http://a.b:x?", Some("x"));
        check("http://[::1]:65536/", Some("65536"));
    }

    #[test]
    fn only_what_may_pass_is_tried_again() {
        assert!(worth_retrying(&ureq::Error::StatusCode(503)));
        assert!(worth_retrying(&ureq::Error::StatusCode(429)));
        assert!(!worth_retrying(&ureq::Error::StatusCode(404)));
        assert!(!worth_retrying(&ureq::Error::TooManyRedirects));
    }
}
