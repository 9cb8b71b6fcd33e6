//! The chain that proves an approval: key → person → term → policy row → digest → commit → integration.

use crate::cli::commands::person::key::fingerprint_of;
use crate::config::{ApprovalRow, At, Grade};
use crate::directory::{Group, RoleTerm};
use crate::domain::{Act, ActKind, Digest};
use crate::findings::Place;
use crate::history::{First, Repo, Revision, first_on_branch, first_with};
use crate::policy::{Proof, departure, proof, row_for, signer};
use crate::record::Letter;
use crate::shape::Located;
use crate::store::{Record, act_path};

/// One link of the chain.
pub(super) struct Link {
    pub(super) what: &'static str,
    pub(super) text: String,
    pub(super) place: Option<String>,
    pub(super) holds: bool,
}

/// All links of one approval.
pub(super) struct Chain {
    pub(super) title: String,
    pub(super) links: Vec<Link>,
    pub(super) grade: Grade,
    /// What somebody would have to have, to make this approval without the approver.
    pub(super) to_forge: String,
}

impl Chain {
    /// Whether every link holds.
    pub(super) fn is_whole(&self) -> bool {
        self.links.iter().all(|link| link.holds)
    }
}

fn link(what: &'static str, text: impl Into<String>) -> Link {
    Link { what, text: text.into(), place: None, holds: true }
}

impl Link {
    fn at(mut self, place: &Place) -> Self {
        self.place = Some(place.to_string());
        self
    }

    fn broken(mut self) -> Self {
        self.holds = false;
        self
    }
}

/// The chain of an act; roles, keys and tables are those of the commit before it, where there is a history.
pub(super) fn chain(act: &Act, letter: &Letter, record: &Record<'_>, repo: Option<&Repo>) -> anyhow::Result<Chain> {
    let history = repo.map(|repo| history(act, letter, record, repo)).transpose()?;
    let before: Option<Revision> = match (repo, history.as_ref().and_then(|history| history.first.as_ref()?.parent)) {
        (Some(repo), Some(parent)) => Some(repo.revision(parent)?),
        _ => None,
    };
    let then = before.as_ref().map(|revision| Record::open(revision)).transpose();
    let then = then.ok().flatten();
    let known = then.as_ref().unwrap_or(record);
    let proven = proof(act, &letter.subject(), &known.directory, &known.settings);
    let mut links = vec![key_link(act, &proven, known), person_link(act, known), term_link(act, known)];
    links.extend(act.for_groups.iter().map(|group| row_link(act, group.as_str(), known)));
    links.push(digest_link(act, letter));
    links.extend(history.iter().flat_map(History::links));
    let groups: Vec<&str> = act.for_groups.iter().map(crate::domain::Word::as_str).collect();
    let title =
        format!("{} by {} on {} for {}", act.kind, known.directory.name_of(act.by.as_str()), act.at, groups.join(", "));
    let grade = proven.grade(act);
    Ok(Chain { title, links, grade, to_forge: to_forge(act, grade) })
}

/// Where the act is in the history.
struct History {
    first: Option<First>,
    branch: String,
    integrated: Option<First>,
}

fn history(act: &Act, letter: &Letter, record: &Record<'_>, repo: &Repo) -> anyhow::Result<History> {
    let names = letter.draft.iter().chain([&letter.name]);
    let paths: Vec<String> = names.map(|name| act_path(name, act)).collect();
    let flow = &record.settings.flow;
    let reference = repo.counting(&flow.remote, &flow.mainline);
    let mainline = repo.commit_at(&reference);
    let branch = repo.shown(&reference);
    let head = repo.commit_at("HEAD");
    let first = [mainline, head].into_iter().flatten().find_map(|tip| first_with(repo, tip, &paths).transpose());
    let integrated = mainline.map(|tip| first_on_branch(repo, tip, &paths)).transpose()?.flatten();
    Ok(History { first: first.transpose()?, branch, integrated })
}

impl History {
    fn links(&self) -> Vec<Link> {
        let short = |first: &First| first.commit.to_string().chars().take(12).collect::<String>();
        let commit = match &self.first {
            None => link("commit", "the act is in no commit yet").broken(),
            Some(first) => {
                let signed = if first.is_signed { "signed; git verify-commit tells by whom" } else { "not signed" };
                link("commit", format!("{} of {} by {}, {signed}", short(first), first.at, first.committer))
            }
        };
        let integration = match &self.integrated {
            None => link("integration", format!("it is not on {} yet", self.branch)).broken(),
            Some(first) => link("integration", format!("on {} since {} of {}", self.branch, short(first), first.at)),
        };
        vec![commit, integration]
    }
}

fn key_link(act: &Act, proven: &Proof<'_>, known: &Record<'_>) -> Link {
    let signer = signer(act).as_str();
    match proven {
        Proof::Asserted => {
            let evidence = act
                .evidence
                .as_ref()
                .map_or_else(|| "no evidence".to_owned(), |evidence| format!("evidence {evidence}"));
            let recorder = act
                .recorded_by
                .as_ref()
                .map_or_else(|| "nobody says who recorded it".to_owned(), |by| format!("recorded by {by}"));
            link("key", format!("none: it is not signed; {recorder}, {evidence}"))
        }
        Proof::Faulty(fault) => link("key", format!("the signature proves nothing: {fault}")).broken(),
        Proof::Signed { by, key } => {
            let person = known.directory.people.get(*by);
            let index = person.and_then(|person| person.value.keys.iter().position(|one| one == *key));
            let place = person.zip(index).map(|(person, index)| person.place_in_item("key", index, "public"));
            let fingerprint = fingerprint_of(key.is_ssh, &key.public).unwrap_or_default();
            let since = key.since.map(|since| format!(" since {since}")).unwrap_or_default();
            let text = format!("{fingerprint}, {signer}'s{since}; its signature of the act's text is good");
            Link { place: place.map(|place| place.to_string()), ..link("key", text) }
        }
    }
}

fn person_link(act: &Act, known: &Record<'_>) -> Link {
    match known.directory.people.get(act.by.as_str()) {
        None => link("person", format!("{} is nobody of the directory", act.by)).broken(),
        Some(person) if person.value.is_service => {
            link("person", format!("{} is a service, and services never approve", act.by)).broken()
        }
        Some(person) => link("person", person.value.name.clone()).at(&person.place("name")),
    }
}

/// The term in which the role was held on the act's day.
fn term_link(act: &Act, known: &Record<'_>) -> Link {
    let (Some(role), Some(of)) = (&act.role, &act.of) else {
        return link("term", "the act names no role").broken();
    };
    let day = act.at.day();
    let group = known.directory.group(of.as_str(), day).and_then(|(name, _)| known.directory.groups.get(name));
    let held = group.and_then(|group| held(act, group).map(|(index, term)| (group, index, term)));
    match held {
        None => link("term", format!("{} was not {role} of {of} on {day}", act.by)).broken(),
        Some((group, index, term)) => {
            let since = term.term.since.map(|since| format!(" since {since}")).unwrap_or_default();
            let until = term.term.until.map(|until| format!(" until {until}")).unwrap_or_default();
            link("term", format!("{role} of {of}{since}{until}")).at(&group.place_in_item("role", index, "person"))
        }
    }
}

fn held<'g>(act: &Act, group: &'g Located<Group>) -> Option<(usize, &'g RoleTerm)> {
    let is_it = |term: &RoleTerm| {
        term.person == act.by.as_str()
            && act.role.as_ref().is_some_and(|role| role.as_str() == term.role)
            && term.term.holds_on(act.at.day())
    };
    group.value.roles.iter().enumerate().find(|(_, term)| is_it(term))
}

fn row_link(act: &Act, group: &str, known: &Record<'_>) -> Link {
    let Some(row) = row_for("send", group, &known.directory, &known.settings, act.at.day()) else {
        return link("policy row", format!("none for {group} on {}", act.at.day())).broken();
    };
    let source = if row.source.is_empty() { "liaison.toml".to_owned() } else { row.source.clone() };
    link("policy row", format!("{group}: {} from {} by {} ({source})", row.act, row.from, who(row)))
}

fn who(row: &ApprovalRow) -> String {
    let place = |at: &At| match at {
        At::Group => "the group".to_owned(),
        At::Parent => "its parent".to_owned(),
        At::Organization => "the organization".to_owned(),
        At::Receiver => "the receiver".to_owned(),
        At::Named(name) => name.clone(),
    };
    let one = |authority: &crate::config::Authority| format!("{} of {}", authority.role, place(&authority.at));
    row.any_of.iter().map(one).collect::<Vec<_>>().join(" or ")
}

/// Whether the act names what left, or what the draft says now.
fn digest_link(act: &Act, letter: &Letter) -> Link {
    let left = departure(letter).and_then(|left| left.content).unwrap_or(letter.content);
    let named = |digest: Digest| format!("sha256:{}…", digest.short(16));
    match act.content {
        Some(content) if content == left => link("digest", format!("{} is that of the letter", named(content))),
        Some(content) => link("digest", format!("{}, but the letter's is {}", named(content), named(left))).broken(),
        None if act.kind == ActKind::Ratify => link("digest", format!("{} is what left", named(left))),
        None => link("digest", "the act names no content").broken(),
    }
}

fn to_forge(act: &Act, grade: Grade) -> String {
    match grade {
        Grade::Signed => {
            format!("the private key of {}, or a key of one's own in the directory by a registrar", act.by)
        }
        Grade::Commit => format!("the key with which {} signs commits", act.by),
        Grade::Asserted => "leave to push: nothing else stands behind it".to_owned(),
    }
}
