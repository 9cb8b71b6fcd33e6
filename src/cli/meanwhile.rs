//! What others did meanwhile can take the ground from an act: a role ended, a key was retired, a letter was changed or sent.
//! So what was decided on an older record is judged again on the newest.

use std::collections::{BTreeMap, BTreeSet};

use super::pin::taken_away;
use crate::check::Whole;
use crate::domain::{Act, ActKind, Instant, StatementName, changes, kind_of_change};
use crate::findings::{Code, Finding, Severity};
use crate::history::{Oid, Repo};
use crate::rules::{TrustCase, judge_record, judge_trust};
use crate::store::layout::{Slot, classify};
use crate::store::{Record, act_path};

/// Why something does not hold any more, and what to do next.
pub(crate) struct Fault {
    /// The fact.
    pub(crate) told: String,
    /// The next steps.
    pub(crate) help: Vec<String>,
}

/// What a clone adds to the record, to be judged on what the others have.
pub(crate) struct Meanwhile<'a> {
    /// The clone.
    pub(crate) repo: &'a Repo,
    /// The present moment.
    pub(crate) now: Instant,
    /// The commit as it was made, before it was based on what the others did.
    pub(crate) own: Oid,
    /// The files that the clone changes.
    pub(crate) touched: &'a [String],
}

impl Meanwhile<'_> {
    /// What is wrong at a commit with the files that the clone changes, and was not wrong when they were made; `base` is what the
    /// others have.
    ///
    /// # Errors
    /// Fails when a commit cannot be read.
    pub(crate) fn judge(&self, base: Oid, at: Oid) -> anyhow::Result<Option<Fault>> {
        if self.touched.iter().any(|path| kind_of_change(path) == Some(ActKind::Trust))
            && let Some(version) = taken_away(self.repo, base, at)
        {
            return Ok(Some(Fault {
                told: format!("version {version} of the trust root has its signatures by now"),
                help: vec!["liaison trust show".into()],
            }));
        }
        let (before, after) = (self.view(self.own)?, self.view(at)?);
        if let Some((draft, number)) = after.became.iter().find(|(draft, _)| !before.became.contains_key(*draft)) {
            return Ok(Some(Fault {
                told: format!("{draft} was sent as {number}"),
                help: vec![format!("liaison show {number}")],
            }));
        }
        let is_known = |finding: &Finding| {
            before.findings.iter().any(|known| known.code == finding.code && known.place.file == finding.place.file)
        };
        let new = after.findings.iter().filter(|finding| !is_known(finding));
        // Who has authority instead is what helps most.
        if let Some(finding) = new.min_by_key(|finding| finding.code != Code::ApprovalWithoutAuthority) {
            let (told, help) = if finding.code == Code::ChangeUnsigned {
                let file = &finding.place.file;
                let told = format!("changed {file} as well: your act vouches for it without their change");
                (told, Some("run the command again".to_owned()))
            } else {
                (finding.message.clone(), finding.help.clone())
            };
            return Ok(Some(Fault { told, help: help.into_iter().collect() }));
        }
        let mut lost = after.lost.into_iter().filter(|(path, _)| !before.lost.contains_key(path));
        Ok(lost.next().map(|(_, fault)| fault))
    }

    /// How what the clone changes stands at a commit.
    fn view(&self, at: Oid) -> anyhow::Result<View> {
        let revision = self.repo.revision(at)?;
        let record = Record::open(&revision)?;
        let (mut view, mut vouched) = (View::default(), BTreeSet::new());
        let names: BTreeSet<StatementName> = self.touched.iter().filter_map(|path| classify(path).act_of()).collect();
        for name in &names {
            self.look_at(&record, name, &mut view)?;
        }
        if self.touched.iter().any(|path| classify(path) == Slot::TrustAct) {
            let trust = record.trust()?;
            let own = trust.acts.iter().filter(|act| self.touched.contains(&act.file));
            let own = own.flat_map(|act| changes(&act.value).unwrap_or_default());
            vouched.extend(own.map(|change| change.path));
            let (directory, settings) = (&record.directory, &record.settings);
            let (root, former) = (trust.root.as_ref(), &trust.former);
            let case = TrustCase { acts: &trust.acts, present: &trust.present, root, former, directory, settings };
            view.findings.extend(judge_trust(&case));
            view.findings.extend(judge_record(settings, record.config.as_ref(), directory, self.now));
            view.findings.extend(record.findings.iter().cloned());
        }
        view.findings.retain(|finding| {
            let counts = finding.severity == Severity::Error || finding.code == Code::ChangeUnsigned;
            let (file, is_edit) = (&finding.place.file, finding.code == Code::ChangeUnsigned);
            counts && (self.touched.contains(file) || is_edit && vouched.contains(file))
        });
        Ok(view)
    }

    /// How the acts on a letter stand.
    fn look_at(&self, record: &Record<'_>, name: &StatementName, view: &mut View) -> anyhow::Result<()> {
        if let StatementName::Draft(slug) = name
            && let Some(stub) = record.stub(slug)?
        {
            view.became.insert(name.clone(), stub.value.became.to_string());
        }
        let whole = Whole::around(record, name, None)?;
        view.findings.extend(whole.judge(name, self.now)?);
        let Some(overview) = whole.overview(name, self.now)? else { return Ok(()) };
        let approval = &overview.approval;
        let mut lost = |act: &Act, told: String| {
            let path = act_path(name, act);
            if name.is_draft() && self.touched.contains(&path) {
                let help = vec![format!("liaison preview {name}, then run the command again")];
                view.lost.insert(path, Fault { told, help });
            }
        };
        for stale in &approval.stale {
            let what = stale.change.what();
            lost(stale.act, format!("changed {what}: the {} is of what was there before", stale.act.kind.noun()));
        }
        for (act, reason) in &approval.void {
            lost(act, format!("the {} does not count any more: {reason}", act.kind.noun()));
        }
        Ok(())
    }
}

/// How acts stand at a commit.
#[derive(Default)]
struct View {
    /// The numbers that drafts have.
    became: BTreeMap<StatementName, String>,
    /// Errors, and files that are not as their acts say.
    findings: Vec<Finding>,
    /// Decisions that do not count, by their files.
    lost: BTreeMap<String, Fault>,
}

/// Whether a file is an act.
pub(super) fn is_act(path: &str) -> bool {
    matches!(classify(path), Slot::Act(..) | Slot::TrustAct)
}

/// Whether a file is a letter or lies beside one: what people wrote, and what no command makes again.
pub(super) fn is_text(path: &str) -> bool {
    matches!(classify(path), Slot::Letter(_) | Slot::Beside(..))
}
