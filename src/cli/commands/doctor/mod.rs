//! `liaison doctor`: whether everything is in place for the person who works here, each answer with the command that mends it.

mod clone;
mod editors;
mod person;
mod record;
mod remote;
mod signing;

use serde_json::json;

use crate::cli::context::Context;
use crate::cli::desk::Desk;
use crate::cli::exit::Outcome;
use crate::cli::format::{terminal_safe, write_json};
use crate::cli::whom::Whom;
use crate::cli::wording::counted;
use crate::domain::Word;
use crate::history::Repo;
use crate::store::Record;

/// Tell whether all is in place for you to work here: who you are, your key, your roles, git, the remote, the clone
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  liaison doctor
  liaison doctor --offline          Without asking the remote
  liaison doctor --format json

Every answer that is not `ok` comes with the command that mends it, or with whom to ask for it. Whether you can sign is tried:
a text is signed as your acts would be, without asking you for a passphrase. Ends with 1 when something is a problem.")]
pub(crate) struct DoctorArgs {
    /// Do not ask the remote; what is known of it is from the last fetch
    #[arg(long)]
    offline: bool,
    /// How the answers are printed
    #[arg(long, value_enum, default_value_t = DoctorFormat::Table, value_name = "FORMAT")]
    format: DoctorFormat,
}

/// How answers are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum DoctorFormat {
    /// For people
    Table,
    /// One line each, tab-separated, for scripts
    Text,
    /// JSON, for programs
    Json,
}

/// How an answer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum State {
    /// As it should be.
    Ok,
    /// Works, and could be better.
    Warning,
    /// Something will not work.
    Problem,
}

impl State {
    fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Problem => "problem",
        }
    }
}

/// A question with its answer.
struct Answer {
    question: &'static str,
    state: State,
    told: String,
    /// What to type to mend it.
    mend: Vec<String>,
}

impl Answer {
    fn new(question: &'static str, state: State, told: impl Into<String>) -> Self {
        Self { question, state, told: told.into(), mend: Vec::new() }
    }

    fn ok(question: &'static str, told: impl Into<String>) -> Self {
        Self::new(question, State::Ok, told)
    }

    fn warning(question: &'static str, told: impl Into<String>) -> Self {
        Self::new(question, State::Warning, told)
    }

    fn problem(question: &'static str, told: impl Into<String>) -> Self {
        Self::new(question, State::Problem, told)
    }

    /// Says what to type, several things.
    fn mends(self, commands: impl IntoIterator<Item = String>) -> Self {
        commands.into_iter().fold(self, Self::mend)
    }

    /// Says what to type.
    fn mend(mut self, command: impl Into<String>) -> Self {
        self.mend.push(command.into());
        self
    }
}

/// What every question is asked of.
struct Scene<'a> {
    ctx: &'a Context,
    desk: &'a Desk,
    record: &'a Record<'a>,
    /// The clone, if there is one.
    repo: Option<Repo>,
    /// The person who works here, if the directory knows them.
    me: Option<Word>,
    is_offline: bool,
}

impl Scene<'_> {
    /// Who may type what changes directory and settings.
    fn whom(&self) -> Whom<'_> {
        Whom {
            directory: &self.record.directory,
            settings: &self.record.settings,
            day: self.ctx.now.day(),
            reader: self.me.as_ref().map(Word::as_str),
        }
    }
}

/// Asks all questions, prints all answers.
pub(crate) fn run(args: &DoctorArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    let desk = Desk::open(ctx)?;
    let record = desk.any_record()?;
    let answers = answers(ctx, &desk, &record, args.offline)?;
    match args.format {
        DoctorFormat::Table => table(ctx, &answers)?,
        DoctorFormat::Text => {
            for answer in &answers {
                let cells = [answer.state.as_str(), answer.question, &answer.told, &answer.mend.join("; ")];
                writeln!(ctx.out, "{}", cells.map(|cell| cell.replace(['\t', '\n'], " ")).join("\t").trim_end())?;
            }
        }
        DoctorFormat::Json => {
            let one = |answer: &Answer| {
                json!({
                    "question": answer.question,
                    "state": answer.state.as_str(),
                    "answer": answer.told,
                    "commands": answer.mend,
                })
            };
            write_json(ctx, &answers.iter().map(one).collect::<Vec<_>>())?;
        }
    }
    let worst = answers.iter().map(|answer| answer.state).max();
    Ok(if worst == Some(State::Problem) { Outcome::Findings } else { Outcome::Done })
}

fn answers(ctx: &Context, desk: &Desk, record: &Record<'_>, is_offline: bool) -> anyhow::Result<Vec<Answer>> {
    let repo = desk.repo(ctx);
    let not_here = repo.as_ref().err().map(ToString::to_string);
    let mut scene = Scene { ctx, desk, record, repo: repo.ok(), me: None, is_offline };
    let mut answers = clone::programs(&scene);
    answers.push(record::settings(&scene));
    if let Some(error) = not_here {
        answers.push(Answer::problem("clone", error).mend("git init, and git commit; or git clone the record"));
        return Ok(answers);
    }
    // What the settings and the directory say is asked for only where they can be read.
    let is_readable = record::is_readable(&scene);
    if is_readable {
        let (identity, me) = person::identity(&scene);
        scene.me = me;
        answers.push(identity);
        answers.extend(person::key(&scene));
        answers.extend(person::roles(&scene));
        answers.push(record::proof(&scene));
    } else {
        answers.push(record::not_asked());
    }
    answers.extend(signing::commits(&scene));
    answers.extend(clone::work_tree(&scene));
    answers.extend(clone::complete(&scene));
    answers.extend(editors::schemas(&scene)?);
    let of_remote = remote::remote(&scene);
    let is_sound = of_remote.iter().all(|answer| answer.state != State::Problem);
    answers.extend(of_remote);
    if is_sound {
        answers.extend(remote::behind(&scene));
    }
    if is_readable {
        answers.extend(remote::old_ledger(&scene));
        answers.push(record::trust_root(&scene)?);
        answers.extend(record::root_keys(&scene)?);
    }
    Ok(answers)
}

/// A line an answer, and below it what mends it.
fn table(ctx: &mut Context, answers: &[Answer]) -> anyhow::Result<()> {
    for answer in answers {
        let line = format!("{:<8}  {:<15} {}", answer.state.as_str(), answer.question, answer.told);
        writeln!(ctx.out, "{}", terminal_safe(&line.replace('\n', " ")))?;
        for command in &answer.mend {
            writeln!(ctx.out, "{:<26} → {}", "", terminal_safe(command))?;
        }
    }
    let count = |state| answers.iter().filter(|answer| answer.state == state).count();
    let (problems, warnings) = (count(State::Problem), count(State::Warning));
    ctx.hint(match (problems, warnings) {
        (0, 0) => "all is in place".to_owned(),
        (0, warnings) => format!("no problem; {} could be better", counted(warnings, "thing")),
        (problems, warnings) => {
            format!("{} to mend; {} could be better", counted(problems, "problem"), counted(warnings, "thing"))
        }
    })
}

/// Some names, and how many more there are.
fn some(names: &[String], most: usize) -> String {
    let shown = names.iter().take(most).cloned().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(most) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}
