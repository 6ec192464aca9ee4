//! What keeps a hub from starting or working. What it answers to a device is in `baraza_sync::wire`.

use std::net::SocketAddr;

/// A failure of the hub itself.
#[derive(Debug, thiserror::Error)]
pub enum HubError {
    /// The store cannot be read or written.
    #[error("the store failed: {0}")]
    Store(#[from] rusqlite::Error),
    /// The store was written by a newer program.
    #[error("the store has version {found}, this program knows {known}")]
    NewerStore {
        /// The store's.
        found: i64,
        /// Ours.
        known: i64,
    },
    /// The store belongs to another workspace.
    #[error("the store belongs to another workspace")]
    WrongWorkspace,
    /// The workspace's public file cannot be used.
    #[error("the workspace file is not valid: {0}")]
    Workspace(String),
    /// Something in the store is not what was written there.
    #[error("the store is damaged: {0}")]
    Damaged(&'static str),
    /// Plain HTTP on an address that others can reach.
    #[error(
        "{0} is not a loopback address: this version speaks plain HTTP, which is refused on a network; TLS comes \
         with a later version (until then, listen on 127.0.0.1 behind a proxy that terminates TLS)"
    )]
    NotLoopback(SocketAddr),
    /// The address cannot be listened on, or serving failed.
    #[error("cannot serve: {0}")]
    Listen(#[from] std::io::Error),
}

impl HubError {
    /// Stable code, `hub.problem`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Store(_) => "hub.store",
            Self::NewerStore { .. } => "hub.newer-store",
            Self::WrongWorkspace => "hub.wrong-workspace",
            Self::Workspace(_) => "hub.workspace-file",
            Self::Damaged(_) => "hub.damaged-store",
            Self::NotLoopback(_) => "hub.not-loopback",
            Self::Listen(_) => "hub.listen",
        }
    }
}
