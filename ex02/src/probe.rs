//! Do the database and the endpoint really answer?
//!
//! Two threads ask both at once, and both must answer before one deadline: a silent or slow server
//! cannot take more time. The report never repeats what a server says. It uses only our own words.

mod ask; // asks both at once, until the deadline
mod answer; // what can be known about a connection
mod database; // may the database be asked, and what does its answer say?
mod sqlite; // does an SQLite database answer a query?
mod beside; // what is beside an SQLite file
mod postgres; // does a PostgreSQL server answer a query?
mod postgres_session; // asks it without async code
mod postgres_encryption; // does a login go out encrypted?
mod postgres_error; // what an error of its client means
mod refusal; // why it is not connected
mod tls; // an encrypted connection to a verified server
mod verifier; // is a certificate good enough for `sslmode`?
mod certificate; // why a certificate is not accepted
mod names; // does a certificate name this host?
mod x509; // what else is in a certificate
mod endpoint; // may the endpoint be asked, also with the key, and what do its answers say?
mod http; // what it answers, without the key and with it
mod beginning; // does an answer begin as one of HTTP/1?
mod redirect; // where a redirect leads
mod lookup; // the addresses of a host

pub use answer::{Asked, Connection, Connections, NotContacted, NotVerified, Why};
pub use ask::{Machines, ask, destinations};
pub use certificate::Certificate;
pub use http::Unanswered;
pub use redirect::Redirect;
pub use refusal::{Refusal, Way};
pub use sqlite::Unread;
