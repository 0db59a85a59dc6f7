//! Do the database and the endpoint really answer?
//!
//! Both are asked at once, in threads, and waited for until one deadline: a server that is
//! silent or drips its answer costs that much time and no more. What a server says is never
//! repeated; it becomes one of our own words.

mod answer;
mod ask;
mod database;
mod endpoint;
mod http;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "postgres")]
mod postgres_encryption;
#[cfg(feature = "postgres")]
mod postgres_error;
mod refusal;
mod sqlite;
#[cfg(feature = "postgres")]
mod tls;
#[cfg(feature = "postgres")]
mod verifier;

pub use answer::{Connection, Connections, Reached, unreached};
pub use ask::{ask, destinations};
pub use refusal::{Certificate, Refusal, Way};
