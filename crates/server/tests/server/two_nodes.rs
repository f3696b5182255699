//! Several servers on one PostgreSQL database.

use crate::{
    client::{Answer, Client},
    gateway::{Gateway, code_in},
    installation::Installation,
    login::{Ada, PASSWORD, with_webhook},
    post_office::PostOffice,
    server::Server,
};
use axum::http::StatusCode;
use serde_json::json;
use std::thread;

/// Two nodes, and a client for each.
async fn two_nodes(database: &str, gateway: &Gateway) -> [(Installation, Server, Client); 2] {
    let one = with_webhook(gateway, &PostOffice::open().await);
    one.add(&format!("database = \"{database}\"\n"));
    let credentials = one.create_project();
    let other = one.another_node();
    let ((first, here), (second, there)) = tokio::join!(one.serve(), other.serve());
    let client = |url: &str| Client::new(url, &credentials);
    [(one, first, client(&here)), (other, second, client(&there))]
}

#[tokio::test]
async fn a_session_made_on_one_node_is_honoured_and_revoked_on_the_other() {
    let Some(database) = testpg::fresh_database().await else { return };
    let gateway = Gateway::answering(StatusCode::OK).await;
    let [(_one, _first, here), (_other, _second, there)] = two_nodes(&database.url(), &gateway).await;
    let ada = Ada::of(&here).await;
    // The first factor on one node, the second on the other.
    let first = ada.give_password(PASSWORD).await.ok().text("intermediate_session_token");
    let ada_there = ada.at(&there);
    let second = ada_there.give_code(&first, &code_in(&gateway.last_call().body)).await.ok();
    let (token, jwt) = (second.text("session_token"), second.text("session_jwt"));
    here.session(&token).await.ok();
    there.session(&token).await.ok();
    here.post("/v1/b2b/sessions/authenticate", json!({ "session_jwt": jwt })).await.ok();

    there.post("/v1/b2b/sessions/revoke", json!({ "session_token": token })).await.ok();
    for node in [&here, &there] {
        assert_eq!(node.session(&token).await.refusal(), (404, "session_not_found"));
    }
}

#[tokio::test]
async fn a_code_given_on_two_nodes_at_once_opens_one_session() {
    let Some(database) = testpg::fresh_database().await else { return };
    let gateway = Gateway::answering(StatusCode::OK).await;
    let [(_one, _first, here), (_other, _second, there)] = two_nodes(&database.url(), &gateway).await;
    let ada = Ada::of(&here).await;
    let first = ada.give_password(PASSWORD).await.ok().text("intermediate_session_token");
    let (code, ada_there) = (code_in(&gateway.last_call().body), ada.at(&there));
    let answers: [Answer; 4] = tokio::join!(
        ada.give_code(&first, &code),
        ada_there.give_code(&first, &code),
        ada.give_code(&first, &code),
        ada_there.give_code(&first, &code),
    )
    .into();
    let statuses: Vec<u16> = answers.iter().map(|it| it.status).collect();
    assert_eq!(statuses.iter().filter(|it| **it == 200).count(), 1, "{statuses:?}");
    assert!(statuses.iter().all(|it| *it < 500), "{statuses:?}");
}

#[tokio::test]
async fn nodes_that_start_together_share_an_empty_database() {
    let Some(database) = testpg::fresh_database().await else { return };
    let one = Installation::on(&database.url());
    let nodes: Vec<Installation> = (0..3).map(|_| one.another_node()).collect();
    let ends: Vec<_> = thread::scope(|scope| {
        let starts: Vec<_> = nodes.iter().map(|it| scope.spawn(|| it.run(&["migrate"]))).collect();
        starts.into_iter().map(|it| it.join().unwrap()).collect()
    });
    for end in ends {
        end.ok();
    }
}

#[tokio::test]
async fn a_node_with_another_key_may_not_join() {
    let Some(database) = testpg::fresh_database().await else { return };
    Installation::on(&database.url()).run(&["migrate"]).ok();
    let stranger = Installation::on(&database.url());
    assert!(stranger.run(&["migrate"]).refused().contains("server key"));
}
