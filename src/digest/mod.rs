//! The exact texts that are hashed and signed (docs/digest.md): content, acts, and hints that name what changed.

mod act;
mod act_reader;
mod checkpoint;
mod content;
mod elsewhere;
mod fields;
mod hints;
mod lines;

pub use act::{act_id, act_text};
pub use act_reader::{ActText, ActTextError, read_act_text};
pub use checkpoint::{Checkpoint, checkpoint_namespace};
pub use content::{content_digest, content_text};
pub use elsewhere::{Elsewhere, changed_elsewhere, elsewhere_hints};
pub use fields::fields;
pub use hints::{changed_fields, hints};
