//! The words of the command line. They are a stable contract (DESIGN section 11).

use baraza_model::Role;
use clap::{Args, Parser, Subcommand};
use std::net::SocketAddr;
use std::path::PathBuf;

/// Field data for the protection of civilians: offline, encrypted, merged, carried by anything.
#[derive(Debug, Parser)]
#[command(name = "baraza", version, arg_required_else_help = true, after_help = EXAMPLES)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXAMPLES: &str = "\
A DIR is one device's folder: an encrypted vault, and at headquarters the office's store beside it.
Results are on stdout, diagnostics on stderr. Exit codes: 0 done, 1 refused or failed, 2 wrong usage.

From a village to headquarters:
  baraza workspace new hq --name \"Mission\" --passphrase-file hq.pass
  baraza form publish hq patrol.xlsx
  baraza member invite hq --role team-member --team north -o invitation
  baraza device join tablet --invitation invitation --request-out request --passphrase-file t.pass
  baraza member approve hq --request request -o approval
  baraza device finish tablet --approval approval
  baraza record new tablet --form baraza_patrol
  baraza record fill tablet RECORD --steps answers.jsonl
  baraza record finalise tablet RECORD
  baraza sync tablet --bundle-out card.baraza
  baraza office import hq card.baraza
  baraza office export hq --form baraza_patrol -o out/";

#[derive(Debug, Clone, Args)]
pub(crate) struct Common {
    /// Print JSON on stdout
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// File whose first line is the passphrase (otherwise BARAZA_PASSPHRASE_FILE, otherwise a prompt)
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
    /// Use this date and time instead of the device's clock, e.g. 2026-11-20T08:00:00+02:00 (a wrong clock, rehearsals)
    #[arg(long, global = true, value_name = "ISO")]
    pub(crate) now: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check, convert, run and publish forms
    #[command(subcommand)]
    Form(Form),
    /// Make a workspace; write its public file
    #[command(subcommand)]
    Workspace(Workspace),
    /// Invite, approve and list members
    #[command(subcommand)]
    Member(Member),
    /// Join a workspace; look after this device
    #[command(subcommand)]
    Device(Device),
    /// Fill, finalise, list and search records; resolve conflicts
    #[command(subcommand)]
    Record(Record),
    /// Hand over and take in: by a hub, or by a bundle file on a card or cable
    Sync(Sync),
    /// Run the blind relay
    #[command(subcommand)]
    Hub(Hub),
    /// Headquarters: import, look at what is held, export
    #[command(subcommand)]
    Office(Office),
    /// Play the whole story on a demo workspace in DIR
    #[cfg(feature = "dev")]
    Demo {
        /// An empty or missing folder
        dir: PathBuf,
    },
    /// Make the workspace that the app's windows are shown with: an interpreter's tablet, a team's, headquarters
    #[cfg(feature = "dev")]
    DemoWorkspace {
        /// An empty or missing folder
        dir: PathBuf,
    },
    /// Serve the app's interface to a browser on this machine, over one device's folder
    #[cfg(feature = "dev")]
    Bridge(Bridge),
}

#[cfg(feature = "dev")]
#[derive(Debug, Args)]
pub(crate) struct Bridge {
    /// The device, a folder that is still empty, or a demo workspace
    pub(crate) dir: PathBuf,
    /// The built interface
    #[arg(long, value_name = "DIR", default_value = "ui/dist")]
    pub(crate) ui: PathBuf,
    /// Address on loopback
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:0")]
    pub(crate) listen: SocketAddr,
    /// A folder that stands for a card; can be repeated
    #[arg(long, value_name = "DIR")]
    pub(crate) card: Vec<PathBuf>,
    /// Where settings of the screen are kept (default: the device's folder)
    #[arg(long, value_name = "DIR")]
    pub(crate) settings: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Form {
    /// Report everything there is to say about a form (.xlsx, .xls, .xml or .json)
    Check {
        /// The form
        file: PathBuf,
    },
    /// Convert a form to a JSON definition (.json) or an XForm (.xml)
    Convert {
        /// The form
        file: PathBuf,
        /// The file to write; its ending decides
        #[arg(short, long)]
        out: PathBuf,
    },
    /// Fill a form without a screen: one JSON object a line, each `dump` prints the state
    Run {
        /// The form
        file: PathBuf,
        /// The steps (- for stdin)
        #[arg(long)]
        steps: PathBuf,
    },
    /// Publish a form to the workspace (headquarters)
    Publish {
        /// The device
        dir: PathBuf,
        /// The form
        file: PathBuf,
    },
    /// List the published forms
    List {
        /// The device
        dir: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Workspace {
    /// Make a workspace: authority, first officer, first office
    New {
        /// The folder of the first headquarters device
        dir: PathBuf,
        /// What the workspace and its first device are called
        #[arg(long)]
        name: String,
    },
    /// Write the public file that a hub is started with; it opens nothing
    Public {
        /// The device
        dir: PathBuf,
        /// The file to write
        #[arg(short, long)]
        out: PathBuf,
    },
    /// Pin a hub's key in the roster, so that devices know it
    AddHub {
        /// The officer's device
        dir: PathBuf,
        /// The key that `hub serve` prints, in hex
        #[arg(long)]
        key: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Member {
    /// Write an invitation for one device; hand it over in person
    Invite {
        /// The officer's device
        dir: PathBuf,
        /// interpreter, team-member, analyst or protection-officer
        #[arg(long)]
        role: Role,
        /// The team; made when it is new
        #[arg(long)]
        team: Option<String>,
        /// The file to write
        #[arg(short, long)]
        out: PathBuf,
    },
    /// Approve a request; both people compare the words it prints
    Approve {
        /// The officer's device
        dir: PathBuf,
        /// The request file
        #[arg(long)]
        request: PathBuf,
        /// The approval file to write
        #[arg(short, long)]
        out: PathBuf,
    },
    /// Stop trusting a device that was lost or seized; every group it was in gets new keys
    Revoke {
        /// The officer's device
        dir: PathBuf,
        /// What the device is called
        name: String,
    },
    /// List members, their roles and groups
    List {
        /// The device
        dir: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Device {
    /// Make a vault in DIR and a request that answers an invitation
    Join {
        /// A new folder
        dir: PathBuf,
        /// The invitation file
        #[arg(long)]
        invitation: PathBuf,
        /// The request file to write
        #[arg(long)]
        request_out: PathBuf,
        /// What this device is called; never a person's full name
        #[arg(long, default_value = "tablet")]
        alias: String,
    },
    /// Take the approval; from here on the device belongs to the workspace
    Finish {
        /// The device
        dir: PathBuf,
        /// The approval file
        #[arg(long)]
        approval: PathBuf,
    },
    /// Say what this device is, what it holds and what has not left it
    Status {
        /// The device
        dir: PathBuf,
    },
    /// Forget what headquarters has received and whose days have passed
    Prune {
        /// The device
        dir: PathBuf,
    },
    /// Print a new passphrase of six words
    Words,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Record {
    /// Start a record and print its id
    New {
        /// The device
        dir: PathBuf,
        /// The form id
        #[arg(long)]
        form: String,
    },
    /// Give one answer; "" clears it
    Set {
        /// The device
        dir: PathBuf,
        /// The record's id, or its first digits
        record: String,
        /// The question: /data/g/q, or g/q
        path: String,
        /// The answer as in a submission: choices separated by spaces, ISO dates
        value: String,
    },
    /// Add a repeat instance at the end
    Add {
        /// The device
        dir: PathBuf,
        /// The record
        record: String,
        /// The repeat: /data/contacts, or contacts
        repeat: String,
    },
    /// Remove a repeat instance
    Remove {
        /// The device
        dir: PathBuf,
        /// The record
        record: String,
        /// The instance, with its position in brackets: `contacts[2]`
        instance: String,
    },
    /// Take many steps; each is on disk before `ok N` is printed for it
    Fill {
        /// The device
        dir: PathBuf,
        /// The record
        record: String,
        /// Steps as of `form run`, one JSON object a line (- for stdin)
        #[arg(long)]
        steps: PathBuf,
        /// Change a finalised record, for this reason
        #[arg(long, value_name = "REASON")]
        amend: Option<String>,
    },
    /// Finalise: seal it for headquarters; severe answers are gone from this device afterwards
    Finalise {
        /// The device
        dir: PathBuf,
        /// The record
        record: String,
        /// Hand over as incomplete, for this reason
        #[arg(long, value_name = "REASON")]
        incomplete: Option<String>,
    },
    /// Show a record's questions and answers
    Show {
        /// The device
        dir: PathBuf,
        /// The record
        record: String,
        /// The language, as the form names it
        #[arg(long)]
        language: Option<String>,
    },
    /// List records, newest first
    List {
        /// The device
        dir: PathBuf,
        /// Only of this form id
        #[arg(long)]
        form: Option<String>,
    },
    /// Find records by the beginnings of words
    Search {
        /// The device
        dir: PathBuf,
        /// The words
        words: Vec<String>,
    },
    /// Show questions with two answers
    Conflicts {
        /// The device
        dir: PathBuf,
        /// Only of this record
        record: Option<String>,
    },
    /// Settle a question; an answer that nobody has shown you stays a conflict
    Resolve {
        /// The device
        dir: PathBuf,
        /// The record
        record: String,
        /// The question as `conflicts` prints it
        path: String,
        /// The answer to keep, one of those shown or another
        value: String,
        /// The claims that you saw (all that stand now, if left out)
        #[arg(long = "claim")]
        claims: Vec<String>,
    },
    /// Print what identifies the state of a record: equal wherever the same changes have arrived
    Heads {
        /// The device
        dir: PathBuf,
        /// The record
        record: String,
    },
    /// Show every change of every answer
    History {
        /// The device
        dir: PathBuf,
        /// The record
        record: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Sync {
    /// The device
    pub(crate) dir: PathBuf,
    #[command(flatten)]
    pub(crate) by: By,
    /// The hub's key in hex, if the roster does not pin exactly one
    #[arg(long, requires = "hub")]
    pub(crate) hub_key: Option<String>,
    /// Who takes the card
    #[arg(long, requires = "bundle_out", default_value = "card")]
    pub(crate) to: String,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct By {
    /// Push to and pull from a hub
    #[arg(long, value_name = "URL")]
    pub(crate) hub: Option<String>,
    /// Write a bundle file
    #[arg(long, value_name = "FILE")]
    pub(crate) bundle_out: Option<PathBuf>,
    /// Read a bundle file
    #[arg(long, value_name = "FILE")]
    pub(crate) bundle_in: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Hub {
    /// Serve on a loopback address (plain HTTP) until interrupted
    Serve {
        /// The workspace's public file
        #[arg(long)]
        workspace: PathBuf,
        /// The hub's key file; made if it is missing
        #[arg(long)]
        key: PathBuf,
        /// Where to listen; port 0 takes a free one
        #[arg(long, default_value = "127.0.0.1:8377")]
        listen: SocketAddr,
        /// The store: sqlite:FILE
        #[arg(long)]
        store: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Office {
    /// Import bundle files
    Import {
        /// The headquarters device
        dir: PathBuf,
        /// The files
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Show what waits, is quarantined or needs a decision
    Quarantine {
        /// The headquarters device
        dir: PathBuf,
        /// Try everything again first
        #[arg(long)]
        replay: bool,
    },
    /// List records
    Records {
        /// The headquarters device
        dir: PathBuf,
    },
    /// Show what no longer holds after a merge
    Review {
        /// The headquarters device
        dir: PathBuf,
    },
    /// Write CSV files; they are plain text and yours to protect
    Export {
        /// The headquarters device
        dir: PathBuf,
        /// The form id
        #[arg(long)]
        form: String,
        /// The folder to write to
        #[arg(short, long)]
        out: PathBuf,
        /// Include severe columns; this is written to the audit trail
        #[arg(long)]
        include_severe: bool,
        /// Include records that nobody has finalised
        #[arg(long)]
        include_drafts: bool,
        /// Write a row of HXL hashtags under the header
        #[arg(long)]
        hxl: bool,
    },
}
