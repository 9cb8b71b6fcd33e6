//! A record of invented statements: half received, half sent, each tenth an answer; made by one `git fast-import`.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use chrono::{Days, NaiveDate};
use liaison::digest::content_digest;
use liaison::domain::{
    Act, ActKind, Contact, Content, Detail, Digest, Direction, Instant, Line, Link, Purpose, Statement, StatementId,
    StatementName, Text, Word,
};
use liaison::record::{act_yaml, statement_yaml};

type Fallible<T> = Result<T, Box<dyn std::error::Error>>;

/// Paths and bytes.
type Files = Vec<(String, Vec<u8>)>;

/// Letters a year: a folder of the real thing holds a few hundred.
const PER_YEAR: usize = 400;

/// Writes the record and checks it out.
pub(crate) fn generate(folder: &Path, count: usize) -> Fallible<()> {
    std::fs::create_dir_all(folder)?;
    git(folder, &["init", "--quiet", "--initial-branch=main"])?;
    for (key, value) in [("user.name", "Rob Registrar"), ("user.email", "rob@ietf.example")] {
        git(folder, &["config", key, value])?;
    }
    let mut import =
        Command::new("git").current_dir(folder).args(["fast-import", "--quiet"]).stdin(Stdio::piped()).spawn()?;
    let mut stream = std::io::BufWriter::new(import.stdin.take().ok_or("no pipe to git")?);
    let mut first = vec![("liaison.toml".to_owned(), include_bytes!("../../tests/rules-base.toml").to_vec())];
    collect(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src/cli/example/directory")), "directory", &mut first)?;
    commit(&mut stream, 0, "Begin the record", &first)?;
    for index in 0..count {
        let (name, files) = letter(index)?;
        commit(&mut stream, index + 1, &format!("record {name}"), &files)?;
    }
    stream.flush()?;
    drop(stream);
    if !import.wait()?.success() {
        return Err("git fast-import failed".into());
    }
    git(folder, &["reset", "--quiet", "--hard", "main"])
}

/// One letter with its acts.
fn letter(index: usize) -> Fallible<(StatementName, Files)> {
    let id = id_of(index);
    let day = NaiveDate::from_ymd_opt(i32::from(id.year()), 1, 2).ok_or("a year")?
        + Days::new((index % PER_YEAR * 350 / PER_YEAR) as u64);
    let at = Instant::parse(&format!("{day}T10:00:00Z"))?.ok_or("a moment")?;
    let outgoing = index % 2 == 1;
    let line = |text: &str| -> Fallible<Line> { Ok(Line::parse(text)?.ok_or("a line")?) };
    let contact = |text: &str| -> Fallible<Contact> { Ok(Contact::parse(text)?.ok_or("a contact")?) };
    let mut content = Content {
        direction: Some(if outgoing { Direction::Outgoing } else { Direction::Incoming }),
        title: Some(line(&format!("Question {index} on transport networks – étude nº {}", index % 97))?),
        date: (!outgoing).then_some(day),
        purpose: Some(if outgoing { Purpose::InResponse } else { Purpose::ForAction }),
        deadline: (!outgoing).then_some(day + Days::new(60)),
        body: Text::parse(&body(index))?,
        ..Content::default()
    };
    let (ours, theirs) = (vec![line("ccamp")?], vec![line("itu-t-sg15")?]);
    (content.from.groups, content.to.groups) = if outgoing { (ours, theirs) } else { (theirs, ours) };
    content.from.contacts =
        vec![contact("Sender <sender@itu-t.example>")?, contact("CCAMP Chairs <ccamp-chairs@ietf.example>")?];
    content.to.contacts = vec![contact("Receiver <receiver@ietf.example>")?];
    if outgoing {
        content.in_response_to = vec![Link::Here(StatementName::Numbered(id_of(index - 1)))];
        content.consensus.level = Word::parse("none-claimed")?;
    }
    let digest = content_digest(&content);
    let mut act = Act::new(
        if outgoing { ActKind::Sent } else { ActKind::Receive },
        Word::parse("rob-registrar")?.ok_or("a word")?,
        at,
    );
    act.content = Some(digest);
    if outgoing {
        act.details.insert("date".into(), Detail::text(&day.to_string())?);
    }
    act.details.insert("via".into(), Detail::text("import")?);
    act.details.insert(
        if outgoing { "url" } else { "key" }.into(),
        Detail::text(&format!("https://archive.example/{}", Digest::of(&index.to_le_bytes()).short(16)))?,
    );
    let name = StatementName::Numbered(id);
    let files = vec![
        (name.path(), statement_yaml(&Statement { content, ..Statement::default() })?.into_bytes()),
        (format!("{}/acts/{}", name.stem(), act.file_name()), act_yaml(&act)?.into_bytes()),
    ];
    Ok((name, files))
}

fn id_of(index: usize) -> StatementId {
    let year = 2025 - u16::try_from(index / PER_YEAR).unwrap_or(0);
    StatementId::new(year, u32::try_from(index % PER_YEAR).unwrap_or(0) + 1)
}

/// About two kilobytes of text, different in each letter.
fn body(index: usize) -> String {
    let paragraph = |number: usize| {
        format!(
            "{number}. The group considered item {} and found that the parameters of clause {} differ from those of the draft; a common text would serve both sides better than two.\n",
            index * 7 + number,
            (index + number) % 31
        )
    };
    let paragraphs: Vec<String> = (1..=11).map(paragraph).collect();
    format!("Dear colleagues,\n\n{}\nNo consensus of the group is claimed.\n\nKind regards\n", paragraphs.join("\n"))
}

fn commit(stream: &mut impl Write, number: usize, message: &str, files: &[(String, Vec<u8>)]) -> Fallible<()> {
    writeln!(
        stream,
        "commit refs/heads/main\ncommitter Rob Registrar <rob@ietf.example> {} +0000",
        1_200_000_000 + number * 60
    )?;
    writeln!(stream, "data {}\n{message}", message.len())?;
    for (path, bytes) in files {
        writeln!(stream, "M 100644 inline {path}\ndata {}", bytes.len())?;
        stream.write_all(bytes)?;
        writeln!(stream)?;
    }
    Ok(())
}

fn collect(folder: &Path, below: &str, files: &mut Vec<(String, Vec<u8>)>) -> Fallible<()> {
    let mut entries: Vec<_> = std::fs::read_dir(folder)?.collect::<Result<_, _>>()?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let path = format!("{below}/{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &path, files)?;
        } else {
            files.push((path, std::fs::read(entry.path())?));
        }
    }
    Ok(())
}

fn git(folder: &Path, args: &[&str]) -> Fallible<()> {
    let status = Command::new("git").current_dir(folder).args(args).status()?;
    if status.success() { Ok(()) } else { Err(format!("git {} failed", args.join(" ")).into()) }
}
