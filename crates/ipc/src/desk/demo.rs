//! The demo's faces: several people's devices in one window, with passphrases that everybody may know. Never in a
//! release; without the feature there are no faces and nothing to change to.

use super::Desk;
use crate::problem::{Problem, Result};
use crate::view::{DemoFace, DeskView};

#[cfg(not(feature = "demo"))]
impl Desk {
    pub(super) fn demo_faces(&self) -> Vec<DemoFace> {
        Vec::new()
    }

    pub(crate) fn demo_switch(&self, _face: String) -> Result<DeskView> {
        Err(Problem::new("call.unknown"))
    }
}

#[cfg(feature = "demo")]
pub use faces::{Demo, DemoDevice};

#[cfg(feature = "demo")]
mod faces {
    use super::*;
    use crate::Setup;
    use secrecy::SecretString;
    use std::path::{Path, PathBuf};
    use std::sync::PoisonError;

    /// A demo workspace: devices whose passphrases are known, and places for cards.
    pub struct Demo {
        /// The devices, in the order in which they are shown.
        pub faces: Vec<DemoDevice>,
        /// Places for cards.
        pub places: Vec<PathBuf>,
        /// The hub's address, if one is served.
        pub hub: Option<String>,
    }

    /// A device of the demo.
    pub struct DemoDevice {
        /// What `demo_switch` takes.
        pub id: String,
        /// Whose it is.
        pub name: String,
        /// Its folder.
        pub folder: PathBuf,
        /// What opens it.
        pub passphrase: SecretString,
    }

    #[derive(serde::Deserialize)]
    struct Written {
        faces: Vec<WrittenFace>,
        #[serde(default)]
        places: Vec<PathBuf>,
        hub: Option<WrittenHub>,
    }

    #[derive(serde::Deserialize)]
    struct WrittenFace {
        id: String,
        name: String,
        folder: PathBuf,
        passphrase: String,
    }

    #[derive(serde::Deserialize)]
    struct WrittenHub {
        url: Option<String>,
    }

    impl Demo {
        /// Reads `demo.json` in the folder of a demo; its paths are relative to that folder.
        ///
        /// # Errors
        /// When there is none, or it names no face.
        pub fn read(folder: &Path) -> Result<Self> {
            let none = || Problem::new("demo.missing");
            let bytes = std::fs::read(folder.join("demo.json")).map_err(|_| none())?;
            let written: Written =
                serde_json::from_slice(&bytes).map_err(|_| Problem::new("demo.damaged"))?;
            let faces: Vec<DemoDevice> = written
                .faces
                .into_iter()
                .map(|face| DemoDevice {
                    id: face.id,
                    name: face.name,
                    folder: folder.join(face.folder),
                    passphrase: SecretString::from(face.passphrase),
                })
                .collect();
            if faces.is_empty() {
                return Err(none());
            }
            let places = written.places.iter().map(|place| folder.join(place)).collect();
            Ok(Self { faces, places, hub: written.hub.and_then(|hub| hub.url) })
        }
    }

    impl Desk {
        /// A locked desk on a demo. Its first face is the one on screen, whatever the setup's folder.
        pub fn on_demo(mut setup: Setup, demo: Demo) -> Self {
            setup.places.extend(demo.places.iter().cloned());
            if let Some(first) = demo.faces.first() {
                setup.folder.clone_from(&first.folder);
            }
            Self { demo: Some(demo), ..Self::new(setup) }
        }

        pub(in crate::desk) fn demo_faces(&self) -> Vec<DemoFace> {
            let current = self.folder();
            let faces = self.demo.iter().flat_map(|demo| &demo.faces);
            faces
                .map(|face| DemoFace {
                    id: face.id.clone(),
                    name: face.name.clone(),
                    current: face.folder == current,
                })
                .collect()
        }

        pub(crate) fn demo_switch(&self, face: String) -> Result<DeskView> {
            let demo = self.demo.as_ref().ok_or_else(|| Problem::new("call.unknown"))?;
            let wanted = demo.faces.iter().find(|known| known.id == face);
            let wanted = wanted.ok_or_else(|| Problem::new("demo.no-such-face"))?;
            self.lock()?;
            *self.folder.lock().unwrap_or_else(PoisonError::into_inner) = wanted.folder.clone();
            let view = self.open_with(&wanted.passphrase)?;
            if let Some(url) = &demo.hub {
                let mut open = self.lock_open();
                let device = open.device()?;
                if device.hub_url()?.is_none() {
                    device.set_hub_url(url)?;
                }
            }
            Ok(view)
        }
    }
}
