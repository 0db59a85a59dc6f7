//! May the oracle ask the endpoint, also with the key, and what does the report say about the answers?

use super::answer::{Connection, Reached, connection, not_set};
use super::http::{Answer, Answers};
use crate::config::Config;
use crate::secret::Secret;
use crate::sources::Origin;
use crate::variables::{Endpoint, Status};
use crate::words::Words;

/// The endpoint, when it may be asked: its URL is right, and it is on this machine or `--probe` is
/// given. Otherwise the line of the report.
pub fn may_be_asked(config: &Config, remote_too: bool) -> Result<Endpoint, Connection> {
    let Some(endpoint) = config.endpoint.clone() else {
        return Err(not_set(config, "ZION_ENDPOINT"));
    };
    if config.status("ZION_ENDPOINT") != Status::Ok {
        let words = "configured, not contacted: ZION_ENDPOINT is invalid";
        return Err(connection(Reached::NotVerified, words));
    }
    if !endpoint.is_local() && !remote_too {
        let words = "configured, not contacted (another machine; --probe asks it)";
        return Err(connection(Reached::NotContacted, words));
    }
    Ok(endpoint)
}

/// Why the key is not sent.
pub enum Kept {
    /// There is no valid key.
    NoKey,
    /// It would go unencrypted to another machine.
    InClear,
    /// The endpoint comes from a weaker place than the key. Somebody who can write there (a pull request
    /// with a `.env`) could choose who gets the key.
    WeakerPlace {
        /// The place of the endpoint.
        endpoint: Origin,
        /// The place of the key.
        key: Origin,
    },
}

/// The key to send. It goes only to an endpoint from a place as strong as its own, and to another
/// machine only over an encrypted connection.
pub fn key(config: &Config) -> Result<Secret, Kept> {
    let origin = |name| config.variable(name)?.origin.clone();
    let (Some(key), Some(endpoint)) = (&config.key, &config.endpoint) else {
        return Err(Kept::NoKey);
    };
    if let (Some(key), Some(endpoint)) = (origin("API_KEY"), origin("ZION_ENDPOINT"))
        && endpoint.layer < key.layer
    {
        return Err(Kept::WeakerPlace { endpoint, key });
    }
    if endpoint.encrypted || endpoint.is_local() {
        Ok(key.clone())
    } else {
        Err(Kept::InClear)
    }
}

/// The lines of the report: API Access, Zion Network.
pub fn words(
    config: &Config,
    kept: Option<Kept>,
    answers: Result<Result<Answers, Words>, Connection>,
) -> (Connection, Connection) {
    let (zion, answers) = match answers {
        Err(known) => (known, None),
        Ok(Err(why)) => {
            let words = Words::from("offline: ") + why;
            (connection(Reached::Failed, words), None)
        }
        Ok(Ok(answers)) => (of_the_endpoint(&answers), Some(answers)),
    };
    let with_key = answers.and_then(|it| Some((it.with_key?, it.without_key)));
    let api = match with_key {
        Some((Ok(with), without)) => of_the_key(with, without),
        Some((Err(why), _)) => {
            let why =
                Words::from("the endpoint gave no answer to the request with the key: ") + why;
            unverified(why)
        }
        None => without_an_answer(config, kept, &zion),
    };
    (api, zion)
}

/// What the answer says about the endpoint.
fn of_the_endpoint(answers: &Answers) -> Connection {
    let with_key = answers.with_key.and_then(Result::ok);
    let codes = [Some(answers.without_key), with_key].into_iter().flatten();
    let mut errors = codes.map(|it| it.code).filter(|it| *it >= 500);
    match errors.next() {
        Some(code) => {
            let words = Words::from("answers with a server error (") + code + ")";
            connection(Reached::ServerError, words)
        }
        None => connection(Reached::Online, "Online"),
    }
}

/// What the two answers say about the key.
fn of_the_key(with: Answer, without: Answer) -> Connection {
    match (with.code, without.code) {
        (200..=299, 401 | 403) => connection(Reached::Authenticated, "Authenticated"),
        (200..=299, 200..=299) => unverified("the endpoint answers without a key too"),
        (401 | 403, _) => connection(
            Reached::Failed,
            "refused: the endpoint does not accept this key as `Authorization: Bearer`",
        ),
        (300..=399, _) if with.same_host => unverified(
            "the endpoint redirects to another address of the same host; the key is not sent there",
        ),
        (300..=399, _) => {
            unverified("the endpoint redirects to another host; the key is not sent there")
        }
        (200..=299, code) | (code, _) => unverified(Words::from("the endpoint answered ") + code),
    }
}

/// The line of the report for a key that no answer speaks about.
fn without_an_answer(config: &Config, kept: Option<Kept>, zion: &Connection) -> Connection {
    match config.status("API_KEY") {
        Status::Missing => {
            return not_set(config, "API_KEY");
        }
        Status::Placeholder => return unverified("API_KEY is a placeholder"),
        Status::Invalid => return unverified("API_KEY is invalid"),
        Status::Ok | Status::Weak => {}
    }
    match (zion.status, kept) {
        (Reached::NotConfigured, _) => unverified("no ZION_ENDPOINT to ask"),
        (_, Some(Kept::WeakerPlace { endpoint, key })) => {
            let words =
                Words::from("configured, not verified (not sent: the endpoint comes from a ");
            let words = words + "weaker place (" + &endpoint + ") than the key (" + &key + "))";
            connection(Reached::NotSent, words)
        }
        (Reached::Failed, _) => unverified("the endpoint is offline"),
        (Reached::Online | Reached::ServerError, Some(Kept::InClear)) => {
            unverified("the key is not sent over unencrypted http to another machine")
        }
        _ => unverified("the endpoint was not contacted"),
    }
}

/// The key is configured, but nothing shows that it is right.
fn unverified(why: impl Into<Words>) -> Connection {
    let words = Words::from("configured, not verified (") + why + ")";
    connection(Reached::NotVerified, words)
}
