//! Where random bytes come from: the operating system in the product, a seed in a simulation.

/// A source of cryptographically strong random bytes.
pub trait Entropy {
    /// Fills the whole buffer. A source that cannot must abort the process rather than return weak bytes.
    fn fill(&mut self, buf: &mut [u8]);

    /// Draws `N` bytes.
    fn bytes<const N: usize>(&mut self) -> [u8; N]
    where
        Self: Sized,
    {
        let mut out = [0; N];
        self.fill(&mut out);
        out
    }
}

impl Entropy for &mut dyn Entropy {
    fn fill(&mut self, buf: &mut [u8]) {
        (**self).fill(buf);
    }
}
