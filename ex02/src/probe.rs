//! Do the database and the endpoint really answer?

pub mod ask;
pub mod database;
#[cfg(feature = "postgres")]
pub mod postgres;
pub mod sqlite;
#[cfg(feature = "postgres")]
pub mod tls;
pub mod endpoint;
pub mod http;
