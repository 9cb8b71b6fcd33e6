//! Approvals of a merge request on GitLab: notes that the forge itself writes, "approved this merge request". A note does not say
//! of which commit; that is the newest version of the merge request at its time.

use serde::Deserialize;

use super::{Given, asked, is_name, is_number};
use crate::cli::exit::refuse;

/// A note as its page's address names it.
pub(super) struct Address<'a> {
    scheme: &'a str,
    pub(super) host: &'a str,
    project: String,
    request: &'a str,
    note: &'a str,
}

/// What the forge says of a note.
#[derive(Deserialize)]
struct Note {
    author: Author,
    body: String,
    system: bool,
    created_at: chrono::DateTime<chrono::Utc>,
}

#[derive(Deserialize)]
struct Author {
    id: u64,
    username: String,
}

/// What was pushed to a merge request, and when.
#[derive(Deserialize)]
struct Version {
    head_commit_sha: String,
    created_at: chrono::DateTime<chrono::Utc>,
}

impl<'a> Address<'a> {
    /// Reads `https://HOST/GROUP/…/PROJECT/-/merge_requests/N#note_ID`.
    pub(super) fn read(url: &'a str) -> Option<Self> {
        let (scheme, rest) = url.split_once("://")?;
        let (page, note) = rest.split_once("#note_")?;
        let (project, request) = page.split_once("/-/merge_requests/")?;
        let (host, project) = project.split_once('/')?;
        let parts: Vec<&str> = project.split('/').collect();
        let is_good =
            is_number(request) && is_number(note) && parts.len() > 1 && parts.iter().all(|part| is_name(part));
        is_good.then(|| Self { scheme, host, project: parts.join("%2F"), request, note })
    }

    /// What the forge says that somebody decided.
    pub(super) fn ask(&self, url: &str, by_hand: &str) -> anyhow::Result<Given> {
        let note: Note = asked(&format!("{}/notes/{}", self.of_api(), self.note), url, by_hand)?;
        let declines = match note.body.as_str() {
            "approved this merge request" if note.system => false,
            "requested changes" if note.system => true,
            _ => {
                return Err(refuse(
                    format!("{url} is no note of the forge itself that somebody approved or requested changes"),
                    "copy the address of the line \"… approved this merge request\", from its date",
                ));
            }
        };
        let versions: Vec<Version> = asked(&format!("{}/versions", self.of_api()), url, by_hand)?;
        let seen = versions.into_iter().filter(|version| version.created_at <= note.created_at);
        let Some(seen) = seen.max_by_key(|version| version.created_at) else {
            return Err(refuse(format!("{url}: the forge does not say what was approved"), by_hand));
        };
        let Author { id, username } = note.author;
        Ok(Given { account: id, login: username, declines, reason: None, commit: seen.head_commit_sha })
    }

    /// Where the forge's programs ask about the merge request.
    fn of_api(&self) -> String {
        let Self { scheme, host, project, request, .. } = self;
        format!("{scheme}://{host}/api/v4/projects/{project}/merge_requests/{request}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notes_address_leads_to_what_its_forge_says() {
        let of = |url: &str| Address::read(url).map(|address| (address.of_api(), address.note.to_owned()));
        assert_eq!(
            of("https://gitlab.example/them/letters/record/-/merge_requests/7#note_42"),
            Some((
                "https://gitlab.example/api/v4/projects/them%2Fletters%2Frecord/merge_requests/7".to_owned(),
                "42".to_owned()
            ))
        );
        for none in [
            "https://gitlab.example/them/record/-/merge_requests/7",
            "https://gitlab.example/record/-/merge_requests/7#note_42",
            "https://gitlab.example/them/../-/merge_requests/7#note_42",
            "https://gitlab.example/them/record/-/merge_requests/7/diffs#note_42",
            "https://gitlab.example/them/record/-/merge_requests/7#note_",
        ] {
            assert_eq!(of(none), None, "{none}");
        }
    }
}
