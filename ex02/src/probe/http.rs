//! What does the endpoint answer, without the key and with it?
//!
//! The key goes only to the host of the endpoint: the client follows no redirect and uses no proxy.
//! It does not read the body of an answer.

use std::io;
use std::net::SocketAddr;
use std::time::Instant;

use secrecy::zeroize::Zeroizing;
use ureq::config::Config;
use ureq::http::{HeaderValue, Response, Uri};
use ureq::tls::{RootCerts, TlsConfig};
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{Connector, DefaultConnector, NextTimeout};
use ureq::{Agent, Body, Error};

use super::beginning::Beginning;
use super::certificate::{self, Certificate, is_an_authority};
use super::lookup;
use super::redirect::{Redirect, redirect};
use crate::secret::Secret;
use crate::variables::Endpoint;

/// The longest head of an answer. curl reads a little more. In bytes.
const LONGEST_HEAD: usize = 256 * 1024;

/// The answers of an endpoint.
pub struct Answers {
    /// The answer to a request without the key.
    pub without_key: Answer,
    /// The answer to a request with the key, or why there was none. `None`: there is no key that may be
    /// sent.
    pub with_key: Option<Result<Answer, Unanswered>>,
}

/// One answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status code.
    pub code: u16,
    /// Where its `Location` leads. `None`: it has none.
    pub redirect: Option<Redirect>,
}

/// Why an endpoint gives no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unanswered {
    /// Its name has no address.
    NoHost,
    /// The system gives this reason.
    Unreached(io::ErrorKind),
    /// The time is over.
    Late,
    /// It closes the connection without an answer.
    HangsUp,
    /// It does not speak HTTP/1.1.
    NotHttp,
    /// Its answer begins as one of HTTP/1, and ureq refuses a line of its head, or its length.
    BadHead,
    /// It does not speak TLS.
    NotTls,
    /// Its certificate is not accepted, or the encryption fails. Only Mozilla's list counts.
    Certificate(Certificate),
    /// Any other reason.
    Other,
}

/// Asks twice. Only the certificates of Mozilla's list count.
pub fn ask(
    endpoint: &Endpoint,
    key: Option<&Secret>,
    deadline: Instant,
) -> Result<Answers, Unanswered> {
    ask_trusting(RootCerts::WebPki, endpoint, key, deadline)
}

/// The same, with other trusted certificates.
fn ask_trusting(
    roots: RootCerts,
    endpoint: &Endpoint,
    key: Option<&Secret>,
    deadline: Instant,
) -> Result<Answers, Unanswered> {
    let addresses = lookup::addresses(&endpoint.host, endpoint.port);
    let addresses =
        addresses.map_err(|why| why.map_or(Unanswered::NoHost, Unanswered::Unreached))?;
    let config = Agent::config_builder()
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        .proxy(None)
        // A server may have closed the connection of the first request, and ureq would not ask again.
        .max_idle_connections(0)
        .tls_config(TlsConfig::builder().root_certs(roots).build())
        .max_response_header_size(LONGEST_HEAD)
        // The client reads the whole head into this buffer. A full one looks like a closed connection.
        .input_buffer_size(2 * LONGEST_HEAD)
        .user_agent(concat!("oracle/", env!("CARGO_PKG_VERSION")))
        .build();
    let beginning = Beginning::default();
    let connector = DefaultConnector::default().chain(beginning.clone());
    let agent = Agent::with_parts(config, connector, LookedUp(addresses));
    let get = || {
        let left = deadline.saturating_duration_since(Instant::now());
        let request = agent.get(endpoint.url.expose()).config();
        request.timeout_global(Some(left)).build()
    };
    let read = |answer: Result<Response<Body>, Error>| match answer {
        Ok(answer) => Ok(Answer {
            code: answer.status().as_u16(),
            redirect: answer.headers().get("Location").map(|it| {
                // Bytes beyond ASCII may be in a path.
                redirect(endpoint, &String::from_utf8_lossy(it.as_bytes()))
            }),
        }),
        Err(error) => Err(reason(&error, beginning.is_http())),
    };
    let without_key = read(get().call())?;
    let header = key.and_then(bearer);
    let with_key = header.map(|it| read(get().header("Authorization", it).call()));
    Ok(Answers {
        without_key,
        with_key,
    })
}

/// Gives ureq the addresses that were looked up before it was asked, for both requests. It looks up
/// nothing itself: another answer could lead the key to another machine.
#[derive(Debug)]
struct LookedUp(Vec<SocketAddr>);

impl Resolver for LookedUp {
    fn resolve(&self, _: &Uri, _: &Config, _: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        let mut found = self.empty();
        // ureq takes the first ones only.
        let _ = self.0.iter().try_for_each(|it| found.try_push(*it));
        if found.is_empty() {
            return Err(Error::HostNotFound);
        }
        Ok(found)
    }
}

/// `Bearer <key>`, when a header can carry it.
fn bearer(key: &Secret) -> Option<HeaderValue> {
    let words = Zeroizing::new(["Bearer ", key.expose()].concat());
    let mut value = HeaderValue::from_str(&words).ok()?;
    // Now ureq leaves it out of its own logs.
    value.set_sensitive(true);
    Some(value)
}

/// Why there is no answer. ureq may quote the URL or the server. `is_http`: the answer began as one of HTTP/1.
fn reason(error: &Error, is_http: bool) -> Unanswered {
    match error {
        Error::Timeout(_) => Unanswered::Late,
        Error::HostNotFound => Unanswered::NoHost,
        Error::ConnectionFailed => Unanswered::Unreached(io::ErrorKind::ConnectionRefused),
        Error::Rustls(error) => about_tls(error),
        Error::Io(error) => match (
            error.get_ref().and_then(|it| it.downcast_ref()),
            error.kind(),
        ) {
            (Some(error), _) => about_tls(error),
            (None, io::ErrorKind::UnexpectedEof) => Unanswered::HangsUp,
            (None, io::ErrorKind::InvalidData) => Unanswered::Certificate(Certificate::Broken),
            (None, kind) => Unanswered::Unreached(kind),
        },
        Error::Tls(_) => Unanswered::Certificate(Certificate::Broken),
        Error::LargeResponseHeader(..) => Unanswered::BadHead,
        Error::Protocol(_) | Error::Http(_) if is_http => Unanswered::BadHead,
        Error::Protocol(_) | Error::Http(_) => Unanswered::NotHttp,
        _ => Unanswered::Other,
    }
}

/// Why there is no encrypted connection.
fn about_tls(error: &rustls::Error) -> Unanswered {
    Unanswered::Certificate(match error {
        rustls::Error::InvalidMessage(_) => return Unanswered::NotTls,
        it if is_an_authority(it) => Certificate::SelfSigned,
        it => certificate::reason(it).unwrap_or(Certificate::Broken),
    })
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::{TcpListener, TcpStream};
    use std::path::Path;
    use std::process::Command;
    use std::sync::Arc;
    use std::thread;
    use std::time::Duration;

    use rustls::pki_types::pem::PemObject;
    use rustls::pki_types::{CertificateDer, PrivateKeyDer};
    use rustls::{ServerConfig, ServerConnection, StreamOwned};

    use super::*;
    use crate::unit::skipped::lacks;

    /// The key that the test server accepts.
    const KEY: &str = "wh1te-rabbit";

    /// Runs openssl in a folder.
    fn openssl(folder: &Path, words: &str) {
        let done = Command::new("openssl")
            .args(words.split(' '))
            .current_dir(folder)
            .output();
        let done = done.unwrap();
        let complaint = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success(), "{complaint}");
    }

    /// Makes an authority, and a certificate that it signs for this name and these years.
    fn certificates(folder: &Path, name: &str, years: [u32; 2]) {
        const AUTHORITY: &str = "[ca]\ndefault_ca=zion\n[zion]\ndatabase=index\nserial=serial\nnew_certs_dir=.\ndefault_md=sha256\npolicy=any\n[any]\ncommonName=supplied\n";
        let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).unwrap();
        write("authority", AUTHORITY);
        write("index", "");
        write("serial", "01");
        write("names", &format!("subjectAltName=DNS:{name}"));
        let key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";
        openssl(
            folder,
            &format!("req -x509 {key} -keyout ca.key -out ca.pem -subj /CN=ca -days 2"),
        );
        openssl(
            folder,
            &format!("req {key} -keyout key.pem -out csr -subj /CN=zion"),
        );
        let [from, to] = years.map(|year| format!("{year}0101000000Z"));
        openssl(
            folder,
            &format!(
                "ca -batch -config authority -cert ca.pem -keyfile ca.key -in csr -out cert.pem -notext -extfile names -startdate {from} -enddate {to}"
            ),
        );
    }

    /// Starts a server with the certificate in this folder. It accepts [`KEY`]. Returns its port.
    fn server(folder: &Path) -> u16 {
        let chain = CertificateDer::from_pem_file(folder.join("cert.pem")).unwrap();
        let key = PrivateKeyDer::from_pem_file(folder.join("key.pem")).unwrap();
        let ring = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(ring)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![chain], key);
        let config = Arc::new(config.unwrap());
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
                answer(StreamOwned::new(connection, stream.unwrap()));
            }
        });
        port
    }

    /// Answers one request, if the client sends one.
    fn answer(mut stream: StreamOwned<ServerConnection, TcpStream>) {
        let (mut head, mut byte) = (Vec::new(), [0]);
        while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|it| it == 1) {
            head.push(byte[0]);
        }
        let status = if String::from_utf8_lossy(&head).contains(KEY) {
            "200 OK"
        } else {
            "401 Unauthorized"
        };
        let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        // A client that does not trust the certificate has closed the connection.
        let _ = stream.write_all(answer.as_bytes());
        stream.conn.send_close_notify();
        let _ = stream.flush();
    }

    /// Asks a server with a certificate for this name and these years. `trusted`: the client trusts the
    /// authority.
    fn ask_server(
        name: &str,
        years: [u32; 2],
        trusted: bool,
    ) -> Result<(u16, Option<u16>), Unanswered> {
        let folder = tempfile::tempdir().unwrap();
        certificates(folder.path(), name, years);
        let authority = std::fs::read(folder.path().join("ca.pem")).unwrap();
        let roots = if trusted {
            RootCerts::new_with_certs(&[ureq::tls::Certificate::from_pem(&authority).unwrap()])
        } else {
            RootCerts::WebPki
        };
        let url = format!("https://localhost:{}/status", server(folder.path()));
        let endpoint = Endpoint::parse(&url).unwrap();
        let key = Secret::new(KEY);
        let answers = ask_trusting(
            roots,
            &endpoint,
            Some(&key),
            Instant::now() + Duration::from_secs(20),
        );
        let code = |it: Answer| it.code;
        answers.map(|it| {
            (
                code(it.without_key),
                it.with_key.and_then(Result::ok).map(code),
            )
        })
    }

    #[test]
    fn an_encrypted_endpoint_is_asked_without_the_key_and_with_it() {
        if lacks("openssl") {
            return;
        }
        let answers = ask_server("localhost", [2020, 2049], true);
        assert_eq!(answers, Ok((401, Some(200))));
    }

    #[track_caller]
    fn check(name: &str, years: [u32; 2], trusted: bool, expected: Certificate) {
        let answers = ask_server(name, years, trusted);
        assert_eq!(answers, Err(Unanswered::Certificate(expected)));
    }

    #[test]
    fn a_certificate_that_is_not_accepted_is_refused_with_the_reason() {
        if lacks("openssl") {
            return;
        }
        let years = [2020, 2049];
        check("localhost", years, false, Certificate::UnknownAuthority);
        check("localhost", [2020, 2021], true, Certificate::Expired);
        check("localhost", [2048, 2049], true, Certificate::NotYetValid);
        check("zion.example", years, true, Certificate::OtherName);
    }
}
