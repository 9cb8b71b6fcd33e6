//! Whether two words or addresses differ by a slip of the finger. Neighbours such as `sa2` and `sa3` do not.

/// Whether a word is probably a misspelling of a known one. Both are in lower case.
///
/// Two letters swapped and a letter doubled are always slips. One other letter needs a word of five, two need one of
/// eight: short names are often each other's neighbours. Words that differ only in their digits are different names.
fn is_slip(known: &str, found: &str) -> bool {
    if known == found || letters(known).eq(letters(found)) {
        return false;
    }
    let (known_length, found_length) = (known.chars().count(), found.chars().count());
    let longest = known_length.max(found_length);
    if longest < 3 || known_length.abs_diff(found_length) > 2 {
        return false;
    }
    match strsim::osa_distance(known, found) {
        1 if is_swap(known, found) || is_doubling(known, found) => longest >= 3,
        1 => longest >= 5,
        2 => longest >= 8,
        _ => false,
    }
}

/// Whether an address is probably a misspelling of a known one; case does not matter.
///
/// The local part or the domain differs by a slip in one of its words, or only in dots and hyphens, or the domain in its
/// ending. `foreign` says whether the found address's domain is one that somebody known uses.
pub(super) fn is_misspelt(known: &str, found: &str, foreign: impl Fn(&str) -> bool) -> bool {
    let (Some((known_local, known_domain)), Some((local, domain))) = (known.rsplit_once('@'), found.rsplit_once('@'))
    else {
        return false;
    };
    let same_local = known_local.eq_ignore_ascii_case(local);
    let same_domain = known_domain.eq_ignore_ascii_case(domain);
    match (same_local, same_domain) {
        (true, true) => false,
        (false, true) => is_slip_in_a_word(known_local, local),
        (true, false) => {
            !foreign(domain) && (is_slip_in_a_word(known_domain, domain) || differ_in_ending(known_domain, domain))
        }
        (false, false) => squashed(known).eq(squashed(found)),
    }
}

/// Whether two names have the same words but for a slip in one, or differ only in what stands between the words.
pub(super) fn is_slip_in_a_word(known: &str, found: &str) -> bool {
    if known.len().abs_diff(found.len()) > 4 {
        return false;
    }
    if squashed(known).eq(squashed(found)) {
        return true;
    }
    let (mut known, mut found) = (known.split(SEPARATORS), found.split(SEPARATORS));
    let mut differing = None;
    loop {
        match (known.next(), found.next()) {
            (None, None) => break,
            (Some(known), Some(found)) if known.eq_ignore_ascii_case(found) => {}
            (Some(known), Some(found)) if differing.is_none() => differing = Some((known, found)),
            (Some(_), _) | (None, Some(_)) => return false,
        }
    }
    differing.is_some_and(|(known, found)| is_slip(&known.to_lowercase(), &found.to_lowercase()))
}

/// Whether two domains are the same but for their last label.
fn differ_in_ending(known: &str, found: &str) -> bool {
    match (known.rsplit_once('.'), found.rsplit_once('.')) {
        (Some((known, _)), Some((found, _))) => known.eq_ignore_ascii_case(found),
        _ => false,
    }
}

const SEPARATORS: [char; 4] = ['.', '-', '_', '+'];

/// The letters and digits of an address in lower case: without dots and hyphens.
fn squashed(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars().filter(|c| !SEPARATORS.contains(c)).map(|c| c.to_ascii_lowercase())
}

/// A word without its digits.
fn letters(word: &str) -> impl Iterator<Item = char> + '_ {
    word.chars().filter(|c| !c.is_ascii_digit())
}

/// Whether two words, one step apart, differ by two neighbours that changed places.
fn is_swap(known: &str, found: &str) -> bool {
    let differing: Vec<usize> =
        known.chars().zip(found.chars()).enumerate().filter(|(_, (a, b))| a != b).map(|(at, _)| at).collect();
    known.chars().count() == found.chars().count() && matches!(differing.as_slice(), [a, b] if a + 1 == *b)
}

/// Whether two words, one step apart, differ by a letter that one of them doubles.
fn is_doubling(known: &str, found: &str) -> bool {
    let single = |word: &str| {
        let mut word: Vec<char> = word.chars().collect();
        word.dedup();
        word
    };
    known.chars().count() != found.chars().count() && single(known) == single(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_told_from_neighbours() {
        for (known, found) in [
            ("tls@ietf.example", "tsl@ietf.example"),
            ("tls-chairs@ietf.example", "tls-chiars@ietf.example"),
            ("tls-chairs@ietf.example", "tlschairs@ietf.example"),
            ("last-call@ietf.example", "last-cal@ietf.example"),
            ("liaison-coordination@iab.example", "liason-coordination@iab.example"),
            ("liaison-coordination@iab.example", "liaison-cordinaton@iab.example"),
            ("liaison-coordination@iab.example", "liaison-coordination@iba.example"),
            ("liaison-coordination@iab.org", "liaison-coordination@iab.com"),
            ("liaison-coordination@iab.org", "liaison-coordination@iaborg"),
            ("carla.sample@ietf.example", "CarlaSample@ietf.example"),
        ] {
            assert!(is_misspelt(known, found, |_| false), "{found} for {known}");
        }
        for (known, found) in [
            ("sa3-chair@3gpp.example", "sa2-chair@3gpp.example"),
            ("sa3-chair@3gpp.example", "sa30-chair@3gpp.example"),
            ("ct-secretary@3gpp.example", "sa-secretary@3gpp.example"),
            ("rats@ietf.example", "cats@ietf.example"),
            ("idr@ietf.example", "sidr@ietf.example"),
            ("rtg-ads@ietf.example", "art-ads@ietf.example"),
            ("tls@ietf.example", "TLS@IETF.example"),
            ("liaisons@3gpp.example", "liaisons@w3c.example"),
            ("tls@ietf.example", "quic@irtf.example"),
        ] {
            assert!(!is_misspelt(known, found, |_| false), "{found} for {known}");
        }
        assert!(!is_misspelt("chairs@forum.example", "chairs@forun.example", |_| true));
    }
}
