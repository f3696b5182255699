//! The secrets that call the API.

use super::project;
use axum::{
    body::Body,
    http::{Request, header},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::time::Span;
use flows::{
    Error,
    projects::secrets::{self, Added},
};
use testkit::{Answer, PROJECT_ID, TestApp, on_both_databases};

async fn call_with(app: &TestApp, secret: &str) -> Answer {
    let basic = format!("Basic {}", STANDARD.encode(format!("{PROJECT_ID}:{secret}")));
    let request = Request::get("/v1/debug/whoami").header(header::AUTHORIZATION, basic);
    app.send(request.body(Body::empty()).expect("a request")).await
}

async fn add(app: &TestApp) -> Added {
    secrets::add(&app.api.app, &project(), (app.now(), &mut (app.api.entropy)())).await.expect("a secret")
}

async fn remove(app: &TestApp, named: &str, force: bool) -> Result<(), Error> {
    let luck = (app.now(), &mut (app.api.entropy)());
    secrets::remove(&app.api.app, &project(), (named, force), luck).await
}

on_both_databases! {
    async fn a_second_secret_opens_the_project_and_the_first_can_go(app: TestApp) {
        let added = add(&app).await;
        call_with(&app, added.secret.expose()).await.ok();
        app.get("/v1/debug/whoami").await.ok();
        remove(&app, "-one", false).await.expect("removed, by its last four characters");
        assert_eq!(app.get("/v1/debug/whoami").await.refusal(), (401, "unauthorized_credentials"));
        call_with(&app, added.secret.expose()).await.ok();
    }

    async fn the_last_secret_stays_unless_by_force(app: TestApp) {
        assert!(matches!(remove(&app, "-one", false).await, Err(Error::Operator(_))));
        app.get("/v1/debug/whoami").await.ok();
        remove(&app, "-one", true).await.expect("by force");
        assert_eq!(app.get("/v1/debug/whoami").await.refusal(), (401, "unauthorized_credentials"));
    }

    async fn of_two_that_are_removed_at_once_one_stays(app: TestApp) {
        let added = add(&app).await;
        let (one, two) = tokio::join!(remove(&app, "-one", false), remove(&app, &added.name, false));
        assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
    }

    async fn a_rotated_secret_ends_after_the_overlap(app: TestApp) {
        let luck = (app.now(), &mut (app.api.entropy)());
        let added = secrets::rotate(&app.api.app, &project(), Span::hours(24), luck).await.expect("rotated");
        app.advance(24 * 60 * 60 - 1);
        app.get("/v1/debug/whoami").await.ok();
        app.advance(1);
        assert_eq!(app.get("/v1/debug/whoami").await.refusal(), (401, "unauthorized_credentials"));
        call_with(&app, added.secret.expose()).await.ok();
        assert!(remove(&app, &added.name, false).await.is_err(), "it is the last one");
    }

    async fn an_emergency_ends_at_once_what_an_earlier_rotation_let_live(app: TestApp) {
        for overlap in [Span::hours(24), Span::seconds(0)] {
            app.get("/v1/debug/whoami").await.ok();
            let luck = (app.now(), &mut (app.api.entropy)());
            secrets::rotate(&app.api.app, &project(), overlap, luck).await.expect("rotated");
        }
        assert_eq!(app.get("/v1/debug/whoami").await.refusal(), (401, "unauthorized_credentials"));
    }

    async fn secrets_are_told_apart_and_kept_as_digests(app: TestApp) {
        app.advance(1);
        let added = add(&app).await;
        let listed = secrets::list(&app.api.app, &project(), app.now()).await.expect("secrets");
        let told: Vec<_> = listed.iter().map(|it| it.last_four.as_str()).collect();
        assert_eq!(told, ["-one", &added.secret.expose()[added.secret.expose().len() - 4..]]);
        assert_eq!(listed[1].name, added.name);
        let stored = app.everything_stored().await;
        let secret = added.secret.expose().as_bytes();
        assert!(!stored.windows(secret.len()).any(|it| it == secret));
    }

    async fn what_is_no_secret_of_the_project_is_not_removed(app: TestApp) {
        add(&app).await;
        for odd in ["", "nope", "-on", "0123456789ab"] {
            assert!(matches!(remove(&app, odd, false).await, Err(Error::Operator(_))), "{odd}");
        }
    }
}
