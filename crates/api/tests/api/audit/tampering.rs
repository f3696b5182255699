//! Whatever is done to the rows with the database alone, the first bad one is named.

use super::{chain_of, extend, take_the_guards_away};
use domain::{
    audit::{
        heads::SignedHeads,
        verification::Wrong::{
            self, BeyondTheEnd, Edited, EndAltered, EndMissing, Inserted, Missing, Moved, NotAsSigned,
            NotOurs, RolledBack, Truncated, Unchained,
        },
    },
    id::OrganizationId,
};
use flows::audit::{
    signing,
    verification::{Kept, Part, Report, verify},
};
use testkit::{PROJECT_ID, TestApp, on_both_databases};

/// To row 3 of 5: what is done, which row is named, and what is said of it.
const TAMPERINGS: &[(&str, i64, Wrong)] = &[
    ("UPDATE audit_events SET audit_event_id = audit_event_id || 'x' WHERE organization_id = $1 AND sequence = 3", 3, Edited),
    ("UPDATE audit_events SET project_id = 'another' WHERE organization_id = $1 AND sequence = 3", 3, Missing),
    ("UPDATE audit_events SET organization_id = 'another' WHERE organization_id = $1 AND sequence = 3", 3, Missing),
    ("UPDATE audit_events SET organization_id = NULL WHERE organization_id = $1 AND sequence = 3", 3, Missing),
    ("UPDATE audit_events SET member_id = NULL WHERE organization_id = $1 AND sequence = 3", 3, Edited),
    ("UPDATE audit_events SET action = 'session.revoked' WHERE organization_id = $1 AND sequence = 3", 3, Edited),
    ("UPDATE audit_events SET actor = 'project' WHERE organization_id = $1 AND sequence = 3", 3, Edited),
    ("UPDATE audit_events SET at = at + 1 WHERE organization_id = $1 AND sequence = 3", 3, Edited),
    ("UPDATE audit_events SET details = '{ }' WHERE organization_id = $1 AND sequence = 3", 3, Edited),
    ("UPDATE audit_events SET hash = mac WHERE organization_id = $1 AND sequence = 3", 3, Edited),
    ("UPDATE audit_events SET mac = hash WHERE organization_id = $1 AND sequence = 3", 3, NotOurs),
    ("UPDATE audit_events SET mac = NULL WHERE organization_id = $1 AND sequence = 3", 3, NotOurs),
    ("UPDATE audit_events SET sequence = 99 WHERE organization_id = $1 AND sequence = 3", 3, Moved { to: 99 }),
    ("UPDATE audit_events SET sequence = NULL WHERE organization_id = $1 AND sequence = 3", 3, Missing),
    ("DELETE FROM audit_events WHERE organization_id = $1 AND sequence = 1", 1, Missing),
    ("DELETE FROM audit_events WHERE organization_id = $1 AND sequence = 3", 3, Missing),
    ("DELETE FROM audit_events WHERE organization_id = $1 AND sequence = 5", 5, Truncated { length: 5 }),
    ("DELETE FROM audit_events WHERE organization_id = $1 AND sequence > 3", 4, Truncated { length: 5 }),
    ("DELETE FROM audit_events WHERE organization_id = $1", 1, Truncated { length: 5 }),
    ("UPDATE audit_events SET sequence = 6 - sequence WHERE organization_id = $1 AND sequence IN (2, 4)", 2, Moved { to: 4 }),
    ("INSERT INTO audit_events SELECT '0', project_id, organization_id, member_id, action, actor, at, details, sequence, hash, mac
        FROM audit_events WHERE organization_id = $1 AND sequence = 3", 3, Inserted),
    ("INSERT INTO audit_events SELECT 'z', project_id, organization_id, member_id, action, actor, at, details, sequence, hash, mac
        FROM audit_events WHERE organization_id = $1 AND sequence = 3", 3, Inserted),
    ("INSERT INTO audit_events SELECT 'z6', project_id, organization_id, member_id, action, actor, at, details, 6, hash, mac
        FROM audit_events WHERE organization_id = $1 AND sequence = 5", 6, BeyondTheEnd { length: 5 }),
    ("INSERT INTO audit_events SELECT 'z0', project_id, organization_id, member_id, action, actor, at, details, 0, hash, mac
        FROM audit_events WHERE organization_id = $1 AND sequence = 5", 0, Inserted),
    ("INSERT INTO audit_events SELECT 'zn', project_id, organization_id, member_id, action, actor, at, details, NULL, NULL, NULL
        FROM audit_events WHERE organization_id = $1 AND sequence = 5", 0, Unchained),
    ("UPDATE audit_chains SET length = 4 WHERE organization_id = $1", 5, EndAltered),
    ("UPDATE audit_chains SET length = 6 WHERE organization_id = $1", 6, EndAltered),
    ("UPDATE audit_chains SET head = mac WHERE organization_id = $1", 6, EndAltered),
    ("UPDATE audit_chains SET mac = head WHERE organization_id = $1", 6, EndAltered),
    ("DELETE FROM audit_chains WHERE organization_id = $1", 1, EndMissing),
];

async fn run(app: &TestApp, statement: &'static str, organization: &OrganizationId) {
    take_the_guards_away(app).await;
    let mut tx = app.api.app.db.write().await.unwrap();
    assert!(tx.sql(statement).bind(organization).execute().await.unwrap() > 0, "{statement}");
    tx.commit().await.unwrap();
}

async fn verified(app: &TestApp, organization: &OrganizationId, kept: Option<Vec<SignedHeads>>) -> Report {
    let part = Part { project: Some(PROJECT_ID.parse().unwrap()), organization: Some(organization.clone()) };
    let kept = kept.map(|it| -> Kept { Box::new(it.into_iter().map(Ok)) });
    verify(&app.api.app.db, &part, kept, &mut |_, _| {}).await.unwrap()
}

async fn signed_so_far(app: &TestApp) -> Vec<SignedHeads> {
    signing::sign_moved(&app.api.app.db, app.now()).await.unwrap();
    let mut conn = app.api.app.db.read().await.unwrap();
    let stored = store::audit::heads::after(&mut conn, 0, 100).await.unwrap();
    stored.into_iter().map(|it| it.signed).collect()
}

on_both_databases! {
    async fn the_first_bad_row_is_named_whatever_was_done(app: TestApp) {
        for (statement, sequence, wrong) in TAMPERINGS {
            let (organization, other) = (chain_of(&app, 5).await, chain_of(&app, 2).await);
            assert!(verified(&app, &organization, None).await.is_good());
            run(&app, statement, &organization).await;
            let report = verified(&app, &organization, None).await;
            assert_eq!(report.bad.len(), 1, "{statement}");
            let bad = &report.bad[0];
            assert_eq!((bad.sequence, &bad.wrong), (*sequence, wrong), "{statement}");
            assert_eq!(bad.chain.organization_id.as_deref(), Some(organization.as_str()));
            let wants_row = !matches!(wrong, Missing | Moved { .. } | Truncated { .. } | EndAltered);
            assert!(bad.audit_event_id.is_some() || !wants_row, "{statement}");
            assert!(verified(&app, &other, None).await.is_good(), "{statement}");
        }
    }

    async fn a_chain_that_is_set_back_with_its_end_is_shown_by_signed_heads_alone(app: TestApp) {
        let organization = chain_of(&app, 3).await;
        run(&app, "INSERT INTO audit_exports (destination, project_id, organization_id, sequence)
                   SELECT head || ' ' || mac, project_id, organization_id, length FROM audit_chains
                    WHERE organization_id = $1", &organization).await;
        extend(&app, &organization).await;
        let kept = signed_so_far(&app).await;
        run(&app, "DELETE FROM audit_events WHERE organization_id = $1 AND sequence > 3", &organization).await;
        run(&app, "UPDATE audit_chains SET length = 3,
                     head = (SELECT substr(destination, 1, 64) FROM audit_exports WHERE organization_id = $1),
                     mac = (SELECT substr(destination, 66) FROM audit_exports WHERE organization_id = $1)
                    WHERE organization_id = $1", &organization).await;
        let set_back = RolledBack { number: 1, length: 4 };
        let report = verified(&app, &organization, Some(kept.clone())).await;
        assert_eq!((report.bad[0].sequence, &report.bad[0].wrong), (4, &set_back));
        run(&app, "DELETE FROM audit_heads WHERE document LIKE '%' || $1 || '%'", &organization).await;
        let heads_are_gone = verified(&app, &organization, None).await;
        assert!(heads_are_gone.heads[0].contains("number 1 are missing"), "{:?}", heads_are_gone.heads);
        run(&app, "UPDATE audit_chains SET signed_length = 0, signed_in = NULL WHERE organization_id = $1", &organization).await;
        assert!(verified(&app, &organization, None).await.is_good(), "nothing in the database shows it");
        let report = verified(&app, &organization, Some(kept.clone())).await;
        assert_eq!(report.bad[0].wrong, set_back);
        assert!(report.heads[0].contains("rolled back"), "{:?}", report.heads);
        extend(&app, &organization).await;
        let report = verified(&app, &organization, Some(kept)).await;
        assert_eq!((report.bad[0].sequence, &report.bad[0].wrong), (4, &NotAsSigned { number: 1 }));
    }

    async fn only_what_moved_is_signed(app: TestApp) {
        let (one, other) = (chain_of(&app, 2).await, chain_of(&app, 2).await);
        let first = signed_so_far(&app).await;
        assert!(first[0].document.contains(one.as_str()) && first[0].document.contains(other.as_str()));
        assert_eq!(signed_so_far(&app).await, first);
        extend(&app, &one).await;
        let second = signed_so_far(&app).await;
        assert_eq!(second.len(), 2);
        assert!(second[1].document.contains(one.as_str()) && !second[1].document.contains(other.as_str()));
        assert!(verified(&app, &one, Some(second)).await.is_good());
    }

    async fn an_altered_end_is_not_signed(app: TestApp) {
        let organization = chain_of(&app, 2).await;
        run(&app, "UPDATE audit_chains SET length = 1 WHERE organization_id = $1", &organization).await;
        assert!(signed_so_far(&app).await.iter().all(|it| !it.document.contains(organization.as_str())));
    }

    async fn altered_and_missing_documents_are_named(app: TestApp) {
        let organization = chain_of(&app, 1).await;
        for _ in 0..2 {
            extend(&app, &organization).await;
            signed_so_far(&app).await;
        }
        let mut kept = signed_so_far(&app).await;
        kept.push(kept[0].clone());
        kept[1].document = kept[1].document.replace("\"number\":2", "\"number\":3");
        let report = verified(&app, &organization, Some(kept)).await;
        assert!(report.heads[0].contains("signature"), "{:?}", report.heads);
        run(&app, "UPDATE audit_heads SET document = document || ' ' WHERE number = 1 AND document LIKE '%' || $1 || '%'",
            &organization).await;
        assert!(verified(&app, &organization, None).await.heads[0].contains("signature"));
    }

    async fn a_chain_that_is_gone_with_the_record_of_its_end_is_shown_by_signed_heads(app: TestApp) {
        let organization = chain_of(&app, 3).await;
        signed_so_far(&app).await;
        run(&app, "DELETE FROM audit_events WHERE organization_id = $1", &organization).await;
        run(&app, "DELETE FROM audit_chains WHERE organization_id = $1", &organization).await;
        let bad = &verified(&app, &organization, None).await.bad[0];
        assert_eq!((bad.sequence, &bad.wrong), (1, &RolledBack { number: 1, length: 3 }));
    }

    async fn rows_that_two_organizations_exchange_are_named_in_both_chains(app: TestApp) {
        let (one, other) = (chain_of(&app, 3).await, chain_of(&app, 3).await);
        run(&app, "UPDATE audit_events SET organization_id = 'between' WHERE organization_id = $1 AND sequence = 2", &one).await;
        run(&app, "UPDATE audit_events SET organization_id = (SELECT organization_id FROM audit_events
                    WHERE sequence = 3 AND organization_id <> $1 AND organization_id IN
                      (SELECT organization_id FROM audit_chains WHERE length = 3)) WHERE organization_id = $1 AND sequence = 2",
            &other).await;
        let give = "UPDATE audit_events SET organization_id = $1 WHERE organization_id = 'between'";
        run(&app, give, &other).await;
        for organization in [&one, &other] {
            let bad = &verified(&app, organization, None).await.bad[0];
            assert_eq!((bad.sequence, &bad.wrong), (2, &Edited), "{bad}");
        }
    }

    async fn a_row_in_no_chain_is_never_taken_into_one_once_there_is_a_key(app: TestApp) {
        let organization = chain_of(&app, 2).await;
        run(&app, "INSERT INTO audit_events SELECT 'forged', project_id, organization_id, member_id, action, actor, at, details,
                     NULL, NULL, NULL FROM audit_events WHERE organization_id = $1 AND sequence = 2", &organization).await;
        let luck = (app.now(), &mut (app.api.entropy)());
        flows::audit::keys::open(&app.api.app.db, &app.api.app.server_key, luck).await.unwrap();
        let bad = &verified(&app, &organization, None).await.bad[0];
        assert_eq!((bad.audit_event_id.as_deref(), &bad.wrong), (Some("forged"), &Unchained));
    }

    async fn a_log_whose_key_was_taken_away_is_not_chained_anew(app: TestApp) {
        app.mark().await;
        let (organization, luck) = (chain_of(&app, 2).await, &mut (app.api.entropy)());
        let (db, key) = (&app.api.app.db, &app.api.app.server_key);
        flows::audit::keys::open(db, key, (app.now(), luck)).await.unwrap();
        run(&app, "DELETE FROM audit_keys WHERE $1 <> ''", &organization).await;
        run(&app, "UPDATE audit_events SET actor = 'server', sequence = NULL, hash = NULL, mac = NULL WHERE organization_id = $1",
            &organization).await;
        run(&app, "DELETE FROM audit_chains WHERE $1 <> ''", &organization).await;
        let refused = flows::audit::keys::open(db, key, (app.now(), luck)).await.unwrap_err();
        assert!(refused.to_string().contains("is gone"), "{refused}");
    }
}
