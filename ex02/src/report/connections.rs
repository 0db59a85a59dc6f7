//! How does the report say what is known about a connection, and what should somebody do about it?

use std::io;

use super::wording::{self, Wording, not_read, wrong};
use super::{postgres, sqlite};
use crate::probe::{
    Asked, Certificate, Connection, Connections, NotContacted, NotVerified, Redirect, Unanswered,
    Why,
};
use crate::variables::Status;
use crate::words::{Outside, Words, reason, seconds};

/// One line that says what is known about a connection.
pub fn line(it: &Connection) -> Words {
    match it {
        Connection::Missing(name) => Words::from("missing (") + *name + " is not set)",
        Connection::Unread(name, files) => {
            Words::from("unknown (") + not_read(files) + ", and may set " + *name + ")"
        }
        Connection::Unusable(name, status) => {
            Words::from("not configured: ") + *name + " is " + fault(*status)
        }
        Connection::Borrowed(name, origin) => {
            let words = Words::from("configured, not contacted: a part of ") + *name;
            let words =
                words + " comes from the process environment, a stronger place than its own, ";
            words + wording::origin(origin)
        }
        Connection::Doubtful(name, status) => {
            Words::from("configured, not contacted: ") + *name + " is " + fault(*status)
        }
        Connection::NotContacted(why) => not_contacted(why),
        Connection::Connected(hosts) => Words::from("Connected to ") + place(hosts),
        Connection::NotConnected(hosts, why) => {
            place(hosts) + " not connected: " + without_answer(why)
        }
        Connection::Online => "Online".into(),
        Connection::ServerError(code, asked) => {
            let only = match asked {
                Asked::Always => ")",
                Asked::WithKey => "), but only with the key",
                Asked::WithoutKey => "), but only without the key",
            };
            Words::from("answers with a server error (") + *code + only
        }
        Connection::Offline(why) => Words::from("offline: ") + without_answer(why),
        Connection::NotReached(why) => Words::from("not connected: ") + without_answer(why),
        Connection::Authenticated => "Authenticated".into(),
        Connection::KeyRefused => {
            "refused: the endpoint does not accept this key as `Authorization: Bearer`".into()
        }
        Connection::WeakerPlace { endpoint, key } => {
            let words =
                Words::from("configured, not verified (not sent: the endpoint comes from a ");
            let endpoint = wording::origin(endpoint);
            let key = wording::origin(key);
            words + "weaker place (" + endpoint + ") than the key (" + key + "))"
        }
        Connection::TrackedPlace {
            endpoint,
            key,
            unknown,
        } => {
            let tracks = match unknown {
                None => "git tracks the file of the endpoint (",
                Some(_) => "git cannot say whether it tracks the file of the endpoint (",
            };
            let words = Words::from("configured, not verified (not sent: ") + tracks;
            let words = words + wording::origin(endpoint) + "), and the key comes from ";
            words + "another place (" + wording::origin(key) + "))"
        }
        Connection::NotVerified(why) => {
            Words::from("configured, not verified (") + not_verified(why) + ")"
        }
    }
}

/// What is wrong with a variable, in one word.
fn fault(status: Status) -> &'static str {
    match status {
        Status::Placeholder => "a placeholder",
        Status::Weak => "weak",
        Status::Ok => "fine",
        Status::Invalid => "invalid",
        Status::Missing => "missing",
    }
}

/// Where a database is.
fn place(hosts: &[Outside]) -> Words {
    match hosts {
        [] => "local instance".into(),
        [host] => host.into(),
        hosts => Words::from("one of ") + Words::joined(hosts, ", "),
    }
}

/// Nobody was asked.
fn not_contacted(why: &NotContacted) -> Words {
    let words = Words::from("configured, not contacted");
    match why {
        NotContacted::OtherMachine => words + " (another machine; --probe asks it)",
        NotContacted::NoClient => words + " (no client for this kind of database)",
        NotContacted::Unsupported(name) => words + ": " + *name + " is not supported here",
    }
}

/// Why nothing shows that the key is right.
fn not_verified(why: &NotVerified) -> Words {
    let words = match why {
        NotVerified::Unfit(status) => return Words::from("API_KEY is ") + fault(*status),
        NotVerified::Answered(code) => return Words::from("the endpoint answered ") + *code,
        NotVerified::AnsweredWithout(code) => {
            let words = Words::from("the endpoint says yes to the key, and answered ") + *code;
            return words + " without it; only 401 and 403 say no";
        }
        NotVerified::NoAnswer(why) => {
            let words = "the endpoint gave no answer to the request with the key: ";
            return Words::from(words) + unanswered(*why);
        }
        NotVerified::NoEndpoint => "no ZION_ENDPOINT to ask",
        NotVerified::Offline => "the endpoint is offline",
        NotVerified::InClear => "the key is not sent over unencrypted http to another machine",
        NotVerified::NotContacted => "the endpoint was not contacted",
        NotVerified::AnswersAnybody => "the endpoint answers without a key too",
        NotVerified::ForbidsAnybody => "the endpoint answers 403, with the key and without it",
        NotVerified::RedirectsNowhere(code) => {
            let words = Words::from("the endpoint answered ") + *code;
            return words + ", and names no address to go to";
        }
        NotVerified::Redirects(Redirect::SameHost) => {
            "the endpoint redirects to another address of the same host; the key is not sent there"
        }
        NotVerified::Redirects(Redirect::OtherScheme) => {
            "the endpoint redirects to the other scheme (http or https) of the same host; the key is not sent there"
        }
        NotVerified::Redirects(Redirect::OtherPort) => {
            "the endpoint redirects to another port of the same host; the key is not sent there"
        }
        NotVerified::Redirects(Redirect::OtherHost) => {
            "the endpoint redirects to another host; the key is not sent there"
        }
        NotVerified::Redirects(Redirect::NotHttp) => {
            "the endpoint redirects to something that is no http or https URL; the key is not sent there"
        }
    };
    words.into()
}

/// Why there is no answer.
fn without_answer(why: &Why) -> Words {
    match why {
        Why::Sqlite(why) => sqlite::said(*why).into(),
        Why::Postgres(why) => postgres::said(*why).0.into(),
        Why::Http(why) => unanswered(*why),
        Why::NoClient => "there is no client for it".into(),
        Why::Late(timeout) => Words::from("no answer within ") + seconds(*timeout),
        Why::NoThread => "it could not be asked: the system has no free thread".into(),
        Why::Bug => "the oracle stopped asking because of a bug".into(),
    }
}

/// Why the endpoint gives no answer.
fn unanswered(why: Unanswered) -> Words {
    let words = match why {
        Unanswered::NoHost => "no such host, or no route to it",
        Unanswered::Unreached(kind) => unreached(kind),
        Unanswered::Late => unreached(io::ErrorKind::TimedOut),
        Unanswered::HangsUp => "it closes the connection without an answer",
        Unanswered::NotHttp => "the server does not speak HTTP/1.1",
        Unanswered::BadHead => {
            "its answer breaks a rule of HTTP/1.1 in the first line or a header, or has more headers than are read here"
        }
        Unanswered::NotTls => "the server does not speak TLS",
        Unanswered::Certificate(why) => match why {
            Certificate::UnknownAuthority => {
                "no authority on Mozilla's list signed its certificate, and no other list counts"
            }
            Certificate::SelfSigned => {
                "its certificate signed itself, and only Mozilla's list counts"
            }
            Certificate::Expired => "its certificate has expired",
            Certificate::NotYetValid => "its certificate is not valid yet",
            Certificate::OtherName | Certificate::NoNames => "its certificate is for another name",
            _ => "its certificate or its encryption is not accepted",
        },
        Unanswered::Other => "the request failed",
    };
    words.into()
}

/// Why nobody could be reached.
pub fn unreached(kind: io::ErrorKind) -> &'static str {
    match kind {
        io::ErrorKind::ConnectionRefused => "nobody listens there",
        io::ErrorKind::TimedOut => "no answer in time",
        _ => reason(kind),
    }
}

/// The connections with a problem that somebody must mend. An endpoint that is offline says so in its line, and
/// needs no more words: it may just not have been started.
pub fn to_mend(connections: &Connections) -> Vec<Wording> {
    let all = [
        ("Database", &connections.database),
        ("API Access", &connections.api),
        ("Zion Network", &connections.zion),
    ];
    let said = all.into_iter().filter_map(|(label, it)| {
        let hint = match it {
            Connection::NotConnected(_, Why::NoThread | Why::Bug) => "run this again",
            Connection::NotConnected(_, Why::Sqlite(_)) => {
                "look at the file, or mend its path in DATABASE_URL"
            }
            Connection::NotConnected(_, why) => {
                let known = match why {
                    Why::Postgres(why) => postgres::said(*why).1,
                    _ => None,
                };
                known.unwrap_or("see whether a PostgreSQL server runs there, or mend DATABASE_URL")
            }
            Connection::KeyRefused => {
                "use the key that the service gave you; perhaps it wants it in another header"
            }
            Connection::WeakerPlace { .. } => {
                "set ZION_ENDPOINT in the same place as API_KEY, or in a stronger one"
            }
            Connection::TrackedPlace { .. } => {
                "set ZION_ENDPOINT in the same place as API_KEY, or in the process environment"
            }
            Connection::ServerError(..) => "look at the log of the service: its answer is an error",
            _ => return None,
        };
        let what = Words::from(label) + ": " + line(it);
        Some(wrong("connection", what, hint))
    });
    said.collect()
}
