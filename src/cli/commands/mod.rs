//! One file a command: its options, its help, its `run`.

use clap::Subcommand;

use super::context::Context;
use super::exit::Outcome;

/// Declares the commands once: variant, module, and its arguments.
macro_rules! commands {
    ($($variant:ident $module:ident $args:ident)*) => {
        $(mod $module;)*

        /// What to do.
        #[derive(Debug, Subcommand)]
        pub(crate) enum Command {
            $(
                #[command(flatten_help = true)]
                $variant($module::$args),
            )*
        }

        /// Runs a command.
        pub(crate) fn run(command: &Command, ctx: &mut Context) -> anyhow::Result<Outcome> {
            match command {
                $(Command::$variant(args) => $module::run(args, ctx),)*
            }
        }
    };
}

mod acting;
mod arrival;
mod keeping;
mod known;
mod list_add;
mod notice;
mod scene;

commands! {
    Demo demo DemoArgs
    Init init InitArgs
    New new NewArgs
    Contacts contacts ContactsArgs
    Check check CheckArgs
    Digest digest DigestArgs
    List list ListArgs
    Show show ShowArgs
    Status status StatusArgs
    Preview preview PreviewArgs
    Approve approve ApproveArgs
    Comment comment CommentArgs
    Revoke revoke RevokeArgs
    Send send SendArgs
    MarkSent mark_sent MarkSentArgs
    Receive receive ReceiveArgs
    Assign assign AssignArgs
    Reply reply ReplyArgs
    Edit edit EditArgs
    Log log LogArgs
    Person person PersonArgs
    Role role RoleArgs
    Group group GroupArgs
    Due due DueArgs
    Distribute distribute DistributeArgs
    Redirect redirect RedirectArgs
    Route route RouteArgs
    Correct correct CorrectArgs
    Resolve resolve ResolveArgs
    Withdraw withdraw WithdrawArgs
    Reopen reopen ReopenArgs
    Resend resend ResendArgs
    Ratify ratify RatifyArgs
    Annotate annotate AnnotateArgs
    Undo undo UndoArgs
    Explain explain ExplainArgs
    Completions completions CompletionsArgs
}
