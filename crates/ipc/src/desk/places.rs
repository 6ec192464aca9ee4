//! Cards, sticks and folders: where a window may read and write files, and nowhere else.
//!
//! A path that a window names counts only if it leads, links resolved, into a place that is listed now.

use super::Desk;
use crate::problem::{Problem, Result};
use crate::view::{FileView, PlaceView};
use std::fs::DirEntry;
use std::io::Read;
use std::path::{Path, PathBuf};

const MOST_PLACES: usize = 20;
const MOST_FILES: usize = 200;
/// So many entries of a folder are looked at.
const MOST_LOOKED_AT: usize = 5000;
/// A paper as text is no longer.
const LONGEST_PAPER: u64 = 256 * 1024;

/// Kinds of file systems that no card or stick has.
#[cfg(target_os = "linux")]
const UNREAL: [&str; 6] = ["autofs", "overlay", "proc", "squashfs", "sysfs", "tmpfs"];

/// A place for files.
struct Place {
    path: PathBuf,
    card: bool,
}

impl Desk {
    /// Places as they are now: those that were given, cards and sticks, the person's own folders.
    pub(super) fn place_views(&self) -> Vec<PlaceView> {
        let view = |place: Place| PlaceView {
            name: name_of(&place.path),
            free_bytes: baraza_app::free_space(&place.path),
            files: files(&place.path),
            card: place.card,
            path: place.path.to_string_lossy().into_owned(),
        };
        self.listed().into_iter().map(view).collect()
    }

    /// A folder that is listed.
    pub(super) fn place(&self, path: &str) -> Result<PathBuf> {
        let wanted = resolved(path)?;
        let listed = self.listed().into_iter().any(|place| place.path == wanted);
        listed.then_some(wanted).ok_or_else(unknown)
    }

    /// A file in a folder that is listed.
    pub(super) fn file_in_place(&self, path: &str) -> Result<PathBuf> {
        let wanted = resolved(path)?;
        let listed = self.listed().into_iter().any(|place| wanted.starts_with(&place.path));
        (listed && wanted.is_file()).then_some(wanted).ok_or_else(unknown)
    }

    fn listed(&self) -> Vec<Place> {
        let mut paths: Vec<(PathBuf, bool)> =
            self.setup.places.iter().map(|path| (path.clone(), true)).collect();
        // Whoever shows the demo need not show their own folders.
        if self.demo_faces().is_empty() {
            paths.extend(mounted().into_iter().map(|path| (path, true)));
            paths.extend(own_folders().into_iter().map(|path| (path, false)));
        }
        let mut places: Vec<Place> = Vec::new();
        for (path, card) in paths {
            let Ok(path) = path.canonicalize() else { continue };
            let known = places.iter().any(|place| place.path == path);
            if path.is_dir() && !known && places.len() < MOST_PLACES {
                places.push(Place { path, card });
            }
        }
        places
    }
}

/// The last part of a path.
pub(super) fn name_of(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// A name in a folder that nothing has yet: `invitation.txt`, `invitation-2.txt`…
pub(super) fn free_name(folder: &Path, stem: &str, ending: &str) -> PathBuf {
    let first = folder.join(format!("{stem}.{ending}"));
    let later = (2_u32..).map(|n| folder.join(format!("{stem}-{n}.{ending}")));
    std::iter::once(first.clone()).chain(later).find(|path| !path.exists()).unwrap_or(first)
}

/// A folder's name that nothing has yet.
pub(super) fn free_folder(folder: &Path) -> PathBuf {
    let named = |n: u32| PathBuf::from(format!("{}-{n}", folder.display()));
    let later = (2_u32..).map(named);
    std::iter::once(folder.to_owned()).chain(later).find(|path| !path.exists()).unwrap_or_default()
}

fn unknown() -> Problem {
    Problem::new("place.unknown")
}

fn resolved(path: &str) -> Result<PathBuf> {
    Path::new(path).canonicalize().map_err(|_| unknown())
}

/// What can be taken out: mount points where systems put cards and sticks.
#[cfg(target_os = "linux")]
fn mounted() -> Vec<PathBuf> {
    let table = std::fs::read_to_string("/proc/self/mounts").unwrap_or_default();
    let homes = ["/media/", "/run/media/", "/mnt/"];
    let point = |line: &str| {
        let mut fields = line.split(' ').skip(1);
        let (point, system) = (unescaped(fields.next()?), fields.next()?);
        let card = homes.iter().any(|home| point.starts_with(home)) && !UNREAL.contains(&system);
        card.then(|| PathBuf::from(point))
    };
    table.lines().filter_map(point).collect()
}

#[cfg(target_os = "macos")]
fn mounted() -> Vec<PathBuf> {
    let volumes = std::fs::read_dir("/Volumes").into_iter().flatten();
    volumes.filter_map(|entry| Some(entry.ok()?.path())).collect()
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn mounted() -> Vec<PathBuf> {
    Vec::new()
}

/// A field of the table of mounts: `\040` is a space.
#[cfg(target_os = "linux")]
fn unescaped(field: &str) -> String {
    let mut parts = field.split('\\');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let byte = part.get(..3).and_then(|digits| u8::from_str_radix(digits, 8).ok());
        match (byte, part.get(3..)) {
            (Some(byte), Some(rest)) if byte.is_ascii() => {
                text.push(char::from(byte));
                text.push_str(rest);
            }
            _ => {
                text.push('\\');
                text.push_str(part);
            }
        }
    }
    text
}

/// The person's own folders for what comes and goes, by the name that their language gives them.
fn own_folders() -> Vec<PathBuf> {
    let Some(home) = std::env::var_os("HOME").map(PathBuf::from) else { return Vec::new() };
    let told = std::fs::read_to_string(home.join(".config/user-dirs.dirs")).unwrap_or_default();
    let folder = |key: &str, usual: &str| {
        let line = told.lines().find_map(|line| line.trim().strip_prefix(key)?.strip_prefix("=\"$HOME/"));
        let named = line.and_then(|rest| rest.strip_suffix('"')).filter(|name| !name.is_empty());
        home.join(named.unwrap_or(usual))
    };
    vec![folder("XDG_DOWNLOAD_DIR", "Downloads"), folder("XDG_DOCUMENTS_DIR", "Documents")]
}

/// Files that this app has to do with, newest first.
fn files(folder: &Path) -> Vec<FileView> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().take(MOST_LOOKED_AT);
    let mut files: Vec<FileView> = entries.filter_map(|entry| file(&entry.ok()?)).collect();
    files.sort_by(|a, b| b.modified.cmp(&a.modified).then_with(|| a.name.cmp(&b.name)));
    files.truncate(MOST_FILES);
    files
}

fn file(entry: &DirEntry) -> Option<FileView> {
    let path = entry.path();
    let about = entry.metadata().ok().filter(|about| about.is_file())?;
    let ending = path.extension()?.to_string_lossy().to_ascii_lowercase();
    let kind = match ending.as_str() {
        "baraza" => "bundle",
        "xlsx" | "xls" | "xml" => "form",
        "txt" | "invitation" | "request" | "approval" if about.len() <= LONGEST_PAPER => paper(&path)?,
        _ => return None,
    };
    let modified = about.modified().ok().and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok());
    Some(FileView {
        name: name_of(&path),
        path: path.to_string_lossy().into_owned(),
        kind: kind.to_owned(),
        modified: modified.and_then(|at| i64::try_from(at.as_millis()).ok()),
        size: about.len(),
    })
}

fn paper(path: &Path) -> Option<&'static str> {
    let mut bytes = Vec::new();
    std::fs::File::open(path).ok()?.take(LONGEST_PAPER).read_to_end(&mut bytes).ok()?;
    baraza_app::paper_kind(&bytes).map(baraza_app::Paper::as_str)
}
