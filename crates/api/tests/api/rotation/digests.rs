//! What is kept as a keyed digest alone, while the server key is replaced.

use super::server_key::{HOUR, file, retire, rotate, stage};
use domain::{id::ProjectId, m2m::client_id::ClientId};
use flows::secrets::{self, Kind};
use store::m2m_clients;
use testkit::{PROJECT_ID, TestApp, Value, json, on_both_databases};

/// Under which version how many secrets of clients are.
async fn held(app: &TestApp) -> Vec<(u32, u64)> {
    let status = secrets::status(&app.api.app, app.now()).await.expect("a status");
    let of_clients = status.uses.iter().filter(|it| it.kind == Kind::ClientSecrets);
    of_clients.map(|it| (it.version, it.rows)).collect()
}

/// The versions of the digests of a client's secrets.
async fn versions(app: &TestApp, client: &Value) -> (u32, Option<u32>) {
    let project: ProjectId = PROJECT_ID.parse().expect("an id");
    let id: ClientId = client["client_id"].as_str().expect("an id").parse().expect("an id");
    let mut conn = app.api.app.db.read().await.expect("a connection");
    let kept = m2m_clients::find(&mut conn, &project, &id).await.expect("no fault").expect("a client");
    (kept.secret_digest.key_version(), kept.next_secret_digest.map(|it| it.key_version()))
}

/// The client with its second secret.
async fn with_next(app: &TestApp, client: &Value) -> Value {
    let path =
        format!("/v1/m2m/clients/{}/secrets/rotate/start", client["client_id"].as_str().expect("an id"));
    let next = app.post(&path, json!({})).await.ok()["m2m_client"]["next_client_secret"].clone();
    json!({ "client_id": client["client_id"], "client_secret": next })
}

on_both_databases! {
    async fn a_clients_secret_is_put_under_the_new_key_when_the_client_shows_it(app: TestApp) {
        let client = app.m2m_client(json!({})).await;
        stage(&app).await;
        rotate(&app, 100).await.expect("rotated");
        assert_eq!((held(&app).await, versions(&app, &client).await), (vec![(1, 1)], (1, None)));
        let wrong = json!({ "client_id": client["client_id"], "client_secret": "wrong" });
        app.m2m_token(&wrong, json!({})).await.refusal();
        assert_eq!(held(&app).await, [(1, 1)]);
        app.m2m_token(&client, json!({})).await.ok();
        assert_eq!((held(&app).await, versions(&app, &client).await), (vec![(2, 1)], (2, None)));
        app.advance(HOUR);
        assert_eq!(retire(&app, false).await.expect("nothing needs it"), Vec::<String>::new());
        app.m2m_token(&client, json!({})).await.ok();
    }

    async fn an_imported_secret_is_put_under_it_too(app: TestApp) {
        let client = app.m2m_client(json!({ "client_secret": "k3#Qz9!pW" })).await;
        stage(&app).await;
        rotate(&app, 100).await.expect("rotated");
        app.m2m_token(&client, json!({})).await.ok();
        assert_eq!(versions(&app, &client).await, (2, None));
        app.m2m_token(&client, json!({})).await.ok();
    }

    async fn of_a_secret_that_is_being_rotated_each_half_counts_by_itself(app: TestApp) {
        let client = app.m2m_client(json!({})).await;
        let next = with_next(&app, &client).await;
        stage(&app).await;
        rotate(&app, 100).await.expect("rotated");
        assert_eq!(held(&app).await, [(1, 2)]);
        app.m2m_token(&next, json!({})).await.ok();
        assert_eq!((held(&app).await, versions(&app, &client).await), (vec![(1, 1), (2, 1)], (1, Some(2))));
        app.m2m_token(&client, json!({})).await.ok();
        assert_eq!((held(&app).await, versions(&app, &client).await), (vec![(2, 2)], (2, Some(2))));
    }

    async fn a_client_that_never_called_holds_the_old_version(app: TestApp) {
        let silent = app.m2m_client(json!({})).await;
        let busy = app.m2m_client(json!({})).await;
        stage(&app).await;
        rotate(&app, 100).await.expect("rotated");
        app.m2m_token(&busy, json!({})).await.ok();
        app.advance(HOUR);
        let refused = retire(&app, false).await.expect_err("needed").to_string();
        assert!(refused.contains("1 secrets of machine-to-machine clients") && refused.contains("--force"), "{refused}");
        app.m2m_token(&silent, json!({})).await.ok();
        let late = app.m2m_client(json!({})).await;
        assert_eq!(retire(&app, false).await.expect("nothing needs it"), Vec::<String>::new());
        for client in [silent, busy, late] {
            app.m2m_token(&client, json!({})).await.ok();
        }
    }

    async fn by_force_a_silent_client_is_shut_out_until_it_has_another_secret(app: TestApp) {
        let silent = app.m2m_client(json!({})).await;
        stage(&app).await;
        rotate(&app, 100).await.expect("rotated");
        app.advance(HOUR);
        assert_eq!(retire(&app, true).await.expect("by force").len(), 1);
        assert_eq!(app.m2m_token(&silent, json!({})).await.refusal(), (401, "invalid_client"));
        let next = with_next(&app, &silent).await;
        app.m2m_token(&next, json!({})).await.ok();
    }

    async fn a_node_that_has_not_changed_over_yet_does_not_undo_it(app: TestApp) {
        let client = app.m2m_client(json!({})).await;
        let other = app.another_node();
        stage(&app).await;
        other.api.app.server_key.take_up(file(&[1, 2])).expect("taken up");
        other.api.app.server_key.seal_with(1).expect("there");
        rotate(&app, 100).await.expect("rotated");
        for (node, version) in [(&other, 1), (&app, 2), (&other, 2)] {
            node.m2m_token(&client, json!({})).await.ok();
            assert_eq!(versions(&app, &client).await, (version, None));
        }
    }

    async fn a_code_by_e_mail_that_is_on_its_way_stays_good(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let ada = app.newcomer(&organization, "ada@acme.example", json!({})).await;
        let code = app.mail_code(&organization, &ada.email, json!({})).await;
        let other = app.mail_discovery_code("eve@acme.example").await;
        stage(&app).await;
        rotate(&app, 100).await.expect("rotated");
        app.spend_code(&ada, &code, json!({})).await.ok();
        app.spend_discovery_code("eve@acme.example", &other).await.ok();
    }
}
