//! A decision that somebody gave as a review on a forge: asked of the forge, and recorded with its address as evidence. Its grade is
//! *asserted*: the forge says so, and whoever records it.

use serde::Deserialize;

use super::approve::ApproveArgs;
use crate::cli::context::Context;
use crate::cli::desk::Desk;
use crate::cli::exit::{refuse, usage};
use crate::cli::fetch::fetch;
use crate::cli::input::Limit;
use crate::domain::StatementName;
use crate::store::{Files as _, Record};

/// A review as its page's address names it.
struct Address<'a> {
    scheme: &'a str,
    host: &'a str,
    repository: String,
    pull: &'a str,
    review: &'a str,
}

/// What the forge says of a review.
#[derive(Deserialize)]
struct Review {
    user: User,
    state: String,
    #[serde(default)]
    body: Option<String>,
    commit_id: String,
}

#[derive(Deserialize)]
struct User {
    id: u64,
    login: String,
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
    let help =
        format!("look at {url}; then record it by hand: liaison approve {name} --recorded-for PERSON --evidence {url}");
    let bytes = fetch(&address.of_api(), Limit::review(), &help)?;
    let review: Review = serde_json::from_slice(&bytes)
        .map_err(|error| usage(format!("{url}: the forge's answer is no review: {error}"), help.clone()))?;
    let decline = match review.state.as_str() {
        "APPROVED" => false,
        "CHANGES_REQUESTED" => true,
        other => {
            return Err(refuse(
                format!("{url} is a review with the state {other}, and neither approves nor asks for changes"),
                "ask for a review that decides",
            ));
        }
    };
    let (login, id) = (&review.user.login, review.user.id);
    let is_account = |forge: &crate::directory::Forge| forge.host == address.host && forge.id == Some(id);
    let mut people = record.directory.people.iter();
    let Some((person, _)) = people.find(|(_, person)| person.value.forges.iter().any(is_account)) else {
        return Err(refuse(
            format!("the account {id} ({login}) on {} is nobody's in the directory", address.host),
            format!(
                "whose it is stands in their file below directory/people/: [[forge]] host = \"{}\", id = {id}",
                address.host
            ),
        ));
    };
    refuse_other_text(ctx, desk, name, &review.commit_id)?;
    let body = review.body.unwrap_or_default();
    let reason = decline.then(|| if body.trim().is_empty() { "asked for changes".to_owned() } else { body });
    Ok(args.given_elsewhere(person, url, reason))
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
    /// Reads `https://HOST/OWNER/REPOSITORY/pull/N#pullrequestreview-ID`.
    fn read(url: &'a str) -> anyhow::Result<Self> {
        let read = || {
            let (scheme, rest) = url.split_once("://")?;
            let (page, review) = rest.split_once("#pullrequestreview-")?;
            let parts: Vec<&str> = page.trim_end_matches("/files").split('/').collect();
            let [host, owner, repository, "pull", pull] = parts.as_slice() else { return None };
            let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
            let is_name = |text: &str| {
                !text.is_empty()
                    && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b))
                    && text != ".."
            };
            let is_good = is_number(pull) && is_number(review) && is_name(owner) && is_name(repository);
            let repository = format!("{owner}/{repository}");
            is_good.then_some(Self { scheme, host, repository, pull, review })
        };
        read().ok_or_else(|| {
            usage(
                format!("{url} is no address of a review"),
                "copy it from the review's date: https://github.com/OWNER/REPOSITORY/pull/1#pullrequestreview-2",
            )
        })
    }

    /// Where the forge's programs ask: an enterprise's own forge has it below its address.
    fn of_api(&self) -> String {
        let Self { scheme, host, repository, pull, review } = self;
        let base = match *host {
            "github.com" => format!("{scheme}://api.github.com"),
            host => format!("{scheme}://{host}/api/v3"),
        };
        format!("{base}/repos/{repository}/pulls/{pull}/reviews/{review}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reviews_address_leads_to_what_its_forge_says() {
        let of = |url: &str| Address::read(url).ok().map(|address| address.of_api());
        assert_eq!(
            of("https://github.com/them/record/pull/7#pullrequestreview-42").as_deref(),
            Some("https://api.github.com/repos/them/record/pulls/7/reviews/42")
        );
        assert_eq!(
            of("https://forge.example/them/record/pull/7/files#pullrequestreview-42").as_deref(),
            Some("https://forge.example/api/v3/repos/them/record/pulls/7/reviews/42")
        );
        for none in [
            "https://github.com/them/record/pull/7",
            "https://github.com/them/record/pull/x#pullrequestreview-42",
            "https://github.com/../record/pull/7#pullrequestreview-42",
            "https://github.com/them/record/pull/7#pullrequestreview-",
            "github.com/them/record/pull/7#pullrequestreview-42",
        ] {
            assert_eq!(of(none), None, "{none}");
        }
    }
}
