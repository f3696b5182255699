//! What receipts say of a provider.

/// With fewer receipts than these, nothing is concluded.
const ENOUGH: u32 = 20;

/// How the recent messages of a provider fared, over all nodes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Health {
    /// Messages whose receipts said that they arrived.
    pub delivered: u32,
    /// Messages whose fate is known, the delivered ones included; or that should be known by now.
    pub settled: u32,
}

impl Health {
    /// Whether fewer than half of a fair number arrived.
    pub fn is_bad(self) -> bool {
        self.settled >= ENOUGH && u64::from(self.delivered) * 2 < u64::from(self.settled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_receipts_condemn_nobody() {
        for (delivered, settled, bad) in [
            (0, 0, false),
            (0, 19, false),
            (0, 20, true),
            (9, 20, true),
            (10, 20, false),
            (u32::MAX, u32::MAX, false),
        ] {
            assert_eq!(Health { delivered, settled }.is_bad(), bad, "{delivered} of {settled}");
        }
    }
}
