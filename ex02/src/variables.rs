//! Which five variables are there, and is the value of each one good?
//!
//! This room turns each text into a type, once. A [`Fault`] says what is wrong, and never quotes the text.

mod table; // the five variables: name, default, judge
mod value; // what comes out of a text: a type, a status, faults
mod judge; // is the text of each variable good?
mod database; // what DATABASE_URL says
mod postgres; // what a PostgreSQL URL means: servers, connection, user
mod postgres_parameters; // the parameters that libpq knows
mod postgres_url; // how libpq cuts a URL
mod sqlite_url; // what an SQLite URL says
mod endpoint; // what ZION_ENDPOINT says
mod url; // the parts of a URL, and which of them are secret
mod behind; // what stands behind a name in a URL, perhaps a password
mod pairs; // which values in a text stand behind the name of a secret?
mod authority; // the pieces of a URL after its scheme
mod address; // is a host this machine?
mod scheme; // the URL schemes that may be shown
mod malformed; // why a text is no valid URL
mod similar; // which of the five was probably meant?
mod name; // what the name of a variable says about its value
mod placeholder; // is it a placeholder?
mod phrase; // the words in a text, and what they say
mod vocabulary; // the words that occur in placeholders
mod pattern; // is it a pattern, or only words?
mod strength; // is it a real secret?
mod code_name; // is it the name of something in a program?
mod own_name; // does a value only repeat the name of its variable?

pub use address::{address, is_example_host, is_local_name, is_loopback};
pub use behind::{behind_a_user, in_other_grammar};
pub use database::Database;
pub use endpoint::Endpoint;
pub use judge::LEVELS;
pub use name::{is_usual_name, may_be_listed, promises_secret};
pub use own_name::{repeats_name, words};
pub use pairs::{add_new, named_secrets};
pub use pattern::is_uniform;
pub use placeholder::{is_placeholder, may_be_in_force};
pub use postgres::{Encryption, Host, Postgres, Server, Target};
pub use similar::{is_plural, resembling};
pub use sqlite_url::{Creation, Sqlite};
pub use strength::{
    SHORTEST_KEY, is_address, is_common_word, is_harmless, is_harmless_url, is_public_key, is_real,
    is_word, looks_like_chance,
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
