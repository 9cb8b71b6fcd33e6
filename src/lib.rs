//! `liaison` keeps a standards body's formal correspondence as a public, provable record in git.
//!
//! The library knows no terminal, no clock and no environment: it takes data and returns data. `cli` holds the commands.

pub mod audit;
pub mod check;
pub mod cli;
pub mod config;
pub mod digest;
pub mod directory;
pub mod dispatch;
pub mod domain;
pub mod findings;
pub mod history;
pub mod mail;
pub mod policy;
pub mod record;
pub mod rules;
pub mod schema;
pub mod shape;
pub mod signing;
pub mod store;
