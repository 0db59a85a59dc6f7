//! Which five variables are there, and is the value of each one good?
//!
//! This room turns each text into a type, once. A [`Fault`] says what is wrong, and never quotes the text.

mod table;
mod value;
mod judge;
mod database;
mod postgres;
mod postgres_parameters;
mod postgres_url;
mod sqlite_url;
mod endpoint;
mod url;
mod behind;
mod authority;
mod address;
mod scheme;
mod malformed;
mod similar;
mod name;
mod placeholder;
mod phrase;
mod vocabulary;
mod strength;
mod code_name;
mod own_name;

pub use address::{address, is_example_host, is_local_name, is_loopback};
pub use behind::in_other_grammar;
pub use database::Database;
pub use endpoint::Endpoint;
pub use judge::LEVELS;
pub use name::{is_usual_name, may_be_listed, promises_secret};
pub use own_name::repeats_name;
pub use placeholder::{is_placeholder, may_be_in_force};
pub use postgres::{Encryption, Host, Postgres, Server, Target, Wire};
pub use similar::{is_plural, resembling};
pub use sqlite_url::{Creation, Sqlite};
pub use strength::{
    SHORTEST_KEY, is_address, is_common_word, is_harmless, is_harmless_url, is_public_key, is_real,
    is_uniform, is_word, looks_like_chance,
};
pub use table::{LOG_LEVEL, MATRIX_MODE, SPECS, Spec, named};
pub use url::{Malformed, decode, is_scheme, secrets_in};
pub use value::{Fault, Judged, Mode, Status, Typed};

#[cfg(test)]
pub use self::{
    address::is_this_machine,
    database::{read as read_database, shown as shown_of_database},
    endpoint::shown as shown_of_endpoint,
    name::secret_words,
    url::parse as parse_url,
};
