//! How is data fetched from an address without trust in the other side?
//!
//! ureq does the work. This room sets its limits and does the rest: it tries again, and it follows redirections. For
//! each address it checks the port, the password and the proxy anew.

use std::io;
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use ureq::config::Config;
use ureq::http::Response;
use ureq::http::header::{
    CONTENT_ENCODING, LOCATION, PROXY_AUTHENTICATE, RETRY_AFTER, WWW_AUTHENTICATE,
};
use ureq::tls::{RootCerts, TlsConfig};
use ureq::unversioned::resolver::DefaultResolver;
use ureq::unversioned::transport::{Connector, DefaultConnector};

use super::Limits;
use super::absolute::Absolute;
use super::address::Address;
use super::connection::connection;
use super::headers::{Codec, basic, codec, header, other_login, until};
use super::proxy::proxy_for;
use super::roots;
use super::stream::{Opened, Unfetched};
use crate::faults::{Connection, Failure, Login};
use crate::text::masked;

/// Pauses before the second and the third attempt.
const PAUSES: [Duration; 2] = [Duration::from_millis(200), Duration::from_millis(400)];

/// How many redirections are followed.
const REDIRECTS: usize = 5;

/// Asks for the address and returns the body.
pub fn open(url: &str, limits: Limits) -> Result<Opened, Unfetched> {
    let deadline = Instant::now() + limits.timeout;
    let left = || deadline.saturating_duration_since(Instant::now());
    let mut pauses = PAUSES.iter();
    loop {
        let fault = match ask(url, limits, deadline) {
            Ok(opened) => return Ok(opened),
            Err(fault) => fault,
        };
        let pause = pauses.next().filter(|_| worth_retrying(&fault.failure));
        let asked = match fault.failure {
            Failure::Status { wait, .. } => wait.unwrap_or_default(),
            _ => Duration::ZERO,
        };
        match pause {
            Some(pause) if left() > asked.max(*pause) => thread::sleep(asked.max(*pause)),
            _ => return Err(fault),
        }
    }
}

/// One attempt, with its redirections.
fn ask(url: &str, limits: Limits, deadline: Instant) -> Result<Opened, Unfetched> {
    let mut redirect = None;
    let failed = |failure, redirect: &Option<String>| Unfetched {
        failure,
        redirect: redirect.clone(),
    };
    let first = Address::new(url).map_err(|it| failed(it, &redirect))?;
    let mut address = first.clone();
    for _ in 0..=REDIRECTS {
        let left = deadline.saturating_duration_since(Instant::now());
        let login = address.login(&first);
        let location = match page(&address, login, left).map_err(|it| failed(it, &redirect))? {
            Page::Data(body, codec) => {
                let limit = limits.bytes.saturating_add(1);
                let bytes = body.into_with_config().limit(limit).reader();
                return Ok(Opened {
                    codec,
                    redirect,
                    ..Opened::new(bytes)
                });
            }
            Page::Moved(location) => location,
        };
        let next = address.follow(&location);
        match &next {
            Ok(next) => redirect = Some(masked(&next.url())),
            Err(Failure::Port(_)) => redirect = Some(masked(&String::from_utf8_lossy(&location))),
            Err(_) => {}
        }
        address = next.map_err(|it| failed(it, &redirect))?;
    }
    Err(failed(Failure::Redirects(REDIRECTS), &redirect))
}

/// What is at an address.
enum Page {
    /// A body, and what it is packed with.
    Data(ureq::Body, Codec),
    /// A redirection to this place.
    Moved(Vec<u8>),
}

/// One question, and what its answer means.
fn page(address: &Address, login: Option<&str>, left: Duration) -> Result<Page, Failure> {
    let (answer, proxy) = get(address, login, left)?;
    let proxied = proxy.is_some();
    let refused = |code, wait| Failure::Status {
        code,
        wait,
        proxied,
    };
    let (status, headers) = (answer.status().as_u16(), answer.headers());
    match status {
        300..=303 | 307 | 308 => {
            let location = headers.get(LOCATION).map(|it| it.as_bytes().trim_ascii());
            // As in curl, an empty one leads nowhere.
            let location = location.filter(|it| !it.is_empty());
            let location = location.ok_or_else(|| refused(status, None))?;
            Ok(Page::Moved(location.to_owned()))
        }
        // A part of the data (206) or none yet (202) is not data. A status beyond 299 is not a success.
        200 | 201 | 203 => {
            let encoding = header(headers, CONTENT_ENCODING.as_str()).unwrap_or_default();
            let codec = codec(&encoding).ok_or(Failure::Encoding(encoding))?;
            Ok(Page::Data(answer.into_body(), codec))
        }
        401 => {
            let other = other_login(headers, WWW_AUTHENTICATE);
            Err(refused_login(status, false, login.is_some(), other))
        }
        407 if proxied => {
            let sent = proxy.is_some_and(|it| it.user.is_some());
            let other = other_login(headers, PROXY_AUTHENTICATE);
            Err(refused_login(status, true, sent, other))
        }
        _ => {
            let wait = header(headers, RETRY_AFTER.as_str());
            let wait = wait.and_then(|it| until(&it, SystemTime::now()));
            Err(refused(status, wait))
        }
    }
}

fn refused_login(code: u16, proxy: bool, sent: bool, other: Option<String>) -> Failure {
    Failure::Login(Login {
        code,
        proxy,
        sent,
        other,
    })
}

/// Whether a second try may succeed.
fn worth_retrying(failure: &Failure) -> bool {
    match failure {
        Failure::Status { code, .. } => matches!(code, 429 | 500..=599),
        Failure::Connection { why, .. } => match why {
            Connection::Io(error) => error.kind() == io::ErrorKind::TimedOut,
            other => matches!(other, Connection::Timeout),
        },
        _ => false,
    }
}

/// One question and one answer, and the proxy that was asked.
fn get(
    address: &Address,
    login: Option<&str>,
    left: Duration,
) -> Result<(Response<ureq::Body>, Option<Address>), Failure> {
    let proxy = proxy_for(address, |name| std::env::var_os(name))?;
    let failed = |error| match error {
        // `… responded 407/407`: ureq has this number only in a text.
        ureq::Error::ConnectProxyFailed(text) => {
            let sent = proxy.as_ref().is_some_and(|it| it.user.is_some());
            match text.rsplit('/').next().and_then(|it| it.parse().ok()) {
                Some(code @ (401 | 407)) => refused_login(code, true, sent, None),
                code => Failure::Tunnel(code),
            }
        }
        error => Failure::Connection {
            why: connection(error),
            proxied: proxy.is_some(),
        },
    };
    let secure = address.is_secure() || proxy.as_ref().is_some_and(Address::is_secure);
    if let Some(file) = std::env::var_os("SSL_CERT_FILE").filter(|_| secure) {
        roots::check(&file)?;
    }
    let mut request = match &proxy {
        None => config(left, None).new_agent().get(address.url()),
        Some(proxy) if address.is_secure() => {
            let tunnel = ureq::Proxy::new(&proxy.with_user()).map_err(failed)?;
            config(left, Some(tunnel)).new_agent().get(address.url())
        }
        // Plain http needs no tunnel: the proxy itself is asked, for the whole address.
        Some(proxy) => {
            let connector = DefaultConnector::default().chain(Absolute);
            let config = config(left, None);
            let agent = ureq::Agent::with_parts(config, connector, DefaultResolver::default());
            let url = format!("{}/{}", proxy.url(), address.url());
            let request = agent.get(url).header("host", &address.host);
            match &proxy.user {
                Some(user) => request.header("proxy-authorization", basic(user)),
                None => request,
            }
        }
    };
    if let Some(login) = login {
        request = request.header("authorization", basic(login));
    }
    let answer = request.call().map_err(failed)?;
    Ok((answer, proxy))
}

/// ureq's settings: our limits, the system's certificates, and only this proxy.
fn config(left: Duration, proxy: Option<ureq::Proxy>) -> Config {
    let tls = TlsConfig::builder().root_certs(RootCerts::PlatformVerifier);
    ureq::Agent::config_builder()
        .timeout_global(Some(left))
        .max_redirects(0)
        .http_status_as_error(false)
        .proxy(proxy)
        .tls_config(tls.build())
        .accept_encoding("gzip")
        .user_agent(concat!("loading/", env!("CARGO_PKG_VERSION")))
        .build()
}

/// ureq wraps an error in the middle of a body. This function unwraps it.
pub fn cause(error: io::Error) -> io::Error {
    let error = match error.downcast::<ureq::Error>() {
        Ok(error) => error,
        Err(error) => return error,
    };
    match error {
        ureq::Error::Timeout(_) => io::ErrorKind::TimedOut.into(),
        ureq::Error::BodyExceedsLimit(_) => io::ErrorKind::FileTooLarge.into(),
        error => io::Error::other(connection(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_failure_that_may_pass_is_tried_again() {
        let status = |code| Failure::Status {
            code,
            wait: None,
            proxied: false,
        };
        for (code, worth) in [(503, true), (429, true), (404, false), (999, false)] {
            assert_eq!(worth_retrying(&status(code)), worth, "{code}");
        }
        assert!(!worth_retrying(&Failure::Redirects(REDIRECTS)));
    }
}
