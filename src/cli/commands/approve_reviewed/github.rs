//! Reviews of a pull request on GitHub, or on an enterprise's own.

use serde::Deserialize;

use super::{Given, asked, is_name, is_number};
use crate::cli::exit::refuse;

/// A review as its page's address names it.
pub(super) struct Address<'a> {
    scheme: &'a str,
    pub(super) host: &'a str,
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

impl<'a> Address<'a> {
    /// Reads `https://HOST/OWNER/REPOSITORY/pull/N#pullrequestreview-ID`.
    pub(super) fn read(url: &'a str) -> Option<Self> {
        let (scheme, rest) = url.split_once("://")?;
        let (page, review) = rest.split_once("#pullrequestreview-")?;
        let parts: Vec<&str> = page.trim_end_matches("/files").split('/').collect();
        let [host, owner, repository, "pull", pull] = parts.as_slice() else { return None };
        let is_good = is_number(pull) && is_number(review) && is_name(owner) && is_name(repository);
        let repository = format!("{owner}/{repository}");
        is_good.then_some(Self { scheme, host, repository, pull, review })
    }

    /// What the forge says that somebody decided.
    pub(super) fn ask(&self, url: &str, by_hand: &str) -> anyhow::Result<Given> {
        let review: Review = asked(&self.of_api(), url, by_hand)?;
        let declines = match review.state.as_str() {
            "APPROVED" => false,
            "CHANGES_REQUESTED" => true,
            other => {
                return Err(refuse(
                    format!("{url} is a review with the state {other}, and neither approves nor asks for changes"),
                    "ask for a review that decides",
                ));
            }
        };
        let User { id, login } = review.user;
        let reason = review.body.filter(|body| !body.trim().is_empty());
        Ok(Given { account: id, login, declines, reason, commit: review.commit_id })
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
        let of = |url: &str| Address::read(url).map(|address| address.of_api());
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
