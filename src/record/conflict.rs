//! What is said of a merge conflict that nobody resolved.

use super::stub::stub_again;
use crate::domain::StatementName;
use crate::findings::{Code, Finding};

/// A conflict that nobody resolved. A draft that was numbered on one side leaves no choice: the draft would be sent twice.
pub(super) fn unresolved(text: &str, file: &str) -> Finding {
    let became = text.lines().find_map(|line| StatementName::parse(line.strip_prefix("became:")?.trim()).ok());
    match became {
        Some(number) => Finding::plain(
            Code::ConflictMarkers,
            format!(
                "a merge conflict is not resolved here: one side changed the draft, and on the other it became {number}"
            ),
        )
        .help(format!(
            "liaison resolve-merge settles it; or {}, and liaison new --revises {number} says what changed",
            stub_again(file, &number)
        )),
        None => Finding::plain(Code::ConflictMarkers, "a merge conflict is not resolved here")
            .help("keep one side of it, or keep both letters under two names; then `git add` the file"),
    }
}
