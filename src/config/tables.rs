//! The two tables of policy: who approves what, and who learns of what. The seed's rows are built in.

use chrono::NaiveDate;

use crate::domain::time::Term;

/// The word that stands for every kind of group in `from`.
pub const ANY: &str = "any";

/// One row of the approval table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApprovalRow {
    /// The act it is about: `send`, `resend`, `withdraw`, `correct` …
    pub act: String,
    /// Kind of the From group, or `any`.
    pub from: String,
    /// Whoever holds one of these may approve; whom to ask first stands first.
    pub any_of: Vec<Authority>,
    /// Whether each From group needs its own authority, or one suffices.
    pub cover: Cover,
    /// How many different people are needed.
    pub count: u64,
    /// This kind of group answers letters and never originates one.
    pub replies_only: bool,
    /// Whether an approval must name its evidence.
    pub evidence_required: bool,
    /// Whether whoever drafted may not approve.
    pub second_person: bool,
    /// The weakest proof that is accepted.
    pub grade: Grade,
    /// The days on which the row holds.
    pub term: Term,
    /// Where the rule comes from.
    pub source: String,
}

impl ApprovalRow {
    /// Whether the row is about a kind of group on a day.
    pub fn concerns(&self, act: &str, kind: &str, day: NaiveDate) -> bool {
        self.act == act && (self.from == kind || self.from == ANY) && self.term.holds_on(day)
    }
}

/// A role at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authority {
    /// The role's word.
    pub role: String,
    /// Where it is held.
    pub at: At,
}

/// Where a role is held, seen from the group in question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum At {
    /// At the group itself.
    Group,
    /// At its parent.
    Parent,
    /// At the record's own organization.
    Organization,
    /// At a receiving group or a body above it.
    Receiver,
    /// At a named group.
    Named(String),
}

/// Whether each From group needs its own approval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cover {
    /// Each group; one person may cover several for which they have authority.
    EachGroup,
    /// One suffices for the letter.
    Once,
}

/// How well an approval is proven, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// Recorded by somebody else, with evidence.
    Asserted,
    /// In a commit that the person signed.
    Commit,
    /// By the person's detached signature.
    Signed,
}

impl Grade {
    /// The word shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Asserted => "asserted",
            Self::Commit => "commit",
            Self::Signed => "signed",
        }
    }
}

/// One row of the inform table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InformRow {
    /// What happened: `sent`, `received`, `redirected`.
    pub event: String,
    /// Kind of our group, or `any`.
    pub from: String,
    /// Who learns of it.
    pub who: Vec<Learner>,
    /// Where the rule comes from.
    pub source: String,
}

/// Somebody who learns of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Learner {
    /// A group's list.
    List(At),
    /// Whoever holds a role, and where to look when nobody does.
    Role {
        /// The role's word.
        role: String,
        /// Where it is held.
        at: At,
        /// Where else, when nobody holds it there.
        or_else: Option<At>,
    },
    /// The coordination's address.
    Coordination,
}

fn row(from: &str, any_of: &[(&str, At)], replies_only: bool, source: &str) -> ApprovalRow {
    ApprovalRow {
        act: "send".into(),
        from: from.into(),
        any_of: any_of.iter().map(|(role, at)| Authority { role: (*role).into(), at: at.clone() }).collect(),
        cover: Cover::EachGroup,
        count: 1,
        replies_only,
        evidence_required: false,
        second_person: false,
        grade: Grade::Asserted,
        term: Term::default(),
        source: source.into(),
    }
}

/// The seed's approval table (rfc4053bis, section "Approval"), and who may do the other acts.
pub(super) fn seed_approval() -> Vec<ApprovalRow> {
    let approval = "rfc4053bis 4.1";
    let ietf = || At::Named("ietf".into());
    let irtf = || At::Named("irtf".into());
    let mut rows = vec![
        row("working-group", &[("area-director", At::Group), ("area-director", At::Parent)], false, approval),
        row("area", &[("area-director", At::Group)], false, approval),
        row("ietf", &[("chair", ietf())], false, approval),
        row("iesg", &[("chair", ietf())], false, approval),
        row("iab", &[("chair", At::Named("iab".into()))], false, approval),
        row("irtf", &[("chair", irtf())], true, "rfc4053bis 1"),
        row("research-group", &[("chair", irtf())], true, "rfc4053bis 1"),
    ];
    let keepers = [("registrar", At::Organization), ("liaison-coordinator", At::Organization)];
    let leaders = [("chair", At::Group), ("area-director", At::Group), ("area-director", At::Parent)];
    for act in ["resend", "withdraw", "reopen"] {
        let any_of: Vec<_> = leaders.iter().chain(&keepers).cloned().collect();
        rows.push(ApprovalRow { act: act.into(), ..row(super::tables::ANY, &any_of, false, "design") });
    }
    for act in ["correct", "directory", "redact", "import"] {
        rows.push(ApprovalRow { act: act.into(), ..row(super::tables::ANY, &keepers, false, "design") });
    }
    // docs/trust.md: whoever changes the tables changes who may do all of the above. The trust root has no row here: its
    // holders stand in trust/root.toml.
    rows.push(ApprovalRow { act: "policy".into(), ..row(super::tables::ANY, &keepers[..1], false, "design") });
    rows
}

/// The seed's inform table: the originating group is told, and whoever manages the liaison (LS-27, LS-28, LS-101).
pub(super) fn seed_inform() -> Vec<InformRow> {
    let role = |role: &str, at: At, or_else: Option<At>| Learner::Role { role: role.into(), at, or_else };
    let manager = || role("liaison-manager", At::Receiver, None);
    let rows = |event: &str| {
        let row = |from: &str, who: Vec<Learner>| InformRow {
            event: event.into(),
            from: from.into(),
            who,
            source: "rfc4053bis 2.1, 4.2".into(),
        };
        vec![
            row(
                "working-group",
                vec![
                    Learner::List(At::Group),
                    role("chair", At::Group, None),
                    role("area-director", At::Group, None),
                    role("area-director", At::Parent, None),
                    manager(),
                    Learner::Coordination,
                ],
            ),
            row(
                "research-group",
                vec![
                    Learner::List(At::Group),
                    role("chair", At::Group, None),
                    role("chair", At::Named("irtf".into()), None),
                    manager(),
                    Learner::Coordination,
                ],
            ),
            row(
                "area",
                vec![
                    role("area-director", At::Group, None),
                    role("chair", At::Named("ietf".into()), None),
                    manager(),
                    Learner::Coordination,
                ],
            ),
            row(
                "ietf",
                vec![
                    role("chair", At::Named("ietf".into()), None),
                    Learner::List(At::Named("iesg".into())),
                    manager(),
                    Learner::Coordination,
                ],
            ),
            row(
                "iesg",
                vec![
                    Learner::List(At::Named("iesg".into())),
                    role("chair", At::Named("ietf".into()), None),
                    manager(),
                    Learner::Coordination,
                ],
            ),
            row(
                "iab",
                vec![
                    Learner::List(At::Named("iab".into())),
                    role("chair", At::Named("iab".into()), None),
                    role("executive-director", At::Named("iab".into()), None),
                    manager(),
                    Learner::Coordination,
                ],
            ),
            row("irtf", vec![role("chair", At::Named("irtf".into()), None), manager(), Learner::Coordination]),
            row(ANY, vec![Learner::List(At::Group), role("chair", At::Group, None), manager(), Learner::Coordination]),
        ]
    };
    ["sent", "received"].into_iter().flat_map(rows).collect()
}
