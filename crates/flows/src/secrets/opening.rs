//! Whether everything sealed opens: the proof of a backup.

use super::{
    BATCH, Kind,
    rows::{self, Cursor},
};
use crate::{App, Result};
use domain::{Timestamp, id::OrganizationId, sealing::SealError};
use std::collections::BTreeSet;

/// How many sealed rows of a kind open, and how many do not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    pub kind: Kind,
    pub opened: u64,
    pub closed: u64,
    /// Under the key of an organization that is not here.
    pub keyless: u64,
    /// Which those are.
    pub without_key: BTreeSet<OrganizationId>,
}

/// Opens everything that is sealed, and keeps nothing.
///
/// # Errors
/// When the database fails.
pub async fn open_all(app: &App, now: Timestamp) -> Result<Vec<Opened>> {
    let mut found = Vec::new();
    for kind in Kind::ALL {
        let without_key = BTreeSet::new();
        let mut count = Opened { kind, opened: 0, closed: 0, keyless: 0, without_key };
        let mut after = Cursor::default();
        loop {
            let rows = rows::after(app, kind, &after, (now, BATCH)).await?;
            let Some(last) = rows.last() else { break };
            after = last.cursor();
            for row in &rows {
                let key = match row.whose() {
                    Some(whose) => app.organization_keys.find(app, &mut app.db.read().await?, whose).await?,
                    None => None,
                };
                match row.opens((&app.server_key, key.as_deref())) {
                    None => {}
                    Some(Ok(())) => count.opened += 1,
                    Some(Err(SealError::NoOrganizationKey)) => {
                        count.keyless += 1;
                        count.without_key.extend(row.whose().map(|(_, organization)| organization.clone()));
                    }
                    Some(Err(SealError::Damaged | SealError::MissingVersion(_))) => count.closed += 1,
                }
            }
        }
        found.push(count);
    }
    Ok(found)
}
