//! May the endpoint be asked, with the key too, and what does the report say of its answers?

use crate::config::judge::Config;
use crate::probe::ask::{Connection, Reached, connection, not_set};
use crate::probe::http::Answers;
use crate::secret::value::Secret;
use crate::variables::endpoint::Endpoint;
use crate::variables::table::Status;

/// The endpoint, when its URL is right and it is on this machine or others may be asked too.
/// Otherwise the report's line, known without asking.
pub fn may_be_asked(config: &Config, remote_too: bool) -> Result<Endpoint, Connection> {
    let Some(endpoint) = config.endpoint.clone() else {
        let words = not_set(config, "ZION_ENDPOINT");
        return Err(connection(Reached::NotConfigured, words));
    };
    let status = config.variable("ZION_ENDPOINT").map(|it| it.status);
    if status != Some(Status::Ok) {
        let words = "configured, not contacted: ZION_ENDPOINT is invalid";
        return Err(connection(Reached::NotVerified, words));
    }
    if !endpoint.is_local() && !remote_too {
        let words = "configured, not contacted (another machine; --probe asks it)";
        return Err(connection(Reached::NotContacted, words));
    }
    Ok(endpoint)
}

/// The key to send. Over the open net it travels encrypted or not at all.
pub fn key_for(endpoint: &Endpoint, config: &Config) -> Option<Secret> {
    let may_travel = endpoint.encrypted || endpoint.is_local();
    config.key.clone().filter(|_| may_travel)
}

/// The report's lines for an endpoint that was asked: API Access, Zion Network.
pub fn words(config: &Config, answer: Result<Answers, String>) -> (Connection, Connection) {
    let answers = match answer {
        Ok(answers) => answers,
        Err(why) => {
            let zion = connection(Reached::Failed, format!("offline: {why}"));
            return (words_for_the_key(config, &zion), zion);
        }
    };
    let zion = connection(Reached::Online, "Online");
    let Some(with) = answers.with_key else {
        return (words_for_the_key(config, &zion), zion);
    };
    let api = match (with, answers.without_key) {
        (200..=299, 401 | 403) => connection(Reached::Authenticated, "Authenticated"),
        (200..=299, 200..=299) => unverified("the endpoint answers without a key too"),
        (401 | 403, _) => connection(
            Reached::Failed,
            "refused: the endpoint does not accept this key",
        ),
        (300..=399, _) => unverified("the endpoint sends elsewhere; the key does not follow"),
        (code, _) => unverified(&format!("the endpoint answered {code}")),
    };
    (api, zion)
}

/// The report's line for the key when no answer speaks about it.
pub fn words_for_the_key(config: &Config, zion: &Connection) -> Connection {
    match config.variable("API_KEY").map(|it| it.status) {
        None | Some(Status::Missing) => {
            connection(Reached::NotConfigured, not_set(config, "API_KEY"))
        }
        Some(Status::Placeholder) => unverified("API_KEY is a placeholder"),
        Some(Status::Invalid) => unverified("API_KEY is invalid"),
        Some(Status::Ok | Status::Weak) => match zion.status {
            Reached::NotConfigured => unverified("no ZION_ENDPOINT to ask"),
            Reached::Failed => unverified("the endpoint is offline"),
            Reached::Online => unverified("the key is not sent over plain http to another machine"),
            _ => unverified("the endpoint was not contacted"),
        },
    }
}

/// That the key may be right.
fn unverified(why: &str) -> Connection {
    let words = format!("configured, not verified ({why})");
    connection(Reached::NotVerified, words)
}
