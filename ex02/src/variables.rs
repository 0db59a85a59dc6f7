//! Which five variables are there, and what is a text worth that one of them is set to?
//!
//! Text becomes a type here, once; what is wrong with it is a [`Fault`], which never quotes it.

mod table;
mod value;
mod judge;
mod database;
mod sqlite_url;
mod endpoint;
mod url;
mod similar;
mod placeholder;
mod phrase;
mod strength;

pub use database::Database;
#[cfg(feature = "postgres")]
pub use database::Postgres;
pub use endpoint::Endpoint;
pub use judge::{LEVELS, SHORTEST_KEY};
pub use placeholder::is_placeholder;
pub use similar::resembling;
pub use sqlite_url::Sqlite;
pub use strength::{is_common_word, is_real, is_uniform, is_word};
pub use table::{LOG_LEVEL, MATRIX_MODE, SPECS, Spec, named};
pub use url::{Malformed, decode, is_loopback, is_this_machine, secrets_in};
pub use value::{Fault, Judged, Mode, Status, Typed};

#[cfg(test)]
pub use self::{
    database::shown as shown_of_database, endpoint::shown as shown_of_endpoint,
    url::parse as parse_url,
};
