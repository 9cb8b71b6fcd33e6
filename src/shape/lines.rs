//! Where the lines and characters of a text begin, so that any place in it is found quickly.

use super::{Position, Span};

/// How many characters lie between two remembered ones.
const STEP: usize = 64;

/// The index of a text. Lines end with LF, as editors and git count them.
#[derive(Debug)]
pub struct LineIndex<'t> {
    text: &'t str,
    /// The byte of every `STEP`th character.
    steps: Vec<usize>,
    /// The first character of every line.
    lines: Vec<usize>,
    chars: usize,
}

impl<'t> LineIndex<'t> {
    /// Looks through a text once.
    pub fn new(text: &'t str) -> Self {
        let mut index = Self { text, steps: Vec::new(), lines: vec![0], chars: 0 };
        for (byte, c) in text.char_indices() {
            if index.chars.is_multiple_of(STEP) {
                index.steps.push(byte);
            }
            index.chars += 1;
            if c == '\n' {
                index.lines.push(index.chars);
            }
        }
        index
    }

    /// The position of the character with a number from 0; the end of the text for any later one.
    pub fn of_char(&self, char: usize) -> Position {
        let char = char.min(self.chars);
        let step = self.steps.get(char / STEP).copied().unwrap_or(self.text.len());
        let rest = self.text.get(step..).unwrap_or_default();
        let byte = rest.char_indices().nth(char % STEP).map_or(self.text.len(), |(at, _)| step + at);
        self.position(byte, char)
    }

    /// The position of a byte, or of the character that it is in.
    pub fn of_byte(&self, byte: usize) -> Position {
        let step = self.steps.partition_point(|start| *start <= byte).saturating_sub(1);
        let start = self.steps.get(step).copied().unwrap_or(0);
        let rest = self.text.get(start..).unwrap_or_default();
        let before = rest.char_indices().take_while(|(at, c)| start + at + c.len_utf8() <= byte).count();
        self.of_char(step * STEP + before)
    }

    /// The span between two bytes.
    pub fn span(&self, start: usize, end: usize) -> Span {
        Span { start: self.of_byte(start), end: self.of_byte(end) }
    }

    fn position(&self, byte: usize, char: usize) -> Position {
        let line = self.lines.partition_point(|start| *start <= char);
        let start = line.checked_sub(1).and_then(|index| self.lines.get(index)).copied().unwrap_or(0);
        Position { byte, line, column: char - start + 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_and_bytes_have_the_same_place() {
        let text = format!("{}\n{}é😀x\r\nlast", "a".repeat(100), "é".repeat(130));
        let index = LineIndex::new(&text);
        for (char, (byte, _)) in text.char_indices().enumerate() {
            let place = index.of_char(char);
            assert_eq!((place.byte, place), (byte, index.of_byte(byte)));
            let before = &text[..byte];
            let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
            assert_eq!((place.line, place.column), (before.matches('\n').count() + 1, column));
        }
        let end = index.of_char(usize::MAX);
        assert_eq!((end.byte, end.line, end.column), (text.len(), 3, 5));
        assert_eq!(index.of_byte(usize::MAX), end);
        assert_eq!(index.of_byte(102), index.of_byte(101), "inside of a character");
        assert_eq!(LineIndex::new("").of_char(3), Position { byte: 0, line: 1, column: 1 });
    }
}
