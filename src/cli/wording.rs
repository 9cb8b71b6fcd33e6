//! Numbers and words as a person reads or types them.

use super::format::terminal_safe;

/// How many there are of something: "1 error", "2 errors". The plural is made with an s.
pub(crate) fn counted(number: usize, what: &str) -> String {
    agreeing(number, what, &format!("{what}s"))
}

/// How many there are of something that has its verb beside it: "1 letter waits", "2 letters wait".
pub(crate) fn agreeing(number: usize, one: &str, several: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {several}") }
}

/// A word as a shell takes it: as it is where that is safe, else within single quotes, where nothing is run.
pub(crate) fn shell_word(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "-_./:=@,+%".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

/// A word for a shell, as it is shown on a terminal.
pub(crate) fn shown_word(word: &str) -> String {
    shell_word(&terminal_safe(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_runs_nothing_of_a_word() {
        assert_eq!(shell_word("records/tls-1"), "records/tls-1");
        assert_eq!(shell_word(""), "''");
        assert_eq!(shell_word("it's \"$(touch oops)\""), "'it'\\''s \"$(touch oops)\"'");
    }
}
