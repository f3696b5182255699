//! What holds of every statement.

use crate::{
    databases::Place,
    db::{
        statement::{Collected, CollectedTable},
        testing::{self, postgres_plan, sqlite_plan},
    },
};
use std::{fs, path::Path};
use tokio_postgres::types::Type;

/// A part of a statement, and why it is an exception.
type Exceptions = &'static [(&'static str, &'static str)];

const NOT_OF_ONE_ORGANIZATION: Exceptions = &[
    (
        "SELECT organizations.organization_id FROM organizations WHERE organizations.organization_id > $1",
        "the operator's doctor, over all",
    ),
    (
        "FROM organization_keys WHERE organization_keys.organization_id > $1",
        "all there are, to be sealed anew",
    ),
    ("DELETE FROM totps WHERE is_active = FALSE", "after a restore, everybody's"),
    ("UPDATE totps SET last_step = $1 WHERE last_step < $1", "after a restore, everybody's"),
    (
        "UPDATE recovery_codes SET spent_at = $1, sealed_code = NULL WHERE spent_at IS NULL",
        "after a restore, everybody's",
    ),
    ("FROM totps WHERE (totps.organization_id, totps.member_id) >", "all there are, to be sealed anew"),
    (
        "FROM recovery_codes WHERE (organization_id, member_id, code_digest) >",
        "all there are, to be sealed anew",
    ),
    ("FROM sessions WHERE sessions.token_digest > $1", "all there are, to be sealed anew"),
    ("sessions.token_digest = $2", "a session token is all there is to know; it names the project"),
    ("sessions.member_session_id = $2", "project authority; a session id is one organization's"),
    ("UPDATE sessions SET last_accessed_at", "written behind for many sessions at a time, by token"),
    (
        "FROM intermediate_sessions WHERE project_id = $1 AND token_digest = $2",
        "a token; it names the project",
    ),
    (
        "UPDATE intermediate_sessions SET consumed_at = $3 WHERE project_id = $1 AND token_digest = $2",
        "a token; it names the project",
    ),
    (
        "UPDATE intermediate_sessions SET bag = $3 WHERE project_id = $1 AND token_digest = $2 AND member_id IS NULL",
        "of an address, before an organization is chosen",
    ),
    (
        "FROM intermediate_sessions WHERE project_id = $1 AND email_address = $2",
        "of an address, in whatever organization",
    ),
    ("FROM magic_links WHERE project_id = $1 AND token_digest = $2", "a token; it names the project"),
    ("FROM password_resets WHERE project_id = $1 AND token_digest = $2", "a token; it names the project"),
    ("INTO discovery_links", "proves an address, before an organization is chosen"),
    ("FROM discovery_links WHERE project_id = $1 AND token_digest = $2", "a token; it names the project"),
    ("UPDATE discovery_links SET spent_at = $3 WHERE project_id = $1", "a token; it names the project"),
    ("UPDATE email_codes SET guesses", "one code per address, whatever organization it was sent for"),
    ("FROM email_codes WHERE project_id = $1 AND email_address = $2", "one code per address"),
    ("FROM email_codes WHERE project_id = $1 AND code_digest = $2", "a keyed digest; it names the project"),
    ("email_code_guards", "counts over a project: failures at an address"),
    ("address_password", "of an address, in every organization of the project"),
    ("FROM passwords WHERE project_id = $1 LIMIT 1", "whether a project has any"),
    ("WHERE members.project_id = $1 AND members.member_id = $2", "project authority; finds the organization"),
    ("organizations WHERE project_id = $1 AND slug_canonical = $2 AND deleted_at", "finds the organization"),
    ("organizations WHERE project_id = $1 AND external_id = $2", "finds the organization"),
    ("WHERE project_id = $1 AND slug_canonical = $2 AND organization_id <> $3", "slugs are one project's"),
    ("FROM email_claims JOIN members", "discovery: every organization that has the address"),
    ("FROM allowed_domains JOIN organizations", "discovery: every organization that lists the domain"),
    ("FROM claimed_domains WHERE project_id = $1 AND domain = $2", "domains are claimed against others"),
    ("FROM totps JOIN members", "development only: every authenticator on one page"),
    ("send_counters (project_id, counted", "numbers and blocks are counted over a project"),
    ("FROM send_counters", "numbers and blocks are counted over a project; swept"),
    ("UPDATE send_counters", "numbers and blocks are counted over a project"),
    ("DELETE FROM sessions WHERE token_digest IN (SELECT", "swept"),
    ("DELETE FROM intermediate_sessions WHERE token_digest IN (SELECT", "swept"),
    ("DELETE FROM magic_links WHERE token_digest IN (SELECT", "swept"),
    ("DELETE FROM password_resets WHERE token_digest IN (SELECT", "swept"),
    ("DELETE FROM impersonation_tokens WHERE token_digest IN (SELECT", "swept"),
    ("DELETE FROM spent_trusted_tokens WHERE (project_id, token_digest) IN (SELECT", "swept"),
    ("organization_id IN ('', $2)", "the organization's own templates beside the project's"),
    ("trusted_token_profiles", "a project trusts issuers for all its organizations"),
    ("webhook_", "a project's endpoints are told of all its organizations"),
    ("INTO spent_trusted_tokens", "an issuer's tokens are one project's"),
    (
        "FROM impersonation_tokens WHERE project_id = $1 AND token_digest = $2",
        "a token; it names the project",
    ),
    ("DELETE FROM discovery_links WHERE token_digest IN (SELECT", "swept"),
    ("DELETE FROM email_updates WHERE (organization_id, email_canonical) IN (SELECT", "swept"),
    ("DELETE FROM email_codes WHERE (project_id, email_address) IN (SELECT", "swept"),
    ("DELETE FROM email_code_guards WHERE (project_id, email_address) IN (SELECT", "swept"),
    ("FROM projects", "projects are above organizations"),
    ("FROM project_secrets", "projects are above organizations"),
    ("INTO project_secrets", "projects are above organizations"),
    ("INTO projects", "projects are above organizations"),
    ("UPDATE projects", "projects are above organizations"),
    ("project_policies", "projects are above organizations"),
    ("SELECT custom_roles FROM organizations", "the project's policy against all that stands beside it"),
    ("FROM signing_keys", "a project signs for all its organizations"),
    ("INTO signing_keys", "a project signs for all its organizations"),
    ("UPDATE signing_keys", "a project signs for all its organizations"),
    ("UPDATE project_secrets", "projects are above organizations"),
    ("FROM audit_events WHERE project_id = $1 AND organization_id IS NULL", "the project's own"),
    ("audit_events WHERE sequence IS NULL LIMIT 1", "whether anything at all is in no chain"),
    ("WHERE project_id = $1 AND audit_event_id = $2 AND sequence IS NULL", "one row, chained once"),
    ("SELECT organization_id FROM audit_events", "which organizations have a chain"),
    ("SELECT project_id FROM audit_events WHERE project_id > $1", "which projects have a chain"),
    ("FROM audit_chains WHERE (audit_chains.project_id,", "every chain is verified, signed and exported"),
    ("FROM audit_chains LEFT JOIN audit_exports", "every chain is exported"),
    ("FROM audit_chains WHERE moved = TRUE", "the operator's figures, over all"),
    ("AS since FROM audit_chains", "the operator's figures, over all"),
    ("audit_keys", "above projects"),
    ("audit_heads", "above projects: one document for chains of many"),
    ("m2m_client", "a project's clients are above organizations"),
    ("count(*) AS BIGINT) FROM organizations", "figures of the project"),
    (
        "AND deleted_at IS NULL ORDER BY slug_canonical LIMIT $2",
        "some of a project, for the operator's doctor",
    ),
    ("FROM message", "a message may be of no organization; its project is named"),
    ("UPDATE message", "a message may be of no organization; its project is named"),
    ("admin_tokens", "above projects"),
    ("refinery_schema_history", "the schema's own"),
    ("totp_offsets", "of nobody: how far the clocks of all are off"),
    ("installation", "above projects"),
    ("FROM members WHERE project_id = $1 AND phone_number = $2", "who else has a number, over a project"),
    (
        "FROM members WHERE project_id = $1 AND status <> 'deleted' AND phone_number",
        "numbers that many share",
    ),
    ("FROM organizations WHERE name_folded IS NULL", "makes up for rows of all, once"),
    ("FROM members WHERE email_canonical IS NULL", "makes up for rows of all, once"),
];

const NOT_OF_ONE_PROJECT: Exceptions = &[
    (
        "SELECT organizations.organization_id FROM organizations WHERE organizations.organization_id > $1",
        "the operator's doctor, over all",
    ),
    (
        "FROM organization_keys WHERE organization_keys.organization_id > $1",
        "all there are, to be sealed anew",
    ),
    ("FROM messages WHERE state = 'waiting'", "the operator's figures, over all projects"),
    ("AS BIGINT) FROM webhook_", "the operator's figures, over all projects"),
    ("FROM audit_chains WHERE moved = TRUE", "the operator's figures, over all projects"),
    ("AS since FROM audit_chains", "the operator's figures, over all projects"),
    ("DELETE FROM totps WHERE is_active = FALSE", "after a restore, everybody's"),
    ("UPDATE totps SET last_step = $1 WHERE last_step < $1", "after a restore, everybody's"),
    (
        "UPDATE recovery_codes SET spent_at = $1, sealed_code = NULL WHERE spent_at IS NULL",
        "after a restore, everybody's",
    ),
    (
        "FROM webhook_endpoints WHERE webhook_endpoints.endpoint_id > $1",
        "the worker looks after all there are",
    ),
    ("FROM webhook_outbox WHERE (webhook_outbox.occurred_at", "the worker looks after all there are"),
    ("DELETE FROM webhook_attempts WHERE (endpoint_id, event_id, at) IN", "swept"),
    (
        "DELETE FROM webhook_deliveries WHERE (endpoint_id, event_id) IN (SELECT endpoint_id, event_id FROM",
        "swept",
    ),
    ("DELETE FROM webhook_events WHERE event_id IN", "swept"),
    (
        "FROM m2m_clients WHERE (m2m_clients.project_id, m2m_clients.client_id) >",
        "all there are: which version of the server key they need",
    ),
    (
        "FROM signing_keys WHERE (signing_keys.project_id, signing_keys.key_id) >",
        "all there are, to be sealed anew",
    ),
    ("FROM totps WHERE (totps.organization_id, totps.member_id) >", "all there are, to be sealed anew"),
    (
        "FROM recovery_codes WHERE (organization_id, member_id, code_digest) >",
        "all there are, to be sealed anew",
    ),
    ("FROM sessions WHERE sessions.token_digest > $1", "all there are, to be sealed anew"),
    ("FROM signing_keys WHERE retires_at IS NULL GROUP BY", "the operator's figures, over all projects"),
    ("DELETE FROM signing_keys WHERE (project_id, key_id) IN (SELECT", "swept"),
    ("DELETE FROM project_secrets WHERE secret_digest IN (SELECT", "swept"),
    ("UPDATE messages SET state = 'expired', sealed_body = NULL WHERE state", "after a restore, everybody's"),
    ("FROM messages WHERE messages.message_id >", "all that wait, to be sealed anew"),
    ("FROM messages WHERE messages.state = 'waiting'", "the outbox is one, for all projects"),
    ("WHERE state = 'waiting' AND message_id IN", "the outbox is one, for all projects"),
    ("FROM message_attempts JOIN messages", "how providers fare, over all projects"),
    ("UPDATE message_attempts SET receipt", "a receipt names a provider's reference, and no project"),
    ("FROM message_attempts WHERE provider = $1", "a receipt names a provider's reference, and no project"),
    ("FROM totps JOIN members", "development only: every authenticator on one page"),
    ("FROM projects WHERE public_token = $1", "a public token is what names the project of a page"),
    ("FROM projects ORDER BY", "the operator's list of projects"),
    ("FROM projects WHERE public_token = $1", "a public token is all a page has; it names the project"),
    (
        "DELETE FROM send_counters WHERE (project_id, counted, window_length, window_start) IN (SELECT",
        "swept",
    ),
    ("DELETE FROM sessions WHERE token_digest IN (SELECT", "swept"),
    ("DELETE FROM intermediate_sessions WHERE token_digest IN (SELECT", "swept"),
    ("DELETE FROM magic_links WHERE token_digest IN (SELECT", "swept"),
    ("DELETE FROM password_resets WHERE token_digest IN (SELECT", "swept"),
    ("DELETE FROM impersonation_tokens WHERE token_digest IN (SELECT", "swept"),
    ("DELETE FROM spent_trusted_tokens WHERE (project_id, token_digest) IN (SELECT", "swept"),
    ("DELETE FROM discovery_links WHERE token_digest IN (SELECT", "swept"),
    ("DELETE FROM email_updates WHERE (organization_id, email_canonical) IN (SELECT", "swept"),
    ("DELETE FROM email_codes WHERE (project_id, email_address) IN (SELECT", "swept"),
    ("DELETE FROM email_code_guards WHERE (project_id, email_address) IN (SELECT", "swept"),
    ("DELETE FROM address_password_resets WHERE token_digest IN (SELECT", "swept"),
    ("admin_tokens", "above projects"),
    ("refinery_schema_history", "the schema's own"),
    ("totp_offsets", "of nobody: how far the clocks of all are off"),
    ("audit_events WHERE sequence IS NULL LIMIT 1", "whether anything at all is in no chain"),
    ("SELECT project_id FROM audit_events WHERE project_id > $1", "which projects have a chain"),
    ("FROM audit_chains WHERE (audit_chains.project_id,", "every chain is verified, signed and exported"),
    ("FROM audit_chains LEFT JOIN audit_exports", "every chain is exported"),
    ("audit_keys", "above projects"),
    ("audit_heads", "above projects: one document for chains of many"),
    ("installation", "above projects"),
    ("FROM organizations WHERE name_folded IS NULL", "makes up for rows of all, once"),
    ("FROM members WHERE email_canonical IS NULL", "makes up for rows of all, once"),
];

const LOOKS_AT_EVERY_ROW: Exceptions = &[
    (") AS spend", "adds up what an index of the project and the time found"),
    ("FROM messages WHERE state = 'waiting'", "walks an index of what waits, every 10 s at most"),
    ("AS BIGINT) FROM webhook_outbox", "holds what waits, every 10 s at most"),
    ("FROM webhook_deliveries WHERE state = 'pending'", "walks an index of what waits, every 10 s at most"),
    ("AS BIGINT) FROM webhook_endpoints", "all there are, which are few"),
    ("FROM audit_chains WHERE moved = TRUE", "walks an index of what is to be signed within the minute"),
    ("audit_events WHERE sequence IS NULL LIMIT 1", "walks an index of what is in no chain: nothing"),
    ("FROM audit_keys ORDER BY", "all there are, which are few"),
    ("FROM audit_heads ORDER BY number DESC LIMIT 1", "walks to the last"),
    ("FROM audit_keys ORDER BY version DESC LIMIT 1", "walks to the last"),
    ("DELETE FROM totps WHERE is_active = FALSE", "after a restore, everybody's"),
    ("UPDATE totps SET last_step = $1 WHERE last_step < $1", "after a restore, everybody's"),
    (
        "UPDATE recovery_codes SET spent_at = $1, sealed_code = NULL WHERE spent_at IS NULL",
        "after a restore, everybody's",
    ),
    (
        "UPDATE messages SET state = 'expired', sealed_body = NULL WHERE state",
        "after a restore, all that waits",
    ),
    ("FROM admin_tokens ORDER BY", "the operator's list of all there are, which are few"),
    ("FROM projects ORDER BY", "the operator's list of all there are, which are few"),
    ("FROM totps JOIN members", "development only: every authenticator on one page"),
    (
        "FROM signing_keys WHERE retires_at IS NULL GROUP BY",
        "two or three a project, for the operator's figures",
    ),
    ("FROM organizations WHERE name_folded IS NULL", "walks an index of what is left to make up for"),
    ("FROM members WHERE email_canonical IS NULL", "walks an index of what is left to make up for"),
];

/// Where PostgreSQL takes a parameter inside CASE for text unless it is told.
const COUNTING: [Type; 7] =
    [Type::TEXT, Type::TEXT, Type::TEXT, Type::INT8, Type::INT8, Type::INT8, Type::INT8];

fn types(text: &str) -> &'static [Type] {
    match text {
        _ if text.contains("password_locked_until <= $4") => &COUNTING[..6],
        _ if text.contains("second_factor_locked_until <= $4") => &COUNTING,
        _ => &[],
    }
}

fn every_statement() -> Vec<&'static str> {
    let statements = inventory::iter::<Collected>().map(|it| it.text);
    statements.chain(inventory::iter::<CollectedTable>().map(|it| (it.insert_text)())).collect()
}

/// Those that break a rule are the exceptions, no more and no fewer.
fn only(exceptions: Exceptions, breaks_the_rule: impl Fn(&str) -> bool) {
    let statements: Vec<String> = every_statement().into_iter().map(one_line).collect();
    let broken: Vec<&String> = statements.iter().filter(|it| breaks_the_rule(it)).collect();
    for it in &broken {
        assert!(is_one_of(exceptions, it), "{it}");
    }
    for (part, _) in exceptions {
        assert!(broken.iter().any(|it| it.contains(part)), "no longer an exception: {part}");
    }
}

fn is_one_of(exceptions: Exceptions, text: &str) -> bool {
    exceptions.iter().any(|(part, _)| text.contains(part))
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn every_statement_runs_on_sqlite_by_an_index() {
    let place = Place::sqlite();
    place.migrated().await;
    let conn = testing::sqlite(&place.url());
    only(LOOKS_AT_EVERY_ROW, |text| {
        let steps = sqlite_plan(&conn, text).unwrap_or_else(|error| panic!("{text}: {error}"));
        // A constant row is of no table.
        steps.iter().any(|step| step.contains("SCAN") && !step.contains("CONSTANT ROW"))
    });
}

#[tokio::test]
async fn every_statement_runs_on_postgres_by_an_index() {
    let Some(place) = Place::postgres().await else { return };
    let client = testing::postgres(&place.url()).await;
    for text in every_statement() {
        let steps = match postgres_plan(&client, text, types(text)).await {
            Ok(steps) => steps,
            Err(error) => panic!("{text}: {error:?}"),
        };
        let looks_at_every_row = steps.iter().any(|step| step.contains("Seq Scan"));
        assert!(!looks_at_every_row || is_one_of(LOOKS_AT_EVERY_ROW, &one_line(text)), "{text}: {steps:#?}");
    }
}

#[test]
fn every_statement_names_its_organization() {
    only(NOT_OF_ONE_ORGANIZATION, |text| !names("organization_id", text));
}

#[test]
fn every_statement_names_its_project() {
    only(NOT_OF_ONE_PROJECT, |text| !names("project_id", text));
}

/// A column that is only read does not count.
fn names(column: &str, text: &str) -> bool {
    let compared = text.contains(&format!("{column} = $"));
    compared || text.starts_with("INSERT") && text.contains(column)
}

#[test]
fn every_statement_of_the_source_is_collected() {
    fn statements_in(path: &Path) -> usize {
        if path.is_dir() {
            fs::read_dir(path).unwrap().map(|it| statements_in(&it.unwrap().path())).sum()
        } else {
            fs::read_to_string(path).unwrap().matches(concat!("sql", "!(")).count()
        }
    }
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    assert_eq!(inventory::iter::<Collected>().count(), statements_in(&source));
}

#[test]
fn sqlite_is_new_enough_to_keep_what_it_is_given() {
    let (number, name) = testing::sqlite_version();
    assert!(number >= 3_051_003, "SQLite {name} can corrupt a database in WAL mode");
}

#[tokio::test]
async fn every_sealed_column_is_sealed_anew_when_the_key_is_replaced() {
    let place = Place::sqlite();
    place.migrated().await;
    let conn = testing::sqlite(&place.url());
    let text = "SELECT tables.name, columns.name FROM sqlite_master AS tables, pragma_table_info(tables.name) AS columns
                 WHERE tables.type = 'table' AND columns.name LIKE 'sealed%' AND columns.name <> 'sealing_since'
                 ORDER BY 1, 2";
    let mut found = conn.prepare(text).unwrap();
    let found = found.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    let found: Vec<(String, String)> = found.collect::<Result<_, _>>().unwrap();
    let known = crate::resealing::SEALED_COLUMNS.map(|(table, column)| (table.to_owned(), column.to_owned()));
    assert_eq!(found, known);
}
