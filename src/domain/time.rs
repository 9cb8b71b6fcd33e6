//! Instants are UTC to the second; a deadline is a date anywhere on earth; a term starts on its first day.

use std::fmt;

use chrono::{DateTime, Duration, NaiveDate, NaiveDateTime, Utc};

use super::text::Malformed;

/// A moment in UTC, to the second, written `2026-11-24T10:00:00Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(DateTime<Utc>);

impl Instant {
    /// Drops what is below a second.
    pub fn new(moment: DateTime<Utc>) -> Self {
        Self(DateTime::from_timestamp(moment.timestamp(), 0).unwrap_or(moment))
    }

    /// The moment `seconds` after 1970, or nothing when that is out of range.
    pub fn from_unix(seconds: i64) -> Option<Self> {
        DateTime::from_timestamp(seconds, 0).map(Self)
    }

    /// Reads `2026-11-24T10:00:00Z`. `Ok(None)` is an empty value.
    ///
    /// # Errors
    /// Returns [`Malformed`] for any other shape and for moments that do not exist.
    pub fn parse(value: &str) -> Result<Option<Self>, Malformed> {
        let text = value.trim();
        if text.is_empty() {
            return Ok(None);
        }
        let malformed = || Malformed::new(value, "a moment in UTC such as `2026-11-24T10:00:00Z`");
        if text.len() != 20 {
            return Err(malformed());
        }
        let naive = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%SZ").map_err(|_| malformed())?;
        if naive.and_utc().timestamp_subsec_nanos() != 0 {
            return Err(malformed());
        }
        Ok(Some(Self(naive.and_utc())))
    }

    /// The day in UTC, by which terms of roles and numbers' years are judged.
    pub fn day(self) -> NaiveDate {
        self.0.date_naive()
    }

    /// The day it still is somewhere on earth (UTC−12), by which deadlines are judged.
    pub fn day_anywhere(self) -> NaiveDate {
        (self.0 - Duration::hours(12)).date_naive()
    }

    /// Seconds since 1970.
    pub fn unix(self) -> i64 {
        self.0.timestamp()
    }

    /// The moment some seconds later.
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0 + Duration::seconds(seconds))
    }

    /// As in file names: `20261124T100000Z`.
    pub fn compact(self) -> String {
        self.0.format("%Y%m%dT%H%M%SZ").to_string()
    }

    /// Reads what [`Self::compact`] writes.
    pub fn from_compact(text: &str) -> Option<Self> {
        NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%SZ").ok().map(|naive| Self(naive.and_utc()))
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.format("%Y-%m-%dT%H:%M:%SZ"))
    }
}

/// Reads a real date `YYYY-MM-DD`. `Ok(None)` is an empty value.
///
/// # Errors
/// Returns [`Malformed`] for any other shape and for dates that do not exist.
pub fn parse_date(value: &str) -> Result<Option<NaiveDate>, Malformed> {
    let text = value.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let shaped = text.len() == 10
        && text.bytes().enumerate().all(|(i, b)| if i == 4 || i == 7 { b == b'-' } else { b.is_ascii_digit() });
    match NaiveDate::parse_from_str(text, "%Y-%m-%d") {
        Ok(date) if shaped => Ok(Some(date)),
        _ => Err(Malformed::new(value, "a date that exists, such as `2026-12-20`")),
    }
}

/// A span of days: from its first day to the first day no longer in it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Term {
    /// First day; absent: from the beginning.
    pub since: Option<NaiveDate>,
    /// First day no longer; absent: still.
    pub until: Option<NaiveDate>,
}

impl Term {
    /// Whether a day lies in the span.
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.since.is_none_or(|since| since <= day) && self.until.is_none_or(|until| day < until)
    }

    /// Whether some day lies in both spans.
    pub fn meets(&self, other: &Self) -> bool {
        let before = |until: Option<NaiveDate>, since: Option<NaiveDate>| {
            until.is_some_and(|until| since.is_some_and(|since| until <= since))
        };
        !before(self.until, other.since) && !before(other.until, self.since)
    }
}

/// The number of days from `from` to `to`; negative when `to` is earlier.
pub fn days_between(from: NaiveDate, to: NaiveDate) -> i64 {
    (to - from).num_days()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_lasts_until_it_is_over_anywhere_on_earth() {
        let at = |text: &str| Instant::parse(text).unwrap().unwrap().day_anywhere().to_string();
        assert_eq!(at("2026-12-21T11:59:59Z"), "2026-12-20");
        assert_eq!(at("2026-12-21T12:00:00Z"), "2026-12-21");
    }

    #[test]
    fn a_term_ends_on_its_first_day_no_longer() {
        let day = |text: &str| parse_date(text).unwrap();
        let term = Term { since: day("2024-03-01"), until: day("2026-03-01") };
        let on = |text: &str| term.holds_on(day(text).unwrap());
        assert_eq!(
            [on("2024-02-29"), on("2024-03-01"), on("2026-02-28"), on("2026-03-01")],
            [false, true, true, false]
        );
    }

    #[test]
    fn dates_and_moments_must_exist() {
        for refused in ["2026-02-30", "2026-2-3", "26-02-03", "2026-02-03 ", "x"] {
            assert_eq!(parse_date(refused).is_err(), refused != "2026-02-03 ", "{refused}");
        }
        for refused in ["2026-11-24T24:00:00Z", "2026-11-24 10:00:00Z", "2026-11-24T10:00:00+0", "2026-11-24T10:00:60Z"]
        {
            assert!(Instant::parse(refused).is_err(), "{refused}");
        }
    }
}
