//! Speed and size, measured beside a peer in the same run. The measuring itself is in `crates/testkit`.

use crate::machine;
use crate::step::{Failed, Step};
use std::path::Path;

/// Builds in release and prints one table; the JSON stays under `target/bench`.
pub(crate) fn run(root: &Path, rest: &[&str]) -> Result<(), Failed> {
    machine::prepare(root)?;
    Step::cargo(
        "bench",
        ["run", "--release", "--quiet", "--package", "baraza-testkit", "--example", "bench", "--"],
    )
    .args(rest)
    .run(root)
}
