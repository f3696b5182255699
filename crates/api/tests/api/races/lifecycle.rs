//! Logging in while the ground moves: deletions, revocations, resends, hang-ups.

use super::{CROWD, PHONE, WRONG, at_once, sessions_of, tally, with_ist};
use domain::factors::sms_otp::{Passcode, Purpose};
use std::{
    future::Future,
    task::{Context, Waker},
    time::Duration,
};
use store::passcodes::{self, Guess};
use testkit::{Person, TestApp, code_of, json, on_both_databases};

/// How many of the codes texted to a member are good now. Nothing is spent.
async fn good_codes(app: &TestApp, who: &Person) -> Vec<String> {
    let row = app.row(who).await;
    let db = &app.api.app.db;
    let mut conn = db.read().await.expect("a connection");
    let found = store::tenant::by_id(&mut conn, &row.project_id, &row.organization_id).await;
    let tenant = found.expect("no fault").expect("an organization");
    let phone = row.phone_id.as_ref().expect("a number");
    let mut good = Vec::new();
    for code in app.inbox.messages(Some(PHONE)).into_iter().filter_map(|it| it.code) {
        let purpose = Purpose {
            project: &row.project_id,
            organization: &row.organization_id,
            member: &row.member_id,
            phone,
        };
        let digest = Passcode::parse(&code).expect("a code").digest(&app.api.app.server_key, purpose);
        let mut tx = db.write().await.expect("a transaction"); // never committed
        let guess = passcodes::guess(&mut tx, &tenant, &row.member_id, &digest, app.now()).await;
        if guess.expect("no fault") == Guess::Right {
            good.push(code);
        }
    }
    good
}

/// A session by the number; the member has no other.
async fn enter(app: &TestApp, who: &Person) -> String {
    if app.member(who).await["mfa_phone_number_verified"] == json!(false) {
        return app.enrol_sms(who, PHONE).await;
    }
    let ist = app.between(who).await;
    let evidence = with_ist(&ist, &app.last_code(PHONE).await);
    app.complete(who, "otps/sms", evidence).await.ok().text("session_token")
}

on_both_databases! {
    async fn many_sends_at_once_leave_one_good_code(app: TestApp) {
        let ada = app.ada().await;
        app.enrol_sms(&ada, PHONE).await;
        let ist = app.between(&ada).await;
        let answers = at_once((0..CROWD).map(|_| {
            let (app, ada) = (app.clone(), ada.clone());
            async move { app.send_sms(&ada, json!({})).await }
        }))
        .await;
        assert_eq!((tally(&answers)["ok"], app.texts(PHONE)), (CROWD, CROWD + 2));
        let good = good_codes(&app, &ada).await;
        assert_eq!(good.len(), 1);
        app.complete(&ada, "otps/sms", with_ist(&ist, &good[0])).await.ok();
    }

    async fn a_login_racing_a_deletion_leaves_nobody_inside(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let ada = app.person(&organization, "ada@acme.example").await;
        for _ in 0..4 {
            let mut links = Vec::new();
            for _ in 0..15 {
                links.push(Some(app.mail_link(&organization, &ada.email, json!({})).await));
            }
            links.insert(7, None);
            let answers = at_once(links.into_iter().map(|link| {
                let (app, ada) = (app.clone(), ada.clone());
                async move {
                    match link {
                        Some(link) => app.spend_link(&link, json!({})).await,
                        None => app.delete(&ada.path()).await.ok(),
                    }
                }
            }))
            .await;
            assert!(
                answers.iter().all(|it| matches!(it.status.as_u16(), 200 | 401 | 404)),
                "{:?}",
                tally(&answers)
            );
            app.put(&format!("{}/reactivate", ada.path()), json!({})).await.ok();
            assert_eq!(sessions_of(&app, &ada).await, 0, "not even for one who returns");
        }
    }

    async fn a_second_factor_racing_a_deletion_leaves_nobody_inside(app: TestApp) {
        let ada = app.ada().await;
        let secret = app.import_totp(&ada).await;
        for _ in 0..8 {
            app.advance(30);
            let (ist, code) = (app.between(&ada).await, code_of(&secret, app.now()));
            let answers = at_once([true, false].map(|is_login| {
                let (app, ada, evidence) = (app.clone(), ada.clone(), with_ist(&ist, &code));
                async move {
                    if is_login {
                        app.complete(&ada, "totp", evidence).await
                    } else {
                        app.delete(&ada.path()).await.ok()
                    }
                }
            }))
            .await;
            assert!(answers.iter().all(|it| it.status.as_u16() < 500), "{:?}", tally(&answers));
            app.put(&format!("{}/reactivate", ada.path()), json!({})).await.ok();
            assert_eq!(sessions_of(&app, &ada).await, 0);
        }
    }

    async fn a_link_sent_during_a_deletion_is_dead_after_a_return(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let ada = app.person(&organization, "ada@acme.example").await;
        let answers = at_once((0..16).map(|at| {
            let (app, ada) = (app.clone(), ada.clone());
            let mail = json!({ "organization_id": ada.organization, "email_address": ada.email });
            async move {
                if at == 8 {
                    app.delete(&ada.path()).await
                } else {
                    app.post("/v1/b2b/magic_links/email/login_or_signup", mail).await
                }
            }
        }))
        .await;
        let sent = tally(&answers)["ok"] - 1;
        app.put(&format!("{}/reactivate", ada.path()), json!({})).await.ok();
        let links = app.letter(&ada.email, |all| {
            let links: Vec<_> = all.iter().filter_map(|it| it.link.clone()).collect();
            (links.len() == sent).then_some(links)
        });
        for link in links.await {
            let token = link.split("token=").last().expect("a token");
            assert_eq!(app.spend_link(token, json!({})).await.refusal(), (401, "unable_to_auth_magic_link"));
        }
    }

    async fn extending_a_session_never_outlives_its_revocation(app: TestApp) {
        let ada = app.ada().await;
        for _ in 0..4 {
            let session = enter(&app, &ada).await;
            let answers = at_once((0..16).map(|at| {
                let app = app.clone();
                let extend = json!({ "session_token": session, "session_duration_minutes": 60 + at });
                let revoke = json!({ "session_token": session });
                async move {
                    if at == 8 {
                        app.post("/v1/b2b/sessions/revoke", revoke).await.ok()
                    } else {
                        app.post("/v1/b2b/sessions/authenticate", extend).await
                    }
                }
            }))
            .await;
            assert!(tally(&answers).keys().all(|it| ["ok", "session_not_found"].contains(it)));
            assert_eq!(app.check(&session).await.refusal(), (404, "session_not_found"));
            assert_eq!(sessions_of(&app, &ada).await, 0);
        }
    }

    async fn extensions_at_the_same_time_keep_each_others_claims(app: TestApp) {
        let ada = app.ada().await;
        let session = app.enrol_sms(&ada, PHONE).await;
        let answers = at_once((0..16).map(|at| {
            let (app, claim) = (app.clone(), format!("claim{at}"));
            let extend = json!({ "session_token": session, "session_custom_claims": { claim: at } });
            async move { app.post("/v1/b2b/sessions/authenticate", extend).await }
        }))
        .await;
        assert_eq!(tally(&answers)["ok"], 16);
        let claims = app.check(&session).await.ok()["member_session"]["custom_claims"].clone();
        assert_eq!(claims.as_object().map(serde_json::Map::len), Some(16));
    }

    async fn raising_a_session_never_outlives_its_revocation(app: TestApp) {
        let ada = app.ada().await;
        for _ in 0..8 {
            let session = enter(&app, &ada).await;
            app.send_sms(&ada, json!({})).await.ok();
            let evidence = json!({ "code": app.last_code(PHONE).await, "session_token": session });
            let named = app.check(&session).await.ok()["member_session"]["member_session_id"].clone();
            at_once([true, false].map(|raises| {
                let (app, ada, evidence, named) = (app.clone(), ada.clone(), evidence.clone(), named.clone());
                async move {
                    if raises {
                        app.complete(&ada, "otps/sms", evidence).await
                    } else {
                        app.post("/v1/b2b/sessions/revoke", json!({ "member_session_id": named })).await.ok()
                    }
                }
            }))
            .await;
            assert_eq!(sessions_of(&app, &ada).await, 0);
        }
    }

    async fn a_guess_is_counted_though_the_client_hangs_up(app: TestApp) {
        let ada = app.ada().await;
        app.import_totp(&ada).await;
        let ist = app.between(&ada).await;
        let mut call = Box::pin(app.complete(&ada, "totp", with_ist(&ist, WRONG)));
        assert!(call.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending(), "it is on its way");
        drop(call);
        let counted = async {
            while app.failures(&ada).await != (1, 1) {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), counted).await.expect("the guess is counted");
    }

    async fn a_crowd_that_hangs_up_has_ten_guesses(app: TestApp) {
        let ada = app.ada().await;
        app.import_totp(&ada).await;
        let ist = app.between(&ada).await;
        for _ in 0..CROWD {
            let mut call = Box::pin(app.complete(&ada, "totp", with_ist(&ist, WRONG)));
            let _ = call.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        }
        let locked = async {
            while app.member(&ada).await["is_locked"] != json!(true) {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), locked).await.expect("the member is locked");
        assert_eq!(app.failures(&ada).await, (10, 10));
    }
}
