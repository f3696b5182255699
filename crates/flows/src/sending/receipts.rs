//! What providers say later: it moves routing, never a verdict.

use crate::{App, Result};
use delivery::Health;
use domain::{Timestamp, time::Span};
use store::messages;

/// How far back a provider is judged.
const RECENT: Span = Span::minutes(15);

/// Tells the router how the recent texts of every provider fared, on all nodes.
///
/// # Errors
/// When the database fails.
pub async fn learn(app: &App, now: Timestamp) -> Result<()> {
    let found = messages::health(&mut app.db.survey().await?, now.minus(RECENT)).await?;
    for provider in app.texts.all() {
        let of = found.iter().find(|it| it.provider == provider.name());
        provider.learn(of.map(judged).unwrap_or_default());
    }
    Ok(())
}

fn judged(it: &messages::Health) -> Health {
    let count = |it: i64| u32::try_from(it).unwrap_or(u32::MAX);
    Health { delivered: count(it.arrived), settled: count(it.arrived + it.lost) }
}
