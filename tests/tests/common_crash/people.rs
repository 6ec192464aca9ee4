//! A workspace made through the library, with the least cost of deriving keys: Halima at headquarters (officer), and
//! field devices that joined by files.

use baraza_app::{Device, World, found_workspace, read_form};
use baraza_model::Role;
use baraza_vault::KdfCost;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A folder and the file with its passphrase.
#[derive(Clone)]
pub(crate) struct Home {
    pub(crate) folder: PathBuf,
    pub(crate) passphrase: PathBuf,
}

impl Home {
    pub(crate) fn new(folder: PathBuf, passphrase: PathBuf) -> Self {
        if !passphrase.exists() {
            std::fs::write(&passphrase, "granite ladder willow ember canoe violin\n").unwrap();
        }
        Self { folder, passphrase }
    }

    pub(crate) fn spoken(&self) -> String {
        std::fs::read_to_string(&self.passphrase).unwrap().trim().to_owned()
    }

    pub(crate) fn unlock(&self) -> baraza_app::Result<Device> {
        self.unlock_copy(&self.folder)
    }

    /// Unlocks a copy of the folder.
    pub(crate) fn unlock_copy(&self, folder: &Path) -> baraza_app::Result<Device> {
        Device::unlock(folder, &self.spoken().into(), cheap())
    }
}

pub(crate) fn cheap() -> World {
    World::system().with_kdf(KdfCost::floor())
}

/// Founds a workspace in which `forms` (name and XForm) are published.
pub(crate) fn found(root: &Path, forms: &[(&str, String)]) -> Home {
    let home = Home::new(root.join("hq"), root.join("passphrase"));
    let (mut device, _) = found_workspace(&home.folder, "Mission", &home.spoken().into(), cheap()).unwrap();
    for (name, xml) in forms {
        let read = read_form(&format!("{name}.xml"), xml.as_bytes(), BTreeMap::new());
        assert!(read.def.is_some(), "{:#?}", read.diagnostics);
        device.publish(read).unwrap();
    }
    device.lock().unwrap();
    home
}

/// A person joins with a device; the forms come by a bundle.
pub(crate) fn join(root: &Path, hq: &Home, role: Role, team: Option<&str>, alias: &str) -> Home {
    let home = Home::new(root.join(alias), root.join("passphrase"));
    let mut officer = hq.unlock().unwrap();
    let invitation = officer.invite(role, team, None).unwrap();
    let (mut device, request) =
        Device::join(&home.folder, &invitation, alias, &home.spoken().into(), cheap()).unwrap();
    let approved = officer.approve(&request.request).unwrap();
    device.finish(&approved.approval).unwrap();
    let card = root.join("forms.baraza");
    officer.bundle_out(&card, alias).unwrap();
    device.bundle_in(&card).unwrap();
    assert!(!device.forms().unwrap().is_empty(), "the forms have arrived");
    officer.lock().unwrap();
    device.lock().unwrap();
    home
}
