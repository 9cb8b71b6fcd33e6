//! The codes of all findings: one row each, read aloud in `docs/rules/`.

use std::fmt;

use super::{Severity, Stage};

/// A code that does not exist.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no rule has the code `{found}`")]
pub struct UnknownCode {
    /// What was asked for.
    pub found: String,
}

const T: Severity = Severity::Todo;
const W: Severity = Severity::Warning;
const E: Severity = Severity::Error;
const O: Severity = Severity::Off;

/// Writes the enum of codes and its tables from one list: variant, code, severities in a draft, sent, received and
/// imported letter, whether it may be lowered or waived, source.
macro_rules! codes {
    ($($variant:ident $code:literal [$($severity:ident)*] $hold:ident $source:literal $summary:literal)*) => {
        /// Which rule a finding is about.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $(#[doc = $summary] $variant,)* }

        impl Code {
            /// All codes, in the order of the list.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The code as shown, in `kebab-case`.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// What the rule says, in one line.
            pub fn summary(self) -> &'static str {
                match self { $(Self::$variant => $summary,)* }
            }

            /// The rule's page of docs/rules/: meaning, source, examples.
            pub fn page(self) -> &'static str {
                match self { $(Self::$variant => include_str!(concat!("../../docs/rules/", $code, ".md")),)* }
            }

            /// Where the rule comes from.
            pub fn source(self) -> &'static str {
                match self { $(Self::$variant => $source,)* }
            }

            /// How much it weighs at a stage, before the record's own settings.
            pub fn severity(self, stage: Stage) -> Severity {
                let [draft, sent, received, imported] = match self { $(Self::$variant => [$($severity),*],)* };
                match stage {
                    Stage::Draft => draft,
                    Stage::Sent => sent,
                    Stage::Received => received,
                    Stage::Imported => imported,
                }
            }

            /// Whether settings and waivers may lower it. Approval, authority, digest, freeze and injection may not.
            pub fn may_be_lowered(self) -> bool {
                match self { $(Self::$variant => $hold,)* }
            }
        }
    };
}

const FIRM: bool = false;
const SOFT: bool = true;

codes! {
    // reading
    NotUtf8 "not-utf8" [E E E E] FIRM "format" "a record file is UTF-8 text"
    YamlSyntax "yaml-syntax" [E E E E] FIRM "format" "a letter and an act are YAML"
    YamlFeature "yaml-feature" [E E E E] FIRM "format" "anchors, aliases, tags and second documents are refused"
    TooDeep "too-deep" [E E E E] FIRM "format" "nesting has a limit"
    TooLarge "too-large" [E E E E] FIRM "format" "a YAML file has a limit"
    DuplicateKey "duplicate-key" [E E E E] FIRM "format" "a key stands once"
    UnknownKey "unknown-key" [E E E E] FIRM "format" "only keys of the format are allowed"
    MissingKey "missing-key" [E E E E] FIRM "format" "an act, a group or a setting has the keys it needs"
    WrongShape "wrong-shape" [E E E E] FIRM "format" "a value is a text, a list or a mapping as the format says"
    InvalidValue "invalid-value" [E E E E] FIRM "format" "a value has the form of its field"
    EmptyFile "empty-file" [E E E E] FIRM "format" "a record file is not empty"
    ConflictMarkers "conflict-markers" [E E E E] FIRM "format" "a merge conflict is resolved before anything is read"
    TomlSyntax "toml-syntax" [E E E E] FIRM "format" "directory and settings are TOML"
    NewerFormat "newer-format" [E E E E] FIRM "format" "a record of a newer format needs a newer program"
    // layout
    StrayFile "stray-file" [W W W W] SOFT "format" "every file of the record has its place"
    BadFileName "bad-file-name" [E E E E] FIRM "format" "a letter's path is its name"
    Symlink "symlink" [E E E E] FIRM "format" "a record holds files, not links to elsewhere"
    YearMismatch "year-mismatch" [E E E E] FIRM "format" "a numbered letter lies in the folder of its year"
    StubDangling "stub-dangling" [E E E E] FIRM "digest 1.4" "a draft's stub names a letter that exists"
    StubLeftovers "stub-leftovers" [E E E E] FIRM "digest 1.4" "nothing but the stub stays behind when a draft is numbered"
    StubMissing "stub-missing" [E E E E] FIRM "digest 1.4" "a letter that was a draft has its stub at the draft's path"
    StubForeign "stub-foreign" [E E E E] FIRM "digest 1.4" "a stub names the letter that this draft became"
    NumberReused "number-reused" [E E E E] FIRM "digest 4" "one draft becomes one number, one number comes of one draft"
    ActMisplaced "act-misplaced" [E E E E] FIRM "digest 2" "an act's file name says when, what and who"
    // record and directory
    RecordIdMissing "record-id-template" [W W W W] FIRM "digest 2" "a record has its own id"
    ExampleInRealRecord "example-in-real-record" [E E E E] FIRM "design" "invented people and keys stay in example records"
    UnknownOrganization "unknown-organization" [E E E E] FIRM "format" "the record's organization is a group of the directory"
    UnknownParent "unknown-parent" [E E E E] FIRM "format" "a group's parent is a group of the directory"
    ParentCycle "parent-cycle" [E E E E] FIRM "format" "no group is above itself"
    UnknownPerson "unknown-person" [E E E E] FIRM "format" "roles and acts name people of the directory"
    TermReversed "term-reversed" [E E E E] FIRM "format" "a term ends after it began"
    DuplicateAcronym "duplicate-acronym" [E E E E] FIRM "format" "an acronym means one group at a time"
    PolicyMissing "policy-missing" [T E W O] FIRM "rfc4053bis 4.1" "the approval table has a row for every kind of group that sends"
    UnknownRule "unknown-rule" [E E E E] FIRM "format" "settings and waivers name rules that exist"
    RuleNotLowered "rule-not-lowered" [E E E E] FIRM "design" "rules of proof are neither lowered nor waived"
    PrivateInside "private-inside" [E E E E] FIRM "design" "the private folder lies outside the record"
    ServiceApproves "service-approves" [E E E E] FIRM "design" "a service never approves"
    // acts and state
    RoleNotHeld "role-not-held" [E E E W] FIRM "design" "who acts in a role holds it on that day"
    ApprovalMissing "approval-missing" [T E O O] FIRM "rfc4053bis 4.1" "a letter has the approval of its authority before it is sent"
    ApprovalStale "approval-stale" [T E O O] FIRM "digest 0" "an approval covers exactly the present content"
    ApprovalWithoutAuthority "approval-without-authority" [E E E E] FIRM "rfc4053bis 4.1" "only who has authority approves"
    ApprovalAfterSending "approval-after-sending" [W W W W] FIRM "rfc4053bis 4.1" "approval comes before sending; later it is ratified"
    DeclineStands "decline-stands" [T E O O] FIRM "digest 2" "a decline blocks sending until it is revoked or the content changes"
    SentUnapproved "sent-unapproved" [O W O O] SOFT "rfc4053bis 4.1" "what was sent without approval is followed up"
    FrozenContentChanged "frozen-content-changed" [E E E E] FIRM "digest 4" "a numbered letter keeps its content"
    FrozenMessageChanged "frozen-message-changed" [E E E E] FIRM "digest 4" "the message that was sent keeps its bytes"
    RedactionUnproven "redaction-unproven" [E E E E] FIRM "digest 4" "what was redacted has a signed act of somebody who may"
    RedactedFileThere "redacted-file-there" [E E E E] FIRM "digest 4" "what was redacted does not come back"
    ReceiptMissing "receipt-missing" [O W W W] SOFT "rfc4053bis 3.1" "a numbered letter says how it was sent or received"
    SentOutside "sent-outside" [O W O O] SOFT "rfc4053bis 3.2" "what left by another way says why"
    InjectedText "injected-text" [E E E E] FIRM "mail" "text that enters a header has no line break"
    SignatureInvalid "signature-invalid" [E E E E] FIRM "digest 2" "a signature fits the act, the record and the namespace"
    SignatureOfOther "signature-of-other" [E E E E] FIRM "digest 2" "an act is signed by whoever's it is, with a key that the directory knows"
    KeyNotValid "key-not-valid" [E E E E] FIRM "digest 2" "a key signs only in the days that the directory gives it"
    ChangeUnsigned "change-unsigned" [W W W W] FIRM "digest 2" "a change of directory, policy or trust root carries an act"
    ChangeWithoutAuthority "change-without-authority" [E E E E] FIRM "digest 2" "only who has authority changes directory and policy"
    TrustRootUnsigned "trust-root-unsigned" [W W W W] FIRM "digest 2" "a trust root is signed by enough holders of the one before"
    TrustRootBroken "trust-root-broken" [E E E E] FIRM "digest 2" "every version of the trust root is there"
    RevokeUnknown "revoke-unknown" [E E E E] FIRM "digest 2" "a revoke names an act that exists"
    RevokeByOther "revoke-by-other" [E E E E] FIRM "digest 2" "only the same person or the successor in the role revokes"
    ActWithoutEffect "act-without-effect" [E E E E] FIRM "digest 2" "what the approval table governs has the authority and the proof it asks for"
    OutcomeNotTold "outcome-not-told" [O W W O] SOFT "rfc4053bis 5" "the sender is told what was decided"
    OutcomeWithoutReason "outcome-without-reason" [O W W O] SOFT "rfc4053bis 5" "a refusal or change gives its reason"
    LeadMissing "lead-missing" [O O W O] SOFT "rfc4053bis 5" "one of several addressed groups takes the lead"
    // from and to
    DirectionMissing "direction-missing" [T E E E] SOFT "format" "a letter says whether it goes out or came in"
    DraftIncoming "draft-incoming" [E O O O] FIRM "format" "a draft is a letter of ours; another body's letter is received"
    FromMissing "from-missing" [T E W W] SOFT "rfc4053bis 2.1" "a letter names the body it originates from"
    FromContactMissing "from-contact-missing" [T E W O] SOFT "rfc4053bis 2.1" "a letter has addresses of its sender"
    FromContactIncomplete "from-contact-incomplete" [W W O O] SOFT "rfc4053bis 2.1" "from-contacts cover chairs, lists, directors and liaison management"
    FromOrganizationsMixed "from-organizations-mixed" [W W W O] SOFT "rfc4053bis 2.1" "the From groups belong to one organization"
    FromNotOurs "from-not-ours" [E E O O] SOFT "rfc4053bis 4" "an outgoing letter comes from one of our groups"
    FromOurs "from-ours" [O O W W] SOFT "rfc4053bis 3.1" "a received letter comes from another body"
    ToOurs "to-ours" [W W O O] SOFT "rfc4053bis 2" "a letter goes to another body"
    BodyUnknown "body-unknown" [W W W O] SOFT "rfc4053bis 1" "a body that the directory does not know is written as text"
    GroupClosed "group-closed" [W W O O] SOFT "rfc4053bis 4" "an open group sends and receives"
    SendReplyToMissing "send-reply-to-missing" [T W O O] SOFT "rfc4053bis 2.1" "a letter of ours says where replies go"
    SendReplyToPersonal "send-reply-to-personal" [W W O O] SOFT "rfc4053bis 2.1" "send-reply-to is an address of a role, not of a person"
    SendReplyToUnusual "send-reply-to-unusual" [W W O O] SOFT "rfc4053bis 2.1" "send-reply-to is the liaison manager's or the coordination's address"
    ToMissing "to-missing" [T E W W] SOFT "rfc4053bis 2.1" "a letter names the body it goes to"
    ToSeveralOrganizations "to-several-organizations" [W W O O] SOFT "rfc4053bis-05" "separate letters go to separate organizations"
    SendToSeveralOrganizations "send-to-several-organizations" [E E O O] FIRM "rfc4053bis 2.1" "one send-to cannot reach two organizations"
    ToContactMissing "to-contact-missing" [T E O O] SOFT "rfc4053bis 2.1" "a letter has an address of its receiver"
    ToContactIncomplete "to-contact-incomplete" [W W O O] SOFT "rfc4053bis 2.1" "to-contacts cover the receiver's known addresses"
    SendToNotReplyTo "send-to-not-reply-to" [E E W O] SOFT "rfc4053bis 2.1" "a reply goes to the original's send-reply-to"
    ContactTwice "contact-twice" [W W W O] SOFT "digest 1.2" "an address stands once"
    AddressMisspelt "address-misspelt" [W W W O] SOFT "rfc4053bis 2.1" "well-known addresses are spelt right"
    AddressInvalid "address-invalid" [E E W W] SOFT "RFC 5321" "an address can be delivered to"
    // purpose, deadline, links
    TitleMissing "title-missing" [T W W W] SOFT "rfc4053bis 2.3" "a letter has a title"
    TitleLong "title-long" [W W O O] SOFT "rfc4053bis 2.3" "a title is short"
    PurposeMissing "purpose-missing" [T E W W] SOFT "rfc4053bis 2.2" "a letter states its purpose"
    PurposeUnknown "purpose-unknown" [E E W W] SOFT "rfc4053bis 2.2" "a purpose is one of three"
    PurposeForComment "purpose-for-comment" [E E W W] SOFT "rfc4053bis 1.1" "the purpose \"for comment\" is no more"
    DeadlineMissing "deadline-missing" [T E W W] SOFT "rfc4053bis 2.2" "a letter that asks for action says until when"
    DeadlinePast "deadline-past" [W O O O] SOFT "rfc4053bis 2.2" "a deadline lies ahead"
    DeadlineNotAfterDate "deadline-not-after-date" [O E W W] SOFT "rfc4053bis 2.2" "a deadline lies after the letter's date"
    DeadlineFar "deadline-far" [W W W W] SOFT "rfc4053bis 2.2" "a deadline is within two years"
    DeadlineOnInformation "deadline-on-information" [W W W O] SOFT "rfc4053bis 2.2" "information expects no response and has no deadline"
    DeadlineOnResponse "deadline-on-response" [W W W O] SOFT "rfc4053bis 2.2" "a response expects no further response and has no deadline"
    ResponseWithoutLink "response-without-link" [T E W W] SOFT "rfc4053bis 2.2" "a response says what it answers"
    DateOnOutgoing "date-on-outgoing" [E E O O] FIRM "digest 1.1" "the date of our letter is that of its sending"
    DateMissing "date-missing" [O O W W] SOFT "rfc4053bis 2.3" "a received letter bears its date"
    DateInFuture "date-in-future" [E E W W] SOFT "rfc4053bis 2.3" "a letter is not of a day to come"
    LinkDangling "link-dangling" [E E W W] SOFT "digest 1.4" "a link names a letter that exists"
    LinkNotPublic "link-not-public" [T E E W] SOFT "rfc4053bis 3" "a letter refers to letters that were sent or received"
    LinkOtherParties "link-other-parties" [W W W O] SOFT "rfc4053bis 2.1" "a reply goes between the parties of the original"
    LinkCycle "link-cycle" [E E E E] SOFT "digest 1.4" "no letter answers itself"
    RevisesOtherSender "revises-other-sender" [E E W W] SOFT "rfc4053bis 4.1" "only the sender revises a letter"
    // text and attachments
    BodyMissing "body-missing" [T E W W] SOFT "rfc4053bis 2.3" "a letter has a text or an attachment"
    OnlyAttachments "only-attachments" [W W O O] SOFT "rfc4053bis 2.3" "our letter says in plain text what it says"
    TextNotNfc "text-not-nfc" [W W W O] SOFT "digest 1.2" "text is in the usual Unicode form"
    TextBidi "text-bidi" [W W W W] SOFT "digest 1.2" "text does not change its direction unseen"
    TextInvisible "text-invisible" [W W W O] SOFT "digest 1.2" "text has no invisible characters"
    AttachmentEmpty "attachment-empty" [T E W W] SOFT "rfc4053bis 2.3" "an attachment is a file or an address"
    AttachmentBoth "attachment-both" [E E W W] SOFT "rfc4053bis 2.3" "an attachment is a file or an address, not both"
    AttachmentName "attachment-name" [E E E E] FIRM "digest 1.2" "an attachment has a plain name in the letter's folder"
    AttachmentMissing "attachment-missing" [E E E E] FIRM "digest 1.1" "an attachment's file exists"
    AttachmentHash "attachment-hash" [E E E E] FIRM "digest 1.1" "an attachment's bytes are those that were named"
    AttachmentUnhashed "attachment-unhashed" [T E W O] SOFT "digest 1.1" "an attachment is bound by its hash"
    AttachmentUnlisted "attachment-unlisted" [W W W O] SOFT "digest 1.1" "every file of a letter's folder is listed"
    AttachmentLarge "attachment-large" [E E W W] SOFT "format" "attachments have a limit"
    AttachmentFormat "attachment-format" [W W O O] SOFT "rfc4053bis 2.3" "attachments are PDF, HTML or UTF-8 text"
    AttachmentKindDiffers "attachment-kind-differs" [W W W O] SOFT "rfc4053bis 2.3" "an attachment is what its name says"
    AttachmentHtml "attachment-html" [W W O O] SOFT "rfc4053bis 2.3" "HTML comes without proprietary extensions"
    AttachmentWithoutReadable "attachment-without-readable" [W W W O] SOFT "rfc4053bis 2.3" "a proprietary file comes with a readable one"
    AttachmentLfs "attachment-lfs" [E E E E] FIRM "digest 4" "an attachment is the file, not a pointer to it"
    OriginalMissing "original-missing" [O O E E] FIRM "rfc4053bis 2.3" "the file of a received letter exists"
    OriginalHash "original-hash" [O O E E] FIRM "digest 1.1" "a received letter's bytes are those that were recorded"
    OriginalUnhashed "original-unhashed" [O O W O] SOFT "digest 1.1" "a received letter's file is bound by its hash"
    // consensus, documents, originator
    ConsensusUnstated "consensus-unstated" [T W O O] SOFT "rfc4053bis 4.2" "our letter states its level of consensus"
    ConsensusUnknown "consensus-unknown" [W W O O] SOFT "rfc4053bis 4.2" "a level of consensus is one of the format's"
    ConsensusNotInText "consensus-not-in-text" [W W O O] SOFT "rfc4053bis 4.2" "the letter itself says how far it is agreed"
    ConsensusWithoutEvidence "consensus-without-evidence" [W W O O] SOFT "rfc4053bis 4.2" "a claimed consensus has its evidence"
    IesgConsensusUnstated "iesg-consensus-unstated" [W W O O] SOFT "rfc4053bis 4.1" "a letter of the IESG says whether it has the IESG's consensus"
    CollectedCommentsUnlabelled "collected-comments-unlabelled" [T E O O] SOFT "rfc4053bis 5.1" "collected comments are called so"
    DocumentNameMissing "document-name-missing" [T E W O] SOFT "rfc4053bis 4.3" "a document has a name"
    DocumentStatusMissing "document-status-missing" [T E W O] SOFT "rfc4053bis 4.3" "a document's status is noted"
    DocumentStatusUnknown "document-status-unknown" [W W W O] SOFT "rfc4053bis 4.3" "a document's status is one of the format's"
    WorkInProgressMissing "work-in-progress-missing" [T E O O] SOFT "rfc4053bis 4.3" "a working group draft is called work in progress"
    DocumentWithoutConsensus "document-without-consensus" [W W O O] SOFT "rfc4053bis 4.3" "an individual, experimental or historic document needs further consensus"
    ReferencesMissing "references-missing" [W W O O] SOFT "rfc4053bis 4" "a technical letter rests on documents or on consensus"
    ResearchGroupOriginates "research-group-originates" [E E O O] SOFT "rfc4053bis 1" "research groups answer letters and do not originate them"
    ManagerOriginates "manager-originates" [E E O O] SOFT "rfc4052bis" "a liaison manager transmits letters and does not originate them"
    OriginatorUnusual "originator-unusual" [W W O O] SOFT "rfc4053bis 3.2" "chairs and directors begin letters"
    GroupNotInformed "group-not-informed" [O W O O] SOFT "rfc4053bis 4.2" "the originating group is told of the letter"
    ConfidentialityMarked "confidentiality-marked" [W W W O] SOFT "rfc4053bis 3.1" "what is recorded is public"
    LanguageTag "language-tag" [E E W W] SOFT "BCP 47" "a language is a tag such as `fr`"
    PostingRightsFile "posting-rights-file" [E E E E] SOFT "RFC 3683" "a posting rights action's path is its name"
    CodeownersStale "codeowners-stale" [W W W W] SOFT "design" "whom a forge asks is who may change what governs the record"
    // history: what only `audit` finds
    CommitMalformed "commit-malformed" [E E E E] FIRM "history" "a commit says one thing to every reader"
    TreeMalformed "tree-malformed" [E E E E] FIRM "history" "a tree holds each name once, in order"
    CommitMisdated "commit-misdated" [W W W W] FIRM "history" "a commit is not older than those before it, nor of a time to come"
    CommitSignatureBad "commit-signature-bad" [E E E E] FIRM "history" "a signature on a commit is of that commit"
    CommitSignerDiffers "commit-signer-differs" [W W W W] FIRM "history" "a signed commit is by whom it says"
    SignatureUnsupported "signature-unsupported" [W W W W] FIRM "history" "signatures are of a kind that is verified"
    KeyUnknown "key-unknown" [W W W W] FIRM "history" "a key that signs is somebody's in the directory"
    KeyExpired "key-expired" [W W W W] FIRM "history" "a key signs only in the days of its life"
    KeyCompromised "key-compromised" [E E E E] FIRM "history" "what a key signed since somebody else may have it is looked at"
    KeyOfTwoPeople "key-of-two-people" [E E E E] FIRM "history" "a key leads to one person"
    ActSignatureBad "act-signature-bad" [E E E E] FIRM "digest 2" "a signature on an act is of that act, in this record, by that person"
    ActWithoutAuthority "act-without-authority" [E E E E] FIRM "history" "who decides had the authority in the tree before"
    AuthoritySelfGranted "authority-self-granted" [E E E E] FIRM "history" "nobody uses an authority that the same change grants"
    ReaffirmationWanted "reaffirmation-wanted" [W W W W] FIRM "history" "an act that comes in after its term ended is confirmed by a person"
    TermEndedLate "term-ended-late" [W W W W] FIRM "history" "acts between the end of a term and its recording are confirmed by a person"
    ActUnproven "act-unproven" [W W W W] FIRM "history" "an act of somebody who has a key bears their signature, or its commit does"
    ActMisdated "act-misdated" [E E E E] FIRM "history" "an act is younger than its draft and older than its commit"
    ActContentUnknown "act-content-unknown" [W W W W] FIRM "digest 2" "a decision is about a content that the letter had"
    ActChanged "act-changed" [E E E E] FIRM "design" "acts are written once"
    RecordUnreadable "record-unreadable" [E E E E] FIRM "format" "acts and numbered letters are of the format when they come in"
    FrozenFileEdited "frozen-file-edited" [E E E E] FIRM "digest 4" "the files of a numbered letter keep their bytes"
    FrozenFileRemoved "frozen-file-removed" [E E E E] FIRM "digest 4" "the files of a numbered letter stay where they are"
    FrozenFileReturned "frozen-file-returned" [E E E E] FIRM "digest 4" "what a number lost never comes back"
    StubChanged "stub-changed" [E E E E] FIRM "digest 1.4" "a stub names one number for ever"
    MainlineChangeUnsigned "mainline-change-unsigned" [W W W W] FIRM "history" "a change of directory, settings or trust root has a signed act"
    CommitWithoutAuthority "commit-without-authority" [E E E E] FIRM "history" "nobody else signs a commit that changes directory, settings or trust root"
    MergeOwnChange "merge-own-change" [E E E E] FIRM "history" "a merge adds nothing of its own"
    OutboxTracked "outbox-tracked" [E E E E] FIRM "design" "what waits to be handed over is in no commit"
    DepartureUnapproved "departure-unapproved" [E E E E] FIRM "rfc4053bis 4.1" "a letter leaves with valid approvals of exactly what left"
    LedgerDisagrees "ledger-disagrees" [E E E E] FIRM "digest 5" "ledger and mainline tell the same"
    LedgerPending "ledger-pending" [W W W W] FIRM "digest 5" "what the ledger says was sent is on the mainline"
    HistoryUnpinned "history-unpinned" [W W W W] FIRM "history" "the root is pinned"
    HistoryBeforeRoot "history-before-root" [W W W W] FIRM "history" "what lies before the root is not authenticated"
    HistoryBesideRoot "history-beside-root" [E E E E] FIRM "history" "all that is merged rests on the root"
    HistoryRewritten "history-rewritten" [E E E E] FIRM "history" "the mainline only grows"
    CheckpointBroken "checkpoint-broken" [E E E E] FIRM "history" "a published checkpoint holds: the history only grew since"
    TrustRootBegins "trust-root-begins" [W W W W] FIRM "history" "a new trust root is compared with what its holders publish"
}

impl Code {
    /// Whether only the history tells: `liaison audit` finds it, no look at the files alone.
    pub fn is_of_history(self) -> bool {
        // These stand last in the list.
        self >= Self::CommitMalformed
    }

    /// Reads a code.
    ///
    /// # Errors
    /// Returns [`UnknownCode`] for what no rule is called.
    pub fn parse(text: &str) -> Result<Self, UnknownCode> {
        Self::ALL
            .iter()
            .copied()
            .find(|code| code.as_str() == text)
            .ok_or_else(|| UnknownCode { found: text.to_owned() })
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_kebab_case() {
        let mut seen = std::collections::BTreeSet::new();
        for code in Code::ALL {
            assert!(crate::domain::text::is_word(code.as_str()), "{code}");
            assert!(seen.insert(code.as_str()), "{code} stands twice");
            assert_eq!(Code::parse(code.as_str()), Ok(*code));
        }
    }
}
