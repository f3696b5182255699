//! Showing a session: its token, or its JWT.

use super::{authenticate, parts, revoke, somebody};
use testkit::{PROJECT_ID, json, on_both_databases};

on_both_databases! {
    async fn a_session_is_shown_by_its_token(app: TestApp) {
        let ada = somebody(&app).await;
        let inside = app.link_login(&ada).await.ok();
        let shown = authenticate(&app, json!({ "session_token": inside["session_token"] })).await.ok();
        assert_eq!(shown["session_token"], inside["session_token"]);
        assert_eq!(shown["member_session"], inside["member_session"]);
        assert_eq!(shown["member"], app.member(&ada).await);
        assert_eq!(shown["organization"], inside["organization"]);
        assert_eq!(shown["verdict"], json!(null));
    }

    async fn a_session_is_shown_by_its_jwt_and_answers_its_own_token(app: TestApp) {
        let inside = app.link_login(&somebody(&app).await).await.ok();
        let shown = authenticate(&app, json!({ "session_jwt": inside["session_jwt"] })).await.ok();
        assert_eq!(shown["session_token"], inside["session_token"]);
        assert_eq!(shown["member_session"], inside["member_session"]);
    }

    async fn an_expired_jwt_is_renewed_while_its_session_lives(app: TestApp) {
        let inside = app.link_login(&somebody(&app).await).await.ok();
        app.advance(59 * 60);
        let shown = authenticate(&app, json!({ "session_jwt": inside["session_jwt"] })).await.ok();
        assert_eq!(shown["session_token"], inside["session_token"]);
        let [_, old] = parts(&inside.text("session_jwt"));
        let [_, new] = parts(&shown.text("session_jwt"));
        assert!(
            old["exp"].as_i64() < Some(app.now().seconds())
                && Some(app.now().seconds()) < new["exp"].as_i64()
        );
        app.advance(60);
        let late = authenticate(&app, json!({ "session_jwt": shown["session_jwt"] })).await;
        assert_eq!(late.refusal(), (404, "session_not_found"));
    }

    async fn the_jwt_of_a_revoked_session_is_worth_nothing(app: TestApp) {
        let inside = app.link_login(&somebody(&app).await).await.ok();
        revoke(&app, json!({ "session_token": inside["session_token"] })).await.ok();
        let shown = authenticate(&app, json!({ "session_jwt": inside["session_jwt"] })).await;
        assert_eq!(shown.refusal(), (404, "session_not_found"));
    }

    async fn exactly_one_of_token_and_jwt_is_shown(app: TestApp) {
        let inside = app.link_login(&somebody(&app).await).await.ok();
        for none in [
            json!({}),
            json!({ "session_token": "", "session_jwt": null }),
            json!({ "intermediate_session_token": inside["session_token"] }),
        ] {
            assert_eq!(authenticate(&app, none).await.refusal(), (400, "no_session_arguments"));
        }
        let both = json!({ "session_token": inside["session_token"], "session_jwt": inside["session_jwt"] });
        assert_eq!(authenticate(&app, both).await.refusal(), (400, "too_many_session_arguments"));
    }

    async fn a_token_is_the_exact_text_or_nothing(app: TestApp) {
        let inside = app.link_login(&somebody(&app).await).await.ok();
        let token = inside.text("session_token");
        for odd in [
            &token[..token.len() - 1],
            &format!("{token} "),
            &format!(" {token}"),
            &format!("{token}="),
            &token.to_uppercase(),
            "unknown",
            &inside.text("session_jwt"),
        ] {
            let shown = authenticate(&app, json!({ "session_token": odd })).await;
            assert_eq!(shown.refusal(), (404, "session_not_found"), "{odd}");
        }
    }

    async fn a_jwt_says_what_every_client_reads(app: TestApp) {
        let ada = somebody(&app).await;
        let inside = app.link_login(&ada).await.ok();
        let [header, mut payload] = parts(&inside.text("session_jwt"));
        let claim = payload["https://stytch.com/session"].as_object_mut().expect("an object");
        assert!(claim.remove("version").is_some(), "ours alone: it ties the JWT to the token");
        assert_eq!((&header["alg"], &header["typ"]), (&json!("RS256"), &json!("JWT")));
        let (now, session) = (app.now().seconds(), &inside["member_session"]);
        assert_eq!(
            payload,
            json!({
                "iss": format!("stytch.com/{PROJECT_ID}"),
                "aud": [PROJECT_ID],
                "sub": ada.member,
                "iat": now,
                "nbf": now,
                "exp": now + 300,
                "https://stytch.com/session": {
                    "id": session["member_session_id"],
                    "started_at": session["started_at"],
                    "last_accessed_at": session["last_accessed_at"],
                    "expires_at": session["expires_at"],
                    "attributes": { "ip_address": "", "user_agent": "" },
                    "authentication_factors": session["authentication_factors"],
                    "roles": ["stytch_member"],
                },
                "https://stytch.com/organization": { "organization_id": ada.organization, "slug": "acme" },
            })
        );
    }

    async fn a_session_says_how_it_began(app: TestApp) {
        let ada = somebody(&app).await;
        let inside = app.link_login(&ada).await.ok();
        let session = &inside["member_session"];
        assert_eq!(session["organization_slug"], "acme");
        assert_eq!(session["member_id"], ada.member.as_str());
        let factors = session["authentication_factors"].as_array().expect("factors");
        assert_eq!(factors.len(), 1);
        assert_eq!(
            (&factors[0]["type"], &factors[0]["delivery_method"]),
            (&json!("magic_link"), &json!("email"))
        );
        let email = json!({ "email_id": inside["method_id"], "email_address": ada.email });
        assert_eq!(factors[0]["email_factor"], email);
    }

    async fn a_check_of_rights_is_refused_rather_than_skipped(app: TestApp) {
        let ada = somebody(&app).await;
        let inside = app.link_login(&ada).await.ok();
        let wanted =
            json!({ "organization_id": ada.organization, "resource_id": "documents", "action": "read" });
        let body = json!({ "session_token": inside["session_token"], "authorization_check": wanted,
                           "session_duration_minutes": 500 });
        assert_eq!(authenticate(&app, body).await.refusal(), (403, "session_authorization_error"));
        let after = app.check(&inside.text("session_token")).await.ok();
        assert_eq!(after["member_session"]["expires_at"], inside["member_session"]["expires_at"]);
    }

    async fn a_session_follows_the_slug_of_its_organization(app: TestApp) {
        let ada = somebody(&app).await;
        let token = app.link_login(&ada).await.ok().text("session_token");
        let path = format!("/v1/b2b/organizations/{}", ada.organization);
        app.put(&path, json!({ "organization_slug": "rocket" })).await.ok();
        let shown = app.check(&token).await.ok();
        assert_eq!(shown["member_session"]["organization_slug"], "rocket");
        let [_, payload] = parts(&shown.text("session_jwt"));
        assert_eq!(payload["https://stytch.com/organization"]["slug"], "rocket");
    }
}
