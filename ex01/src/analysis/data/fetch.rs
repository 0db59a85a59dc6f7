//! How is data fetched from an address without trusting the other side?
//!
//! ureq does the work; its limits are set here, and what it does not do: trying again, and following redirections with
//! the port, the password and the proxy of each address looked at anew.

use std::io::{self, Read};
use std::thread;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use ureq::config::Config;
use ureq::http::header::{CONTENT_ENCODING, LOCATION, RETRY_AFTER};
use ureq::http::{HeaderMap, Response};
use ureq::tls::{RootCerts, TlsConfig};
use ureq::unversioned::resolver::DefaultResolver;
use ureq::unversioned::transport::{Connector, DefaultConnector};

use super::Limits;
use super::absolute::Absolute;
use super::proxy;
use crate::exit::Trouble;
use crate::text;

/// Redirections that are followed.
const REDIRECTS: usize = 5;
/// Pauses before the second and the third attempt.
const PAUSES: [Duration; 2] = [Duration::from_millis(200), Duration::from_millis(400)];

/// Why there is no answer.
enum Failure {
    /// ureq's reason, and whether a proxy was asked.
    Ureq(ureq::Error, bool),
    /// A status that is no success, and how long the server asks to wait.
    Status(u16, Option<Duration>),
    /// A port that is no number from 1 to 65535.
    Port(String),
    /// A redirection to another protocol.
    Scheme(String),
    /// More redirections than are followed.
    Redirects,
    /// An encoding that nobody asked for.
    Encoding(String),
    /// An environment variable names a proxy that cannot be used.
    Proxy(proxy::Unusable),
}

/// An address, taken apart.
struct Address {
    /// Without user, password and fragment.
    url: String,
    /// What stands before the host.
    user: Option<String>,
}

impl Address {
    fn new(url: &str) -> Result<Self, Failure> {
        let url = url.split('#').next().unwrap_or(url);
        let (scheme, rest) = url.split_once("://").unwrap_or(("http", url));
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        let (user, host) = match authority.rsplit_once('@') {
            Some((user, host)) => (Some(user.to_owned()), host),
            None => (None, authority),
        };
        if let Some(port) = bad_port(host) {
            return Err(Failure::Port(port.to_owned()));
        }
        let path = if path.starts_with('/') {
            path.to_owned()
        } else {
            format!("/{path}")
        };
        let url = format!("{}://{host}{path}", scheme.to_lowercase());
        Ok(Self { url, user })
    }

    /// Protocol, host and port.
    fn origin(&self) -> &str {
        let host = self.url.find("://").map_or(0, |at| at + 3);
        let end = self.url[host..]
            .find('/')
            .map_or(self.url.len(), |at| host + at);
        &self.url[..end]
    }

    /// Where a redirection leads; to another origin the password does not go along.
    fn follow(&self, location: &str) -> Result<Self, Failure> {
        let scheme = location.split_once(':').map(|it| it.0);
        let scheme = scheme.filter(|it| it.chars().all(|c| c.is_ascii_alphanumeric()));
        let (origin, path) = (self.origin(), &self.url[self.origin().len()..]);
        let url = match scheme.map(str::to_lowercase).as_deref() {
            Some("http" | "https") => location.to_owned(),
            Some(other) => return Err(Failure::Scheme(other.to_owned())),
            None if location.starts_with("//") => {
                let protocol = origin.split(':').next().unwrap_or("http");
                format!("{protocol}:{location}")
            }
            None if location.starts_with('/') => format!("{origin}{location}"),
            None => {
                let path = path.split('?').next().unwrap_or(path);
                let folder = path.rfind('/').map_or("/", |end| &path[..=end]);
                format!("{origin}{folder}{location}")
            }
        };
        // Servers write blanks that no request may hold; curl sends them so.
        let mut next = Self::new(&url.replace(' ', "%20"))?;
        if next.user.is_none() && next.origin() == origin {
            next.user.clone_from(&self.user);
        }
        Ok(next)
    }

    /// User and password, as far as this is where the first address leads: what a redirection names goes nowhere else.
    fn login(&self, first: &Self) -> Option<&str> {
        let user = self.user.as_deref();
        user.filter(|_| self.origin() == first.origin())
    }
}

/// User and password as a header wants them.
fn basic(user: &str) -> String {
    let plain = if user.contains(':') {
        proxy::decoded(user)
    } else {
        [proxy::decoded(user), b":".to_vec()].concat()
    };
    format!("Basic {}", BASE64_STANDARD.encode(plain))
}

/// Asks for the address and returns its body; nothing of it has been read yet.
pub fn open(url: &str, shown: &str, limits: Limits) -> Result<impl Read + Send + use<>, Trouble> {
    let failed = |failure: &Failure| {
        Trouble::new(
            format_args!("failed to fetch `{shown}`: {}", reason(failure)),
            format_args!("{}; `--or-simulate` goes on without it", hint(failure)),
        )
    };
    let deadline = Instant::now() + limits.timeout;
    let left = || deadline.saturating_duration_since(Instant::now());
    let mut pauses = PAUSES.iter();
    loop {
        // A silent server shall not eat up the time of the next attempt.
        let patience = if pauses.len() == 0 {
            left()
        } else {
            left() / 2
        };
        let failure = match ask(url, deadline, patience) {
            Ok(body) => {
                let limit = limits.bytes.saturating_add(1);
                return Ok(body.into_with_config().limit(limit).reader());
            }
            Err(failure) => failure,
        };
        let pause = pauses.next().filter(|_| worth_retrying(&failure));
        let asked = match failure {
            Failure::Status(_, wait) => wait.unwrap_or_default(),
            _ => Duration::ZERO,
        };
        match pause {
            Some(pause) if left() > asked.max(*pause) => thread::sleep(asked.max(*pause)),
            _ => return Err(failed(&failure)),
        }
    }
}

/// One attempt, redirections included.
fn ask(url: &str, deadline: Instant, patience: Duration) -> Result<ureq::Body, Failure> {
    let first = Address::new(url)?;
    let mut address = Address::new(url)?;
    for _ in 0..=REDIRECTS {
        let left = deadline.saturating_duration_since(Instant::now());
        let answer = get(&address, address.login(&first), left, patience)?;
        let (status, headers) = (answer.status().as_u16(), answer.headers());
        match status {
            301 | 302 | 303 | 307 | 308 => {
                let location = header(headers, LOCATION.as_str());
                let location = location.ok_or(Failure::Status(status, None))?;
                address = address.follow(&location)?;
            }
            // A part of the data (206) or none yet (202) is no data, and what stands beyond 299 is no success.
            200 | 201 | 203 => {
                let encoding = header(headers, CONTENT_ENCODING.as_str()).unwrap_or_default();
                let known = ["", "identity", "gzip", "x-gzip", "zstd"];
                if !known.contains(&encoding.to_lowercase().as_str()) {
                    return Err(Failure::Encoding(encoding));
                }
                return Ok(answer.into_body());
            }
            _ => {
                let wait = header(headers, RETRY_AFTER.as_str()).and_then(|it| it.parse().ok());
                return Err(Failure::Status(status, wait.map(Duration::from_secs)));
            }
        }
    }
    Err(Failure::Redirects)
}

/// A header's text, bytes that are no UTF-8 replaced.
fn header(headers: &HeaderMap, name: &str) -> Option<String> {
    let value = headers.get(name)?;
    Some(String::from_utf8_lossy(value.as_bytes()).trim().to_owned())
}

/// One question, one answer.
fn get(
    address: &Address,
    login: Option<&str>,
    left: Duration,
    patience: Duration,
) -> Result<Response<ureq::Body>, Failure> {
    let proxy = proxy::of(&address.url, |name| std::env::var_os(name)).map_err(Failure::Proxy)?;
    let failed = |error| Failure::Ureq(error, proxy.is_some());
    let mut request = match &proxy {
        None => agent(config(left, patience, None)).get(&address.url),
        Some(proxy) if address.url.starts_with("https:") => {
            let tunnel = ureq::Proxy::new(&proxy.url()).map_err(failed)?;
            agent(config(left, patience, Some(tunnel))).get(&address.url)
        }
        // Where nothing is to be hidden, the proxy itself is asked, for the whole address.
        Some(proxy) => {
            let connector = DefaultConnector::default().chain(Absolute);
            let config = config(left, patience, None);
            let agent = ureq::Agent::with_parts(config, connector, DefaultResolver::default());
            let host = address.origin().trim_start_matches("http://");
            let url = format!("{}://{}/{}", proxy.scheme, proxy.host, address.url);
            let request = agent.get(url).header("host", host);
            match &proxy.user {
                Some(user) => request.header("proxy-authorization", basic(user)),
                None => request,
            }
        }
    };
    if let Some(login) = login {
        request = request.header("authorization", basic(login));
    }
    request.call().map_err(failed)
}

/// ureq's settings: our limits, the system's certificates, and no proxy but this.
fn config(left: Duration, patience: Duration, proxy: Option<ureq::Proxy>) -> Config {
    let tls = TlsConfig::builder().root_certs(RootCerts::PlatformVerifier);
    ureq::Agent::config_builder()
        .timeout_global(Some(left))
        .timeout_connect(Some(patience))
        .timeout_recv_response(Some(patience))
        .max_redirects(0)
        .http_status_as_error(false)
        .proxy(proxy)
        .tls_config(tls.build())
        .user_agent(concat!("loading/", env!("CARGO_PKG_VERSION")))
        .build()
}

/// ureq, with these settings.
fn agent(config: Config) -> ureq::Agent {
    config.into()
}

/// A port that ureq's parser would drop without a word, and ask port 80 instead.
fn bad_port(host: &str) -> Option<&str> {
    let port = match host.strip_prefix('[') {
        Some(v6) => v6.split_once(']')?.1.strip_prefix(':')?,
        None => host.split_once(':')?.1,
    };
    (!port.parse().is_ok_and(|port: u16| port > 0)).then_some(port)
}

/// Whether the other side may do better in a moment.
fn worth_retrying(failure: &Failure) -> bool {
    match failure {
        Failure::Status(code, _) => *code == 429 || (500..=599).contains(code),
        Failure::Ureq(ureq::Error::Timeout(_), _) => true,
        Failure::Ureq(ureq::Error::Io(error), _) => error.kind() == io::ErrorKind::TimedOut,
        _ => false,
    }
}

/// Why it failed, in a student's words.
fn reason(failure: &Failure) -> String {
    match failure {
        Failure::Status(206, _) => "the server sent a part of it only (status 206)".to_owned(),
        Failure::Status(code, Some(wait)) => {
            let wait = wait.as_secs();
            format!("the server answered with status {code}, and asks to wait {wait} seconds")
        }
        Failure::Status(code, None) => format!("the server answered with status {code}"),
        Failure::Port(port) => format!("`{port}` is no port"),
        Failure::Scheme(scheme) => {
            format!(
                "it redirects to `{scheme}:`, and only http and https are followed (unknown scheme: {scheme})"
            )
        }
        Failure::Redirects => format!("more than {REDIRECTS} redirections"),
        Failure::Encoding(encoding) => {
            format!("the server packed it as `{encoding}`, which was not asked for")
        }
        Failure::Proxy(unusable) => unusable.to_string(),
        Failure::Ureq(error, _) => ureqs_reason(error),
    }
}

/// ureq's reason.
fn ureqs_reason(error: &ureq::Error) -> String {
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
            "nobody who is trusted here signed the server's certificate",
        ),
        (
            "unknown issuer",
            "nobody who is trusted here signed the server's certificate",
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
            "nobody who is trusted here signed the server's certificate",
        ),
    ];
    let words = known.iter().find(|it| about.contains(it.0));
    Some(words.map_or_else(
        || format!("the server's certificate is not accepted: {about}"),
        |it| it.1.to_owned(),
    ))
}

/// What to type then.
fn hint(failure: &Failure) -> &'static str {
    match failure {
        Failure::Port(_) => "a port is a number from 1 to 65535",
        Failure::Status(400..=499, None) => "check the address given to `--source`",
        Failure::Status(407, _) => "check user and password of the proxy",
        Failure::Status(..) | Failure::Encoding(_) => "try again later",
        Failure::Scheme(_) | Failure::Redirects => "give `--source` the address it leads to",
        Failure::Proxy(_) => "let the variable name an http proxy, or unset it",
        Failure::Ureq(ureq::Error::Timeout(_), _) => "`--timeout SECONDS` waits longer",
        Failure::Ureq(error, _) if tls(&error.to_string()).is_some() => {
            "let `SSL_CERT_FILE` name a file with the certificate of who signed it"
        }
        // Of the two, the error does not tell which it met.
        Failure::Ureq(_, true) => {
            "check the proxy that `HTTP_PROXY`, `HTTPS_PROXY` or `ALL_PROXY` names, and the address"
        }
        Failure::Ureq(_, false) => "check the address given to `--source` and the network",
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
        Some(inner) => io::Error::other(ureqs_reason(inner)),
        None => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_a_number_that_fits() {
        for (host, expected) in [
            ("a.b", None),
            ("a.b:80", None),
            ("[::1]:8080", None),
            ("[::1]", None),
            ("a.b:99999", Some("99999")),
            ("a.b:0", Some("0")),
            ("a.b:x", Some("x")),
            ("[::1]:65536", Some("65536")),
        ] {
            assert_eq!(bad_port(host), expected, "{host}");
        }
    }

    #[test]
    fn only_what_may_pass_is_tried_again() {
        for (code, worth) in [(503, true), (429, true), (404, false), (999, false)] {
            assert_eq!(
                worth_retrying(&Failure::Status(code, None)),
                worth,
                "{code}"
            );
        }
        assert!(!worth_retrying(&Failure::Redirects));
    }

    #[track_caller]
    fn check_follow(from: &str, location: &str, expected: &str, user: Option<&str>) {
        let from = Address::new(from).unwrap_or_else(|it| panic!("{}", reason(&it)));
        match from.follow(location) {
            Ok(next) => assert_eq!((&*next.url, next.login(&from)), (expected, user)),
            Err(failure) => assert_eq!(reason(&failure), expected),
        }
    }

    #[test]
    fn a_redirection_is_resolved_and_a_password_stays_with_its_host() {
        let from = "http://neo:p@a.b:81/x/y?q=1#f";
        check_follow(from, "/z", "http://a.b:81/z", Some("neo:p"));
        check_follow(from, "z?r", "http://a.b:81/x/z?r", Some("neo:p"));
        check_follow(from, "//c.d/z", "http://c.d/z", None);
        check_follow(from, "HTTPS://a.b/z", "https://a.b/z", None);
        check_follow(from, "http://x:y@c.d/z", "http://c.d/z", None);
        check_follow(from, "http://x:y@a.b:81/z", "http://a.b:81/z", Some("x:y"));
        check_follow(from, "/a b", "http://a.b:81/a%20b", Some("neo:p"));
        check_follow(from, "http://a.b:99999/", "`99999` is no port", None);
    }

    #[test]
    fn a_password_is_sent_as_it_was_meant() {
        // printf 'neo:p@ss' | base64
        assert_eq!(basic("neo:p%40ss"), "Basic bmVvOnBAc3M=");
        assert_eq!(basic("neo"), "Basic bmVvOg==");
    }
}
