//! Do the database and the endpoint really answer?
//!
//! Two threads ask both at once, and both must answer before one deadline: a silent or slow server
//! cannot take more time. The report never repeats what a server says. It uses only our own words.

mod answer;
mod ask;
mod beginning;
mod beside;
mod certificate;
mod database;
mod endpoint;
mod http;
mod lookup;
mod names;
mod postgres;
mod postgres_encryption;
mod postgres_error;
mod postgres_session;
mod proxy;
mod redirect;
mod refusal;
mod sqlite;
mod tls;
mod verifier;
mod x509;

pub use answer::{Connection, Connections, NotContacted, NotVerified, Unreached, Why};
pub use ask::{ask, destinations};
pub use certificate::Certificate;
pub use http::{LONGEST_HEAD, MOST_HEADERS, Unanswered};
pub use redirect::Redirect;
pub use refusal::{Refusal, Way};
pub use sqlite::Unread;
