//! A draft becomes a numbered letter, once: the change that moves it, and the ledger that locks it.

mod ledger;
mod numbering;

pub use ledger::{LEDGER, LedgerEntry, draft_path, entry_paths, key_path, last_step, outcome_change, parse_entry};
pub use numbering::{number_draft, stub_text};
