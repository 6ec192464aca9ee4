//! The folder that the demo leaves: made new each time, and never over something else.

use crate::{PASSPHRASE, Result};
use std::path::Path;

/// Marks a folder as an earlier demo, which may be replaced.
const MARKER: &str = ".baraza-demo";

const README: &str = "\
A demo workspace of Baraza. Everything in it is invented: people, places, what they say.
`baraza demo DIR` made it; calling it again replaces it. Nothing here is worth protecting, so the passphrase of all
devices lies in passphrase.txt. Real passphrases are in heads.

devices/headquarters   Ines: the vault, the office's store (office.db) and the sealed authority key
devices/amina          the interpreter's device; her records were received and forgotten
devices/north-1        Kofi's tablet: the team's patrol report
devices/north-2        Lindiwe's tablet: the same report, change for change
hub/store.db           all the hub ever had: sealed segments, receipts, the public roster
cards/                 what travelled by card and cable, one file each:
                         briefing          forms and names, from headquarters
                         cable             Kofi's draft, for Lindiwe
                         amina             the focus group and the survey
                         north-2           Lindiwe's report; north-2-damaged is the same with a scratch
                         receipts          what headquarters confirmed, and the team's changes
                         decision          how the two answers were settled
exports/               CSV files without severe answers; plain text, and their operator's to protect

The devices, cards and the hub's store cannot be read without keys. To look inside, from where you called the demo:

  export BARAZA_PASSPHRASE_FILE=DIR/passphrase.txt
  baraza record list DIR/devices/north-2
  baraza office review DIR/devices/headquarters
  baraza office export DIR/devices/headquarters --form baraza_fgd --include-severe -o DIR/severe
";

/// Makes an empty folder, or empties an earlier demo.
pub(super) fn prepare(dir: &Path) -> Result<()> {
    if dir.exists() {
        let empty = std::fs::read_dir(dir)?.next().is_none();
        if !empty && !dir.join(MARKER).exists() {
            let dir = dir.display();
            return Err(format!("{dir} is not empty and no earlier demo; give a new folder").into());
        }
        std::fs::remove_dir_all(dir)?;
    }
    std::fs::create_dir_all(dir)?;
    std::fs::write(dir.join(MARKER), "This folder may be replaced by `baraza demo`.\n")?;
    std::fs::write(dir.join("passphrase.txt"), format!("{PASSPHRASE}\n"))?;
    Ok(())
}

/// Leaves a note that says what is what; `called` is the folder as the person named it.
pub(super) fn explain(dir: &Path, called: &Path) -> Result<()> {
    let readme = README.replace("DIR/", &format!("{}/", called.display()));
    Ok(std::fs::write(dir.join("README.txt"), readme)?)
}

/// A copy of a card with a scratch in its middle.
pub(super) fn scratch(whole: &Path, damaged: &Path) -> Result<()> {
    let mut file = std::fs::read(whole)?;
    let middle = file.len() / 2;
    file.iter_mut().skip(middle).take(16).for_each(|byte| *byte = !*byte);
    Ok(std::fs::write(damaged, file)?)
}
