//! `liaison edit`

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context as _;

use crate::check::{Whole, is_of_an_act};
use crate::cli::args::TravelArgs;
use crate::cli::ask;
use crate::cli::context::Context;
use crate::cli::desk::{Desk, letter_name, me};
use crate::cli::exit::{Outcome, refuse, usage};
use crate::cli::findings_text::write_findings;
use crate::cli::input::{Limit, read_input, read_input_or_stdin, refuse_sum, text_of};
use crate::cli::travel::Traveller;
use crate::digest::{changed_fields, hints};
use crate::domain::{Digest, StatementName};
use crate::findings::{Code, Finding, Place, Severity};
use crate::record::{Splice, parse_statement, splice};
use crate::shape::Sink;
use crate::store::{Change, Memory, Record};

use super::acting::{ActorArgs, told};

/// Change a draft: in your editor, or single values; everything else keeps its bytes
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "Examples:
  liaison edit ech-in-5g                                        In $EDITOR; checked when you save
  liaison edit ech-in-5g --set deadline=2027-01-15
  liaison edit ech-in-5g --set 'to.contacts=[SA3 <sa3@3gpp.example>, b@3gpp.example]'
  liaison edit ech-in-5g --unset deadline --attach profile.pdf
  liaison edit ech-in-5g --body text.txt

Comments, the order of keys and untouched text survive byte for byte. Approvals of the old content become stale.")]
pub(crate) struct EditArgs {
    /// The draft
    #[arg(value_name = "ID")]
    letter: String,
    /// Set a value: title=…, deadline=…, to.send-to=…, from.groups=[a, b]
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// Remove a key
    #[arg(long, value_name = "KEY")]
    unset: Vec<String>,
    /// Replace the text by this file's
    #[arg(long, value_name = "FILE|-")]
    body: Option<PathBuf>,
    /// Add a file to send along, or replace the one of that name
    #[arg(long, value_name = "FILE")]
    attach: Vec<PathBuf>,
    /// Go on in the editor with a text that it left before, instead of the draft's own
    #[arg(long, value_name = "FILE", conflicts_with_all = ["set", "unset", "body", "attach", "detach"])]
    resume: Option<PathBuf>,
    /// Take an attachment away
    #[arg(long, value_name = "NAME")]
    detach: Vec<String>,
    #[command(flatten)]
    actor: ActorArgs,
    #[command(flatten)]
    travel: TravelArgs,
}

/// Makes the new text, checks it, and lets it travel; on faults it is offered back.
pub(crate) fn run(args: &EditArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    let desk = Desk::open(ctx)?;
    let record = desk.record()?;
    let name = letter_name(&record, &args.letter)?;
    if !name.is_draft() {
        let is_ours = record.letter(&name)?.is_some_and(|letter| letter.statement.value.content.is_outgoing());
        let instead = match is_ours {
            true => format!("liaison new --revises {name} begins a new letter"),
            false => format!("liaison correct {name} mends what we transcribed"),
        };
        let help = format!("{instead}; liaison annotate {name} adds numbers and tags");
        return Err(refuse(format!("{name} is frozen"), help));
    }
    let by = me(&record.directory, ctx, &desk, args.actor.actor.as_deref())?;
    let before = record.files().read(&name.path())?.with_context(|| format!("{name} has no file"))?;
    let text = String::from_utf8(before.clone()).context("the draft is not UTF-8")?;
    let mut files = Change::default();
    let nothing_given = args.set.is_empty()
        && args.unset.is_empty()
        && args.body.is_none()
        && args.attach.is_empty()
        && args.detach.is_empty();
    let edited = if nothing_given {
        let left = args.resume.as_ref().map(|path| {
            let bytes = read_input(ctx, path, Limit::text(&record.settings.limits))?;
            text_of(bytes, "the text")
        });
        in_editor(ctx, &record, &name, &left.transpose()?.unwrap_or_else(|| text.clone()))?
    } else {
        by_flags(args, ctx, &record, &name, &text, &mut files)?
    };
    if edited.as_bytes() == before.as_slice() && files == Change::default() {
        ctx.hint("nothing was changed")?;
        return Ok(Outcome::Done);
    }
    let faults = faults_of(&record, &name, &edited, &files, ctx)?;
    let errors = errors(&faults);
    if let Some(worst) = errors.first() {
        let mut look = Memory::default();
        look.files.insert(name.path(), edited.into_bytes());
        write_findings(ctx, &look, &errors)?;
        return Err(refuse(format!("not saved: {}", worst.message), format!("liaison edit {name} again")));
    }
    let changed = changed(&before, edited.as_bytes(), &name);
    let change = files.write(name.path(), edited.into_bytes());
    let traveller = Traveller { settings: &record.settings, args: args.travel, letter: Some(&name) };
    let what = if changed.is_empty() { "comments or layout".to_owned() } else { changed.join(", ") };
    let who = record.directory.name_of(by.as_str());
    let message = format!("edit: {name} by {who}: {}\n\nChanged: {what}", in_short(&changed, &what));
    let reached = traveller.go(ctx, &desk, &change, &message)?;
    writeln!(ctx.out, "{name}: changed {what}")?;
    ctx.hint(told(&reached))?;
    tell_stale(ctx, &desk, &name)?;
    let open = faults.iter().filter(|finding| finding.severity == Severity::Todo).count();
    if open > 0 {
        let things = if open == 1 { "1 thing is".into() } else { format!("{open} things are") };
        ctx.hint(format!("{things} still to do: liaison check {name}"))?;
    }
    Ok(Outcome::Done)
}

/// What changed, for the subject of a commit: at most three fields.
fn in_short(changed: &[String], what: &str) -> String {
    match changed {
        [first, second, third, _, ..] => format!("{first}, {second}, {third} and {} more", changed.len() - 3),
        _ => what.to_owned(),
    }
}

/// The fields that differ, by their names.
fn changed(before: &[u8], after: &[u8], name: &StatementName) -> Vec<String> {
    let path = name.path();
    let read = |bytes: &[u8]| parse_statement(bytes, &mut Sink::new(&path));
    match (read(before), read(after)) {
        (Some(before), Some(after)) => changed_fields(&hints(&before.value.content), &after.value.content),
        _ => Vec::new(),
    }
}

fn tell_stale(ctx: &mut Context, desk: &Desk, name: &StatementName) -> anyhow::Result<()> {
    let record = desk.record()?;
    let whole = Whole::around(&record, name, None)?;
    let Some(overview) = whole.overview(name, ctx.now)? else { return Ok(()) };
    for stale in &overview.approval.stale {
        let who = record.directory.name_of(stale.act.by.as_str());
        ctx.hint(format!("the {} by {who} is stale now: {}", stale.act.kind.noun(), stale.change.what()))?;
    }
    Ok(())
}

fn errors(faults: &[Finding]) -> Vec<Finding> {
    faults.iter().filter(|finding| finding.severity == Severity::Error).cloned().collect()
}

/// What is wrong with the draft as it would be; what its acts lack no edit mends.
fn faults_of(
    record: &Record<'_>,
    name: &StatementName,
    edited: &str,
    files: &Change,
    ctx: &Context,
) -> anyhow::Result<Vec<Finding>> {
    let mut memory = Memory::copy(record.files())?;
    memory.files.insert(name.path(), edited.as_bytes().to_vec());
    for (path, bytes) in &files.write {
        memory.files.insert(path.clone(), bytes.clone());
    }
    for path in &files.remove {
        memory.files.remove(path);
    }
    let after = Record::open(&memory)?;
    let whole = Whole::around(&after, name, None)?;
    if !whole.corpus.letters.contains_key(name) {
        let mut faults = after.faults(name)?;
        if faults.is_empty() {
            let finding = Finding::plain(Code::WrongShape, "the text is no letter any more");
            faults.push(finding.at(Place::file(name.path())).help("write the letter; only `liaison send` numbers it"));
        }
        return Ok(faults);
    }
    let mut faults = whole.judge(name, ctx.now)?;
    faults.retain(|finding| !is_of_an_act(finding, name));
    Ok(faults)
}

/// The person's editor on a copy; what fails is offered back, and never lost.
fn in_editor(ctx: &mut Context, record: &Record<'_>, name: &StatementName, text: &str) -> anyhow::Result<String> {
    let editor = ctx.editor.clone();
    let Some(editor) = editor.filter(|_| ctx.interactive || ctx.editor.is_some()) else {
        return Err(usage("no editor is known", "set EDITOR, or change values with --set KEY=VALUE"));
    };
    let folder = tempfile::Builder::new().prefix("liaison-edit-").tempdir()?.keep();
    let file = folder.join(format!("{name}.yaml"));
    std::fs::write(&file, text)?;
    loop {
        let mut words = editor.split_whitespace();
        let program = words.next().unwrap_or("vi");
        let status = Command::new(program).args(words).arg(&file).status().map_err(|error| {
            let _ = std::fs::remove_dir_all(&folder);
            usage(
                format!("the editor `{editor}` cannot be started: {error}"),
                "set LIAISON_EDITOR, VISUAL or EDITOR to a program that is here, or change values with --set KEY=VALUE",
            )
        })?;
        if !status.success() {
            return Err(refuse(format!("the editor ended with {status}; nothing was saved"), resuming(name, &file)));
        }
        let edited = read_back(&file, name)?;
        let faults = errors(&faults_of(record, name, &edited, &Change::default(), ctx)?);
        if faults.is_empty() {
            let _ = std::fs::remove_dir_all(&folder);
            return Ok(edited);
        }
        let mut look = Memory::default();
        look.files.insert(name.path(), edited.into_bytes());
        write_findings(ctx, &look, &faults)?;
        if !ctx.interactive || !ask::confirm(ctx, "go on editing?")? {
            return Err(refuse("not saved: the text has errors", resuming(name, &file)));
        }
    }
}

/// What to type to go on with a text that was not saved.
fn resuming(name: &StatementName, file: &std::path::Path) -> String {
    format!("your text is kept: liaison edit {name} --resume {}", file.display())
}

/// What the editor saved: a text, or a refusal that says what to do.
fn read_back(file: &Path, name: &StatementName) -> anyhow::Result<String> {
    let shown = file.display();
    let bytes = std::fs::read(file).map_err(|error| {
        let is_gone = error.kind() == std::io::ErrorKind::NotFound;
        let why = if is_gone { "it is not there any more".to_owned() } else { error.to_string() };
        refuse(
            format!("the editor left no file that can be read at {shown}: {why}; nothing was saved"),
            format!("{name} is as it was; liaison edit {name} begins again, liaison withdraw {name} withdraws it"),
        )
    })?;
    String::from_utf8(bytes).map_err(|_| {
        refuse(
            "what the editor saved is not UTF-8; nothing was saved",
            format!("save it as UTF-8; {}", resuming(name, file)),
        )
    })
}

/// Single values, spliced in.
fn by_flags(
    args: &EditArgs,
    ctx: &Context,
    record: &Record<'_>,
    name: &StatementName,
    text: &str,
    files: &mut Change,
) -> anyhow::Result<String> {
    let mut changes = Vec::new();
    for pair in &args.set {
        let Some((path, value)) = pair.split_once('=') else {
            return Err(usage(format!("`{pair}` is no KEY=VALUE"), "for example --set deadline=2027-01-15"));
        };
        changes.push(Splice { path: path.trim().to_owned(), value: Some(flow_value(value)) });
    }
    changes.extend(args.unset.iter().map(|path| Splice { path: path.clone(), value: None }));
    if let Some(path) = &args.body {
        let bytes = read_input_or_stdin(ctx, path, Limit::text(&record.settings.limits))?;
        let body = text_of(bytes, "the text")?;
        changes.push(Splice { path: "body".into(), value: Some(block_value(&body)) });
    }
    if !args.attach.is_empty() || !args.detach.is_empty() {
        changes.push(Splice { path: "attachments".into(), value: attachments(args, ctx, record, name, files)? });
    }
    Ok(splice(text, &changes)?)
}

/// A value as YAML on one line: lists and mappings as written, all else quoted.
fn flow_value(value: &str) -> String {
    let value = value.trim();
    if value.starts_with('[') && value.ends_with(']') {
        let items = value[1..value.len() - 1].split(',').map(str::trim).filter(|item| !item.is_empty());
        return format!("[{}]", items.map(quoted).collect::<Vec<_>>().join(", "));
    }
    quoted(value)
}

/// A text in double quotes, as JSON and YAML both read it; one that has quotes already stays.
fn quoted(text: &str) -> String {
    let inner = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(text);
    serde_json::Value::String(inner.to_owned()).to_string()
}

/// A text of several lines as a block.
fn block_value(text: &str) -> String {
    let lines: Vec<String> =
        text.trim_end().lines().map(|line| if line.is_empty() { String::new() } else { format!("  {line}") }).collect();
    format!("|2\n{}", lines.join("\n"))
}

/// The list of attachments after some were added and taken away, as a flow list; their files go into `files`.
fn attachments(
    args: &EditArgs,
    ctx: &Context,
    record: &Record<'_>,
    name: &StatementName,
    files: &mut Change,
) -> anyhow::Result<Option<String>> {
    let letter = record.letter(name)?.with_context(|| format!("{name} cannot be read"))?;
    let mut list = letter.statement.value.content.attachments;
    for gone in &args.detach {
        let known = list.len();
        list.retain(|attachment| {
            attachment.file.as_ref().or(attachment.url.as_ref()).map(ToString::to_string).as_deref() != Some(gone)
        });
        if list.len() == known {
            return Err(usage(format!("the draft has no attachment `{gone}`"), format!("liaison show {name}")));
        }
        files.remove.push(format!("{}/{gone}", name.stem()));
    }
    for path in &args.attach {
        let bytes = read_input(ctx, path, Limit::attachment(&record.settings.limits))?;
        let given = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let file = crate::mail::safe_name(&given, &[]);
        list.retain(|attachment| attachment.file.as_ref().map(ToString::to_string).as_deref() != Some(file.as_str()));
        list.push(crate::domain::Attachment {
            title: if file == given { None } else { crate::domain::Line::parse(&given)? },
            sha256: Some(Digest::of(&bytes)),
            url: None,
            file: crate::domain::Line::parse(&file)?,
        });
        files.write.push((format!("{}/{file}", name.stem()), bytes));
    }
    let kept = record.facts(name)?.into_iter().filter(|fact| {
        let path = format!("{}/{}", name.stem(), fact.name);
        list.iter().any(|attachment| attachment.file.as_ref().is_some_and(|file| file.as_str() == fact.name))
            && !files.write.iter().any(|(written, _)| *written == path)
    });
    let sum = kept.map(|fact| fact.size).chain(files.write.iter().map(|(_, bytes)| bytes.len() as u64)).sum();
    if !args.attach.is_empty() {
        refuse_sum(sum, &record.settings.limits)?;
    }
    let item = |attachment: &crate::domain::Attachment| {
        let keys = [
            ("file", attachment.file.as_ref().map(ToString::to_string)),
            ("url", attachment.url.as_ref().map(ToString::to_string)),
            ("title", attachment.title.as_ref().map(ToString::to_string)),
            ("sha256", attachment.sha256.map(|digest| digest.to_string())),
        ];
        let keys = keys.into_iter().filter_map(|(key, value)| value.map(|value| format!("{key}: {}", quoted(&value))));
        format!("{{{}}}", keys.collect::<Vec<_>>().join(", "))
    };
    Ok(Some(list.iter().map(item).collect::<Vec<_>>().join(", "))
        .filter(|text| !text.is_empty())
        .map(|text| format!("[{text}]")))
}
