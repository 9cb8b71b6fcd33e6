//! Integration: an act's authority must also hold in the mainline's tree at the merge that takes it in.

use chrono::NaiveDate;

use super::arrival::{Arrival, Signature};
use super::authority::Authority;
use super::grade::{best_grade, lacking};
use super::judge::{reaffirm, signature};
use super::redaction::of_nobody;
use super::standing::Standing;
use crate::directory::TrustRoot;
use crate::domain::{ActKind, Instant};
use crate::findings::{Code, Finding, Severity};
use crate::policy::table_word;

/// What one parent of a merge, taken for the mainline, says of the acts that the merge brings to it.
#[derive(Debug, Default)]
pub(super) struct Reading {
    /// Findings about single acts.
    pub(super) findings: Vec<Finding>,
    /// Acts by somebody of whom that parent knows nothing: an authority or a key that came with the act.
    pub(super) unknown: Vec<Finding>,
}

impl Reading {
    /// Reads acts as a parent's tree knows people, at the moment of the merge; `base` is what the sides have in common,
    /// `root` the trust root that counts on that side, if it is asked.
    pub(super) fn of(
        arrivals: &[Arrival],
        standing: &Standing,
        base: &Standing,
        root: Option<&TrustRoot>,
        clock: Instant,
    ) -> Self {
        let mut reading = Self::default();
        for arrival in arrivals.iter().filter(|arrival| table_word(arrival.value()).is_some()) {
            if let Some(root) = root.filter(|_| arrival.value().kind == ActKind::Redact) {
                reading.findings.extend(of_nobody(arrival, root, standing));
                continue;
            }
            reading.add(arrival, standing, base, clock);
        }
        reading
    }

    fn add(&mut self, arrival: &Arrival, standing: &Standing, base: &Standing, clock: Instant) {
        let today = clock.day();
        match arrival.signature(standing, today) {
            Signature::Unknown(_) if matches!(arrival.signature(base, today), Signature::Good { .. }) => {
                self.findings.push(taken_away(arrival, standing, "the key that signed it"));
            }
            Signature::Unknown(_) => {
                self.unknown.push(self_granted(arrival, standing, "the key that signed it"));
                return;
            }
            // Whatever is wrong with the signature itself was told where the act was made.
            Signature::None | Signature::Bad(_) => {}
            Signature::Good { .. } | Signature::Expired(_) | Signature::Compromised(_) => {
                self.findings.extend(signature(arrival, standing, today));
            }
        }
        let place = arrival.act.place("role");
        let told = arrival.told(standing);
        match arrival.authority(standing, today) {
            Authority::Held { ended: None } => self.add_grade(arrival, standing, base, today),
            Authority::Held { ended: Some(until) } => self.findings.push(reaffirm(arrival, standing, until)),
            Authority::Ended { until } => {
                let message =
                    format!("{told}: where it was merged, the term was known to have ended on {until}, before the act");
                let finding = Finding::plain(Code::ActWithoutAuthority, message).at(place);
                self.findings.push(finding.help("whoever holds the role today decides anew"));
            }
            Authority::Other | Authority::Unknown
                if matches!(arrival.authority(base, today), Authority::Held { .. }) =>
            {
                self.findings.push(taken_away(arrival, standing, "the authority that it rests on"));
            }
            Authority::Other => self.unknown.push(self_granted(arrival, standing, "the authority of its role")),
            Authority::Unknown => self.unknown.push(self_granted(arrival, standing, "the term that it rests on")),
        }
    }

    /// Judges how well an act is proven; whether its own commit was signed is told where it was made.
    fn add_grade(&mut self, arrival: &Arrival, standing: &Standing, base: &Standing, today: NaiveDate) {
        let given = best_grade(arrival, standing, today);
        let Some(reason) = lacking(arrival, standing, given, today) else { return };
        let held = matches!(arrival.authority(base, today), Authority::Held { .. });
        if held && lacking(arrival, base, given, today).is_none() {
            self.findings.push(taken_away(arrival, standing, "the rule that let it count with so little proof"));
            return;
        }
        let message = format!("{} has no effect where it was merged: {reason}", arrival.told(standing));
        let finding = Finding::plain(Code::ActWithoutEffect, message).at(arrival.act.place("by"));
        self.unknown.push(finding.help("whoever may makes the act anew, with their own signature"));
    }

    /// Whether nothing is an error.
    pub(super) fn is_honest(&self) -> bool {
        self.unknown.is_empty() && self.findings.iter().all(|finding| finding.severity < Severity::Error)
    }
}

/// What both sides had when they parted, and the mainline has no longer.
fn taken_away(arrival: &Arrival, standing: &Standing, what: &str) -> Finding {
    let message = format!("{}: {what} was taken away before it was merged", arrival.told(standing));
    let finding = Finding::plain(Code::ReaffirmationWanted, message).at(arrival.act.place("role"));
    finding.help("whoever may today agrees: liaison approve, or ratify")
}

fn self_granted(arrival: &Arrival, standing: &Standing, what: &str) -> Finding {
    let told = arrival.told(standing);
    let message = format!("{told}: {what} came into the record by the same merge");
    Finding::plain(Code::AuthoritySelfGranted, message).at(arrival.act.place("by")).help(
        "nobody uses an authority that the same change grants: the grant is merged first, the act is made after that",
    )
}
