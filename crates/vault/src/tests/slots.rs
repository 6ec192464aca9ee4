//! Key slots: what opens the vault, what a crash leaves of them, what a wipe leaves.

use super::{amina, files, passphrase};
use crate::folder::{SLOTS, STORE};
use crate::{Error, KdfCost, SlotKind, Vault};
use secrecy::SecretString;
use std::os::unix::fs::PermissionsExt;

#[test]
fn only_the_passphrase_opens_the_vault() {
    let (_home, mut vault) = amina();
    let folder = vault.folder().to_owned();
    vault.write(|tx| tx.put_meta("alias", b"Amina")).unwrap();
    vault.lock().unwrap();

    let wrong = Vault::unlock(&folder, &SecretString::from("acid bread canal drum elbow fern"));
    assert!(matches!(wrong, Err(Error::WrongPassphrase)));
    assert_eq!(wrong.unwrap_err().code(), "vault.wrong-passphrase");

    let sloppily = SecretString::from("  acid bread  canal drum\telbow ferry\n");
    let vault = Vault::unlock(&folder, &sloppily).unwrap();
    let alias = vault.read(|r| r.meta("alias")).unwrap().unwrap();
    assert_eq!(alias.as_slice(), b"Amina");
}

#[test]
fn a_folder_is_made_once_and_an_empty_one_says_so() {
    let (home, vault) = amina();
    let folder = vault.folder().to_owned();
    drop(vault);
    let again = Vault::create(&folder, &passphrase(), KdfCost::floor());
    assert_eq!(again.unwrap_err().code(), "vault.exists");
    let empty = Vault::unlock(home.path(), &passphrase());
    assert_eq!(empty.unwrap_err().code(), "vault.missing");
}

#[test]
fn files_are_for_their_owner_only() {
    let (_home, mut vault) = amina();
    vault.write(|tx| tx.put_meta("alias", b"Amina")).unwrap();
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(vault.folder()), 0o700);
    for file in files(vault.folder()) {
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
}

#[test]
fn either_copy_of_the_slots_is_enough_and_is_mended() {
    for torn in SLOTS {
        let (_home, vault) = amina();
        let folder = vault.folder().to_owned();
        drop(vault);
        let whole = std::fs::read(folder.join(torn)).unwrap();
        for damage in [whole[..whole.len() / 2].to_vec(), Vec::new(), vec![0; whole.len()]] {
            std::fs::write(folder.join(torn), damage).unwrap();
            drop(Vault::unlock(&folder, &passphrase()).unwrap());
            assert_eq!(std::fs::read(folder.join(torn)).unwrap(), whole, "{torn} was not mended");
        }
    }
}

#[test]
fn two_damaged_copies_are_not_called_a_wrong_passphrase() {
    let (_home, vault) = amina();
    let folder = vault.folder().to_owned();
    drop(vault);
    for name in SLOTS {
        let mut bytes = std::fs::read(folder.join(name)).unwrap();
        bytes[10] ^= 1;
        std::fs::write(folder.join(name), bytes).unwrap();
    }
    assert_eq!(Vault::unlock(&folder, &passphrase()).unwrap_err().code(), "vault.slots-damaged");
}

#[test]
fn a_changed_passphrase_leaves_no_copy_that_the_old_one_opens() {
    let (_home, mut vault) = amina();
    let folder = vault.folder().to_owned();
    let new = SecretString::from("zebra yoga wafer vocal untie tulip");
    let before = std::fs::read(folder.join(SLOTS[1])).unwrap();

    let wrong = vault.change_passphrase(&SecretString::from("not hers"), &new, KdfCost::floor());
    assert!(matches!(wrong, Err(Error::WrongPassphrase)));
    vault.change_passphrase(&passphrase(), &new, KdfCost::floor()).unwrap();
    drop(vault);

    // The power went out between the two copies: the second is still the old one.
    std::fs::write(folder.join(SLOTS[1]), before).unwrap();
    assert!(matches!(Vault::unlock(&folder, &passphrase()), Err(Error::WrongPassphrase)));
    drop(Vault::unlock(&folder, &new).unwrap());
    std::fs::remove_file(folder.join(SLOTS[0])).unwrap();
    assert!(matches!(Vault::unlock(&folder, &passphrase()), Err(Error::WrongPassphrase)));
    drop(Vault::unlock(&folder, &new).unwrap());
}

#[test]
fn the_recovery_secret_opens_the_vault_and_can_be_taken_away() {
    let (_home, mut vault) = amina();
    let folder = vault.folder().to_owned();
    let recovery = SecretString::from("kept in the safe at headquarters");
    vault.set_slot(SlotKind::Recovery, &recovery, KdfCost::floor()).unwrap();
    drop(vault);

    assert!(matches!(Vault::unlock(&folder, &recovery), Err(Error::WrongPassphrase)), "it is no passphrase");
    let mut vault = Vault::unlock_with(&folder, SlotKind::Recovery, &recovery).unwrap();
    assert_eq!(vault.slot_kinds().len(), 2);
    vault.remove_slot(SlotKind::Recovery).unwrap();
    assert!(vault.remove_slot(SlotKind::Passphrase).is_err());
    drop(vault);
    assert!(matches!(
        Vault::unlock_with(&folder, SlotKind::Recovery, &recovery),
        Err(Error::WrongPassphrase)
    ));
}

#[test]
fn a_wiped_vault_is_gone_and_a_new_one_can_be_made() {
    let (_home, vault) = amina();
    let folder = vault.folder().to_owned();
    let slots = std::fs::read(folder.join(SLOTS[0])).unwrap();
    vault.wipe_now().unwrap();
    assert!(!Vault::exists(&folder) && !folder.join(STORE).exists());

    // Somebody kept a copy of the slots, but the store they opened is no more.
    std::fs::write(folder.join(SLOTS[0]), slots).unwrap();
    assert_eq!(Vault::unlock(&folder, &passphrase()).unwrap_err().code(), "vault.damaged");
    Vault::wipe(&folder).unwrap();
    drop(Vault::create(&folder, &passphrase(), KdfCost::floor()).unwrap());
}

#[test]
fn a_creation_cut_short_is_started_over() {
    let (_home, vault) = amina();
    let folder = vault.folder().to_owned();
    drop(vault);
    for name in SLOTS {
        std::fs::remove_file(folder.join(name)).unwrap();
    }
    drop(Vault::create(&folder, &passphrase(), KdfCost::floor()).unwrap());
    drop(Vault::unlock(&folder, &passphrase()).unwrap());
}

#[test]
fn calibration_never_goes_below_the_floor() {
    let cost = KdfCost::calibrate().unwrap();
    assert!(cost.memory_mib() >= 64 && cost.memory_mib() <= 256 && cost.passes() >= 1, "{cost:?}");
}
