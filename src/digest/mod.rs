//! The exact texts that are hashed and signed (docs/digest.md): content, acts, and hints that name changed fields.

mod act;
mod content;
mod hints;
mod lines;

pub use act::{act_id, act_text};
pub use content::{content_digest, content_text};
pub use hints::{changed_fields, hints};
