//! Pure questions: who may, who must, who is informed, which state. The answers take the day as an argument.

mod approval;
mod contacts;
mod roles;
mod state;
mod threads;

pub use approval::{Approval, Need, Stale, approval, approvers, authority_for, may_do};
pub use contacts::{Reached, from_contacts, informed, receivers, send_reply_to, send_to, to_contacts};
pub use roles::{at_groups, drafter};
pub use state::{Facts, Flag, Standing, State, standing};
pub use threads::{Pointer, Threads};
