//! May the oracle ask the endpoint, also with the key, and what do the answers say?

use std::time::Duration;

use super::answer::{Asked, Connection, NotContacted, NotVerified, Reached, Why, not_set, sound};
use super::ask::Machines;
use super::http::{Answer, Answers};
use crate::config::Config;
use crate::safety::is_tracked;
use crate::secret::Secret;
use crate::sources::Sources;
use crate::variables::{Endpoint, Status};

/// The endpoint, when it may be asked: its URL is right, and it is on this machine or `--probe` is
/// given. Otherwise what is known of it.
pub fn endpoint_to_ask(config: &Config, machines: Machines) -> Result<Endpoint, Connection> {
    let endpoint = sound(config, "ZION_ENDPOINT", config.endpoint.as_ref())?;
    if machines == Machines::ThisOne && !endpoint.is_local() {
        return Err(Connection::NotContacted(NotContacted::OtherMachine));
    }
    Ok(endpoint)
}

/// The key to send. An error says why it is not sent, when there is a key.
///
/// It goes to another machine only over an encrypted connection. An endpoint from a weaker place than the
/// key's does not get it, nor one from another file that git tracks: somebody who can write to such a place (a
/// pull request with a `.env`) could choose who gets the key.
pub fn key(
    config: &Config,
    sources: &Sources,
    timeout: Duration,
) -> Result<Secret, Option<Connection>> {
    let origin = |name| config.variable(name).origin.clone();
    let (Some(key), Some(endpoint)) = (&config.key, &config.endpoint) else {
        return Err(None);
    };
    if let (Some(key), Some(endpoint)) = (origin("API_KEY"), origin("ZION_ENDPOINT")) {
        if endpoint.layer < key.layer {
            return Err(Some(Connection::WeakerPlace { endpoint, key }));
        }
        let mut files = sources.files.iter();
        let file = files.find(|it| it.layer == Some(endpoint.layer) && endpoint.layer != key.layer);
        let tracked = file.map_or(Ok(false), |it| is_tracked(sources, it, timeout));
        if tracked != Ok(false) {
            let unknown = tracked.err();
            return Err(Some(Connection::TrackedPlace {
                endpoint,
                key: Box::new(key),
                unknown,
            }));
        }
    }
    if endpoint.encrypted || endpoint.is_local() {
        Ok(key.clone())
    } else {
        Err(Some(Connection::NotVerified(NotVerified::InClear)))
    }
}

/// What is known of the key and of the endpoint.
pub fn known(
    config: &Config,
    kept: Option<Connection>,
    answers: Result<Result<Answers, Why>, Connection>,
) -> (Connection, Connection) {
    let (zion, answers) = match answers {
        Err(known) => (known, None),
        Ok(Err(why)) if why.is_of_the_server() => (Connection::Offline(why), None),
        Ok(Err(why)) => (Connection::NotReached(why), None),
        Ok(Ok(answers)) => (of_the_endpoint(&answers), Some(answers)),
    };
    let with_key = answers.and_then(|it| Some((it.with_key?, it.without_key)));
    let api = match with_key {
        Some((Ok(with), without)) => of_the_key(with, without),
        Some((Err(why), _)) => Connection::NotVerified(NotVerified::NoAnswer(why)),
        None => without_an_answer(config, kept, &zion),
    };
    (api, zion)
}

/// What the answers say about the endpoint.
fn of_the_endpoint(answers: &Answers) -> Connection {
    let with_key = answers.with_key.and_then(Result::ok).map(|it| it.code);
    let is_error = |code: &u16| *code >= 500;
    match (answers.without_key.code, with_key) {
        (code @ 500.., None | Some(500..)) => Connection::ServerError(code, Asked::Always),
        (code @ 500.., Some(_)) => Connection::ServerError(code, Asked::WithoutKey),
        (_, code) => match code.filter(is_error) {
            Some(code) => Connection::ServerError(code, Asked::WithKey),
            None => Connection::Online,
        },
    }
}

/// What the two answers say about the key.
fn of_the_key(with: Answer, without: Answer) -> Connection {
    let why = match (with.code, without.code) {
        (200..=299, 401 | 403) => return Connection::Authenticated,
        (403, 403) => NotVerified::ForbidsAnybody,
        (401 | 403, _) => return Connection::KeyRefused,
        (200..=299, 200..=299) => NotVerified::AnswersAnybody,
        // 304 and its neighbours lead nowhere (RFC 9110, 15.4).
        (code @ (300..=303 | 307..=399), _) => match with.redirect {
            Some(redirect) => NotVerified::Redirects(redirect),
            None => NotVerified::RedirectsNowhere(code),
        },
        // A login page for those without a key, or a 404 that hides what is there.
        (200..=299, code) => NotVerified::AnsweredWithout(code),
        (code, _) => NotVerified::Answered(code),
    };
    Connection::NotVerified(why)
}

/// What is known of a key that no answer speaks about.
fn without_an_answer(config: &Config, kept: Option<Connection>, zion: &Connection) -> Connection {
    let status = config.variable("API_KEY").status;
    Connection::NotVerified(match (status, zion, kept) {
        (Status::Missing, ..) => return not_set(config, "API_KEY"),
        (Status::Placeholder | Status::Invalid, ..) => NotVerified::Unfit(status),
        (_, it, _) if it.reached() == Reached::NotConfigured => NotVerified::NoEndpoint,
        (_, _, Some(kept)) if kept.reached() == Reached::NotSent => return kept,
        (_, Connection::Offline(_), _) => NotVerified::Offline,
        (_, Connection::Online | Connection::ServerError(..), Some(kept)) => return kept,
        _ => NotVerified::NotContacted,
    })
}
