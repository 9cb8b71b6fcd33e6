//! Attacks on a record's history, each on a real repository, each beside its closest honest neighbour (docs/threat-model.md).

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it is wrong"
)]

#[path = "../common/mod.rs"]
mod common;
mod history;

mod authority;
mod bytes;
mod checkpoints;
mod clones;
mod confirmations;
mod files;
mod governance;
mod imports;
mod keys;
mod ledger;
mod merges;
mod messages;
mod signatures;
mod travel;
mod trust;
