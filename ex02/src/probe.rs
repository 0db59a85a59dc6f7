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
mod sqlite;
#[cfg(feature = "postgres")]
mod tls;

pub use answer::{Connection, Connections, Reached};
pub use ask::{ask, destinations};
