//! Is this configuration safe? Three findings, each the outcome of looking.

pub mod production;
pub mod hardcoded;
pub mod history;
pub mod env_file;
pub mod example;
