//! What should somebody do about a connection?

use super::postgres;
use super::wording::{Said, wrong};
use crate::probe::{Connection, Connections, Reached};
use crate::words::Words;

/// One line that says what is known about a connection.
pub fn line(it: &Connection) -> Words {
    match it.refusal.map(postgres::said) {
        Some((reason, _)) => it.shown.clone() + reason,
        None => it.shown.clone(),
    }
}

/// The connections with a problem that somebody must mend.
pub fn to_mend(connections: &Connections) -> Vec<Said> {
    let all = [
        ("Database", &connections.database),
        ("API Access", &connections.api),
        ("Zion Network", &connections.zion),
    ];
    let said = all.into_iter().filter_map(|(label, it)| {
        let advice = it.refusal.and_then(|it| postgres::said(it).1);
        let (kind, hint) = match it.status {
            Reached::Failed => ("not-connected", advice?),
            Reached::NotSent => (
                "key-not-sent",
                "set ZION_ENDPOINT in the same place as API_KEY, or in a stronger one",
            ),
            Reached::ServerError => (
                "server-error",
                "look at the log of the service: its answer is an error",
            ),
            _ => return None,
        };
        Some(wrong(kind, Words::from(label) + ": " + line(it), hint))
    });
    said.collect()
}
