//! Medians and percentiles of many runs.

use std::time::{Duration, Instant};

/// How long each of many runs took.
#[derive(Default)]
pub(crate) struct Times(Vec<Duration>);

impl Times {
    /// Runs something so many times.
    pub(crate) fn of<T, E>(times: usize, mut work: impl FnMut(usize) -> Result<T, E>) -> Result<Self, E> {
        let mut found = Self::default();
        for turn in 0..times {
            found.add(|| work(turn))?;
        }
        Ok(found)
    }

    /// Runs something once more.
    pub(crate) fn add<T, E>(&mut self, work: impl FnOnce() -> Result<T, E>) -> Result<(), E> {
        let begun = Instant::now();
        let done = std::hint::black_box(work());
        self.0.push(begun.elapsed());
        done.map(|_| ())
    }

    /// Milliseconds below which this part of the runs stayed (0.5 is the median).
    pub(crate) fn percentile_ms(&self, part: f64) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort();
        let last = sorted.len().saturating_sub(1);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place in a short list")]
        let place = (part * last as f64).round() as usize;
        sorted.get(place).map_or(0.0, |time| time.as_secs_f64() * 1e3)
    }

    pub(crate) fn median_ms(&self) -> f64 {
        self.percentile_ms(0.5)
    }

    /// Runs in a second, by the time that all took together.
    pub(crate) fn rate(&self) -> f64 {
        self.0.len() as f64 / self.0.iter().sum::<Duration>().as_secs_f64().max(1e-9)
    }
}

/// Seconds of processor time that this process has used, all threads together; `None` where Linux's /proc is missing.
pub(crate) fn processor_seconds() -> Option<f64> {
    /// The kernel counts in hundredths of a second on every architecture that we build for.
    const TICKS: f64 = 100.0;
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The name, in brackets, may hold spaces; user and system time are the 12th and 13th words after it.
    let mut words = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let (user, system): (f64, f64) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
    Some((user + system) / TICKS)
}
