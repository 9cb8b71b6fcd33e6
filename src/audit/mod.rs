//! Proves a record's history: who had which authority where an act came in, what was frozen and stayed, what has to be
//! looked at by a person. Objects come from outside, by their ids; a sequence of commits gives findings. What was found is kept
//! in a database, from one audit to the next.

mod arrival;
mod authority;
mod changes;
mod chronicle;
mod commit;
mod confirm;
mod departures;
mod exchanged;
mod facts;
mod frozen;
mod gather;
mod governance;
mod grade;
mod graph;
mod ground;
mod integrate;
mod judge;
mod ledger;
mod mainline;
mod merges;
mod object;
mod outbox;
mod past;
mod recent;
mod redaction;
mod root;
mod run;
mod settle;
mod shelf;
mod signed;
mod standing;
mod standings;
mod step;
mod tree;
mod trust;
mod untold;
mod verdict;

pub use object::{AuditError, Blob, Merged, ObjectId, Objects};
pub use past::{Past, PastError};
pub use run::{Found, Report, Request, audit};
