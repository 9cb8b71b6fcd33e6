//! Finds, loads and writes the record on disk, or as a revision of its history holds it.

mod facts;
mod files;
mod find;
mod home;
pub mod layout;
mod links;
mod load;
mod memory;
mod overlay;
mod stubs;
mod trust;
mod write;

pub use facts::{file_facts, inspect};
pub use files::{Contents, FileEntry, Files, Stamp, WorkTree, find_root};
pub use find::{FindError, find_letter, free_slug};
pub use load::{Record, read_settings};
pub use memory::Memory;
pub use overlay::{Overlay, is_of_rules};
pub use trust::Trust;
pub use write::{Change, act_path, apply, keep, last_act_time, trust_act_path};

/// Being unable to look, or to write.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no record here.
    #[error("no record here: neither {0} nor a folder above it holds a liaison.toml")]
    NoRecord(String),
    /// The system refused.
    #[error("{path}: {error}")]
    Io {
        /// The file or folder.
        path: String,
        /// What the system said.
        error: std::io::Error,
    },
    /// A revision could not be read.
    #[error("{0}")]
    History(String),
}
