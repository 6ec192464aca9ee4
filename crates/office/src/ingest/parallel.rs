//! A few workers over a list, results in the order of the list.

use crate::error::{OfficeError, Result};
use std::sync::Mutex;

/// How many items a worker takes at once.
const STRIDE: usize = 16;

/// Runs `work` over all items on `workers` threads (the caller's is one of them). Each thread has a state of its
/// own, made by `init`.
pub(crate) fn map<S, T: Send, R: Send>(
    workers: usize,
    items: Vec<T>,
    init: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, T) -> R + Sync,
) -> Result<Vec<R>> {
    if workers < 2 || items.len() < 2 {
        let mut state = init();
        return Ok(items.into_iter().map(|item| work(&mut state, item)).collect());
    }
    let count = items.len();
    let stride = STRIDE.min(count.div_ceil(2 * workers));
    let queue = Mutex::new(items.into_iter().enumerate());
    let run = || {
        let mut state = init();
        let mut done = Vec::with_capacity(count / workers + stride);
        loop {
            let taken: Vec<(usize, T)> = match queue.lock() {
                Ok(mut queue) => queue.by_ref().take(stride).collect(),
                Err(_) => return done,
            };
            if taken.is_empty() {
                return done;
            }
            done.extend(taken.into_iter().map(|(number, item)| (number, work(&mut state, item))));
        }
    };
    let mut all = std::thread::scope(|scope| {
        let others: Vec<_> = (1..workers).map(|_| scope.spawn(run)).collect();
        let mut all = run();
        for other in others {
            all.extend(other.join().map_err(|_| OfficeError::Worker)?);
        }
        Ok::<_, OfficeError>(all)
    })?;
    all.sort_unstable_by_key(|(number, _)| *number);
    Ok(all.into_iter().map(|(_, result)| result).collect())
}

#[cfg(test)]
mod tests {
    #[test]
    fn results_keep_the_order_of_the_list() {
        let doubled = super::map(2, (0..1000).collect(), || (), |(), n: u32| n * 2).unwrap();
        assert_eq!(doubled, (0..1000).map(|n| n * 2).collect::<Vec<_>>());
    }

    #[test]
    fn a_worker_that_dies_is_never_a_hole() {
        let outcome = std::panic::catch_unwind(|| {
            super::map(
                2,
                (0..100).collect(),
                || (),
                |(), n: u32| {
                    if n == 50 {
                        panic!("planted")
                    }
                },
            )
        });
        assert!(!matches!(outcome, Ok(Ok(_))));
    }
}
