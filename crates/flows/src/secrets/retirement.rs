//! Taking a version of the server key out of use.

use super::{record, status};
use crate::{App, Error, Result};
use domain::{Timestamp, audit::Action, time::Span};
use rand::RngCore;

/// After this, no code that was made under an older version lives, and no node
/// seals under it.
const SETTLED: Span = Span::hours(1);

/// Whether a version can be taken out of the key file, and what dies with it,
/// in words. What could still be renewed is never given up, not by force either.
///
/// # Errors
/// [`Error::Operator`] says what is in the way.
pub async fn retire(
    app: &App,
    (version, force): (u32, bool),
    (now, rng): (Timestamp, &mut impl RngCore),
) -> Result<Vec<String>> {
    let status = status(app, now).await?;
    let refuse = |why: String| Err(Error::Operator(why));
    let of = |renewable| {
        let rows = status.uses.iter().filter(|it| it.version == version && it.renewable == renewable);
        rows.map(|it| it.rows).sum::<u64>()
    };
    if !status.versions.contains(&version) {
        return refuse(format!("the key file holds no version {version}"));
    }
    if version == status.sealing {
        return refuse(format!("version {version} seals everything new; rotate first"));
    }
    if version > status.sealing {
        return refuse(format!("version {version} waits to seal, and a rotation may be about to use it"));
    }
    if of(true) > 0 {
        return refuse(format!(
            "{} rows still need version {version}: run `vestibule secrets rotate`",
            of(true)
        ));
    }
    let mut dies = status.digests_alone(version);
    if now < status.since.plus(SETTLED) {
        dies.push(format!(
            "codes sent by text before {} and whatever a node sealed that has not changed over yet; wait an hour",
            status.since
        ));
    }
    if !dies.is_empty() && !force {
        return refuse(format!(
            "version {version} is still needed. With --force, these die: {}",
            dies.join("; ")
        ));
    }
    let mut tx = app.db.write().await?;
    record(&mut tx, Action::ServerKeyRetired, version, (now, rng)).await?;
    tx.commit().await?;
    Ok(dies)
}
