//! What texts cost: sums over the attempts that are charged, and over those of
//! organizations that are erased, of which sums alone are left.

use crate::db::{Conn, Fault, FromRow, RowReader, Tx, statement::sql};
use domain::{
    Timestamp,
    id::{OrganizationId, ProjectId},
    messages::SpendBy,
    money::Micros,
    sms_spend::{Sums, first_day},
};

/// The outcomes of which [`domain::messages::Outcome::is_charged`] is true; a test compares.
const CHARGED: &str = "('started', 'accepted', 'unknown')";

/// Whether an attempt is the last of its message that is charged.
const IS_LAST: &str = const_format::concatcp!(
    "message_attempts.attempt = (SELECT max(last.attempt) FROM message_attempts AS last
          WHERE last.message_id = message_attempts.message_id AND last.outcome IN ",
    CHARGED,
    ")"
);

/// Every charged attempt of a project's texts. A message is counted, and was
/// verified, with its last: so the parts add up to the whole.
const CHARGED_ATTEMPTS: &str = const_format::concatcp!(
    "SELECT message_attempts.organization_id, COALESCE(message_attempts.country, '') AS country,
            message_attempts.provider, messages.purpose, message_attempts.began_at / 86400000 AS day,
            CASE WHEN ",
    IS_LAST,
    " THEN 1 ELSE 0 END AS messages, 1 AS attempts,
            CASE WHEN messages.verified_at IS NOT NULL AND ",
    IS_LAST,
    " THEN 1 ELSE 0 END AS verified, message_attempts.price_micros AS micros
       FROM message_attempts JOIN messages ON messages.message_id = message_attempts.message_id
      WHERE message_attempts.project_id = $1 AND message_attempts.channel = 'sms'
        AND message_attempts.outcome IN ",
    CHARGED
);

const SUMS: &str = "CAST(COALESCE(sum(messages), 0) AS BIGINT), CAST(COALESCE(sum(attempts), 0) AS BIGINT),
        CAST(COALESCE(sum(verified), 0) AS BIGINT), CAST(COALESCE(sum(micros), 0) AS BIGINT)";

/// What there is of a time: attempts by when they began, sums of the erased by where their day begins.
const SPEND: &str = const_format::concatcp!(
    " FROM (",
    CHARGED_ATTEMPTS,
    " AND message_attempts.began_at >= $2 AND message_attempts.began_at < $3
       UNION ALL
      SELECT organization_id, country, provider, purpose, day, messages, attempts, verified, micros
        FROM sms_spend_kept WHERE project_id = $1 AND day >= $4 AND day < $5) AS spend"
);

/// The dearest come first: this is the rank, the name stands behind it.
const BY_COST: &str = "SELECT CAST(sum(micros) AS BIGINT), ";
const FROM_PLACE: &str = " HAVING CAST(sum(micros) AS BIGINT) < $6 OR CAST(sum(micros) AS BIGINT) = $6 AND ";
const IN_ORDER: &str = " > $7 ORDER BY 1 DESC, 2 LIMIT $8";

/// One part of the bill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Greater ones come first.
    pub rank: i64,
    /// Of what: an id, a country, the number of a day since 1970. Empty for no country.
    pub of: String,
    pub sums: Sums,
}

impl FromRow for Part {
    fn from_row(row: &mut RowReader) -> Result<Self, Fault> {
        Ok(Self { rank: row.take()?, of: row.take()?, sums: sums(row)? })
    }
}

struct Whole(Sums);

impl FromRow for Whole {
    fn from_row(row: &mut RowReader) -> Result<Self, Fault> {
        Ok(Self(sums(row)?))
    }
}

fn sums(row: &mut RowReader) -> Result<Sums, Fault> {
    Ok(Sums {
        messages: row.take()?,
        attempts: row.take()?,
        verified: row.take()?,
        spent: Micros::new(row.take()?),
    })
}

/// Where a list goes on, and how long it may be.
#[derive(Debug, Clone)]
pub struct Page {
    /// The rank and the name of the last part that was shown.
    pub after: Option<(i64, String)>,
    pub limit: i64,
}

/// What the project's texts of a time cost: all that began at `from` or later, and before `to`.
///
/// # Errors
/// When the database fails.
pub async fn whole(
    conn: &mut Conn,
    project: &ProjectId,
    (from, to): (Timestamp, Timestamp),
) -> Result<Sums, Fault> {
    let found: Option<Whole> = conn
        .sql(sql!("SELECT ", SUMS, SPEND))
        .bind(project)
        .bind(&from)
        .bind(&to)
        .bind(&first_day(from))
        .bind(&first_day(to))
        .optional()
        .await?;
    Ok(found.map(|it| it.0).unwrap_or_default())
}

/// The same in parts, the dearest first; days in their order.
///
/// # Errors
/// When the database fails.
pub async fn parts(
    conn: &mut Conn,
    project: &ProjectId,
    (from, to): (Timestamp, Timestamp),
    (by, page): (SpendBy, &Page),
) -> Result<Vec<Part>, Fault> {
    let (rank, name) = page.after.clone().unwrap_or((i64::MAX, String::new()));
    conn.sql(statement(by))
        .bind(project)
        .bind(&from)
        .bind(&to)
        .bind(&first_day(from))
        .bind(&first_day(to))
        .bind(&rank)
        .bind(&name)
        .bind(&page.limit)
        .all()
        .await
}

fn statement(by: SpendBy) -> &'static str {
    match by {
        SpendBy::Organization => sql!(
            BY_COST,
            "organization_id, ",
            SUMS,
            SPEND,
            " GROUP BY organization_id",
            FROM_PLACE,
            "organization_id",
            IN_ORDER
        ),
        SpendBy::Country => {
            sql!(BY_COST, "country, ", SUMS, SPEND, " GROUP BY country", FROM_PLACE, "country", IN_ORDER)
        }
        SpendBy::Provider => {
            sql!(BY_COST, "provider, ", SUMS, SPEND, " GROUP BY provider", FROM_PLACE, "provider", IN_ORDER)
        }
        SpendBy::Purpose => {
            sql!(BY_COST, "purpose, ", SUMS, SPEND, " GROUP BY purpose", FROM_PLACE, "purpose", IN_ORDER)
        }
        SpendBy::Day => sql!(
            "SELECT CAST(-day AS BIGINT), CAST(day AS TEXT), ",
            SUMS,
            SPEND,
            " GROUP BY day",
            " HAVING CAST(-day AS BIGINT) < $6 OR CAST(-day AS BIGINT) = $6 AND CAST(day AS TEXT)",
            IN_ORDER
        ),
    }
}

/// Keeps what an organization's texts cost, in sums, before its messages are erased.
///
/// # Errors
/// When the database fails.
pub async fn keep(tx: &mut Tx, project: &ProjectId, organization: &OrganizationId) -> Result<u64, Fault> {
    tx.sql(sql!(
        "INSERT INTO sms_spend_kept
            (project_id, organization_id, day, country, provider, purpose, messages, attempts, verified, micros)
         SELECT $1, organization_id, day, country, provider, purpose,
                sum(messages), sum(attempts), sum(verified), sum(micros)
           FROM (",
        CHARGED_ATTEMPTS,
        " AND message_attempts.organization_id = $2) AS spend
          GROUP BY organization_id, day, country, provider, purpose
         ON CONFLICT (project_id, day, organization_id, country, provider, purpose)
         DO UPDATE SET messages = sms_spend_kept.messages + excluded.messages,
                       attempts = sms_spend_kept.attempts + excluded.attempts,
                       verified = sms_spend_kept.verified + excluded.verified,
                       micros = sms_spend_kept.micros + excluded.micros"
    ))
    .bind(project)
    .bind(organization)
    .execute()
    .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::messages::Outcome;

    #[test]
    fn what_is_charged_here_is_what_is_charged_everywhere() {
        for outcome in Outcome::ALL {
            assert_eq!(CHARGED.contains(&format!("'{outcome}'")), outcome.is_charged(), "{outcome}");
        }
    }
}
