//! A decision that somebody gave as a review on a forge: asked of the forge, and recorded with its address as evidence. Its grade is
//! *asserted*: the forge says so, and whoever records it.

mod github;
mod gitlab;

use serde::de::DeserializeOwned;

use super::approve::ApproveArgs;
use crate::cli::context::Context;
use crate::cli::desk::Desk;
use crate::cli::exit::{refuse, usage};
use crate::cli::fetch::fetch;
use crate::cli::input::Limit;
use crate::domain::StatementName;
use crate::store::{Files as _, Record};

/// What somebody decided on a forge.
struct Given {
    /// The account's number, which stays when its name changes.
    account: u64,
    /// Its name.
    login: String,
    /// Whether changes are asked for.
    declines: bool,
    /// Why, where they say so.
    reason: Option<String>,
    /// The commit that they looked at.
    commit: String,
}

/// A decision's address, on a forge of some kind.
enum Address<'a> {
    Github(github::Address<'a>),
    Gitlab(gitlab::Address<'a>),
}

/// The decision of a review, as `approve` records it.
///
/// # Errors
/// Refuses a review that is no decision, that is by nobody of the directory, or that is of another text than the letter has now.
pub(super) fn decision(
    args: &ApproveArgs,
    ctx: &Context,
    desk: &Desk,
    record: &Record<'_>,
    name: &StatementName,
    url: &str,
) -> anyhow::Result<ApproveArgs> {
    let address = Address::read(url)?;
    let by_hand =
        format!("look at {url}; then record it by hand: liaison approve {name} --recorded-for PERSON --evidence {url}");
    let (host, given) = match &address {
        Address::Github(address) => (address.host, address.ask(url, &by_hand)?),
        Address::Gitlab(address) => (address.host, address.ask(url, &by_hand)?),
    };
    let Given { account, login, .. } = &given;
    let is_account = |forge: &crate::directory::Forge| forge.host == host && forge.id == Some(*account);
    let mut people = record.directory.people.iter();
    let Some((person, _)) = people.find(|(_, person)| person.value.forges.iter().any(is_account)) else {
        return Err(refuse(
            format!("the account {account} ({login}) on {host} is nobody's in the directory"),
            format!(
                "whose it is stands in their file below directory/people/: [[forge]] host = \"{host}\", id = {account}"
            ),
        ));
    };
    refuse_other_text(ctx, desk, name, &given.commit)?;
    let account = format!("{host} {account}");
    let reason = given.declines.then(|| given.reason.unwrap_or_else(|| "asked for changes".to_owned()));
    Ok(args.given_elsewhere(person, url, &account, reason))
}

/// The review is of the letter as it is now: the commit that was looked at has the same file.
fn refuse_other_text(ctx: &Context, desk: &Desk, name: &StatementName, commit: &str) -> anyhow::Result<()> {
    let repo = desk.repo(ctx)?;
    let is_id = commit.len() == 40 && commit.bytes().all(|b| b.is_ascii_hexdigit());
    let Some(seen) = repo.commit_at(commit).filter(|_| is_id) else {
        return Err(refuse(
            format!("the review is of the commit {commit}, which this clone does not have"),
            "git fetch, with the branch of the pull request",
        ));
    };
    let path = name.path();
    if repo.revision(seen)?.read(&path)? == desk.files().read(&path)? {
        return Ok(());
    }
    Err(refuse(
        format!("{path} was changed since the review: it is of the commit {commit}"),
        "ask for another review of the present text",
    ))
}

impl<'a> Address<'a> {
    fn read(url: &'a str) -> anyhow::Result<Self> {
        let github = || github::Address::read(url).map(Self::Github);
        let read = github().or_else(|| gitlab::Address::read(url).map(Self::Gitlab));
        read.ok_or_else(|| {
            usage(
                format!("{url} is no address of a review"),
                "copy it from the review's date: https://github.com/OWNER/REPOSITORY/pull/1#pullrequestreview-2, or \
                 https://gitlab.com/GROUP/PROJECT/-/merge_requests/1#note_2",
            )
        })
    }
}

/// What a forge answers to a program.
fn asked<T: DeserializeOwned>(address: &str, url: &str, by_hand: &str) -> anyhow::Result<T> {
    let bytes = fetch(address, Limit::review(), by_hand)?;
    serde_json::from_slice(&bytes)
        .map_err(|error| usage(format!("{url}: the forge's answer is no review: {error}"), by_hand))
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// Whether a text names an owner, a group or a repository, and leads nowhere else.
fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b)) && text != ".."
}
