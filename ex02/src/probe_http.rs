//! What does the endpoint answer, without the key and with it?
//!
//! The key goes to the endpoint's own host and nowhere else: redirects are not followed, no
//! proxy is used. Bodies are not read.

use std::io;
use std::time::Duration;

use ureq::http::HeaderValue;
use ureq::{Agent, Error};

use crate::endpoint::Endpoint;
use crate::probe::stays_here;
use crate::report::reason;
use crate::secret::Secret;

/// HTTP status codes.
pub struct Answers {
    /// To a request without the key.
    pub without_key: u16,
    /// To one with the key; `None` when there is no key to send, or it must not be sent.
    pub with_key: Option<u16>,
}

/// Asks twice; an error is a reason in our words.
pub fn ask(
    endpoint: &Endpoint,
    key: Option<&Secret>,
    timeout: Duration,
) -> Result<Answers, String> {
    if endpoint.is_local() && !stays_here(&endpoint.host, endpoint.port) {
        return Err("its name does not lead to this machine".to_owned());
    }
    let agent: Agent = Agent::config_builder()
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        .proxy(None)
        .timeout_global(Some(timeout))
        .max_response_header_size(64 * 1024)
        .user_agent(concat!("oracle/", env!("CARGO_PKG_VERSION")))
        .build()
        .into();
    let get = || agent.get(endpoint.url.expose());
    let status = |answer: Result<ureq::http::Response<ureq::Body>, Error>| {
        answer
            .map(|it| it.status().as_u16())
            .map_err(|error| words(&error))
    };
    let without_key = status(get().call())?;
    let with_key =
        match key.and_then(|it| HeaderValue::try_from(format!("Bearer {}", it.expose())).ok()) {
            None => None,
            Some(mut value) => {
                // ureq's own logs leave it out.
                value.set_sensitive(true);
                Some(status(get().header("Authorization", value).call())?)
            }
        };
    Ok(Answers {
        without_key,
        with_key,
    })
}

/// ureq's reasons in our words: its own may quote the URL or the server.
fn words(error: &Error) -> String {
    match error {
        Error::Timeout(_) => "no answer in time".to_owned(),
        Error::HostNotFound => "no such host".to_owned(),
        Error::ConnectionFailed => "nobody listens there".to_owned(),
        Error::Io(error) if error.kind() == io::ErrorKind::ConnectionRefused => "nobody listens there".to_owned(),
        Error::Io(error) if error.kind() == io::ErrorKind::InvalidData => "its certificate or its encryption is not accepted".to_owned(),
        Error::Io(error) if error.kind() == io::ErrorKind::UnexpectedEof => "it hangs up without an answer".to_owned(),
        Error::Io(error) => reason(&io::Error::from(error.kind())),
        Error::Tls(_) | Error::Rustls(_) => "its certificate or its encryption is not accepted (certificates of your own system do not count)".to_owned(),
        Error::Protocol(_) | Error::Http(_) | Error::LargeResponseHeader(..) => "what answers does not speak HTTP".to_owned(),
        _ => "the request failed".to_owned(),
    }
}
