//! The TypeScript of views and commands, generated so that the interface cannot drift from the core.

use crate::table::signatures;
use crate::view::*;
use crate::{Problem, Secret};
use ts_rs::{Config, TS};

const HEAD: &str = "// Generated from crates/ipc by `cargo xtask codegen`; do not edit.\n";

/// Declarations of every view.
pub fn types() -> String {
    let config = config();
    let mut text = HEAD.to_owned();
    macro_rules! declare {
        ($($type:ty),+ $(,)?) => { $(
            text.push_str("\nexport ");
            text.push_str(&<$type as TS>::decl(&config));
            text.push('\n');
        )+ };
    }
    declare!(
        Problem,
        Secret,
        Stage,
        Face,
        DeskView,
        DemoFace,
        Settings,
        StrengthView,
        Paper,
        PaperView,
        WarningView,
        ProgressView,
        CountsView,
        TodayView,
        FormCard,
        DeliveryFact,
        RecordRow,
        RecordsQuery,
        RecordList,
        RecordSheet,
        AnswerLine,
        ConflictCard,
        ClaimCard,
        HistoryLine,
        FormScreen,
        LanguageView,
        PartView,
        PartState,
        ItemView,
        QuestionView,
        ProblemView,
        Control,
        ChoiceStyle,
        ChoiceView,
        EntriesView,
        EntryView,
        JumpLine,
        FinishedView,
        MediaView,
        PlaceView,
        FileView,
        Picked,
        HubView,
        OutboxView,
        ExchangeView,
        InboxView,
        HeldCounts,
        HeldLine,
        LogNote,
        LateNote,
        TableForm,
        TableQueryView,
        ColumnFilter,
        TableView,
        TableColumnView,
        TableRowView,
        Facet,
        OfficeSheet,
        SevereState,
        ReviewLine,
        ExportView,
        ExportedFileView,
        PublishView,
        FindingView,
        MembersView,
        MemberRow,
        InvitationRow,
        AskedView,
    );
    text
}

/// One typed function for each command.
pub fn commands() -> String {
    let mut text = format!("{HEAD}\nimport {{ call }} from './call';\nimport type * as T from './types';\n");
    for signature in signatures(&config()) {
        let arguments: Vec<String> =
            signature.arguments.iter().map(|(name, ty)| format!("{name}: {}", qualified(ty))).collect();
        let given: Vec<&str> = signature.arguments.iter().map(|(name, _)| *name).collect();
        let given = if given.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", given.join(", ")) };
        text.push_str(&format!(
            "\n/** {} */\nexport const {} = ({}): Promise<{}> => call('{}', {given});\n",
            signature.doc.trim(),
            camel(signature.name),
            arguments.join(", "),
            qualified(&signature.answer),
            signature.name,
        ));
    }
    text
}

fn config() -> Config {
    Config::new().with_large_int("number")
}

/// Our own types come from `types.ts`.
fn qualified(name: &str) -> String {
    let own = |word: &str| word.starts_with(|c: char| c.is_ascii_uppercase()) && word != "Array";
    let mut words = String::new();
    let mut word = String::new();
    for c in name.chars().chain([' ']) {
        if c.is_alphanumeric() {
            word.push(c);
            continue;
        }
        if own(&word) {
            words.push_str("T.");
        }
        words.push_str(&word);
        words.push(c);
        word.clear();
    }
    words.trim_end().to_owned()
}

fn camel(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |text, word| {
        let (head, tail) = word.split_at(word.len().min(1));
        text + &head.to_ascii_uppercase() + tail
    })
}
