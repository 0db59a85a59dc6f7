//! Which five variables are there, and what is a text worth that one of them is set to?

pub mod table;
pub mod judge;
pub mod database;
pub mod sqlite_url;
pub mod endpoint;
pub mod url;
pub mod strength;
