//! Language tags (BCP 47): their shape, not whether a registry knows them.

/// Old tags that do not have the shape and are valid all the same (RFC 5646, section 2.2.8).
const IRREGULAR: [&str; 17] = [
    "en-gb-oed",
    "i-ami",
    "i-bnn",
    "i-default",
    "i-enochian",
    "i-hak",
    "i-klingon",
    "i-lux",
    "i-mingo",
    "i-navajo",
    "i-pwn",
    "i-tao",
    "i-tay",
    "i-tsu",
    "sgn-be-fr",
    "sgn-be-nl",
    "sgn-ch-de",
];

/// Whether a text has the shape of a language tag such as `fr`, `pt-BR` or `zh-Hant-TW`.
///
/// The shape has room for languages of four to eight letters, and there are none; so `French` is no tag here.
pub fn is_language_tag(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    if IRREGULAR.contains(&lower.as_str()) {
        return true;
    }
    let parts: Vec<&str> = lower.split('-').collect();
    if !parts.iter().all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())) {
        return false;
    }
    match parts.split_first() {
        Some((&"x", rest)) => !rest.is_empty(),
        Some((language, rest)) if (2..=3).contains(&language.len()) && is_alphabetic(language) => {
            let rest = skip(rest, 3, |part| part.len() == 3 && is_alphabetic(part));
            let rest = skip(rest, 1, |part| part.len() == 4 && is_alphabetic(part));
            let rest =
                skip(rest, 1, |part| (part.len() == 2 && is_alphabetic(part)) || (part.len() == 3 && is_number(part)));
            let after = skip(rest, usize::MAX, is_variant);
            let variants = rest.get(..rest.len() - after.len()).unwrap_or_default();
            is_unique(variants) && are_extensions(after)
        }
        Some(_) | None => false,
    }
}

/// What is left behind at most `most` parts of a kind.
fn skip<'p, 't>(parts: &'p [&'t str], most: usize, is_kind: impl Fn(&str) -> bool) -> &'p [&'t str] {
    let count = parts.iter().take(most).take_while(|part| is_kind(part)).count();
    parts.get(count..).unwrap_or_default()
}

fn is_alphabetic(part: &str) -> bool {
    part.bytes().all(|b| b.is_ascii_alphabetic())
}

fn is_number(part: &str) -> bool {
    part.bytes().all(|b| b.is_ascii_digit())
}

fn is_variant(part: &str) -> bool {
    part.len() >= 5 || (part.len() == 4 && part.starts_with(|c: char| c.is_ascii_digit()))
}

fn is_unique(parts: &[&str]) -> bool {
    parts.iter().enumerate().all(|(index, part)| !parts.iter().take(index).any(|earlier| earlier == part))
}

/// Extensions such as `u-co-phonebk`, each letter once, and at the end private parts behind `x`.
fn are_extensions(parts: &[&str]) -> bool {
    let mut singletons: Vec<&str> = Vec::new();
    let mut rest = parts;
    while let Some((singleton, behind)) = rest.split_first() {
        if *singleton == "x" {
            return !behind.is_empty() && is_unique(&singletons);
        }
        let after = skip(behind, usize::MAX, |part| part.len() >= 2);
        if singleton.len() != 1 || after.len() == behind.len() {
            return false;
        }
        singletons.push(singleton);
        rest = after;
    }
    is_unique(&singletons)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_have_the_shape_of_bcp_47() {
        for tag in [
            "fr",
            "pt-BR",
            "zh-Hant-TW",
            "es-419",
            "zh-cmn-Hans-CN",
            "sl-rozaj-biske",
            "de-CH-1901",
            "de-DE-u-co-phonebk",
            "en-a-myext-b-another",
            "x-whatever",
            "qaa-Qaaa-QM-x-southern",
            "i-klingon",
            "art-lojban",
            "en-GB-oed",
        ] {
            assert!(is_language_tag(tag), "{tag}");
        }
        for text in [
            "",
            "f",
            "Français",
            "French",
            "German-AT",
            "french language",
            "en_US",
            "en-",
            "-en",
            "de-419-DE",
            "a-DE",
            "ar-a-aaa-b-bbb-a-ccc",
            "de-1901-1901",
            "x",
            "en-u",
            "en-x",
            "abcdefghi",
            "1901",
            "en-US-US",
        ] {
            assert!(!is_language_tag(text), "{text}");
        }
    }
}
