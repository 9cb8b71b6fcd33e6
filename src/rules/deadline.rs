//! Rules about the days of a letter: its deadline and its date (rfc4053bis, section "Purpose").

use chrono::{Months, NaiveDate};

use super::Case;
use super::places::{is_ours_to_send, is_silent, mend};
use crate::domain::{ActKind, Direction, Purpose};
use crate::findings::{Code, Finding, Place, Stage};

/// Seconds by which the earliest time zone is ahead of UTC: there the next day begins first.
const EARLIEST_ZONE: i64 = 14 * 60 * 60;

/// Reports a letter that asks for action and does not say until when (LS-46).
pub(super) fn deadline_missing(case: &Case<'_>) -> Vec<Finding> {
    if case.content().purpose != Some(Purpose::ForAction) || !is_silent(case, "deadline") {
        return Vec::new();
    }
    let finding = case
        .finding(Code::DeadlineMissing, "the purpose is `for-action`, but there is no deadline")
        .at(case.letter.statement.place("purpose"));
    vec![
        finding.help(mend(
            case,
            "add `deadline: YYYY-MM-DD`, or write `purpose: for-information` if no response is expected",
        )),
    ]
}

/// Reports a draft of ours whose deadline is over everywhere on earth.
pub(super) fn deadline_past(case: &Case<'_>) -> Vec<Finding> {
    let today = case.now.day_anywhere();
    let past = case.content().deadline.filter(|deadline| *deadline < today);
    let Some(deadline) = past.filter(|_| case.stage() == Stage::Draft && is_ours_to_send(case)) else {
        return Vec::new();
    };
    let message = format!("the deadline {deadline} is over: it is {today} or later everywhere on earth");
    let finding = case.finding(Code::DeadlinePast, message).at(case.letter.statement.place("deadline"));
    vec![finding.help(mend(case, "choose a later deadline"))]
}

/// Reports a deadline that is not after the day of the letter, so that nobody could keep it.
pub(super) fn deadline_not_after_date(case: &Case<'_>) -> Vec<Finding> {
    let (Some(deadline), Some((date, place))) = (case.content().deadline, letter_day(case)) else { return Vec::new() };
    if case.stage() == Stage::Draft || deadline > date {
        return Vec::new();
    }
    let message = format!("the deadline {deadline} is not after the day of the letter, {date}");
    let finding = case.finding(Code::DeadlineNotAfterDate, message).at(case.letter.statement.place("deadline"));
    vec![finding.with(place, "the day of the letter").help(mend(case, "look which of the two days is right"))]
}

/// Reports a deadline more than two years away.
pub(super) fn deadline_far(case: &Case<'_>) -> Vec<Finding> {
    let Some(deadline) = case.content().deadline else { return Vec::new() };
    let (from, what) = match (case.stage(), letter_day(case)) {
        (Stage::Draft, _) => (case.now.day(), "today"),
        (Stage::Sent | Stage::Received | Stage::Imported, Some((date, _))) => (date, "the day of the letter"),
        (Stage::Sent | Stage::Received | Stage::Imported, None) => return Vec::new(),
    };
    if from.checked_add_months(Months::new(24)).is_none_or(|latest| deadline <= latest) {
        return Vec::new();
    }
    let message = format!("the deadline {deadline} is more than two years after {what}, {from}");
    let finding = case.finding(Code::DeadlineFar, message).at(case.letter.statement.place("deadline"));
    vec![finding.help(mend(case, "look at the year"))]
}

/// Reports a deadline on a letter that only informs (LS-43).
pub(super) fn deadline_on_information(case: &Case<'_>) -> Vec<Finding> {
    let help = "write `purpose: for-action` if a response is expected, else remove the deadline";
    deadline_on(case, &Purpose::ForInformation, Code::DeadlineOnInformation, help)
}

/// Reports a deadline on a letter that only responds (LS-45).
pub(super) fn deadline_on_response(case: &Case<'_>) -> Vec<Finding> {
    let help = "write `purpose: for-action` if the letter also asks for something, and keep `in-response-to`; else \
                remove the deadline";
    deadline_on(case, &Purpose::InResponse, Code::DeadlineOnResponse, help)
}

fn deadline_on(case: &Case<'_>, purpose: &Purpose, code: Code, help: &str) -> Vec<Finding> {
    let Some(deadline) = case.content().deadline.filter(|_| case.content().purpose.as_ref() == Some(purpose)) else {
        return Vec::new();
    };
    let statement = &case.letter.statement;
    let message = format!("the purpose `{purpose}` expects no response, but the deadline is {deadline}");
    let finding =
        case.finding(code, message).at(statement.place("deadline")).with(statement.place("purpose"), "its purpose");
    vec![finding.help(mend(case, help))]
}

/// Reports a date on a letter of ours: its date is the day it is sent.
pub(super) fn date_on_outgoing(case: &Case<'_>) -> Vec<Finding> {
    let Some(date) = case.content().date.filter(|_| case.content().is_outgoing()) else { return Vec::new() };
    let sent = match case.letter.sent_on() {
        Some(sent) => format!("it was sent on {sent}"),
        None => "its date will be the day it is sent".to_owned(),
    };
    let finding = case
        .finding(Code::DateOnOutgoing, format!("the outgoing letter has the date {date}, but {sent}"))
        .at(case.letter.statement.place("date"));
    vec![finding.help(mend(case, "remove `date`"))]
}

/// Reports a received letter without its date.
pub(super) fn date_missing(case: &Case<'_>) -> Vec<Finding> {
    let known = !is_silent(case, "date") || (case.content().is_outgoing() && case.letter.sent_on().is_some());
    if known {
        return Vec::new();
    }
    let finding = case.finding(Code::DateMissing, "nothing says on which day the letter was written");
    vec![
        finding
            .at(case.letter.statement.place("date"))
            .help(mend(case, "add `date: YYYY-MM-DD`, as it stands on the letter")),
    ]
}

/// Reports a letter of a day that has not begun anywhere on earth.
pub(super) fn date_in_future(case: &Case<'_>) -> Vec<Finding> {
    let today = case.now.plus_seconds(EARLIEST_ZONE).day();
    let Some((date, place)) = letter_day(case).filter(|(date, _)| *date > today) else { return Vec::new() };
    let message = format!("the letter is of {date}, but today is {}", case.now.day());
    let finding = case.finding(Code::DateInFuture, message).at(place);
    vec![finding.help(mend(case, "write the date as it stands on the letter"))]
}

/// The day of the letter and where it stands: of a received letter its date, of ours the day it was sent.
fn letter_day(case: &Case<'_>) -> Option<(NaiveDate, Place)> {
    let of_sending = || {
        let act = case.letter.acts_of(ActKind::Sent).next_back()?;
        let key = if act.mentions("date") { "date" } else { "at" };
        Some((case.letter.sent_on()?, act.place(key)))
    };
    let on_letter = || Some((case.content().date?, case.letter.statement.place("date")));
    match case.content().direction {
        Some(Direction::Outgoing) => of_sending().or_else(|| on_letter().filter(|_| case.stage() == Stage::Imported)),
        Some(Direction::Incoming) | None => on_letter(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::examples::{findings, fires};

    const LETTER: &str = "statements/2026/ls-2026-008.yaml";
    const SENT: &str = "statements/2026/ls-2026-008/acts/20261102T100000Z-sent-carla-sample.yaml";

    fn sent(details: &str) -> String {
        format!("act: sent\nby: carla-sample\nrole: chair\nof: tls\nat: 2026-11-02T10:00:00Z\n{details}\n")
    }

    #[test]
    fn a_sent_letter_is_judged_by_the_day_it_left() {
        let letter = |deadline: &str| format!("direction: outgoing\npurpose: for-action\ndeadline: {deadline}\n");
        let fires =
            |code: &str, deadline: &str, act: &str| fires(code, &[(LETTER, &letter(deadline)), (SENT, &sent(act))]);
        assert!(fires("deadline-not-after-date", "2026-11-02", "via: mail"));
        assert!(!fires("deadline-not-after-date", "2026-11-03", "via: mail"));
        assert!(fires("deadline-not-after-date", "2026-11-20", "via: portal\ndate: 2026-11-20"));
        assert!(
            !fires("deadline-not-after-date", "2026-11-20", "via: import"),
            "the day of an import is not the letter's"
        );
        assert!(fires("deadline-far", "2028-11-03", "via: mail"));
        assert!(!fires("deadline-far", "2028-11-02", "via: mail"));
        assert!(!fires("deadline-past", "2026-11-03", "via: mail"));
        assert!(fires("date-in-future", "2027-11-03", "via: portal\ndate: 2026-11-26"));
    }

    #[test]
    fn the_other_day_is_shown_where_it_stands() {
        let letter = "direction: outgoing\ndeadline: 2026-11-01\n";
        let found = findings(&[(LETTER, letter), (SENT, &sent("via: mail"))]);
        let finding = found.iter().find(|finding| finding.code == super::Code::DeadlineNotAfterDate).unwrap();
        assert_eq!(finding.place.to_string(), format!("{LETTER}:2:11"));
        assert_eq!(finding.related[0].0.to_string(), format!("{SENT}:5:5"));
    }

    #[test]
    fn an_imported_letter_of_ours_has_its_date_in_either_place() {
        let letter = |date: &str| format!("direction: outgoing\n{date}");
        assert!(fires("date-missing", &[(LETTER, &letter("")), (SENT, &sent("via: import"))]));
        assert!(!fires("date-missing", &[(LETTER, &letter("")), (SENT, &sent("via: import\ndate: 2014-09-15"))]));
        assert!(!fires("date-missing", &[(LETTER, &letter("date: 2014-09-15\n")), (SENT, &sent("via: import"))]));
    }
}
