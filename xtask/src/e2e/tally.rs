//! Checks that held and checks that did not.

use std::{fmt, ops::AddAssign};

/// Shown and read as `N passed, N failed`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    pub passed: u32,
    pub failed: u32,
}

impl Tally {
    /// From the last line of a script that came to its end.
    pub fn closing(output: &str) -> Option<Self> {
        let (passed, rest) = output.trim_end().lines().next_back()?.split_once(" passed, ")?;
        let failed = rest.strip_suffix(" failed")?;
        Some(Self { passed: passed.parse().ok()?, failed: failed.parse().ok()? })
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closing_line_is_read_as_it_is_shown() {
        let tally = Tally { passed: 62, failed: 1 };
        assert_eq!(Tally::closing(&format!("ok - a\n{tally}\n")), Some(tally));
    }

    #[test]
    fn a_script_that_broke_off_has_no_closing_line() {
        assert_eq!(Tally::closing("1 passed, 0 failed\nTypeError: x is undefined"), None);
        assert_eq!(Tally::closing(""), None);
    }
}
