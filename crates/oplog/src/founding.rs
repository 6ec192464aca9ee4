//! How a workspace begins, and the public file that a hub is started with.

use crate::author::Author;
use crate::error::Malformed;
use crate::keyring::Keyring;
use crate::keys::{AuthoritySecret, OfficerSecret, TransportKey};
use crate::statement::{Action, SignedStatement, Statement};
use crate::{DevicePublic, Roster, RosterError, SealKey, VerifyKey, appoint_officer, wire};
use baraza_model::{Entropy, WorkspaceId};
use minicbor::{Decode, Encode};

const VERSION: u8 = 1;
const MAX_STATEMENTS: usize = 65_536;
/// The longest workspace file, in bytes.
pub(crate) const MAX_FILE: usize = 64 << 20;

/// What a workspace begins with.
#[derive(Debug)]
pub struct Founding<'a> {
    /// The root key.
    pub authority: &'a AuthoritySecret,
    /// The first officer.
    pub officer: OfficerSecret,
    /// The first office device: a member of `hq-severe`, and so of `hq` and `all`.
    pub office: DevicePublic,
    /// The key that hides the structure of bundles.
    pub transport: &'a TransportKey,
    /// The recovery key, a permanent member of every group.
    pub recovery: Option<SealKey>,
}

impl Founding<'_> {
    /// Founds the workspace: founding, first term, first office, and the groups `hq-severe`, `hq` and `all`.
    pub fn found(self, rng: &mut impl Entropy) -> Result<(Roster, Author), RosterError> {
        let statement = Statement {
            encoding: 1,
            workspace: WorkspaceId::random(rng),
            version: 1,
            previous: None,
            term: 0,
            action: Action::Found {
                authority: self.authority.public(),
                transport: self.transport.id(),
                recovery: self.recovery,
            },
        };
        let mut roster = Roster::found(&statement.by_authority(self.authority)?)?;
        appoint_officer(self.authority, &mut roster, self.officer.public(), 1)?;
        let mut author = Author::new(self.officer, Keyring::new());
        author.set_up(&mut roster, self.office, rng)?;
        Ok((roster, author))
    }
}

/// The public side of a workspace: enough to check everything, nothing to read with.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct WorkspaceFile {
    /// Version of this encoding: 1.
    #[n(0)]
    pub version: u8,
    /// The workspace.
    #[n(1)]
    pub workspace: WorkspaceId,
    /// Its authority.
    #[n(2)]
    pub authority: VerifyKey,
    /// The roster.
    #[cbor(n(3), decode_with = "wire::list::<_, _, MAX_STATEMENTS>")]
    pub statements: Vec<SignedStatement>,
}

impl WorkspaceFile {
    /// The file of a roster as it stands.
    pub fn of(roster: &Roster) -> Self {
        Self {
            version: VERSION,
            workspace: roster.workspace(),
            authority: roster.authority(),
            statements: roster.statements().to_vec(),
        }
    }

    /// The file's bytes.
    pub fn encode(&self) -> Vec<u8> {
        wire::encode(self)
    }

    /// Reads a file. Whether its signatures hold is told by [`Self::roster`].
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let file: Self = wire::decode(bytes, MAX_FILE)?;
        wire::version(file.version, VERSION)?;
        Ok(file)
    }

    /// Replays the statements; they must be of the workspace and authority that the file names.
    pub fn roster(&self) -> Result<Roster, RosterError> {
        let roster = Roster::replay(&self.statements)?;
        if roster.workspace() != self.workspace || roster.authority() != self.authority {
            return Err(RosterError::WrongWorkspace);
        }
        Ok(roster)
    }
}
