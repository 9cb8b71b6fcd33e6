//! Pure questions: who may, who must, who is informed, which state. The answers take the day as an argument.

mod approval;
mod authority;
mod contacts;
mod custody;
mod departure;
mod effect;
mod proof;
mod redaction;
mod revocation;
mod roles;
mod root;
mod state;
mod threads;

pub use approval::{
    Approval, Change, Mailing, Need, Reason, Stale, approval, approval_until, departed_approval, was_approved,
};
pub use authority::{approvers, authority_for, begins, changers, coverage, may_do, roles_for, row_for, wanted_grade};
pub use contacts::{Reached, from_contacts, informed, receivers, send_reply_to, send_to, to_contacts};
pub use custody::{Custody, Promise, WILL_BE_DONE, custody};
pub use departure::{Departure, departure, is_told};
pub use effect::{grade_asked, reason_without_effect, table_word, who_could, without_effect};
pub use proof::{Proof, ProofFault, is_reaffirmed, proof, signed_by, signer};
pub use redaction::{Behind, Roots, Waiting, behind, is_let_go, is_of_holder, redacting, waiting_removals};
pub use revocation::{may_revoke, reason_not_revoking, revoked_act};
pub use roles::{at_groups, drafter};
pub use root::{RootFault, RootStanding, counting_roots, effective_version, is_signed_by, root_standings};
pub use state::{Facts, Flag, Standing, State, Taken, standing};
pub use threads::{Pointer, Threads};
