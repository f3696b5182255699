//! The verbs about keys and secrets.

use super::Configured;
use clap::{Args, Subcommand};
use domain::time::Span;

#[derive(Subcommand)]
pub enum KeysCommand {
    /// Print the keys that sign a project's JWTs, and which are due to be replaced.
    List(OfProject),
    /// Publish a new key. It signs after a notice; the old one stays listed for an overlap.
    Rotate {
        #[command(flatten)]
        of: OfProject,
        /// How long the new key is listed before it signs; clients keep a key set for 10 minutes.
        #[arg(long, default_value = "15m", value_parser = span, value_name = "TIME")]
        activate_after: Span,
        /// How long the old key stays listed after its last signature; 2h at least.
        #[arg(long, default_value = "30d", value_parser = span, value_name = "TIME")]
        overlap: Span,
    },
    /// For emergencies: nothing a key signed is believed any more, from now on.
    Revoke {
        #[command(flatten)]
        of: OfProject,
        /// As `keys list` prints it.
        #[arg(value_name = "KID")]
        key_id: String,
    },
}

#[derive(Subcommand)]
pub enum SecretCommand {
    /// Print what tells a project's secrets apart, and since when they are.
    List(OneProject),
    /// Add a secret beside those there are; it is printed once.
    Add(OneProject),
    /// Add a secret, and let those before it end after an overlap.
    Rotate {
        #[command(flatten)]
        of: OneProject,
        /// How long the secrets before it still open the project.
        #[arg(long, default_value = "24h", value_parser = span, value_name = "TIME")]
        overlap: Span,
    },
    /// Take a secret away; calls with it are refused from now on.
    Remove {
        #[command(flatten)]
        of: OneProject,
        /// Its name or its last four characters, as `project secret list` prints them.
        secret: String,
        /// Also the last one, after which nothing can call the API.
        #[arg(long)]
        force: bool,
    },
}

#[derive(Subcommand)]
pub enum SecretsCommand {
    /// Replace the server key while servers run; can be interrupted and run again at any point.
    Rotate {
        #[command(flatten)]
        configured: Configured,
        /// Only add the new version to the key file, for it to be copied to the other nodes first.
        #[arg(long, conflicts_with = "status")]
        stage: bool,
        /// Only print how many rows need which version.
        #[arg(long)]
        status: bool,
        /// How long running servers are given to follow each step; they look every 5 seconds.
        #[arg(long, default_value = "15s", value_parser = span, value_name = "TIME")]
        wait: Span,
    },
    /// Take an old version out of the key file, once nothing needs it.
    Retire {
        #[command(flatten)]
        configured: Configured,
        version: u32,
        /// Also if something dies with it; what, is said without this.
        #[arg(long)]
        force: bool,
    },
}

#[derive(Args)]
pub struct OfProject {
    /// Can be left out where there is only one.
    #[arg(long, value_name = "PROJECT_ID")]
    pub project: Option<String>,
    #[command(flatten)]
    pub configured: Configured,
}

#[derive(Args)]
pub struct OneProject {
    pub project_id: String,
    #[command(flatten)]
    pub configured: Configured,
}

/// Ten years; what is meant to last longer is a slip of the keyboard.
const LONGEST: Span = Span::days(3660);

/// Reads `90s`, `15m`, `2h`, `30d`.
pub(super) fn span(text: &str) -> Result<Span, String> {
    let unreadable = || format!("{text}: write a number and s, m, h or d, as in 15m or 30d");
    let unit = text.chars().last().ok_or_else(unreadable)?;
    let count: i64 = text[..text.len() - unit.len_utf8()].parse().map_err(|_| unreadable())?;
    let span = match (unit, count) {
        (_, count) if !(0..=LONGEST.as_milliseconds()).contains(&count) => return Err(unreadable()),
        ('s', count) => Span::seconds(count),
        ('m', count) => Span::minutes(count),
        ('h', count) => Span::hours(count),
        ('d', count) => Span::days(count),
        (_, _) => return Err(unreadable()),
    };
    if span > LONGEST { Err(format!("{text}: at most 3660d")) } else { Ok(span) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_a_number_with_a_unit() {
        assert_eq!(span("15m"), Ok(Span::minutes(15)));
        assert_eq!(span("30d"), Ok(Span::days(30)));
        for odd in ["", "m", "15", "-1m", "1.5h", "15 m", "1w", "999999999999d", "3661d", "10000000d", "５m"]
        {
            assert!(span(odd).is_err(), "{odd}");
        }
    }
}
