//! Command lines of the form `--flag` and `--name value`.

use crate::Outcome;
use std::{path::PathBuf, str::FromStr};

/// What is left of the words after the command. Each question takes its answer out.
pub struct Args {
    words: Vec<String>,
}

/// A closed set of names that an option takes.
pub trait Choice: Copy + 'static {
    const ALL: &'static [Self];

    fn name(self) -> &'static str;
}

impl Args {
    pub fn new(words: Vec<String>) -> Self {
        Self { words }
    }

    pub fn flag(&mut self, name: &str) -> bool {
        let before = self.words.len();
        self.words.retain(|word| word != name);
        self.words.len() < before
    }

    pub fn path(&mut self, name: &str) -> Outcome<Option<PathBuf>> {
        Ok(self.values(name)?.pop().map(PathBuf::from))
    }

    pub fn number<N: FromStr>(&mut self, name: &str, default: N) -> Outcome<N> {
        match self.values(name)?.pop() {
            None => Ok(default),
            Some(text) => text.parse().map_err(|_| format!("{name} wants a number, not `{text}`").into()),
        }
    }

    /// The named ones, in the order of `ALL`; all of them if none is named.
    pub fn chosen<C: Choice>(&mut self, name: &str) -> Outcome<Vec<C>> {
        let wanted = self.values(name)?;
        if let Some(stranger) = wanted.iter().find(|word| C::ALL.iter().all(|it| it.name() != *word)) {
            let known: Vec<_> = C::ALL.iter().map(|it| it.name()).collect();
            return Err(format!("{name} takes {}, not `{stranger}`", known.join(", ")).into());
        }
        let is_wanted = |it: &C| wanted.is_empty() || wanted.iter().any(|word| word == it.name());
        Ok(C::ALL.iter().copied().filter(is_wanted).collect())
    }

    /// To be asked last: a word that nobody took is a mistake.
    pub fn finish(self) -> Outcome {
        match self.words.first() {
            None => Ok(()),
            Some(word) => {
                Err(format!("`{word}` is not understood; `cargo xtask --help` lists what is").into())
            }
        }
    }

    fn values(&mut self, name: &str) -> Outcome<Vec<String>> {
        let mut values = Vec::new();
        while let Some(at) = self.words.iter().position(|word| word == name) {
            if at + 1 == self.words.len() {
                return Err(format!("{name} wants a value").into());
            }
            values.push(self.words.remove(at + 1));
            self.words.remove(at);
        }
        Ok(values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::Database;

    fn args(line: &str) -> Args {
        Args::new(line.split_whitespace().map(str::to_owned).collect())
    }

    #[test]
    fn an_option_that_is_not_given_chooses_everything() {
        assert_eq!(args("").chosen::<Database>("--database").unwrap(), Database::ALL);
    }

    #[test]
    fn an_option_may_be_repeated() {
        let mut args = args("--database postgres --database sqlite");
        assert_eq!(args.chosen::<Database>("--database").unwrap(), Database::ALL);
        args.finish().unwrap();
    }

    #[test]
    fn a_name_outside_the_set_is_refused() {
        assert!(args("--database oracle").chosen::<Database>("--database").is_err());
    }

    #[test]
    fn what_nobody_asked_for_is_refused() {
        assert!(args("--databse sqlite").finish().is_err());
    }
}
