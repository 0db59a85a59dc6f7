//! What is to be done about a connection?

use super::wording::{Said, wrong};
use crate::probe::{Connections, Reached};
use crate::words::Words;

/// The connections that answered, or were spared, for a reason that somebody must mend.
pub fn to_mend(connections: &Connections) -> Vec<Said> {
    let all = [
        ("Database", &connections.database),
        ("API Access", &connections.api),
        ("Zion Network", &connections.zion),
    ];
    let said = all.into_iter().filter_map(|(label, it)| {
        let (kind, hint) = match it.status {
            Reached::NotSent => (
                "key-not-sent",
                "set ZION_ENDPOINT in the same place as API_KEY, or in a stronger one",
            ),
            Reached::ServerError => (
                "server-error",
                "look at the log of the service; its answer is not that of a healthy one",
            ),
            _ => return None,
        };
        Some(wrong(kind, Words::from(label) + ": " + &it.shown, hint))
    });
    said.collect()
}
