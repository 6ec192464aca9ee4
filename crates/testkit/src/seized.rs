//! What an attacker has who holds a tablet and its passphrase: its keys, and what it knows.
//!
//! Stories use it to sign what an honest device never would.

use crate::{Locked, Result};
use baraza_app::World;
use baraza_model::{DeviceId, FormHash, Incarnation, SegmentHash, Timestamp};
use baraza_oplog::{
    Codec, Compartment, DeviceSecret, OpenBatch, Payload, Priority, Roster, Segment, SignedStatement,
    TransportKey,
};
use baraza_sync::bundle::{Item, ItemKind, read_bundle, write_bundle};
use baraza_vault::{Vault, meta};
use std::path::Path;
use std::sync::Arc;

/// The secrets of one device.
pub struct Seized {
    /// Its two private keys.
    pub secret: DeviceSecret,
    /// The incarnation it writes under.
    pub incarnation: Incarnation,
    /// The workspace's transport key.
    pub transport: TransportKey,
    /// The roster it trusts.
    pub roster: Roster,
    /// The forms it holds: (form id, hash).
    pub forms: Vec<(String, FormHash)>,
    codec: Codec,
    now: Timestamp,
}

impl Seized {
    pub(crate) fn take(bag: &Locked) -> Result<Self> {
        let vault = Vault::unlock(&bag.folder, &bag.secret())?;
        vault.read(|r| {
            let row = |key: &str| -> Result<_> { Ok(r.meta(key)?.ok_or_else(|| format!("no {key}"))?) };
            let transport: [u8; 32] = row(meta::TRANSPORT_KEY)?.as_slice().try_into()?;
            let statements =
                r.statements(0)?.into_iter().map(|(_, bytes)| Ok(SignedStatement::decode(&bytes)?));
            let statements = statements.collect::<Result<Vec<_>>>()?;
            let (mut codec, mut forms) = (Codec::new(), Vec::new());
            for head in r.forms()? {
                if let Some(form) = r.form(&head.hash)? {
                    codec.insert_form(head.hash, Arc::from(form.dictionary.as_slice()))?;
                    forms.push((form.form_id, head.hash));
                }
            }
            Ok(Self {
                secret: DeviceSecret::from_bytes(row(meta::DEVICE_SECRET)?.as_slice().try_into()?),
                incarnation: Incarnation(row(meta::INCARNATION)?.as_slice().try_into()?),
                transport: TransportKey::from_bytes(&transport),
                roster: Roster::replay(statements.iter())?,
                forms,
                codec,
                now: bag.now(),
            })
        })
    }

    /// Whose device it is.
    pub fn id(&self) -> DeviceId {
        self.secret.public().id()
    }

    /// The hash of a form by its id.
    ///
    /// # Errors
    /// When the device has no such form.
    pub fn form(&self, id: &str) -> Result<FormHash> {
        let found = self.forms.iter().find(|(known, _)| known == id);
        Ok(found.ok_or_else(|| format!("no form {id}"))?.1)
    }

    /// Makes a dictionary known for a form that nobody published.
    ///
    /// # Errors
    /// When two forms would share a tag.
    pub fn invent_form(&mut self, hash: FormHash, dictionary: &[u8]) -> Result<()> {
        self.codec.insert_form(hash, Arc::from(dictionary))?;
        Ok(())
    }

    /// A well-signed segment with these payloads, at any place of the device's log.
    ///
    /// # Errors
    /// When sealing is refused.
    pub fn segment(
        &self,
        readers: &Compartment,
        payloads: &[Payload],
        seq: u64,
        previous: Option<SegmentHash>,
        world: &mut World,
    ) -> Result<Segment> {
        let me = self.secret.public();
        let mut batch =
            OpenBatch::start(&self.roster, &me, self.incarnation, readers, Priority::Text, self.now, world)?;
        let mut sealed = Vec::new();
        for payload in payloads {
            sealed.push(Some(batch.seal(&self.codec.encode(payload)?, world)?.bytes));
        }
        Ok(batch.close(&self.secret, seq, previous, sealed)?)
    }

    /// The segments in a bundle file, in its order. A damaged file gives those that no damaged frame touches.
    ///
    /// # Errors
    /// When the file is no bundle of this workspace.
    pub fn segments_on(&self, card: &Path) -> Result<Vec<Vec<u8>>> {
        let (items, _) = read_bundle(&std::fs::read(card)?, &self.transport)?;
        Ok(items.into_iter().filter(|item| item.kind.is_segment()).map(|item| item.bytes).collect())
    }

    /// Writes a bundle file with these segments and nothing else.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write_card(&self, card: &Path, segments: &[Vec<u8>], world: &mut World) -> Result<()> {
        let item = |bytes: &Vec<u8>| Item { kind: ItemKind::Segment, bytes: bytes.clone() };
        let file = write_bundle(&self.transport, segments.iter().map(item).collect(), world)?;
        Ok(std::fs::write(card, file)?)
    }
}
