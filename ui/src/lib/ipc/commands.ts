// Generated from crates/ipc by `cargo xtask codegen`; do not edit.

import { call } from './call';
import type * as T from './types';

/** Where this device stands. */
export const status = (): Promise<T.DeskView> => call('status', {});

/** Saves how the screen looks and speaks. */
export const saveSettings = (settings: T.Settings): Promise<T.DeskView> => call('save_settings', { settings });

/** How far the long call that runs now has come. Never waits. */
export const progress = (): Promise<T.ProgressView> => call('progress', {});

/** Stops the long call that runs now after its next durable step. Never waits. */
export const cancel = (): Promise<null> => call('cancel', {});

/** Changes the demo's face; the device before is locked. */
export const demoSwitch = (face: string): Promise<T.DeskView> => call('demo_switch', { face });

/** Six generated words. */
export const passphraseWords = (): Promise<string> => call('passphrase_words', {});

/** How strong a passphrase of one's own is. */
export const strength = (passphrase: T.Secret): Promise<T.StrengthView> => call('strength', { passphrase });

/** Makes a workspace whose first headquarters device this is. */
export const found = (name: string, passphrase: T.Secret): Promise<T.DeskView> => call('found', { name, passphrase });

/** Makes a vault and the request that answers an invitation. */
export const join = (invitation: T.Paper, alias: string, passphrase: T.Secret): Promise<T.PaperView> => call('join', { invitation, alias, passphrase });

/** The request again, while its approval has not come. */
export const request = (): Promise<T.PaperView> => call('request', {});

/** Takes the approval. */
export const finish = (approval: T.Paper): Promise<T.DeskView> => call('finish', { approval });

/** Opens the vault. */
export const unlock = (passphrase: T.Secret): Promise<T.DeskView> => call('unlock', { passphrase });

/** Forgets all keys in memory. Nothing is lost. */
export const lock = (): Promise<T.DeskView> => call('lock', {});

/** Destroys the vault's keys and files on this device. */
export const erase = (): Promise<T.DeskView> => call('erase', {});

/** Another passphrase. */
export const changePassphrase = (old: T.Secret, fresh: T.Secret): Promise<null> => call('change_passphrase', { old, fresh });

/** Writes a paper of enrolment into a place; gives the file's name. */
export const savePaper = (place: string, paper: string, kind: string): Promise<string> => call('save_paper', { place, paper, kind });

/** What waits here. */
export const today = (): Promise<T.TodayView> => call('today', {});

/** Forms that can be begun here. */
export const forms = (): Promise<Array<T.FormCard>> => call('forms', {});

/** A page of records. */
export const records = (query: T.RecordsQuery): Promise<T.RecordList> => call('records', { query });

/** One record to read. */
export const record = (id: string): Promise<T.RecordSheet> => call('record', { id });

/** Discards a draft of which nothing has left this device. */
export const discard = (id: string): Promise<null> => call('discard', { id });

/** Takes discarding back. */
export const bringBack = (id: string): Promise<T.RecordRow> => call('bring_back', { id });

/** Settles a question that has two answers: with a value, superseding the claims that were shown. */
export const resolve = (record: string, path: string, value: string | null, shown: Array<string>): Promise<null> => call('resolve', { record, path, value, shown });

/** Forgets what headquarters has received and whose days have passed; gives how many records. */
export const prune = (): Promise<number> => call('prune', {});

/** Begins a record. */
export const begin = (form: string): Promise<T.FormScreen> => call('begin', { form });

/** Opens a draft where it was left. */
export const open = (record: string): Promise<T.FormScreen> => call('open', { record });

/** Opens a finished record to change it, for a reason. */
export const amend = (record: string, reason: string): Promise<T.FormScreen> => call('amend', { record, reason });

/** The open form again. */
export const screen = (): Promise<T.FormScreen> => call('screen', {});

/** Gives an answer; blank clears it. When this returns, it is on disk. */
export const answer = (path: string, value: string): Promise<T.FormScreen> => call('answer', { path, value });

/** Adds an entry of a repeat and opens it. */
export const addEntry = (path: string): Promise<T.FormScreen> => call('add_entry', { path });

/** Removes an entry of a repeat. */
export const removeEntry = (path: string): Promise<T.FormScreen> => call('remove_entry', { path });

/** Opens an entry of a repeat for writing; blank closes it. */
export const openEntry = (path: string): Promise<T.FormScreen> => call('open_entry', { path });

/** Goes to a part. */
export const turn = (part: number): Promise<T.FormScreen> => call('turn', { part });

/** Goes to a question. */
export const go = (path: string): Promise<T.FormScreen> => call('go', { path });

/** Remembers the question where the person is, so that the form opens there again. */
export const stay = (path: string): Promise<null> => call('stay', { path });

/** Shows the form in another of its languages. */
export const speak = (language: string): Promise<T.FormScreen> => call('speak', { language });

/** Choices of a long list that match words. */
export const choices = (path: string, words: string): Promise<Array<T.ChoiceView>> => call('choices', { path, words });

/** What is to fix and what is left. */
export const jumpList = (): Promise<Array<T.JumpLine>> => call('jump_list', {});

/** Finishes the record; with a reason, as incomplete. */
export const finishForm = (reason: string | null): Promise<T.FinishedView> => call('finish_form', { reason });

/** Closes the form; the draft stays. */
export const closeForm = (): Promise<null> => call('close_form', {});

/** A file of the open form: a picture of a choice. */
export const media = (name: string): Promise<T.MediaView> => call('media', { name });

/** What can be handed over, and what was. */
export const outbox = (): Promise<T.OutboxView> => call('outbox', {});

/** Cards, sticks and folders, with the files on them. */
export const places = (): Promise<Array<T.PlaceView>> => call('places', {});

/** Which hub to meet. */
export const setHub = (url: string, key: string | null): Promise<T.HubView> => call('set_hub', { url, key });

/** Meets the hub. Long. */
export const meetHub = (): Promise<T.ExchangeView> => call('meet_hub', {});

/** Writes a card. Long. */
export const cardOut = (place: string): Promise<T.ExchangeView> => call('card_out', { place });

/** Reads a card. Long. */
export const cardIn = (file: T.Picked): Promise<T.ExchangeView> => call('card_in', { file });

/** What arrived, and what needs a person. */
export const inbox = (): Promise<T.InboxView> => call('inbox', {});

/** Imports a file. Long. */
export const importFile = (file: T.Picked): Promise<T.ExchangeView> => call('import_file', { file });

/** Tries again what is held. Long. */
export const replay = (): Promise<T.InboxView> => call('replay', {});

/** Accepts what a revoked device wrote past its cut. */
export const acceptHeld = (digest: string): Promise<T.InboxView> => call('accept_held', { digest });

/** Forms that have a table. */
export const tables = (): Promise<Array<T.TableForm>> => call('tables', {});

/** A page of a table. */
export const table = (query: T.TableQueryView): Promise<T.TableView> => call('table', { query });

/** Values of a column. */
export const facets = (form: string, column: string): Promise<Array<T.Facet>> => call('facets', { form, column });

/** A record at headquarters; opening severe answers is written into the audit trail. */
export const officeRecord = (id: string, severe: boolean): Promise<T.OfficeSheet> => call('office_record', { id, severe });

/** Writes the CSV files of a form into a place. They are plain text. */
export const exportCsv = (form: string, place: string): Promise<T.ExportView> => call('export_csv', { form, place });

/** Reads a form file and says what it finds; publishes it if asked to and nothing speaks against it. */
export const publish = (file: T.Picked, publish: boolean): Promise<T.PublishView> => call('publish', { file, publish });

/** Everybody, and what is under way. */
export const members = (): Promise<T.MembersView> => call('members', {});

/** Writes an invitation. */
export const invite = (role: string, team: string | null, hub: boolean): Promise<T.PaperView> => call('invite', { role, team, hub });

/** Takes an invitation back. */
export const withdraw = (id: string): Promise<T.MembersView> => call('withdraw', { id });

/** Reads a request: the words to compare, before anything is approved. */
export const examine = (request: T.Paper): Promise<T.AskedView> => call('examine', { request });

/** Approves a request whose words were compared. */
export const approve = (request: T.Paper): Promise<T.PaperView> => call('approve', { request });

/** Stops trusting a device. Nothing that headquarters holds is deleted. */
export const revoke = (alias: string): Promise<T.MembersView> => call('revoke', { alias });
