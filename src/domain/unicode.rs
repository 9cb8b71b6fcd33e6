//! Characters that a reader does not see, or that change what a reader sees.

/// Whether a character changes the direction in which text is shown, without being seen.
pub fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// What a character that is not seen is called.
pub fn name(c: char) -> &'static str {
    match c {
        '\u{ad}' => "soft hyphen",
        '\u{61c}' => "Arabic letter mark",
        '\u{200b}' => "zero width space",
        '\u{200c}' => "zero width non-joiner",
        '\u{200d}' => "zero width joiner",
        '\u{200e}' => "left-to-right mark",
        '\u{200f}' => "right-to-left mark",
        '\u{202a}' => "left-to-right embedding",
        '\u{202b}' => "right-to-left embedding",
        '\u{202c}' => "pop directional formatting",
        '\u{202d}' => "left-to-right override",
        '\u{202e}' => "right-to-left override",
        '\u{2060}' => "word joiner",
        '\u{2066}' => "left-to-right isolate",
        '\u{2067}' => "right-to-left isolate",
        '\u{2068}' => "first strong isolate",
        '\u{2069}' => "pop directional isolate",
        '\u{e0000}'..='\u{e007f}' => "tag character",
        c if is_variation_selector(c) => "variation selector",
        _ => "invisible character",
    }
}

/// The first character that nobody sees and that the text does not need, by its byte, and how many there are.
///
/// Joiners in scripts and emoji that are written with them, and variation selectors behind characters that have
/// variants, are needed.
pub fn invisible(text: &str) -> Option<(usize, char, usize)> {
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let at = |index: usize| chars.get(index).map(|(_, c)| *c);
    let mut found = chars.iter().enumerate().filter(|(index, (_, c))| {
        is_invisible(*c)
            && !is_needed(*c, index.checked_sub(1).and_then(at), at(index + 1))
            && !is_flag_tag(&chars, *index)
    });
    let (_, (byte, c)) = found.next()?;
    Some((*byte, *c, 1 + found.count()))
}

fn is_invisible(c: char) -> bool {
    is_variation_selector(c)
        || matches!(
            c,
            '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}' | '\u{3164}' | '\u{ffa0}'
                | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2065}' | '\u{206a}'..='\u{206f}' | '\u{fff9}'..='\u{fffb}'
                | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e00ff}' | '\u{e01f0}'..='\u{e0fff}'
        )
}

fn is_variation_selector(c: char) -> bool {
    matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' | '\u{180b}'..='\u{180d}' | '\u{180f}')
}

fn is_needed(c: char, before: Option<char>, after: Option<char>) -> bool {
    let Some(before) = before else { return false };
    match c {
        '\u{200c}' => joins(before) && after.is_some_and(joins),
        '\u{200d}' => joins(before) || ((is_emoji(before) || before == '\u{fe0f}') && after.is_some_and(is_emoji)),
        '\u{fe0e}' | '\u{fe0f}' => is_emoji(before) || is_ideograph(before),
        '\u{fe00}'..='\u{fe0d}' | '\u{e0100}'..='\u{e01ef}' => is_ideograph(before) || is_symbol(before),
        '\u{180b}'..='\u{180f}' => matches!(before, '\u{1820}'..='\u{18aa}'),
        _ => false,
    }
}

/// Letters and signs of scripts that are written with joiners: Arabic, those of India and South-East Asia, Mongolian.
fn joins(c: char) -> bool {
    matches!(c, '\u{620}'..='\u{8ff}' | '\u{900}'..='\u{dff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17d3}' | '\u{1820}'..='\u{18aa}')
}

fn is_emoji(c: char) -> bool {
    matches!(c, '#' | '*' | '0'..='9' | '\u{a9}' | '\u{ae}' | '\u{203c}' | '\u{2049}' | '\u{2122}' | '\u{2139}'
        | '\u{2190}'..='\u{21ff}' | '\u{2300}'..='\u{23ff}' | '\u{24c2}' | '\u{25a0}'..='\u{27bf}' | '\u{2900}'..='\u{297f}'
        | '\u{2b00}'..='\u{2bff}' | '\u{3030}' | '\u{303d}' | '\u{3297}' | '\u{3299}' | '\u{1f000}'..='\u{1faff}')
}

fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ff60}' | '\u{20000}'..='\u{3ffff}')
}

/// Mathematical signs, of which some have variants.
fn is_symbol(c: char) -> bool {
    matches!(c, '0' | '\u{2200}'..='\u{22ff}' | '\u{2a00}'..='\u{2aff}')
}

/// Whether a tag belongs to a flag such as that of Scotland: a black flag, few tags, and the tag that ends them.
fn is_flag_tag(chars: &[(usize, char)], index: usize) -> bool {
    let is_tag = |c: &char| ('\u{e0020}'..='\u{e007f}').contains(c);
    let tags = |part: &mut dyn Iterator<Item = &(usize, char)>| part.take(8).take_while(|(_, c)| is_tag(c)).count();
    let (head, tail) = chars.split_at(index.min(chars.len()));
    let (before, after) = (tags(&mut head.iter().rev()), tags(&mut tail.iter()));
    let flag = head.len().checked_sub(before + 1).and_then(|at| head.get(at)).is_some_and(|(_, c)| *c == '\u{1f3f4}');
    let ends = (before + after).checked_sub(1).and_then(|last| chars.get(index - before + last));
    flag && (before + after) <= 7 && ends.is_some_and(|(_, c)| *c == '\u{e007f}')
}

/// An encoded word (RFC 2047) such as `=?utf-8?B?…?=`, which a mail reader would show as something else.
pub fn encoded_word(text: &str) -> Option<&str> {
    text.match_indices("=?").find_map(|(start, _)| {
        let (charset, rest) = text.get(start + 2..)?.split_once('?')?;
        let (encoding, rest) = rest.split_once('?')?;
        let (inside, _) = rest.split_once("?=")?;
        let is_word = !charset.is_empty()
            && charset.bytes().all(|b| b.is_ascii_graphic())
            && matches!(encoding, "b" | "B" | "q" | "Q");
        is_word.then(|| text.get(start..start + 2 + charset.len() + 3 + inside.len() + 2)).flatten()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_sees_is_found() {
        for (text, found) in [
            ("zero\u{200b}width", (4, '\u{200b}', 1)),
            ("soft\u{ad}hyphen\u{ad}", (4, '\u{ad}', 2)),
            ("a\u{fe0f}", (1, '\u{fe0f}', 1)),
            ("\u{e0041}\u{e0042}", (0, '\u{e0041}', 2)),
            ("co\u{200d}operate", (2, '\u{200d}', 1)),
            ("\u{1f3f4}\u{e0073}\u{e0065}\u{e0063}\u{e0072}\u{e0065}\u{e0074}\u{e0073}\u{e007f}", (4, '\u{e0073}', 8)),
        ] {
            assert_eq!(invisible(text), Some(found), "{text:?}");
        }
    }

    #[test]
    fn what_a_script_or_an_emoji_needs_is_left_alone() {
        for text in [
            "plain",
            "❤\u{fe0f}",
            "👩\u{200d}💻",
            "🏳\u{fe0f}\u{200d}🌈",
            "می\u{200c}خواهم",
            "क्\u{200d}ष",
            "葛\u{e0100}",
            "1\u{fe0f}\u{20e3}",
            "\u{1f3f4}\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}",
        ] {
            assert_eq!(invisible(text), None, "{text:?}");
        }
    }

    #[test]
    fn encoded_words_are_found_wherever_they_stand() {
        assert_eq!(encoded_word("Re: =?utf-8?B?SGVsbG8=?= all"), Some("=?utf-8?B?SGVsbG8=?="));
        assert_eq!(encoded_word("=?=?iso-8859-1?q?a_b?="), Some("=?iso-8859-1?q?a_b?="));
        for text in ["a =? b", "=?utf-8?x?a?=", "what?=!", "=??q?a?=", "=?utf-8?B?open"] {
            assert_eq!(encoded_word(text), None, "{text}");
        }
    }
}
