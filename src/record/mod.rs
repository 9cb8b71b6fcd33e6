//! YAML text ↔ domain values, with places. The only home of YAML.

mod act;
mod annotation;
mod canonical;
mod comments;
mod conflict;
mod corpus;
mod correction;
mod letter;
mod message;
mod path;
mod posting_rights;
mod redaction;
mod splice;
mod statement;
mod stub;
mod tree;
mod write;

pub use act::{act_shapes, parse_act};
pub use annotation::{annotated_identifiers, annotated_tags};
pub use canonical::{CanonicalError, canonical};
pub use corpus::Corpus;
pub use correction::{Correction, NOTHING};
pub use letter::Letter;
pub use message::{BoundFile, bound_files, files_named};
pub use posting_rights::{parse_posting_rights, posting_rights_shape};
pub use redaction::{RedactedFile, leave_tombstone, redacted_files, stands_behind};
pub use splice::{Splice, SpliceError, splice};
pub use statement::{letter_shapes, parse_statement};
pub use stub::{Stub, parse_stub, stub_again};
pub use tree::parse_tree;
pub use write::{WriteError, act_yaml, statement_yaml};
