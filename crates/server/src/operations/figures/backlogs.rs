//! What waits: texts and mails, calls of webhooks, the signature under the audit log.

use super::age;
use domain::Timestamp;
use metrics::{Unit, describe_gauge, gauge};
use store::{
    Fault,
    db::Conn,
    operations::backlogs::{self, Backlog},
};

const MESSAGES: &str = "vestibule_messages_waiting";
const MESSAGES_AGE: &str = "vestibule_messages_oldest_seconds";
const CAUSES: &str = "vestibule_webhook_outbox_waiting";
const CAUSES_AGE: &str = "vestibule_webhook_outbox_oldest_seconds";
const CALLS: &str = "vestibule_webhook_calls_waiting";
const CALLS_AGE: &str = "vestibule_webhook_calls_oldest_seconds";
const ENDPOINTS: &str = "vestibule_webhook_endpoints";
const UNSIGNED: &str = "vestibule_audit_chains_unsigned";
const UNSIGNED_AGE: &str = "vestibule_audit_oldest_unsigned_seconds";

pub fn describe() {
    describe_gauge!(MESSAGES, "Texts and mails that no provider has taken yet");
    describe_gauge!(MESSAGES_AGE, Unit::Seconds, "Age of the oldest of them, 0 when there are none");
    describe_gauge!(CAUSES, "What happened and was not yet worked out into calls of webhooks");
    describe_gauge!(CAUSES_AGE, Unit::Seconds, "Age of the oldest of it, 0 when there is none");
    describe_gauge!(CALLS, "Calls of webhooks that were not answered well yet");
    describe_gauge!(CALLS_AGE, Unit::Seconds, "Age of the oldest of them, 0 when there are none");
    describe_gauge!(ENDPOINTS, "Endpoints of webhooks that fail, or were given up, by state");
    describe_gauge!(UNSIGNED, "Chains of the audit log that have grown since a head was signed");
    describe_gauge!(
        UNSIGNED_AGE,
        Unit::Seconds,
        "Age of the oldest event that no signed head covers, 0 when all are"
    );
}

pub async fn ask(conn: &mut Conn, now: Timestamp) -> Result<(), Fault> {
    tell((MESSAGES, MESSAGES_AGE), backlogs::messages(conn).await?, now);
    tell((CAUSES, CAUSES_AGE), backlogs::webhook_causes(conn).await?, now);
    tell((CALLS, CALLS_AGE), backlogs::webhook_calls(conn).await?, now);
    let endpoints = backlogs::webhook_endpoints(conn).await?;
    gauge!(ENDPOINTS, "state" => "failing").set(count(endpoints.failing));
    gauge!(ENDPOINTS, "state" => "disabled").set(count(endpoints.disabled));
    gauge!(UNSIGNED).set(count(backlogs::unsigned_chains(conn).await?));
    let unsigned = backlogs::oldest_unsigned(conn).await?;
    gauge!(UNSIGNED_AGE).set(unsigned.map_or(0.0, |since| age(now, since)));
    Ok(())
}

fn tell((depth, oldest): (&'static str, &'static str), found: Backlog, now: Timestamp) {
    gauge!(depth).set(count(found.depth));
    gauge!(oldest).set(found.oldest.map_or(0.0, |since| age(now, since)));
}

#[expect(clippy::cast_precision_loss, reason = "exact to 2^53 rows")]
fn count(rows: i64) -> f64 {
    rows as f64
}
