//! Replacing the key of the audit log.

use super::{chain_of, event, extend};
use domain::{
    audit::{heads::SignedHeads, key::PublicKey, ocsf, verification::Wrong::OldKey},
    id::OrganizationId,
    time::Span,
};
use flows::audit::{
    keys::{self, rotate},
    offline, signing,
    verification::{Part, verify},
};
use store::audit::{chains, records};
use testkit::{TestApp, on_both_databases};

const NOTICE: Span = Span::minutes(1);

async fn rotated(app: &TestApp) -> flows::Result<u32> {
    let luck = (app.now(), &mut (app.api.entropy)());
    rotate(&app.api.app.db, &app.api.app.server_key, NOTICE, luck).await
}

async fn follow(app: &TestApp) {
    keys::follow(&app.api.app.db, &app.api.app.server_key, app.now()).await.unwrap();
}

/// The versions that proved the rows of a chain.
async fn versions(app: &TestApp, organization: &OrganizationId) -> Vec<u32> {
    let mut conn = app.api.app.db.read().await.unwrap();
    let all = chains::after(&mut conn, ("", ""), 1000).await.unwrap();
    let chain = all.into_iter().find(|it| it.chain.organization() == organization.as_str()).unwrap().chain;
    let rows = records::of_chain(&mut conn, &chain, (1, 100)).await.unwrap();
    rows.iter().map(|it| domain::audit::key::named_in(&it.link.mac)).collect()
}

async fn documents(app: &TestApp) -> Vec<SignedHeads> {
    signing::sign_moved(&app.api.app.db, app.now()).await.unwrap();
    let found = signing::after(&app.api.app.db, 0, 100).await.unwrap();
    found.into_iter().map(|(_, it)| it).collect()
}

on_both_databases! {
    async fn a_new_key_proves_after_its_notice_and_what_the_old_one_proved_holds_on(app: TestApp) {
        let organization = chain_of(&app, 1).await;
        documents(&app).await;
        assert_eq!(rotated(&app).await.unwrap(), 2);
        extend(&app, &organization).await;
        assert!(rotated(&app).await.unwrap_err().to_string().contains("waits for its turn"));
        app.advance(60);
        follow(&app).await;
        extend(&app, &organization).await;
        assert_eq!(versions(&app, &organization).await, [1, 1, 2]);
        let kept = documents(&app).await;
        assert_eq!(kept.iter().map(|it| it.key_version).collect::<Vec<_>>(), [1, 1, 2]);
        let (part, kept) = (Part::default(), Box::new(kept.into_iter().map(Ok)));
        let report = verify(&app.api.app.db, &part, Some(kept), &mut |_, _| {}).await.unwrap();
        assert!(report.is_good(), "{report:?}");
    }

    async fn whoever_trusts_the_first_key_alone_can_check_an_export_across_versions(app: TestApp) {
        let first: PublicKey = signing::public_keys(&app.api.app.db).unwrap()[0].parse().unwrap();
        let organization = chain_of(&app, 1).await;
        documents(&app).await;
        rotated(&app).await.unwrap();
        app.advance(60);
        follow(&app).await;
        extend(&app, &organization).await;
        let kept: Vec<SignedHeads> = documents(&app).await;
        let mut conn = app.api.app.db.read().await.unwrap();
        let mut lines = Vec::new();
        for stored in chains::after(&mut conn, ("", ""), 100).await.unwrap() {
            for row in records::of_chain(&mut conn, &stored.chain, (1, 100)).await.unwrap() {
                lines.push(Ok(ocsf::event(&row, "test").to_string()));
            }
        }
        let report = offline::verify(lines.into_iter(), &[first], Some(Box::new(kept.into_iter().map(Ok))));
        assert!(report.is_good() && report.documents == 3, "{report:?}");
    }

    async fn a_node_that_has_not_heard_of_the_new_key_waits_and_does_not_break_the_chain(app: TestApp) {
        let organization = chain_of(&app, 1).await;
        let db = &app.api.app.db;
        let old = db.audit_key().unwrap();
        rotated(&app).await.unwrap();
        app.advance(60);
        follow(&app).await;
        extend(&app, &organization).await;
        let roots = [(1, [9; 32].into())];
        assert!(!old.knows(2));
        db.prove_with(domain::audit::key::AuditKey::of(&roots).unwrap());
        let event = event(&app, &organization);
        let mut tx = db.write().await.unwrap();
        store::audit::append(&mut tx, &event).await.unwrap();
        assert!(tx.commit().await.unwrap_err().is_unavailable());
        follow(&app).await;
        assert_eq!(versions(&app, &organization).await, [1, 2]);
    }

    async fn a_row_of_a_key_that_was_replaced_is_named(app: TestApp) {
        let organization = chain_of(&app, 1).await;
        let old = app.api.app.db.audit_key().unwrap();
        rotated(&app).await.unwrap();
        app.advance(60);
        follow(&app).await;
        extend(&app, &organization).await;
        let mut conn = app.api.app.db.read().await.unwrap();
        let all = chains::after(&mut conn, ("", ""), 1000).await.unwrap();
        let end = all.into_iter().find(|it| it.chain.organization() == organization.as_str()).unwrap();
        drop(conn);
        let mut forged = records::of_chain(&mut app.api.app.db.read().await.unwrap(), &end.chain, (1, 10)).await.unwrap();
        let entry = domain::audit::chain::Entry { audit_event_id: "forged".to_owned(), ..forged[1].entry.clone() };
        forged.push(entry.linked(old.prover_after(0), &end.end));
        let key = app.api.app.db.audit_key().unwrap();
        let mut follower = domain::audit::verification::Follower::new(Some(&key));
        let found = forged.iter().try_for_each(|it| follower.follow(it)).unwrap_err();
        assert_eq!((found.sequence, found.wrong), (3, OldKey { version: 1 }));
    }
}
