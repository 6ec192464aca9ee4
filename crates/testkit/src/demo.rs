//! The story for a terminal.

use std::path::Path;

/// Plays the story.
///
/// # Errors
/// At the first surprise.
pub fn play(dir: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let _ = dir;
    Ok(())
}
