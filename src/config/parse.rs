//! Reads `liaison.toml`, strictly.

use std::collections::BTreeMap;

use super::settings::{Flow, FlowMode, FormerId, Lock, Mail, RuleSetting, Settings, Transport};
use super::tables::{ANY, ApprovalRow, At, Authority, Cover, Grade, InformRow, Learner};
use super::toml_tree::parse_toml;
use crate::domain::RecordId;
use crate::domain::text::{is_word, quote};
use crate::domain::time::Term;
use crate::findings::{Code, Finding, Severity};
use crate::shape::{Entry, Fields, Located, Node, Sink, Value};

/// The newest format this program reads.
pub const FORMAT: u64 = 1;

/// What lies at a record's root and cannot hold messages as well.
const NOT_AN_OUTBOX: [&str; 10] = [
    ".git",
    ".gitignore",
    ".gitattributes",
    ".github",
    "directory",
    "drafts",
    "liaison.toml",
    "posting-rights",
    "statements",
    "trust",
];

/// The words of the grades of proof.
const GRADES: [(&str, Grade); 3] =
    [("asserted", Grade::Asserted), ("commit", Grade::Commit), ("signed", Grade::Signed)];

/// Settings with their places, and whatever was wrong.
pub type Loaded = Located<Settings>;

/// Reads the settings; everything wrong goes to the sink. Nothing is returned when the file cannot be read at all.
pub fn parse_config(bytes: &[u8], sink: &mut Sink<'_>) -> Option<Loaded> {
    let root = parse_toml(bytes, sink)?;
    let value = settings(&root, sink)?;
    Some(Located { value, file: sink.file.to_owned(), root })
}

fn settings(root: &Node, sink: &mut Sink<'_>) -> Option<Settings> {
    let mut settings = Settings::default();
    let mut fields = Fields::of(root, "liaison.toml", sink)?;
    fields.require("record", sink);
    if let Some(node) = fields.node("record") {
        record(node, &mut settings, sink);
    }
    if let Some(node) = fields.node("flow") {
        flow(node, &mut settings.flow, sink);
    }
    if let Some(node) = fields.node("send") {
        send(node, &mut settings, sink);
    }
    if let Some(node) = fields.node("mail") {
        mail(node, &mut settings.mail, sink);
    }
    if let Some(node) = fields.node("limits") {
        limits(node, &mut settings, sink);
    }
    if let Some(node) = fields.node("due") {
        due(node, &mut settings, sink);
    }
    if let Some(node) = fields.node("private")
        && let Some(mut private) = Fields::of(node, "[private]", sink)
    {
        settings.private_path = private.line("path", sink).map(|line| line.to_string());
        private.finish(sink);
    }
    if let Some(node) = fields.node("rules") {
        settings.rules = rules(node, sink);
    }
    let lowest = fields.node("proof").and_then(|node| proof(node, sink)).unwrap_or(Grade::Asserted);
    settings.approval.iter_mut().for_each(|row| row.grade = lowest);
    let approval = fields.mappings("approval", sink, |node, sink| approval_row(node, lowest, sink));
    settings.approval.retain(|row| !approval.iter().any(|own| own.act == row.act && own.from == row.from));
    settings.approval.splice(0..0, approval);
    let inform = fields.mappings("inform", sink, inform_row);
    settings.inform.retain(|row| !inform.iter().any(|own| own.event == row.event && own.from == row.from));
    settings.inform.splice(0..0, inform);
    fields.finish(sink);
    Some(settings)
}

fn record(node: &Node, settings: &mut Settings, sink: &mut Sink<'_>) {
    let Some(mut fields) = Fields::of(node, "[record]", sink) else { return };
    for key in ["format", "id", "organization"] {
        fields.require(key, sink);
    }
    let format = fields.number("format", sink);
    if let Some(format) = format.filter(|format| *format > FORMAT) {
        let finding = Finding::plain(
            Code::NewerFormat,
            format!("the record has format {format}, this program reads up to {FORMAT}"),
        );
        sink.push(finding.help("install a newer version: cargo install liaison"), fields.span());
    }
    settings.id = fields.scalar("id", sink, |text| RecordId::parse(text).map(Some));
    settings.former_ids = fields.mappings("former-ids", sink, former_id);
    settings.name = fields.line("name", sink).map_or_else(|| settings.name.clone(), |line| line.to_string());
    settings.organization = fields.word("organization", sink).map(|word| word.to_string()).unwrap_or_default();
    settings.home = fields.line("home", sink).map(|line| line.to_string());
    settings.example = fields.flag("example", sink).unwrap_or(false);
    fields.finish(sink);
}

fn former_id(node: &Node, sink: &mut Sink<'_>) -> Option<FormerId> {
    let mut fields = Fields::of(node, "an entry of `former-ids`", sink)?;
    fields.require("id", sink);
    let id = fields.scalar("id", sink, |text| RecordId::parse(text).map(Some));
    let until = fields.date("until", sink);
    fields.finish(sink);
    Some(FormerId { id: id?, until })
}

/// The lowest proof of rows that do not name their own.
fn proof(node: &Node, sink: &mut Sink<'_>) -> Option<Grade> {
    let mut fields = Fields::of(node, "[proof]", sink)?;
    let grade = fields.choice("grade", sink, &GRADES);
    fields.finish(sink);
    grade
}

fn flow(node: &Node, flow: &mut Flow, sink: &mut Sink<'_>) {
    let Some(mut fields) = Fields::of(node, "[flow]", sink) else { return };
    let modes = [("direct", FlowMode::Direct), ("pull-request", FlowMode::PullRequest)];
    flow.mode = fields.choice("mode", sink, &modes).unwrap_or(flow.mode);
    if flow.mode == FlowMode::PullRequest {
        flow.lock = Lock::Ledger;
    }
    let ref_name = |text: &str| {
        let plain = !text.starts_with('-')
            && !text.contains("..")
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_./".contains(&b));
        if plain {
            Ok(Some(text.to_owned()))
        } else {
            Err(format!("found {}, expected a name git accepts", quote(text)))
        }
    };
    flow.mainline = fields.scalar("mainline", sink, ref_name).unwrap_or_else(|| flow.mainline.clone());
    flow.remote = fields.scalar("remote", sink, ref_name).unwrap_or_else(|| flow.remote.clone());
    fields.finish(sink);
}

fn send(node: &Node, settings: &mut Settings, sink: &mut Sink<'_>) {
    let Some(mut fields) = Fields::of(node, "[send]", sink) else { return };
    let locks = [("mainline", Lock::Mainline), ("liaison/outbox", Lock::Ledger)];
    settings.flow.lock = fields.choice("lock", sink, &locks).unwrap_or(settings.flow.lock);
    settings.mail.transport =
        fields.choice("transport", sink, &[("outbox", Transport::Outbox)]).unwrap_or(settings.mail.transport);
    let below = |text: &str| {
        let text = text.trim().trim_end_matches('/');
        let plain = !text.contains('\\') && !text.split('/').any(|part| matches!(part, "" | "." | ".."));
        let first = text.split('/').next().unwrap_or_default().to_ascii_lowercase();
        if !plain {
            Err(format!("found {}, expected a folder below the record's root", quote(text)))
        } else if NOT_AN_OUTBOX.contains(&first.as_str()) {
            Err(format!("found {}, expected a folder of its own, such as \"outbox\"", quote(text)))
        } else {
            Ok(Some(text.to_owned()))
        }
    };
    settings.mail.outbox = fields.scalar("outbox", sink, below).unwrap_or_else(|| settings.mail.outbox.clone());
    fields.finish(sink);
}

fn mail(node: &Node, mail: &mut Mail, sink: &mut Sink<'_>) {
    let Some(mut fields) = Fields::of(node, "[mail]", sink) else { return };
    let domain = |text: &str| {
        let plain = !text.is_empty()
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.".contains(&b))
            && !text.starts_with(['.', '-']);
        if plain {
            Ok(Some(text.to_owned()))
        } else {
            Err(format!("found {}, expected a domain such as `liaison.example.org`", quote(text)))
        }
    };
    mail.domain = fields.scalar("domain", sink, domain).unwrap_or_else(|| mail.domain.clone());
    mail.from = fields.contact("from", sink);
    mail.coordination = fields.contact("coordination", sink);
    fields.finish(sink);
}

fn limits(node: &Node, settings: &mut Settings, sink: &mut Sink<'_>) {
    let Some(mut fields) = Fields::of(node, "[limits]", sink) else { return };
    let limits = &mut settings.limits;
    limits.attachment = fields.number("attachment", sink).unwrap_or(limits.attachment);
    limits.statement = fields.number("statement", sink).unwrap_or(limits.statement);
    limits.yaml = fields.number("yaml", sink).unwrap_or(limits.yaml);
    fields.finish(sink);
}

fn due(node: &Node, settings: &mut Settings, sink: &mut Sink<'_>) {
    let Some(mut fields) = Fields::of(node, "[due]", sink) else { return };
    let days =
        |text: &str| text.parse().map(Some).map_err(|_| format!("found {}, expected a number of days", quote(text)));
    if fields.has("remind") {
        settings.remind = fields.scalars("remind", sink, days);
    }
    settings.due_soon = fields.number("soon", sink).unwrap_or(settings.due_soon);
    let _ = fields.node("remind");
    fields.finish(sink);
}

fn rules(node: &Node, sink: &mut Sink<'_>) -> BTreeMap<Code, RuleSetting> {
    let Value::Map(entries) = &node.value else {
        sink.push(Finding::plain(Code::WrongShape, "`rules` is no table"), node.span);
        return BTreeMap::new();
    };
    entries.iter().filter_map(|entry| rule(entry, sink)).collect()
}

fn rule(entry: &Entry, sink: &mut Sink<'_>) -> Option<(Code, RuleSetting)> {
    let code = match Code::parse(&entry.key) {
        Ok(code) => code,
        Err(error) => {
            sink.push(
                Finding::plain(Code::UnknownRule, error.to_string()).help("`liaison explain` lists all rules"),
                entry.key_span,
            );
            return None;
        }
    };
    let severity = |text: &str| {
        Severity::parse(text)
            .filter(|severity| *severity != Severity::Todo)
            .map(Some)
            .ok_or_else(|| format!("found {}, expected `off`, `warning` or `error`", quote(text)))
    };
    let setting = match &entry.node.value {
        Value::Scalar(text) => match severity(text) {
            Ok(severity) => RuleSetting { severity: severity?, since: None },
            Err(error) => {
                sink.push(Finding::plain(Code::InvalidValue, error), entry.node.span);
                return None;
            }
        },
        Value::List(_) | Value::Map(_) => {
            let mut fields = Fields::of(&entry.node, "a rule's setting", sink)?;
            let setting =
                RuleSetting { severity: fields.scalar("severity", sink, severity)?, since: fields.date("since", sink) };
            fields.finish(sink);
            setting
        }
    };
    if !code.may_be_lowered() && setting.severity < Severity::Error {
        sink.push(
            Finding::plain(
                Code::RuleNotLowered,
                format!("`{code}` proves the record and cannot be lowered to `{}`", setting.severity),
            ),
            entry.key_span,
        );
        return None;
    }
    Some((code, setting))
}

fn approval_row(node: &Node, lowest: Grade, sink: &mut Sink<'_>) -> Option<ApprovalRow> {
    let mut fields = Fields::of(node, "[[approval]]", sink)?;
    for key in ["act", "from", "any-of"] {
        fields.require(key, sink);
    }
    let act = fields.word("act", sink);
    let from = fields.word("from", sink);
    let any_of = fields.mappings("any-of", sink, authority);
    let row = ApprovalRow {
        act: act.map(|word| word.to_string()).unwrap_or_default(),
        from: from.map_or_else(|| ANY.to_owned(), |word| word.to_string()),
        any_of,
        cover: fields
            .choice("cover", sink, &[("each-group", Cover::EachGroup), ("once", Cover::Once)])
            .unwrap_or(Cover::EachGroup),
        count: fields.number("count", sink).unwrap_or(1).max(1),
        replies_only: fields.flag("replies-only", sink).unwrap_or(false),
        evidence_required: fields.choice("evidence", sink, &[("optional", false), ("required", true)]).unwrap_or(false),
        second_person: fields.flag("second-person", sink).unwrap_or(false),
        grade: fields.choice("grade", sink, &GRADES).unwrap_or(lowest),
        term: Term { since: fields.date("since", sink), until: fields.date("until", sink) },
        source: fields.line("source", sink).map(|line| line.to_string()).unwrap_or_default(),
    };
    fields.finish(sink);
    Some(row)
}

fn authority(node: &Node, sink: &mut Sink<'_>) -> Option<Authority> {
    let mut fields = Fields::of(node, "an entry of `any-of`", sink)?;
    fields.require("role", sink);
    let role = fields.word("role", sink);
    let at = at("at", &mut fields, sink).unwrap_or(At::Group);
    fields.finish(sink);
    Some(Authority { role: role?.to_string(), at })
}

fn at(key: &'static str, fields: &mut Fields<'_>, sink: &mut Sink<'_>) -> Option<At> {
    fields.scalar(key, sink, |text| match text {
        "group" => Ok(Some(At::Group)),
        "parent" => Ok(Some(At::Parent)),
        "organization" => Ok(Some(At::Organization)),
        "receiver" => Ok(Some(At::Receiver)),
        name if is_word(name) => Ok(Some(At::Named(name.to_owned()))),
        _ => Err(format!(
            "found {}, expected `group`, `parent`, `organization`, `receiver` or a group's acronym",
            quote(text)
        )),
    })
}

fn inform_row(node: &Node, sink: &mut Sink<'_>) -> Option<InformRow> {
    let mut fields = Fields::of(node, "[[inform]]", sink)?;
    for key in ["event", "who"] {
        fields.require(key, sink);
    }
    let row = InformRow {
        event: fields.word("event", sink).map(|word| word.to_string()).unwrap_or_default(),
        from: fields.word("from", sink).map_or_else(|| ANY.to_owned(), |word| word.to_string()),
        who: fields.mappings("who", sink, learner),
        source: fields.line("source", sink).map(|line| line.to_string()).unwrap_or_default(),
    };
    fields.finish(sink);
    Some(row)
}

fn learner(node: &Node, sink: &mut Sink<'_>) -> Option<Learner> {
    let mut fields = Fields::of(node, "an entry of `who`", sink)?;
    let list = at("list", &mut fields, sink);
    let role = fields.word("role", sink);
    let place = at("at", &mut fields, sink);
    let or_else = at("else", &mut fields, sink);
    let coordination = fields.flag("coordination", sink);
    let span = fields.span();
    fields.finish(sink);
    match (list, role, coordination) {
        (Some(at), None, None) => Some(Learner::List(at)),
        (None, Some(role), None) => {
            Some(Learner::Role { role: role.to_string(), at: place.unwrap_or(At::Group), or_else })
        }
        (None, None, Some(true)) => Some(Learner::Coordination),
        _ => {
            sink.push(
                Finding::plain(Code::InvalidValue, "expected one of `list = …`, `role = …`, `coordination = true`"),
                span,
            );
            None
        }
    }
}
