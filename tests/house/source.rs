//! The paths that a source file names, such as `crate::domain::Line` or `git2::Repository`, with their lines.
//!
//! Comments, texts and what only tests use are left out. This reads as much of Rust as the house rules need.

use std::fmt;
use std::path::Path;
use std::sync::LazyLock;

/// A path as a file names it; one inside braces is whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    /// The file, below the project's root.
    pub(super) file: String,
    /// From 1.
    pub(super) line: usize,
    /// Its parts; `super` and `self` are resolved, so the project's own begin with `crate`.
    pub(super) parts: Vec<String>,
    /// Whether it is a macro's name.
    pub(super) is_macro: bool,
}

impl Named {
    /// Whether some parts, such as `std::env`, begin the path.
    pub(super) fn begins(&self, with: &str) -> bool {
        let with: Vec<&str> = with.split("::").collect();
        self.parts.len() >= with.len() && self.parts.iter().zip(with).all(|(part, with)| part == with)
    }

    /// Whether some parts, such as `Utc::now`, stand in the path one after the other.
    pub(super) fn holds(&self, parts: &str) -> bool {
        let parts: Vec<&str> = parts.split("::").collect();
        self.parts.windows(parts.len()).any(|window| window.iter().zip(&parts).all(|(a, b)| a == b))
    }
}

impl fmt::Display for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.parts.join("::"))
    }
}

/// A source file below `src`.
pub(super) struct Source {
    /// Its path below the project's root, with `/`.
    pub(super) file: String,
    /// The module of `src/lib.rs` it belongs to: `policy`, or `main` and `lib` for the two at the top.
    pub(super) module: String,
    /// How many lines it has.
    pub(super) lines: usize,
    /// What it names outside its tests.
    pub(super) named: Vec<Named>,
}

/// All sources below `src` that the program is made of, sorted.
pub(super) fn sources() -> &'static [Source] {
    static SOURCES: LazyLock<Vec<Source>> = LazyLock::new(read_sources);
    &SOURCES
}

fn read_sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut texts = Vec::new();
    read_folder(&root.join("src"), "src", &mut texts);
    texts.sort();
    let only_tests: Vec<Vec<String>> = texts.iter().flat_map(|(file, text)| test_modules(file, text)).collect();
    let is_program = |file: &str| !only_tests.iter().any(|module| module_path(file).starts_with(module));
    texts.iter().filter(|(file, _)| is_program(file)).map(|(file, text)| read_source(file, text)).collect()
}

fn read_folder(folder: &Path, below: &str, texts: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let file = format!("{below}/{}", path.file_name().unwrap().to_string_lossy());
        if path.is_dir() {
            read_folder(&path, &file, texts);
        } else if file.ends_with(".rs") {
            texts.push((file, std::fs::read_to_string(&path).unwrap()));
        }
    }
}

/// `policy`, `state` for `src/policy/state.rs`.
fn module_path(file: &str) -> Vec<String> {
    let mut parts: Vec<String> = file.trim_end_matches(".rs").split('/').skip(1).map(str::to_owned).collect();
    parts.pop_if(|last| last == "mod");
    parts
}

/// The modules that a file takes in for tests only: `#[cfg(test)] mod examples;`.
fn test_modules(file: &str, text: &str) -> Vec<Vec<String>> {
    let tokens = tokens(text);
    let words: Vec<&str> = tokens.iter().map(|token| token.text.as_str()).collect();
    let marked = words.windows(10).filter(|ten| ten[..8].concat() == "#[cfg(test)]mod" && ten[9] == ";");
    marked.map(|ten| module_path(file).into_iter().chain([ten[8].to_owned()]).collect()).collect()
}

/// What one file names.
pub(super) fn read_source(file: &str, text: &str) -> Source {
    let at = module_path(file);
    let module = at.first().cloned().unwrap_or_default();
    let tokens = without_tests(&tokens(text));
    let mut named = Vec::new();
    let mut next = 0;
    while next < tokens.len() {
        let starts = matches!(tokens[next].kind, Kind::Word) && !follows_path(&tokens, next);
        if starts {
            next = read_path(&tokens, next, &[], &mut |line, parts: Vec<String>, is_macro| {
                named.push(Named { file: file.to_owned(), line, parts: resolve(parts, &at), is_macro });
            });
        } else {
            next += 1;
        }
    }
    Source { file: file.to_owned(), module, lines: text.lines().count(), named }
}

/// Whether a word continues a path or names a field or method.
fn follows_path(tokens: &[Token], at: usize) -> bool {
    at > 0 && matches!(tokens[at - 1].text.as_str(), "::" | ".") && !(at > 1 && tokens[at - 2].text == ".")
}

/// Reads a path and all paths of its braces; gives the first token behind it.
fn read_path(
    tokens: &[Token],
    mut at: usize,
    above: &[String],
    tell: &mut impl FnMut(usize, Vec<String>, bool),
) -> usize {
    let mut parts = above.to_vec();
    let text = |at: usize| tokens.get(at).map_or("", |token| token.text.as_str());
    let line = tokens[at].line;
    loop {
        match text(at) {
            "{" => {
                at += 1;
                while at < tokens.len() && text(at) != "}" {
                    at = if text(at) == "," { at + 1 } else { read_path(tokens, at, &parts, tell) };
                }
                return at + 1;
            }
            part => parts.push(part.to_owned()),
        }
        at += 1;
        if text(at) == "::"
            && (tokens.get(at + 1).is_some_and(|next| matches!(next.kind, Kind::Word))
                || text(at + 1) == "{"
                || text(at + 1) == "*")
        {
            at += 1;
            continue;
        }
        if !above.is_empty() && text(at) == "as" {
            tell(line, parts, false);
            return at + 2;
        }
        tell(line, parts, text(at) == "!" && text(at + 1) != "=");
        return at;
    }
}

/// `super::x` in `src/policy/state.rs` is `crate::policy::x`.
fn resolve(parts: Vec<String>, at: &[String]) -> Vec<String> {
    let ups = parts.iter().take_while(|part| *part == "super").count();
    let own = usize::from(parts.first().is_some_and(|part| part == "self"));
    match (ups, own, parts.first().map(String::as_str)) {
        (_, _, Some("liaison")) => ["crate".to_owned()].into_iter().chain(parts.into_iter().skip(1)).collect(),
        (0, 0, _) => parts,
        _ => {
            let from = at.len().saturating_sub(ups);
            let above = ["crate".to_owned()].into_iter().chain(at[..from].iter().cloned());
            above.chain(parts.into_iter().skip(ups + own)).collect()
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Word,
    Sign,
}

#[derive(Debug, Clone)]
struct Token {
    kind: Kind,
    text: String,
    line: usize,
}

/// Words and signs; `::` is one sign. Comments, texts, numbers and lifetimes are left out.
fn tokens(text: &str) -> Vec<Token> {
    let chars: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let (mut at, mut line) = (0, 1);
    while at < chars.len() {
        let rest = &chars[at..];
        let is_word = |c: &char| c.is_alphanumeric() || *c == '_';
        let word = rest.iter().take_while(|c| is_word(c)).count();
        let length = skipped(rest);
        if length > 0 {
            line += rest[..length].iter().filter(|c| **c == '\n').count();
            at += length;
        } else if word > 0 {
            if !rest[0].is_ascii_digit() {
                tokens.push(Token { kind: Kind::Word, text: rest[..word].iter().collect(), line });
            }
            at += word;
        } else {
            let length = if rest.starts_with(&[':', ':']) { 2 } else { 1 };
            if !rest[0].is_whitespace() {
                tokens.push(Token { kind: Kind::Sign, text: rest[..length].iter().collect(), line });
            }
            line += usize::from(rest[0] == '\n');
            at += length;
        }
    }
    tokens
}

/// How many characters a comment, a text, a character or a lifetime takes here; 0 when none begins.
fn skipped(rest: &[char]) -> usize {
    let until = |end: &[char], from: usize| {
        (from..rest.len()).find(|at| rest[*at..].starts_with(end)).map_or(rest.len(), |at| at + end.len())
    };
    let raw = |from: usize| {
        let hashes = rest[from..].iter().take_while(|c| **c == '#').count();
        let opens = rest.get(from + hashes) == Some(&'"');
        opens.then(|| until(&['"'].into_iter().chain(vec!['#'; hashes]).collect::<Vec<_>>(), from + hashes + 1))
    };
    let quoted = |from: usize| {
        let mut at = from;
        while at < rest.len() && rest[at] != '"' {
            at += if rest[at] == '\\' { 2 } else { 1 };
        }
        (at + 1).min(rest.len())
    };
    match rest {
        ['/', '/', ..] => until(&['\n'], 2) - usize::from(rest.contains(&'\n')),
        ['/', '*', ..] => until(&['*', '/'], 2),
        ['"', ..] => quoted(1),
        ['b' | 'c', '"', ..] => quoted(2),
        ['r', '"' | '#', ..] => raw(1).unwrap_or(0),
        ['b' | 'c', 'r', '"' | '#', ..] => raw(2).unwrap_or(0),
        ['\'', '\\', _, ..] => until(&['\''], 3),
        ['\'', _, '\'', ..] => 3,
        ['\'', ..] => 1 + rest[1..].iter().take_while(|c| c.is_alphanumeric() || **c == '_').count(),
        _ => 0,
    }
}

/// Leaves out every item behind `#[cfg(test)]`.
fn without_tests(tokens: &[Token]) -> Vec<Token> {
    let mut kept = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let marked: String = tokens[at..].iter().take(7).map(|token| token.text.as_str()).collect();
        if marked != "#[cfg(test)]" {
            kept.push(tokens[at].clone());
            at += 1;
            continue;
        }
        let mut depth = 0;
        at += 7;
        while at < tokens.len() {
            let text = tokens[at].text.as_str();
            depth += i32::from(text == "{") - i32::from(text == "}");
            at += 1;
            if depth == 0 && matches!(text, "}" | ";") {
                break;
            }
        }
    }
    kept
}
