//! The blind relay: it takes sealed segments, receipts and roster statements from devices and gives them to those
//! devices that the roster lets read them.
//!
//! Invariants:
//! - it holds no key that opens anything, and learns no name, form or record (`docs/threat-model-hub.md` lists what
//!   it does learn);
//! - nothing is said to be stored before it is on disk;
//! - every request is signed by a device of the roster; a revoked one may bring things, which are held apart, and
//!   is given nothing but the roster;
//! - repeating a request changes nothing;
//! - it writes no log.
//!
//! Source: DESIGN sections 5 and 7.

mod admit;
mod cursor;
mod error;
mod exchange;
mod http;
mod store;

pub use error::HubError;
pub use http::{serve, serve_on};

use baraza_model::{Entropy, Timestamp};
use baraza_oplog::{HubSecret, ReceiptBook, Roster, SignedStatement, VerifyKey, WorkspaceFile};
use baraza_sync::frontier::StoreId;
use cursor::TokenSeal;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use store::Store;

/// What the operator chooses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Receipts of different offices before bytes may be deleted (2 where there are two offices).
    pub prune_quorum: usize,
    /// Days that bytes stay all the same, for team members who are seldom connected.
    pub keep_days: u32,
    /// Bytes that a revoked device may still bring.
    pub revoked_quota: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self { prune_quorum: 1, keep_days: 30, revoked_quota: 64 << 20 }
    }
}

/// A running hub, to be shared between threads.
pub struct Hub {
    state: Mutex<State>,
    secret: HubSecret,
    tokens: TokenSeal,
    options: Options,
}

/// What changes: the store, and what was read from it.
struct State {
    store: Store,
    store_id: StoreId,
    roster: Arc<Roster>,
    receipts: ReceiptBook,
    seen_version: i64,
}

/// What [`Hub::prune`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PruneReport {
    /// Segments whose bytes were deleted.
    pub segments: usize,
    /// How many bytes these were.
    pub bytes: u64,
}

impl Hub {
    /// Opens the store at `path`, or makes it. `workspace` is the workspace's public file; statements in it that
    /// the store lacks are added. `rng` draws the id of a new store.
    pub fn open(
        path: &Path,
        workspace: &[u8],
        secret: HubSecret,
        options: Options,
        rng: &mut impl Entropy,
    ) -> Result<Self, HubError> {
        let file = WorkspaceFile::decode(workspace).map_err(|e| HubError::Workspace(e.to_string()))?;
        let public = file.roster().map_err(|e| HubError::Workspace(e.to_string()))?;
        let store = Store::open(path, public.workspace(), rng)?;
        let mut state = State {
            store_id: store.store_id()?,
            seen_version: store.data_version()?,
            store,
            roster: Arc::new(public.clone()),
            receipts: ReceiptBook::default(),
        };
        if state.store.statements()?.is_empty() {
            state.keep_statements(1, &public)?;
        }
        state.reload()?;
        if state.roster.authority() != public.authority() {
            return Err(HubError::WrongWorkspace);
        }
        state.take_statements(public.statements())?;
        let tokens = TokenSeal::new(&secret.to_bytes());
        Ok(Self { state: Mutex::new(state), secret, tokens, options })
    }

    /// The key that devices pin.
    pub fn public(&self) -> VerifyKey {
        self.secret.public()
    }

    /// The id of this life of the store.
    pub fn store_id(&self) -> StoreId {
        self.state().store_id
    }

    /// To be called after the store was restored from a backup: every device will compare all that it still holds.
    /// A hub that is asked to go on from beyond its end does this by itself.
    pub fn renew_store_id(&self, rng: &mut impl Entropy) -> Result<StoreId, HubError> {
        let mut state = self.state();
        state.store_id = state.store.renew_store_id(StoreId(rng.bytes()))?;
        Ok(state.store_id)
    }

    /// Answers one request, whatever transported it. Never fails: what cannot be answered is refused with a reason.
    pub fn handle_sync(&self, request: &[u8], now: Timestamp) -> Vec<u8> {
        exchange::answer(self, request, now)
    }

    /// Deletes the bytes of segments that enough offices have receipted and that are old enough.
    pub fn prune(&self, now: Timestamp) -> Result<PruneReport, HubError> {
        let mut state = self.state();
        state.refresh()?;
        let State { store, receipts, roster, .. } = &mut *state;
        let before = Timestamp(now.0.saturating_sub(i64::from(self.options.keep_days) * 24 * 3_600_000));
        store.prune(receipts, roster, self.options.prune_quorum.max(1), before)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A panic while the lock was held leaves the store between two transactions, which is a good state.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Reads roster and receipts again if another process has written.
    fn refresh(&mut self) -> Result<(), HubError> {
        let version = self.store.data_version()?;
        if version != self.seen_version {
            self.reload()?;
            self.seen_version = version;
        }
        Ok(())
    }

    fn reload(&mut self) -> Result<(), HubError> {
        let decode =
            |bytes: &Vec<u8>| SignedStatement::decode(bytes).map_err(|_| HubError::Damaged("statement"));
        let statements = self.store.statements()?.iter().map(decode).collect::<Result<Vec<_>, _>>()?;
        self.roster = Arc::new(Roster::replay(&statements).map_err(|_| HubError::Damaged("roster"))?);
        self.store_id = self.store.store_id()?;
        self.receipts = ReceiptBook::default();
        for bytes in self.store.receipts()? {
            // A receipt whose office was revoked since no longer counts.
            if let Ok(receipt) = admit::admit_receipt(&self.roster, &bytes) {
                self.receipts.admit(receipt);
            }
        }
        Ok(())
    }

    /// Takes in the statements that hold; the others are passed over.
    fn take_statements(&mut self, statements: &[SignedStatement]) -> Result<(), HubError> {
        let mut next = (*self.roster).clone();
        let old = self.roster.version();
        let mut from = old + 1;
        for statement in statements {
            match next.apply(statement) {
                Ok(baraza_oplog::Applied::Known) | Err(_) => {}
                Ok(_) => from = from.min(statement.statement().version),
            }
        }
        if next.head() != self.roster.head() {
            self.keep_statements(from, &next)?;
            self.roster = Arc::new(next);
        }
        Ok(())
    }

    fn keep_statements(&mut self, from: u64, roster: &Roster) -> Result<(), HubError> {
        let skip = usize::try_from(from.saturating_sub(1)).unwrap_or(usize::MAX);
        let bytes: Vec<Vec<u8>> =
            roster.statements().iter().skip(skip).map(SignedStatement::encode).collect();
        self.store.put_statements(from, &bytes)
    }
}
