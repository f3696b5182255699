//! A cursor continues the search it came from, and no other.

use super::{MEMBERS, ORGANIZATIONS, operand, query};
use testkit::{TestApp, Value, json, on_both_databases};

async fn two_members(app: &TestApp) -> String {
    let organization = app.organization(json!({})).await;
    for name in ["ada", "bob"] {
        app.newcomer(&organization, &format!("{name}@acme.example"), json!({})).await;
    }
    organization
}

async fn cursor(app: &TestApp, path: &str, wanted: &Value) -> String {
    let answer = app.post(path, wanted.clone()).await.ok();
    answer["results_metadata"]["next_cursor"].as_str().expect("a cursor").to_owned()
}

fn with(wanted: &Value, changes: &Value) -> Value {
    let mut wanted = wanted.clone();
    let changes = changes.as_object().expect("an object").clone();
    wanted.as_object_mut().expect("an object").extend(changes);
    wanted
}

on_both_databases! {
    async fn a_cursor_of_another_query_organization_resource_or_project_is_refused(app: TestApp) {
        let organization = two_members(&app).await;
        let wanted = json!({ "organization_ids": [organization], "limit": 1 });
        let cursor = cursor(&app, MEMBERS, &wanted).await;
        let refusal = (400, "invalid_argument");

        let fuzzy = query("AND", &[operand("member_email_fuzzy", "acme")]);
        let other_query = with(&wanted, &json!({ "cursor": cursor, "query": fuzzy }));
        assert_eq!(app.post(MEMBERS, other_query).await.refusal(), refusal);
        let neighbour = two_members(&app).await;
        let other_organization = with(&wanted, &json!({ "cursor": cursor, "organization_ids": [neighbour] }));
        assert_eq!(app.post(MEMBERS, other_organization).await.refusal(), refusal);
        assert_eq!(app.post(ORGANIZATIONS, json!({ "cursor": cursor })).await.refusal(), refusal);
        let there = app.another_project().await;
        let theirs = json!({ "organization_ids": [two_members(&there).await], "cursor": cursor });
        assert_eq!(there.post(MEMBERS, theirs).await.refusal(), refusal);
    }

    async fn a_cursor_goes_on_with_another_limit_or_another_spelling_of_the_query(app: TestApp) {
        let organization = two_members(&app).await;
        let fuzzy = |operator, part| query(operator, &[operand("member_email_fuzzy", part)]);
        let wanted = json!({ "organization_ids": [organization], "limit": 1, "query": fuzzy("AND", "acme") });
        let changes = json!({ "cursor": cursor(&app, MEMBERS, &wanted).await, "limit": 50, "query": fuzzy("and", "ACME") });
        let answer = app.post(MEMBERS, with(&wanted, &changes)).await.ok();
        assert_eq!(answer["members"].as_array().map(Vec::len), Some(1));
    }

    async fn a_cursor_that_was_edited_is_refused(app: TestApp) {
        let organization = two_members(&app).await;
        let wanted = json!({ "organization_ids": [organization], "limit": 1 });
        let cursor = cursor(&app, MEMBERS, &wanted).await;
        let (head, tail) = cursor.split_at(60);
        let swapped = if tail.starts_with('A') { "B" } else { "A" };
        for odd in [format!("{head}{swapped}{}", &tail[1..]), format!("{cursor}AAAA"), head.to_owned(),
                    "AAAA".to_owned(), "not a cursor".to_owned(), format!("{cursor}="), "x".repeat(5000)] {
            let answer = app.post(MEMBERS, with(&wanted, &json!({ "cursor": odd }))).await;
            assert_eq!(answer.refusal(), (400, "invalid_argument"), "{odd}");
        }
        app.post(MEMBERS, with(&wanted, &json!({ "cursor": "" }))).await.ok();
    }
}
