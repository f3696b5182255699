//! What a native hash costs.

use super::schemes::argon2::{ITERATIONS, MEMORY_KIB, THREADS};

/// The parameters of argon2id: at least 19 MiB, 2 iterations, 1 lane, which is
/// the default, and at most what a stored hash may ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    memory_kib: u32,
    iterations: u32,
    lanes: u32,
}

impl Cost {
    const DEFAULT: Self = Self { memory_kib: 19_456, iterations: 2, lanes: 1 };

    /// The cost nearest to the one asked for, with 19456 to 262144 KiB of
    /// memory, 2 to 20 iterations and 1 to 16 lanes.
    pub fn at_least_default(memory_kib: u32, iterations: u32, lanes: u32) -> Self {
        Self {
            memory_kib: memory_kib.clamp(Self::DEFAULT.memory_kib, *MEMORY_KIB.end()),
            iterations: iterations.clamp(Self::DEFAULT.iterations, *ITERATIONS.end()),
            lanes: lanes.clamp(Self::DEFAULT.lanes, *THREADS.end()),
        }
    }

    pub fn memory_kib(self) -> u32 {
        self.memory_kib
    }

    pub fn iterations(self) -> u32 {
        self.iterations
    }

    pub fn lanes(self) -> u32 {
        self.lanes
    }
}

impl Default for Cost {
    fn default() -> Self {
        Self::DEFAULT
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cost_is_never_below_the_default() {
        assert_eq!(Cost::at_least_default(0, 0, 0), Cost::default());
        assert_eq!(Cost::at_least_default(8, 3, 1), Cost { iterations: 3, ..Cost::default() });
    }

    #[test]
    fn a_cost_is_never_above_what_a_stored_hash_may_ask_for() {
        let most = Cost { memory_kib: 262_144, iterations: 20, lanes: 16 };
        assert_eq!(Cost::at_least_default(u32::MAX, u32::MAX, u32::MAX), most);
    }
}
