//! Every command: its name, what it takes, what it gives. What is not in this table cannot be reached from a window.

use crate::problem::{Problem, Result};
use crate::view::*;
use crate::{Desk, Secret};
use serde::Deserialize;
use serde_json::Value;
use zeroize::Zeroize;

/// A command as TypeScript sees it.
pub(crate) struct Signature {
    pub(crate) name: &'static str,
    pub(crate) doc: &'static str,
    pub(crate) arguments: Vec<(&'static str, String)>,
    pub(crate) answer: String,
}

macro_rules! table {
    ($(#[doc = $doc:literal] fn $name:ident($($argument:ident: $type:ty),*) -> $answer:ty;)*) => {
        /// Calls a command by name. Arguments are wiped when it returns.
        pub(crate) fn dispatch(desk: &Desk, name: &str, arguments: &mut Value) -> Result<Value> {
            match name {
                $(stringify!($name) => {
                    #[derive(Deserialize)]
                    #[serde(deny_unknown_fields)]
                    struct Arguments { $($argument: $type),* }
                    let Arguments { $($argument),* } = read(arguments)?;
                    give(desk.$name($($argument),*)?)
                })*
                _ => Err(Problem::new("call.unknown")),
            }
        }

        /// Every command, in the order of the table.
        pub(crate) fn signatures(config: &ts_rs::Config) -> Vec<Signature> {
            vec![$(Signature {
                name: stringify!($name),
                doc: $doc,
                arguments: vec![$((stringify!($argument), <$type as ts_rs::TS>::name(config))),*],
                answer: <$answer as ts_rs::TS>::name(config),
            }),*]
        }
    };
}

table! {
    // The desk
    /// Where this device stands.
    fn status() -> DeskView;
    /// Saves how the screen looks and speaks.
    fn save_settings(settings: Settings) -> DeskView;
    /// How far the long call that runs now has come. Never waits.
    fn progress() -> ProgressView;
    /// Stops the long call that runs now after its next durable step. Never waits.
    fn cancel() -> ();
    /// Changes the demo's face; the device before is locked.
    fn demo_switch(face: String) -> DeskView;

    // Coming in
    /// Six generated words.
    fn passphrase_words() -> String;
    /// How strong a passphrase of one's own is.
    fn strength(passphrase: Secret) -> StrengthView;
    /// Makes a workspace whose first headquarters device this is.
    fn found(name: String, passphrase: Secret) -> DeskView;
    /// Makes a vault and the request that answers an invitation.
    fn join(invitation: Paper, alias: String, passphrase: Secret) -> PaperView;
    /// The request again, while its approval has not come.
    fn request() -> PaperView;
    /// Takes the approval.
    fn finish(approval: Paper) -> DeskView;
    /// Opens the vault.
    fn unlock(passphrase: Secret) -> DeskView;
    /// Forgets all keys in memory. Nothing is lost.
    fn lock() -> DeskView;
    /// Destroys the vault's keys and files on this device.
    fn erase() -> DeskView;
    /// Another passphrase.
    fn change_passphrase(old: Secret, fresh: Secret) -> ();
    /// Writes a paper of enrolment into a place; gives the file's name.
    fn save_paper(place: String, paper: String, kind: String) -> String;

    // Today and records
    /// What waits here.
    fn today() -> TodayView;
    /// Forms that can be begun here.
    fn forms() -> Vec<FormCard>;
    /// A page of records.
    fn records(query: RecordsQuery) -> RecordList;
    /// One record to read.
    fn record(id: String) -> RecordSheet;
    /// Discards a draft of which nothing has left this device.
    fn discard(id: String) -> ();
    /// Takes discarding back.
    fn bring_back(id: String) -> RecordRow;
    /// Settles a question that has two answers: with a value, superseding the claims that were shown.
    fn resolve(record: String, path: String, value: Option<String>, shown: Vec<String>) -> ();
    /// Forgets what headquarters has received and whose days have passed; gives how many records.
    fn prune() -> u64;

    // A form
    /// Begins a record.
    fn begin(form: String) -> FormScreen;
    /// Opens a draft where it was left.
    fn open(record: String) -> FormScreen;
    /// Opens a finished record to change it, for a reason.
    fn amend(record: String, reason: String) -> FormScreen;
    /// The open form again.
    fn screen() -> FormScreen;
    /// Gives an answer; blank clears it. When this returns, it is on disk.
    fn answer(path: String, value: String) -> FormScreen;
    /// Adds an entry of a repeat and opens it.
    fn add_entry(path: String) -> FormScreen;
    /// Removes an entry of a repeat.
    fn remove_entry(path: String) -> FormScreen;
    /// Opens an entry of a repeat for writing; blank closes it.
    fn open_entry(path: String) -> FormScreen;
    /// Goes to a part.
    fn turn(part: usize) -> FormScreen;
    /// Goes to a question.
    fn go(path: String) -> FormScreen;
    /// Remembers the question where the person is, so that the form opens there again.
    fn stay(path: String) -> ();
    /// Shows the form in another of its languages.
    fn speak(language: String) -> FormScreen;
    /// Choices of a long list that match words.
    fn choices(path: String, words: String) -> Vec<ChoiceView>;
    /// What is to fix and what is left.
    fn jump_list() -> Vec<JumpLine>;
    /// Finishes the record; with a reason, as incomplete.
    fn finish_form(reason: Option<String>) -> FinishedView;
    /// Closes the form; the draft stays.
    fn close_form() -> ();
    /// A file of the open form: a picture of a choice.
    fn media(name: String) -> MediaView;

    // Handing over
    /// What can be handed over, and what was.
    fn outbox() -> OutboxView;
    /// Cards, sticks and folders, with the files on them.
    fn places() -> Vec<PlaceView>;
    /// Which hub to meet.
    fn set_hub(url: String, key: Option<String>) -> HubView;
    /// Meets the hub. Long.
    fn meet_hub() -> ExchangeView;
    /// Writes a card. Long.
    fn card_out(place: String) -> ExchangeView;
    /// Reads a card. Long.
    fn card_in(file: Picked) -> ExchangeView;

    // Headquarters
    /// What arrived, and what needs a person.
    fn inbox() -> InboxView;
    /// Imports a file. Long.
    fn import_file(file: Picked) -> ExchangeView;
    /// Tries again what is held. Long.
    fn replay() -> InboxView;
    /// Accepts what a revoked device wrote past its cut.
    fn accept_held(digest: String) -> InboxView;
    /// Forms that have a table.
    fn tables() -> Vec<TableForm>;
    /// A page of a table.
    fn table(query: TableQueryView) -> TableView;
    /// Values of a column.
    fn facets(form: String, column: String) -> Vec<Facet>;
    /// A record at headquarters; opening severe answers is written into the audit trail.
    fn office_record(id: String, severe: bool) -> OfficeSheet;
    /// Writes the CSV files of a form into a place. They are plain text.
    fn export_csv(form: String, place: String) -> ExportView;
    /// Reads a form file and says what it finds; publishes it if asked to and nothing speaks against it.
    fn publish(file: Picked, publish: bool) -> PublishView;

    // Members
    /// Everybody, and what is under way.
    fn members() -> MembersView;
    /// Writes an invitation.
    fn invite(role: String, team: Option<String>, hub: bool) -> PaperView;
    /// Takes an invitation back.
    fn withdraw(id: String) -> MembersView;
    /// Reads a request: the words to compare, before anything is approved.
    fn examine(request: Paper) -> AskedView;
    /// Approves a request whose words were compared.
    fn approve(request: Paper) -> PaperView;
    /// Stops trusting a device. Nothing that headquarters holds is deleted.
    fn revoke(alias: String) -> MembersView;
}

fn read<'a, T: Deserialize<'a>>(arguments: &'a Value) -> Result<T> {
    if !arguments.is_object() {
        return Err(Problem::new("call.arguments"));
    }
    T::deserialize(arguments).map_err(|_| Problem::new("call.arguments"))
}

fn give(answer: impl serde::Serialize) -> Result<Value> {
    serde_json::to_value(answer).map_err(|_| Problem::new("call.answer"))
}

/// Overwrites every text in a value: a passphrase may be among them.
pub(crate) fn wipe(value: &mut Value) {
    match value {
        Value::String(text) => text.zeroize(),
        Value::Array(items) => items.iter_mut().for_each(wipe),
        Value::Object(fields) => fields.values_mut().for_each(wipe),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
