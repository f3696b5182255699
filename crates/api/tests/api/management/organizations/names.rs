//! Names, slugs, external ids and logos: what they may be, and whose they are.

use super::{create, get, refused, update};
use testkit::{json, on_both_databases};

const ID: &str = "organization-test-00000000-0000-4000-8000-000000000001";

on_both_databases! {
    async fn a_name_has_1_to_128_characters(app: TestApp) {
        for fits in ["é", &"é".repeat(128)] {
            create(&app, json!({ "organization_name": fits })).await.ok();
        }
        for odd in ["", " ", "\t\n", &"é".repeat(129)] {
            refused(&app, json!({ "organization_name": odd }), "invalid_organization_name").await;
        }
        let nameless = app.post("/v1/b2b/organizations", json!({ "organization_slug": "acme" })).await;
        assert_eq!(nameless.refusal(), (400, "bad_request"));
    }

    async fn a_slug_has_2_to_128_plain_characters(app: TestApp) {
        for fits in ["ab", "A-b.c_d~9", &"a".repeat(128)] {
            let created = create(&app, json!({ "organization_slug": fits })).await.ok();
            assert_eq!(created["organization"]["organization_slug"], fits);
        }
        for odd in ["a", &"a".repeat(129), "a b", "a/b", "a|b", "a%62", "é-é", "acme\n"] {
            refused(&app, json!({ "organization_slug": odd }), "invalid_organization_slug").await;
        }
    }

    async fn a_slug_is_no_word_of_a_path_and_no_id(app: TestApp) {
        for odd in [
            "search",
            "Search",
            "authenticate",
            "me",
            "members",
            "mfa_phone_numbers",
            "passwords",
            "..",
            "...",
            ID,
        ] {
            let refused = create(&app, json!({ "organization_slug": odd })).await;
            assert_eq!(refused.refusal(), (400, "invalid_organization_slug"), "{odd}");
        }
    }

    async fn an_external_id_is_plain_and_no_id_and_no_word_of_a_path(app: TestApp) {
        for fits in ["x", "crm|42.a_b-C", &"x".repeat(128)] {
            let created = create(&app, json!({ "organization_external_id": fits })).await.ok();
            assert_eq!(created["organization"]["organization_external_id"], fits);
        }
        for odd in ["a b", &"x".repeat(129), "a/b", "a~b", "é", ".", "..", "search", "passwords", ID] {
            refused(&app, json!({ "organization_external_id": odd }), "invalid_organization_external_id")
                .await;
        }
    }

    async fn a_logo_url_has_at_most_1024_characters(app: TestApp) {
        let url = |length: usize| format!("https://acme.example/{}", "l".repeat(length - 21));
        create(&app, json!({ "organization_logo_url": url(1024) })).await.ok();
        refused(&app, json!({ "organization_logo_url": url(1025) }), "organization_logo_url_too_long").await;
    }

    async fn a_slug_is_made_from_the_name(app: TestApp) {
        for (name, slug) in [
            ("Acme, Inc.", "acme-inc"),
            ("  Straße 42  ", "stra-e-42"),
            ("日本", "organization"),
            ("Search", "search-org"),
            (ID, &format!("{ID}-org")),
        ] {
            let created = create(&app, json!({ "organization_name": name })).await.ok();
            assert_eq!(created["organization"]["organization_slug"], slug, "{name}");
            assert_eq!(get(&app, slug).await.ok()["organization"]["organization_name"], name);
        }
    }

    async fn a_made_slug_gives_way_to_one_that_is_taken(app: TestApp) {
        create(&app, json!({ "organization_slug": "ACME" })).await.ok();
        for name in ["Acme", "acme!", &"a".repeat(128), &"a".repeat(128)] {
            let created = create(&app, json!({ "organization_name": name })).await.ok();
            let slug = created["organization"]["organization_slug"].as_str().expect("a slug").to_owned();
            assert_ne!(slug, "acme");
            assert_eq!(get(&app, &slug).await.ok()["organization"], created["organization"]);
        }
    }

    async fn a_slug_is_taken_in_any_case(app: TestApp) {
        create(&app, json!({ "organization_slug": "Rocket" })).await.ok();
        for same in ["Rocket", "rocket", "ROCKET"] {
            refused(&app, json!({ "organization_slug": same }), "organization_slug_already_used").await;
        }
    }

    async fn an_external_id_is_taken_once_and_minds_its_case(app: TestApp) {
        create(&app, json!({ "organization_external_id": "crm-42" })).await.ok();
        refused(
            &app,
            json!({ "organization_external_id": "crm-42" }),
            "organization_external_id_already_used",
        )
        .await;
        create(&app, json!({ "organization_external_id": "CRM-42" })).await.ok();
    }

    async fn a_changed_name_in_a_url_replaces_the_old_one(app: TestApp) {
        let fields = json!({ "organization_slug": "old", "organization_external_id": "crm-old" });
        let id = app.organization(fields).await;
        let renamed = json!({ "organization_slug": "new", "organization_external_id": "crm-new" });
        update(&app, "old", renamed).await.ok();
        for old in ["old", "crm-old"] {
            assert_eq!(get(&app, old).await.refusal(), (404, "organization_not_found"), "{old}");
        }
        for new in ["new", "NEW", "crm-new", &id] {
            assert_eq!(get(&app, new).await.ok()["organization"]["organization_id"], id.as_str());
        }
        app.organization(json!({ "organization_slug": "old", "organization_external_id": "crm-old" })).await;
    }

    async fn an_organization_may_respell_its_own_slug(app: TestApp) {
        let id = app.organization(json!({ "organization_slug": "rocket" })).await;
        let respelled = update(&app, &id, json!({ "organization_slug": "ROCKET" })).await.ok();
        assert_eq!(respelled["organization"]["organization_slug"], "ROCKET");
    }
}
