//! Counts what holds and says what does not.

use crate::Outcome;

#[derive(Default)]
pub struct Checks {
    passed: usize,
    failed: usize,
}

/// What was found, where something else was due.
pub type Verdict = Result<(), String>;

impl Checks {
    /// One line for all that must hold in the same way; none of them is a failure as well.
    pub fn note(&mut self, what: &str, verdicts: Vec<Verdict>) {
        let all = verdicts.len();
        let wrong: Vec<_> = verdicts.into_iter().filter_map(Verdict::err).collect();
        self.passed += all - wrong.len();
        self.failed += wrong.len() + usize::from(all == 0);
        let bad = wrong.len();
        match wrong.first() {
            None if all == 0 => println!("not ok - there is nothing of which to say: {what}"),
            None => println!("ok - {what} ({all})"),
            Some(first) => println!("not ok - {what}: not so for {bad} of {all}\n#   the first: {first}"),
        }
    }

    /// The closing line.
    pub fn finish(self) -> Outcome {
        println!("{} passed, {} failed", self.passed, self.failed);
        if self.failed == 0 { Ok(()) } else { Err("the server did not keep its word".into()) }
    }
}
