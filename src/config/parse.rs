//! Reads `liaison.toml`, strictly.

use std::collections::BTreeMap;

use super::settings::{Flow, FlowMode, FormerId, Lock, Mail, RuleSetting, Settings, Transport};
use super::tables::{ANY, ApprovalRow, At, Authority, Cover, Grade, InformRow, Learner};
use super::toml_tree::parse_toml;
use crate::domain::RecordId;
use crate::domain::text::{is_word, quote};
use crate::domain::time::Term;
use crate::findings::{Code, Finding, Severity};
use crate::shape::{Entry, Fields, Form, Located, Node, Shape, Sink, draw, read_by_key, read_choice, read_either};

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

/// A branch or remote that git accepts, and nothing that a command could take for an option.
const REF_NAME: &str = "^(?!-)(?!.*\\.\\.)[A-Za-z0-9_./-]*$";

/// A host's name.
const DOMAIN: &str = "^[A-Za-z0-9][A-Za-z0-9.-]*$";

/// The words of the grades of proof.
const GRADES: [(&str, Grade); 3] =
    [("asserted", Grade::Asserted), ("commit", Grade::Commit), ("signed", Grade::Signed)];

/// Settings with their places, and whatever was wrong.
pub type Loaded = Located<Settings>;

/// Reads the settings; everything wrong goes to the sink. Nothing is returned when the file cannot be read at all.
pub fn parse_config(bytes: &[u8], sink: &mut Sink<'_>) -> Option<Loaded> {
    let root = parse_toml(bytes, sink)?;
    Located::read(root, sink, settings)
}

/// What the settings may say.
pub fn config_shape() -> Shape {
    draw(settings)
}

fn settings(root: &Node, sink: &mut Sink<'_>) -> Option<Settings> {
    let mut settings = Settings::default();
    let mut fields = Fields::of(root, "liaison.toml", sink)?;
    fields.require("record", sink);
    fields.value("record", sink, |node, sink| record(node, &mut settings, sink));
    fields.value("flow", sink, |node, sink| flow(node, &mut settings.flow, sink));
    fields.value("send", sink, |node, sink| send(node, &mut settings, sink));
    fields.value("mail", sink, |node, sink| mail(node, &mut settings.mail, sink));
    fields.value("limits", sink, |node, sink| limits(node, &mut settings, sink));
    fields.value("due", sink, |node, sink| due(node, &mut settings, sink));
    fields.value("private", sink, |node, sink| private(node, &mut settings, sink));
    settings.rules = fields.value("rules", sink, rules).unwrap_or_default();
    let lowest = fields.value("proof", sink, proof).flatten().unwrap_or(Grade::Asserted);
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
    settings.id = fields.scalar("id", Form::Pattern(RecordId::PATTERN), sink, |text| RecordId::parse(text).map(Some));
    settings.former_ids = fields.mappings("former-ids", sink, former_id);
    settings.name = fields.line("name", sink).map_or_else(|| settings.name.clone(), |line| line.to_string());
    settings.organization = fields.word("organization", sink).map(|word| word.to_string()).unwrap_or_default();
    settings.home = fields.line("home", sink).map(|line| line.to_string());
    settings.example = fields.flag("example", sink).unwrap_or(false);
    fields.finish(sink);
}

fn private(node: &Node, settings: &mut Settings, sink: &mut Sink<'_>) {
    let Some(mut fields) = Fields::of(node, "[private]", sink) else { return };
    settings.private_path = fields.line("path", sink).map(|line| line.to_string());
    fields.finish(sink);
}

fn former_id(node: &Node, sink: &mut Sink<'_>) -> Option<FormerId> {
    let mut fields = Fields::of(node, "an entry of `former-ids`", sink)?;
    fields.require("id", sink);
    let id = fields.scalar("id", Form::Pattern(RecordId::PATTERN), sink, |text| RecordId::parse(text).map(Some));
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
    flow.mainline =
        fields.scalar("mainline", Form::Pattern(REF_NAME), sink, ref_name).unwrap_or_else(|| flow.mainline.clone());
    flow.remote =
        fields.scalar("remote", Form::Pattern(REF_NAME), sink, ref_name).unwrap_or_else(|| flow.remote.clone());
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
    settings.mail.outbox =
        fields.scalar("outbox", Form::Line, sink, below).unwrap_or_else(|| settings.mail.outbox.clone());
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
    mail.domain = fields.scalar("domain", Form::Pattern(DOMAIN), sink, domain).unwrap_or_else(|| mail.domain.clone());
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
    let remind = fields.scalars("remind", Form::Number, sink, days);
    if fields.has("remind") {
        settings.remind = remind;
    }
    settings.due_soon = fields.number("soon", sink).unwrap_or(settings.due_soon);
    fields.finish(sink);
}

fn rules(node: &Node, sink: &mut Sink<'_>) -> BTreeMap<Code, RuleSetting> {
    let codes = || Shape::Choice(Code::ALL.iter().map(ToString::to_string).collect());
    read_by_key("rules", codes, node, sink, rule).into_iter().collect()
}

/// The severities that a rule may be given.
const SEVERITIES: [(&str, Severity); 3] =
    [("off", Severity::Off), ("warning", Severity::Warning), ("error", Severity::Error)];

fn rule(entry: &Entry, sink: &mut Sink<'_>) -> Option<(Code, RuleSetting)> {
    let always = |node: &Node, sink: &mut Sink<'_>| {
        read_choice(&entry.key, &SEVERITIES, node, sink).map(|severity| RuleSetting { severity, since: None })
    };
    let setting = read_either(&entry.node, sink, always, dated_rule);
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
    let setting = setting?;
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

fn dated_rule(node: &Node, sink: &mut Sink<'_>) -> Option<RuleSetting> {
    let mut fields = Fields::of(node, "a rule's setting", sink)?;
    fields.require("severity", sink);
    let severity = fields.choice("severity", sink, &SEVERITIES);
    let since = fields.date("since", sink);
    fields.finish(sink);
    severity.map(|severity| RuleSetting { severity, since })
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
    fields.scalar(key, Form::Usual(&["group", "parent", "organization", "receiver"]), sink, |text| match text {
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
