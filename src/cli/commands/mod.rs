//! One file a command: its options, its help, its `run`.

mod act;
mod acting;
mod annotate;
mod approval_request;
mod approve;
mod approve_reviewed;
mod approve_signed;
mod arrival;
mod assign;
mod audit;
mod chain;
mod check;
mod checkpoint;
mod comment;
mod completions;
mod confirm;
mod contacts;
mod correct;
mod demo;
mod digest;
mod distribute;
mod doctor;
mod due;
mod edit;
mod explain;
mod export;
mod fmt;
mod group;
mod hooks;
mod importing;
mod init;
mod keeping;
mod known;
mod list;
mod list_add;
mod log;
mod mark_sent;
mod new;
mod notice;
mod outbox;
mod person;
mod preview;
mod ratify;
mod reaffirm;
mod receive;
mod record_change;
mod redact;
mod redirect;
mod reopen;
mod reply;
mod resend;
mod resolve;
mod resolve_merge;
mod review;
mod revoke;
mod role;
mod route;
mod scene;
mod schema;
mod seal;
mod send;
mod show;
mod status;
mod trust;
mod undo;
mod why;
mod withdraw;

use clap::Subcommand;

use super::branches::{Found, find, read_from, switch_to};
use super::broken::with_broken_file;
use super::context::Context;
use super::exit::Outcome;
use super::whereabouts::Standing;
use crate::store::FindError;

/// Declares the commands once: variant, module, and its arguments.
macro_rules! commands {
    ($($variant:ident $module:ident $args:ident)*) => {
        /// What to do.
        #[derive(Debug, Subcommand)]
        pub(crate) enum Command {
            $(
                #[command(flatten_help = true)]
                $variant($module::$args),
            )*
        }

        fn once(command: &Command, ctx: &mut Context) -> anyhow::Result<Outcome> {
            match command {
                $(Command::$variant(args) => $module::run(args, ctx),)*
            }
        }
    };
}

/// Runs a command; one that names a letter which is not here runs again when a branch has it: on that branch when it writes,
/// with the branch's files when it only reads.
///
/// Every command looks its letter up before it changes anything, so nothing is done twice. Whoever is left on another branch is
/// told so.
pub(crate) fn run(command: &Command, ctx: &mut Context) -> anyhow::Result<Outcome> {
    here_or_elsewhere(command, ctx).map_err(|error| with_broken_file(ctx, error))
}

fn here_or_elsewhere(command: &Command, ctx: &mut Context) -> anyhow::Result<Outcome> {
    if command.only_reads() {
        return match once(command, ctx) {
            Err(error) => elsewhere(ctx, error, |ctx, found, part| {
                read_from(ctx, found, part)?;
                once(command, ctx)
            }),
            done @ Ok(_) => done,
        };
    }
    let start = Standing::now(ctx);
    let done = match once(command, ctx) {
        Err(error) => elsewhere(ctx, error, |ctx, found, part| on_branch(command, ctx, found, part)),
        done @ Ok(_) => done,
    };
    if let (Ok(_), Some(start)) = (&done, start) {
        start.tell_left(ctx)?;
    }
    done
}

/// Looks on the branches for the letter that was not found, and goes on with it; else the error stands.
fn elsewhere(
    ctx: &mut Context,
    error: anyhow::Error,
    go_on: impl FnOnce(&mut Context, &Found, &str) -> anyhow::Result<Outcome>,
) -> anyhow::Result<Outcome> {
    let Some(FindError::Unknown { part, .. }) = error.downcast_ref::<FindError>() else { return Err(error) };
    let part = part.clone();
    match find(ctx, &part)? {
        Some(found) => go_on(ctx, &found, &part),
        None => Err(error),
    }
}

/// Runs a command that writes on a letter's branch; one that is refused there leaves files and branch as they were.
fn on_branch(command: &Command, ctx: &mut Context, found: &Found, part: &str) -> anyhow::Result<Outcome> {
    let start = Standing::now(ctx);
    switch_to(ctx, found, part)?;
    let there = Standing::now(ctx);
    let done = once(command, ctx);
    if let (Err(_), Some(start), Some(there)) = (&done, start, there) {
        start.go_back(ctx, &there)?;
    }
    done
}

impl Command {
    /// Whether it leaves the record, and whoever works in its work tree, as they are.
    fn only_reads(&self) -> bool {
        match self {
            Self::Act(_)
            | Self::Audit(_)
            | Self::Check(_)
            | Self::Checkpoint(_)
            | Self::Completions(_)
            | Self::Contacts(_)
            | Self::Digest(_)
            | Self::Doctor(_)
            | Self::Due(_)
            | Self::Explain(_)
            | Self::Export(_)
            | Self::Log(_)
            | Self::Preview(_)
            | Self::Review(_)
            | Self::Schema(_)
            | Self::Show(_)
            | Self::Status(_)
            | Self::Why(_) => true,
            Self::Send(args) => args.only_shows(),
            Self::Trust(args) => args.only_reads(),
            Self::Annotate(_)
            | Self::ApprovalRequest(_)
            | Self::Approve(_)
            | Self::Assign(_)
            | Self::Comment(_)
            | Self::Correct(_)
            | Self::Demo(_)
            | Self::Distribute(_)
            | Self::Edit(_)
            | Self::Fmt(_)
            | Self::Group(_)
            | Self::Hooks(_)
            | Self::Init(_)
            | Self::List(_)
            | Self::MarkSent(_)
            | Self::New(_)
            | Self::Person(_)
            | Self::Ratify(_)
            | Self::Receive(_)
            | Self::RecordChange(_)
            | Self::Redact(_)
            | Self::Redirect(_)
            | Self::Reopen(_)
            | Self::Reply(_)
            | Self::Resend(_)
            | Self::Resolve(_)
            | Self::ResolveMerge(_)
            | Self::Revoke(_)
            | Self::Role(_)
            | Self::Route(_)
            | Self::Undo(_)
            | Self::Withdraw(_) => false,
        }
    }
}

commands! {
    Demo demo DemoArgs
    Init init InitArgs
    New new NewArgs
    Contacts contacts ContactsArgs
    Check check CheckArgs
    Audit audit AuditArgs
    Digest digest DigestArgs
    List list ListArgs
    Show show ShowArgs
    Status status StatusArgs
    Preview preview PreviewArgs
    Approve approve ApproveArgs
    ApprovalRequest approval_request ApprovalRequestArgs
    Comment comment CommentArgs
    Review review ReviewArgs
    Revoke revoke RevokeArgs
    Send send SendArgs
    MarkSent mark_sent MarkSentArgs
    Receive receive ReceiveArgs
    Assign assign AssignArgs
    Reply reply ReplyArgs
    Edit edit EditArgs
    Fmt fmt FmtArgs
    Log log LogArgs
    Act act ActArgs
    Why why WhyArgs
    Checkpoint checkpoint CheckpointArgs
    Export export ExportArgs
    Schema schema SchemaArgs
    Person person PersonArgs
    Role role RoleArgs
    Group group GroupArgs
    RecordChange record_change RecordChangeArgs
    Trust trust TrustArgs
    Due due DueArgs
    Distribute distribute DistributeArgs
    Redirect redirect RedirectArgs
    Route route RouteArgs
    Correct correct CorrectArgs
    Resolve resolve ResolveArgs
    ResolveMerge resolve_merge ResolveMergeArgs
    Withdraw withdraw WithdrawArgs
    Reopen reopen ReopenArgs
    Redact redact RedactArgs
    Resend resend ResendArgs
    Ratify ratify RatifyArgs
    Annotate annotate AnnotateArgs
    Undo undo UndoArgs
    Doctor doctor DoctorArgs
    Hooks hooks HooksArgs
    Explain explain ExplainArgs
    Completions completions CompletionsArgs
}
