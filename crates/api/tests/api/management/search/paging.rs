//! Page by page, nothing lost and nothing twice.

use super::{MEMBERS, ORGANIZATIONS, local_parts, operand, query};
use testkit::{TestApp, Value, json, on_both_databases};

/// The next page of a search.
async fn next(app: &TestApp, path: &str, wanted: &Value, cursor: &Value) -> testkit::Answer {
    let mut wanted = wanted.clone();
    wanted["cursor"] = cursor.clone();
    app.post(path, wanted).await.ok()
}

on_both_databases! {
    async fn pages_lose_and_repeat_nobody_while_members_join(app: TestApp) {
        let organization = app.organization(json!({})).await;
        for number in 0..7 {
            app.newcomer(&organization, &format!("m{number}@acme.example"), json!({})).await;
            app.advance(i64::from(number % 2)); // some in the same millisecond
        }
        let wanted = json!({ "organization_ids": [organization], "limit": 2 });
        let (mut seen, mut cursor) = (Vec::new(), Value::Null);
        for joining in 0.. {
            let page = next(&app, MEMBERS, &wanted, &cursor).await;
            seen.extend(local_parts(&page));
            cursor = page["results_metadata"]["next_cursor"].clone();
            if cursor.is_null() {
                break;
            }
            if joining < 2 {
                app.advance(1);
                app.newcomer(&organization, &format!("late{joining}@acme.example"), json!({})).await;
            }
        }
        let mut sorted = seen.clone();
        sorted.sort();
        assert_eq!(sorted, ["late0", "late1", "m0", "m1", "m2", "m3", "m4", "m5", "m6"]);
        assert_eq!(&seen[7..], ["late0", "late1"], "in the order of creation");
    }

    async fn pages_run_through_several_organizations_in_the_order_of_creation(app: TestApp) {
        let (one, other) = (app.organization(json!({})).await, app.organization(json!({})).await);
        for number in 0..6 {
            let organization = if number % 2 == 0 { &one } else { &other };
            app.newcomer(organization, &format!("m{number}@acme.example"), json!({})).await;
            app.advance(1);
        }
        let exact = query("AND", &[operand("member_emails", (0..6).map(|it| format!("m{it}@acme.example")).collect::<Vec<_>>())]);
        for query in [Value::Null, exact] {
            let wanted = json!({ "organization_ids": [one, other], "limit": 4, "query": query });
            let first = next(&app, MEMBERS, &wanted, &Value::Null).await;
            assert_eq!(local_parts(&first), ["m0", "m1", "m2", "m3"]);
            assert_eq!(first["results_metadata"]["total"], json!(6));
            let last = next(&app, MEMBERS, &wanted, &first["results_metadata"]["next_cursor"]).await;
            assert_eq!(local_parts(&last), ["m4", "m5"]);
            assert_eq!(last["results_metadata"], json!({ "total": 6, "next_cursor": null }));
        }
    }

    async fn a_full_last_page_has_no_next(app: TestApp) {
        let organization = app.organization(json!({})).await;
        for name in ["ada", "bob"] {
            app.newcomer(&organization, &format!("{name}@acme.example"), json!({})).await;
        }
        let answer = app.post(MEMBERS, json!({ "organization_ids": [organization], "limit": 2 })).await.ok();
        assert_eq!(answer["results_metadata"], json!({ "total": 2, "next_cursor": null }));
    }

    async fn organizations_come_page_by_page(app: TestApp) {
        for number in 0..5 {
            app.organization(json!({ "organization_name": format!("Acme {number}") })).await;
        }
        let (mut seen, mut cursor) = (Vec::new(), Value::Null);
        loop {
            let page = next(&app, ORGANIZATIONS, &json!({ "limit": 2 }), &cursor).await;
            assert_eq!(page["results_metadata"]["total"], json!(5));
            let listed = page["organizations"].as_array().expect("organizations");
            seen.extend(listed.iter().map(|it| it["organization_name"].as_str().expect("a name").to_owned()));
            cursor = page["results_metadata"]["next_cursor"].clone();
            if cursor.is_null() {
                break;
            }
        }
        seen.sort();
        assert_eq!(seen, ["Acme 0", "Acme 1", "Acme 2", "Acme 3", "Acme 4"]);
    }
}
