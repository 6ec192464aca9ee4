// Generated from crates/ipc by `cargo xtask codegen`; do not edit.

export type Problem = { 
/**
 * Stable code, `area.problem`; the interface has a sentence for each in its catalogue.
 */
code: string, 
/**
 * Numbers and names for that sentence: never an answer, a secret or a path.
 */
facts: { [key in string]: string }, };

export type Secret = string;

export type Stage = "empty" | "locked" | "waiting" | "open";

export type Face = "field" | "headquarters";

export type DeskView = { 
/**
 * Where this device stands.
 */
stage: Stage, 
/**
 * Which face; `null` unless open.
 */
face: Face | null, 
/**
 * What this device is called; `null` unless open.
 */
alias: string | null, 
/**
 * Name of the workspace; `null` unless open.
 */
workspace: string | null, 
/**
 * The person's role, as a stable word (`interpreter`, `team-member`, `analyst`, `protection-officer`).
 */
role: string | null, 
/**
 * Team, if it has one.
 */
team: string | null, 
/**
 * Whether this device extends the roster: invites, approves, publishes.
 */
officer: boolean, 
/**
 * How the screen looks and speaks.
 */
settings: Settings, 
/**
 * The demo's faces, where the app was started on a demo; else empty.
 */
demo: Array<DemoFace>, 
/**
 * Hour of the device's clock.
 */
now: number, 
/**
 * Minutes east of UTC.
 */
zone_minutes: number, 
/**
 * The app's version.
 */
version: string, };

export type DemoFace = { 
/**
 * What `demo_switch` takes.
 */
id: string, 
/**
 * Whose it is.
 */
name: string, 
/**
 * Whether it is the one on screen.
 */
current: boolean, };

export type Settings = { 
/**
 * `en`, `fr`, `ar`, `sw`; blank: the system's, else English.
 */
language: string, 
/**
 * `day`, `night`, `sun`; blank: by the system's preference.
 */
theme: string, 
/**
 * Minutes without a touch after which the app locks itself; 0 never.
 */
lock_after_minutes: number, };

export type StrengthView = { 
/**
 * Whether it is strong enough.
 */
passes: boolean, 
/**
 * Why not, as stable codes.
 */
problems: Array<string>, };

export type Paper = { "text": string } | { "file": string } | { "path": string };

export type PaperView = { 
/**
 * `invitation`, `request` or `approval`.
 */
kind: string, 
/**
 * Text to paste.
 */
text: string, 
/**
 * QR code as an SVG document of black squares; `null` where the paper is too long for one.
 */
qr: string | null, 
/**
 * A good name for a file of it.
 */
file_name: string, 
/**
 * Words that both people compare, on requests and approvals.
 */
words: Array<string>, };

export type WarningView = { "kind": "clock-behind", 
/**
 * What the clock says.
 */
now: number, 
/**
 * The latest hour that this device knows of.
 */
latest: number, } | { "kind": "storage-low", 
/**
 * Bytes free.
 */
free_bytes: number, } | { "kind": "storage-full", 
/**
 * Bytes free.
 */
free_bytes: number, };

export type ProgressView = { 
/**
 * Whether something runs.
 */
running: boolean, 
/**
 * Steps done.
 */
done: number, 
/**
 * Steps in all, as far as known; 0: not known.
 */
total: number, };

export type CountsView = { 
/**
 * Not finished.
 */
drafts: number, 
/**
 * Finished, and only on this tablet.
 */
only_here: number, 
/**
 * Handed over, not confirmed.
 */
handed_over: number, 
/**
 * Received at headquarters.
 */
received: number, 
/**
 * Received and forgotten here.
 */
pruned: number, };

export type TodayView = { 
/**
 * The hour of the device's clock.
 */
now: number, 
/**
 * Where records are.
 */
counts: CountsView, 
/**
 * Forms that can be begun here, in the order of the tiles.
 */
forms: Array<FormCard>, 
/**
 * Drafts, last changed first.
 */
drafts: Array<RecordRow>, 
/**
 * Records where a person must decide or look.
 */
decide: Array<RecordRow>, 
/**
 * Records with two answers to a question.
 */
two_answers: number, 
/**
 * Records that a rule no longer allows.
 */
review: number, 
/**
 * Last hand-over.
 */
last_handed_over: number | null, 
/**
 * Last confirmation of headquarters.
 */
last_received: number | null, 
/**
 * What the person should know about the device.
 */
warnings: Array<WarningView>, };

export type FormCard = { 
/**
 * Form id.
 */
id: string, 
/**
 * Version that a new record gets.
 */
version: string, 
/**
 * Title in the interface's language, as far as the form has it.
 */
title: string, 
/**
 * Icon by name; `form` where none fits.
 */
icon: string, 
/**
 * `private` or `team`.
 */
sharing: string, 
/**
 * Drafts of it here.
 */
drafts: number, 
/**
 * Other versions that drafts or records still use.
 */
older_versions: Array<string>, };

export type DeliveryFact = { "where": "draft" } | { "where": "only-here" } | { "where": "handed-over", 
/**
 * To whom or what.
 */
to: string, 
/**
 * When.
 */
at: number, } | { "where": "received" };

export type RecordRow = { 
/**
 * Record id.
 */
id: string, 
/**
 * Form id.
 */
form: string, 
/**
 * The form's title in the interface's language.
 */
form_title: string, 
/**
 * The form's icon.
 */
icon: string, 
/**
 * Form version.
 */
version: string, 
/**
 * The record's name, as its form makes it; blank if it has none yet.
 */
name: string, 
/**
 * `draft`, `complete` or `incomplete`.
 */
status: string, 
/**
 * Why it was handed over incomplete.
 */
reason: string | null, 
/**
 * `private` or `team`.
 */
sharing: string, 
/**
 * Who made it.
 */
author: string, 
/**
 * Whether this device made it.
 */
mine: boolean, 
/**
 * When it was begun.
 */
created: number, 
/**
 * When it last changed here.
 */
changed: number, 
/**
 * Where it is.
 */
delivery: DeliveryFact, 
/**
 * Questions with two answers.
 */
conflicts: number, 
/**
 * Questions that a person must look at.
 */
review: number, };

export type RecordsQuery = { 
/**
 * `draft`, `only-here`, `handed-over`, `received`; blank: all.
 */
place: string, 
/**
 * `two-answers`, `review`; blank: all.
 */
needs: string, 
/**
 * Form id; blank: all.
 */
form: string, 
/**
 * Words to look for.
 */
words: string, 
/**
 * Skip so many.
 */
offset: number, 
/**
 * At most so many.
 */
limit: number, };

export type RecordList = { 
/**
 * How many match in all.
 */
total: number, 
/**
 * This page.
 */
rows: Array<RecordRow>, 
/**
 * Where all records are, whatever the query.
 */
counts: CountsView, };

export type RecordSheet = { 
/**
 * As in lists.
 */
row: RecordRow, 
/**
 * Its relevant questions in the form's order.
 */
answers: Array<AnswerLine>, 
/**
 * Questions with two answers.
 */
conflicts: Array<ConflictCard>, 
/**
 * Who changed what, newest first.
 */
history: Array<HistoryLine>, 
/**
 * Its journey: finished, handed over to whom, received; oldest first.
 */
journey: Array<DeliveryFact>, 
/**
 * Questions that a rule no longer allows, by path.
 */
review: Array<string>, 
/**
 * Whether a draft of it can be discarded: nothing of it has left this device.
 */
discardable: boolean, };

export type AnswerLine = { 
/**
 * Path with positions of repeat instances.
 */
path: string, 
/**
 * The part of the form that it is in.
 */
part: string | null, 
/**
 * The question.
 */
label: string, 
/**
 * The answer as people read it: labels of choices, not their codes.
 */
text: string, 
/**
 * The type of the value (`string`, `int`, `date`, `dateTime`, `geotrace`…): dates are formatted by the interface.
 */
kind: string, 
/**
 * Whether it is something that people said: shown in the voice face.
 */
voice: boolean, 
/**
 * Severe, and sealed away: it cannot be read here.
 */
sealed: boolean, 
/**
 * Whether it fits its form's rules.
 */
valid: boolean, };

export type ConflictCard = { 
/**
 * The record.
 */
record: string, 
/**
 * What `resolve` takes.
 */
path: string, 
/**
 * The question.
 */
label: string, 
/**
 * The type of the value.
 */
kind: string, 
/**
 * Whether the answers are choices, so that any other choice can be the outcome.
 */
choices: Array<ChoiceView>, 
/**
 * The answers, in an order that is the same on every device. None is the right one.
 */
claims: Array<ClaimCard>, };

export type ClaimCard = { 
/**
 * Names this claim when resolving.
 */
claim: string, 
/**
 * The answer as stored; `null` where the person cleared it.
 */
value: string | null, 
/**
 * The answer as people read it.
 */
text: string, 
/**
 * Who gave it.
 */
author: string, 
/**
 * Whether this device gave it.
 */
mine: boolean, 
/**
 * When, by that device's clock.
 */
at: number, };

export type HistoryLine = { 
/**
 * The question.
 */
label: string, 
/**
 * Before, as people read it.
 */
before: string | null, 
/**
 * After.
 */
after: string | null, 
/**
 * Who.
 */
author: string, 
/**
 * When, by that device's clock.
 */
at: number, 
/**
 * Why, where a reason was given.
 */
reason: string | null, };

export type FormScreen = { 
/**
 * The record.
 */
record: string, 
/**
 * Form id.
 */
form: string, 
/**
 * Title of the form in the form's language.
 */
title: string, 
/**
 * The record's name so far; blank if it has none.
 */
name: string, 
/**
 * Version of the form.
 */
version: string, 
/**
 * A newer published version, where there is one; this draft stays with its own.
 */
newer: string | null, 
/**
 * Languages of the form.
 */
languages: Array<LanguageView>, 
/**
 * The parts in order, those that do not apply left out.
 */
parts: Array<PartView>, 
/**
 * Which of them is on screen.
 */
part: number, 
/**
 * What is on it.
 */
items: Array<ItemView>, 
/**
 * Answers that do not fit, over all parts.
 */
to_fix: number, 
/**
 * Questions without an answer, over all parts.
 */
left: number, 
/**
 * Required ones among them.
 */
required_left: number, 
/**
 * Severe questions that have an answer, over all parts: they are sealed when the record is finished.
 */
severe: number, 
/**
 * Questions in all.
 */
questions: number, 
/**
 * When the last answer was saved; `null` before the first.
 */
saved: number | null, 
/**
 * The question where the person was, by path.
 */
focus: string | null, 
/**
 * Whether the record belongs to a team: teammates see it before it is finished.
 */
team: boolean, 
/**
 * The reason of the amendment, when a finalised record is being changed.
 */
amending: string | null, };

export type LanguageView = { 
/**
 * What `speak` takes: the name as the form has it, `Français (fr)`.
 */
name: string, 
/**
 * Its code as written by the form's author, if it has one.
 */
code: string | null, 
/**
 * Its name for people: `Français`.
 */
label: string, 
/**
 * Whether it is the one on screen.
 */
current: boolean, };

export type PartView = { 
/**
 * Its title.
 */
title: string, 
/**
 * How it stands.
 */
state: PartState, 
/**
 * Answers in it that do not fit.
 */
to_fix: number, 
/**
 * Questions in it without an answer.
 */
left: number, };

export type PartState = "open" | "begun" | "done" | "fix";

export type ItemView = { "item": "heading", 
/**
 * Its path.
 */
path: string, 
/**
 * The title.
 */
text: string, 
/**
 * 2, 3…
 */
level: number, } | { "item": "note", 
/**
 * Its path.
 */
path: string, 
/**
 * The text.
 */
text: string, } | { "item": "warning", 
/**
 * Its path.
 */
path: string, 
/**
 * The text.
 */
text: string, } | { "item": "stop", 
/**
 * Its path.
 */
path: string, 
/**
 * The text.
 */
text: string, } | { "item": "script", 
/**
 * Its path.
 */
path: string, 
/**
 * The text.
 */
text: string, 
/**
 * The acknowledgement that follows it, if one does: answering it says that the script was read.
 */
acknowledge: QuestionView | null, } | { "item": "question" } & QuestionView | { "item": "entries" } & EntriesView;

export type QuestionView = { 
/**
 * What `answer` takes.
 */
path: string, 
/**
 * Its number in the form as it stands; 0 for the acknowledgement of a script, which is not counted.
 */
number: number, 
/**
 * The question.
 */
label: string, 
/**
 * Whether it is said aloud to people.
 */
voice: boolean, 
/**
 * The hint.
 */
hint: string | null, 
/**
 * The guidance hint.
 */
guidance: string | null, 
/**
 * Whether it must be answered.
 */
required: boolean, 
/**
 * Whether it cannot be changed by hand.
 */
readonly: boolean, 
/**
 * Whether it is severe: it cannot be read back here after finishing.
 */
severe: boolean, 
/**
 * The answer as stored; blank if there is none.
 */
value: string, 
/**
 * The answer as people read it.
 */
text: string, 
/**
 * What is wrong with it, if something is and the person has been there.
 */
problem: ProblemView | null, 
/**
 * How it is answered.
 */
control: Control, };

export type ProblemView = { 
/**
 * `missing` or `outside`.
 */
kind: string, 
/**
 * The form's own sentence, if it has one.
 */
text: string | null, };

export type Control = { "control": "text" } | { "control": "notes" } | { "control": "integer", 
/**
 * Whether buttons for one more and one less make sense.
 */
counter: boolean, } | { "control": "decimal" } | { "control": "one", 
/**
 * How the choices are shown.
 */
style: ChoiceStyle, 
/**
 * The choices; for `search` at most the first page and the chosen one, ask `choices` for more.
 */
choices: Array<ChoiceView>, 
/**
 * How many there are.
 */
total: number, } | { "control": "many", 
/**
 * How the choices are shown.
 */
style: ChoiceStyle, 
/**
 * As with one.
 */
choices: Array<ChoiceView>, 
/**
 * How many there are.
 */
total: number, } | { "control": "rank", 
/**
 * The choices.
 */
choices: Array<ChoiceView>, } | { "control": "range", 
/**
 * Least.
 */
start: string, 
/**
 * Greatest.
 */
end: string, 
/**
 * Distance.
 */
step: string, } | { "control": "date" } | { "control": "time" } | { "control": "date-time" } | { "control": "acknowledge" } | { "control": "point" } | { "control": "trace", 
/**
 * Whether it closes to a shape.
 */
closed: boolean, } | { "control": "unsupported", 
/**
 * Its type.
 */
datatype: string, };

export type ChoiceStyle = "cards" | "scale" | "menu" | "search";

export type ChoiceView = { 
/**
 * What is stored.
 */
value: string, 
/**
 * What is shown.
 */
label: string, 
/**
 * Its picture: a name that `media` takes.
 */
picture: string | null, 
/**
 * Choosing it excludes all others.
 */
exclusive: boolean, 
/**
 * "Don't know" and "did not want to say" stand apart.
 */
apart: boolean, };

export type EntriesView = { 
/**
 * What `add_entry` takes.
 */
path: string, 
/**
 * Its title.
 */
title: string, 
/**
 * Whether the form decides their number.
 */
fixed: boolean, 
/**
 * The entries in order.
 */
entries: Array<EntryView>, 
/**
 * The entry that is open for writing, by index.
 */
open: number | null, };

export type EntryView = { 
/**
 * What `remove_entry` and `open_entry` take.
 */
path: string, 
/**
 * What was said or seen in it, to recognise it by: its first texts.
 */
summary: string, 
/**
 * Further facts in a few words.
 */
facts: Array<string>, 
/**
 * Answers in it that do not fit, and required ones that lack after it was left.
 */
to_fix: number, 
/**
 * What is asked in it; filled only for the open one.
 */
items: Array<ItemView>, };

export type JumpLine = { 
/**
 * What `go` takes.
 */
path: string, 
/**
 * Its number; 0 for the acknowledgement of a script.
 */
number: number, 
/**
 * The question.
 */
label: string, 
/**
 * Title of its part.
 */
part: string, 
/**
 * Index of its part.
 */
part_index: number, 
/**
 * `fix`, `required` or `left`.
 */
kind: string, 
/**
 * Whether it has no answer; a line to fix may have one that does not fit.
 */
missing: boolean, 
/**
 * The form's sentence.
 */
text: string | null, };

export type FinishedView = { 
/**
 * The record as it now stands in lists.
 */
row: RecordRow, 
/**
 * Severe answers that were sealed away and cannot be read here again.
 */
sealed: number, 
/**
 * What the form says should be opened next, by form id (an alert after a flash observation…), as far as such a
 * form is published here.
 */
follow_up: Array<FormCard>, };

export type MediaView = { 
/**
 * `image/svg+xml`…
 */
mime: string, 
/**
 * Base64.
 */
data: string, };

export type PlaceView = { 
/**
 * Its folder.
 */
path: string, 
/**
 * What people call it: the volume's name.
 */
name: string, 
/**
 * Whether it can be taken out.
 */
card: boolean, 
/**
 * Bytes free.
 */
free_bytes: number | null, 
/**
 * Bundles and papers of enrolment that lie there, newest first.
 */
files: Array<FileView>, };

export type FileView = { 
/**
 * Its path.
 */
path: string, 
/**
 * Its name.
 */
name: string, 
/**
 * `bundle`, `invitation`, `request`, `approval`, `form` or `other`.
 */
kind: string, 
/**
 * When it was written, as far as the file system knows.
 */
modified: number | null, 
/**
 * Bytes.
 */
size: number, };

export type Picked = { "path": string } | { "bytes": { 
/**
 * Name.
 */
name: string, 
/**
 * Base64.
 */
data: string, } };

export type HubView = { 
/**
 * Its address; `null` if none is known.
 */
url: string | null, 
/**
 * Whether its key is known.
 */
pinned: boolean, 
/**
 * The last meeting.
 */
last: ExchangeView | null, };

export type OutboxView = { 
/**
 * Where records are.
 */
counts: CountsView, 
/**
 * Finished records and changes of team records that no hub or card was given.
 */
waiting: Array<RecordRow>, 
/**
 * Past exchanges, newest first.
 */
exchanges: Array<ExchangeView>, 
/**
 * The hub.
 */
hub: HubView, };

export type ExchangeView = { 
/**
 * When.
 */
at: number, 
/**
 * `hub`, `card-out`, `card-in` or `import`.
 */
way: string, 
/**
 * The hub's address, the card's or the file's name.
 */
name: string, 
/**
 * Records of which something was given.
 */
records_out: number, 
/**
 * Records of which something new came.
 */
records_in: number, 
/**
 * Sealed items that were here already.
 */
already_had: number, 
/**
 * What waits for something that may still come.
 */
waiting: number, 
/**
 * What was set aside.
 */
set_aside: number, 
/**
 * Confirmations of headquarters that came or went.
 */
receipts: number, 
/**
 * Pieces of the file that could not be read.
 */
damaged: number, 
/**
 * Pieces in all.
 */
pieces: number, 
/**
 * The file that was written.
 */
file: string | null, 
/**
 * Bytes, a detail.
 */
bytes: number, 
/**
 * `done`, `partly`, `cancelled` or `failed`.
 */
outcome: string, 
/**
 * Why it failed, as a stable code.
 */
code: string | null, };

export type InboxView = { 
/**
 * The hour of the device's clock.
 */
now: number, 
/**
 * Records of which something arrived today.
 */
arrived_today: number, 
/**
 * Records applied today.
 */
applied_today: number, 
/**
 * Sealed items that were here already, today.
 */
already_had_today: number, 
/**
 * Records in all.
 */
records: number, 
/**
 * Held items by state.
 */
held: HeldCounts, 
/**
 * Records that headquarters applied since a receipt last left it by hub or card.
 */
receipts_ready: number, 
/**
 * Exchanges, newest first.
 */
exchanges: Array<ExchangeView>, 
/**
 * What is set aside or waits, newest first, at most 200.
 */
set_aside: Array<HeldLine>, 
/**
 * Records with two answers to a question.
 */
two_answers: number, 
/**
 * Records with answers that a rule no longer allows.
 */
review: number, 
/**
 * Missing stretches and forks of logs.
 */
notes: Array<LogNote>, 
/**
 * What a late file moved, newest first.
 */
late: Array<LateNote>, };

export type HeldCounts = { 
/**
 * Lacks something that may still come.
 */
waiting: number, 
/**
 * Cannot be trusted or read.
 */
quarantined: number, 
/**
 * Written by a revoked device past its cut.
 */
review: number, };

export type HeldLine = { 
/**
 * What `accept_held` takes.
 */
digest: string, 
/**
 * Which item; `null` for all of it.
 */
item: number | null, 
/**
 * Whose.
 */
device: string, 
/**
 * The record, where it could be opened.
 */
record: string | null, 
/**
 * Form title, where known.
 */
form_title: string | null, 
/**
 * `waiting`, `quarantined` or `review`.
 */
state: string, 
/**
 * Why, as a stable code.
 */
code: string, 
/**
 * For people who look into it; holds no answers.
 */
detail: string, 
/**
 * Since when.
 */
since: number, 
/**
 * How often it was tried again.
 */
tries: number, };

export type LogNote = { 
/**
 * `gap` or `fork`.
 */
kind: string, 
/**
 * Whose log.
 */
device: string, 
/**
 * First place.
 */
first: number, 
/**
 * Last place.
 */
last: number, };

export type LateNote = { 
/**
 * When it arrived.
 */
at: number, 
/**
 * Form title.
 */
form_title: string, 
/**
 * Records in it.
 */
records: number, 
/**
 * The day that the earliest of them is about.
 */
earliest: number, };

export type TableForm = { 
/**
 * Form id.
 */
id: string, 
/**
 * Title.
 */
title: string, 
/**
 * Icon.
 */
icon: string, 
/**
 * Newest published version.
 */
version: string, 
/**
 * Every published version.
 */
versions: Array<string>, 
/**
 * Records here.
 */
records: number, 
/**
 * Whether its counts must not be read as representative (anything but a sample survey).
 */
convenience: boolean, };

export type TableQueryView = { 
/**
 * Form id.
 */
form: string, 
/**
 * Repeat's path; blank: the form itself.
 */
repeat: string, 
/**
 * Values by column: any of them.
 */
filters: Array<ColumnFilter>, 
/**
 * On or after this day, `2026-11-01`; blank: all.
 */
since: string, 
/**
 * On or before this day.
 */
until: string, 
/**
 * `two-answers`, `review`; blank: all.
 */
needs: string, 
/**
 * Words to look for.
 */
words: string, 
/**
 * Also drafts that a team has handed over.
 */
drafts: boolean, 
/**
 * Skip so many.
 */
offset: number, 
/**
 * At most so many.
 */
limit: number, };

export type ColumnFilter = { 
/**
 * The column's question.
 */
column: string, 
/**
 * Any of these values.
 */
values: Array<string>, };

export type TableView = { 
/**
 * The form.
 */
form: TableForm, 
/**
 * Rows that match.
 */
matching: number, 
/**
 * Rows in all.
 */
total: number, 
/**
 * As of.
 */
as_of: number, 
/**
 * The table's repeats: blank for the form itself.
 */
repeats: Array<string>, 
/**
 * The columns worth showing first, then the others.
 */
columns: Array<TableColumnView>, 
/**
 * The rows, newest first.
 */
rows: Array<TableRowView>, };

export type TableColumnView = { 
/**
 * The question's path.
 */
column: string, 
/**
 * Its label, shortened to a heading.
 */
label: string, 
/**
 * `integer`, `real`, `text`, `date`, `dateTime` or `choice`.
 */
kind: string, 
/**
 * Shown unless the person chooses otherwise.
 */
main: boolean, 
/**
 * Whether `facets` has values for a filter.
 */
filterable: boolean, };

export type TableRowView = { 
/**
 * The record.
 */
record: string, 
/**
 * Its day, as far as its form has one; else the day it was begun.
 */
day: number, 
/**
 * Version of the form.
 */
version: string, 
/**
 * `draft`, `complete` or `incomplete`.
 */
status: string, 
/**
 * Who wrote it.
 */
author: string, 
/**
 * Questions with two answers.
 */
conflicts: number, 
/**
 * Things to look at.
 */
reviews: number, 
/**
 * The answers as people read them, in the order of the columns; `null` where there is none.
 */
cells: Array<string | null>, 
/**
 * Columns whose question has two answers.
 */
contested: Array<string>, };

export type Facet = { 
/**
 * The value.
 */
value: string, 
/**
 * As people read it.
 */
label: string, 
/**
 * Rows that have it.
 */
count: number, };

export type OfficeSheet = { 
/**
 * The record.
 */
record: string, 
/**
 * Form title.
 */
form_title: string, 
/**
 * Version.
 */
version: string, 
/**
 * The record's name.
 */
name: string, 
/**
 * `draft`, `complete` or `incomplete`.
 */
status: string, 
/**
 * Why incomplete.
 */
reason: string | null, 
/**
 * Who began it.
 */
author: string, 
/**
 * Begun.
 */
created: number, 
/**
 * Last change that is here.
 */
as_of: number, 
/**
 * The answers; severe ones say only that they are sealed, until opened.
 */
answers: Array<AnswerLine>, 
/**
 * Questions with two answers.
 */
conflicts: Array<ConflictCard>, 
/**
 * Things that a rule no longer allows.
 */
reviews: Array<ReviewLine>, 
/**
 * Who changed what, newest first.
 */
history: Array<HistoryLine>, 
/**
 * Whether severe answers are here, and may be opened by this device.
 */
severe: SevereState, };

export type SevereState = "none" | "sealed" | "open";

export type ReviewLine = { 
/**
 * The question.
 */
label: string, 
/**
 * Why, as a stable code.
 */
code: string, 
/**
 * The form's sentence.
 */
text: string | null, };

export type ExportView = { 
/**
 * Where.
 */
folder: string, 
/**
 * The files.
 */
files: Array<ExportedFileView>, };

export type ExportedFileView = { 
/**
 * Its name.
 */
name: string, 
/**
 * Rows under the heading.
 */
rows: number, };

export type PublishView = { 
/**
 * The form, unless refused.
 */
form: TableForm | null, 
/**
 * Whether it is now published.
 */
published: boolean, 
/**
 * Everything there is to say about the file.
 */
findings: Array<FindingView>, };

export type FindingView = { 
/**
 * Stable code.
 */
code: string, 
/**
 * `error`, `warning` or `info`.
 */
severity: string, 
/**
 * Sheet, row and column, as far as known.
 */
place: string, 
/**
 * What is wrong.
 */
message: string, 
/**
 * How to put it right.
 */
fix: string, };

export type MembersView = { 
/**
 * Devices.
 */
members: Array<MemberRow>, 
/**
 * Invitations that nobody has used yet, and those that were answered.
 */
invitations: Array<InvitationRow>, 
/**
 * Teams by name.
 */
teams: Array<string>, 
/**
 * Whether this device may invite, approve and revoke.
 */
officer: boolean, 
/**
 * Whether a hub is known that an invitation can carry.
 */
hub: boolean, };

export type MemberRow = { 
/**
 * Device id.
 */
device: string, 
/**
 * What people call it.
 */
alias: string, 
/**
 * `interpreter`, `team-member`, `analyst` or `protection-officer`.
 */
role: string | null, 
/**
 * Reader groups by name.
 */
groups: Array<string>, 
/**
 * Whether it was revoked.
 */
revoked: boolean, 
/**
 * Whether it is this one.
 */
mine: boolean, 
/**
 * Last sign of it.
 */
last_seen: number | null, };

export type InvitationRow = { 
/**
 * What `withdraw` takes.
 */
id: string, 
/**
 * Role.
 */
role: string, 
/**
 * Team.
 */
team: string | null, 
/**
 * Good until.
 */
expires: number, 
/**
 * Whether somebody has answered it.
 */
answered: boolean, };

export type AskedView = { 
/**
 * What the joining person calls the device.
 */
alias: string, 
/**
 * The role of its invitation.
 */
role: string, 
/**
 * The team of its invitation.
 */
team: string | null, 
/**
 * Words that both people compare before approving.
 */
words: Array<string>, 
/**
 * The invitation is good until.
 */
expires: number, };
