//! What texts cost, told in parts.

use super::{PRICE, administration::admin};
use axum::http::Method;
use domain::money::Micros;
use testkit::{Answer, PROJECT_ID, TestApp, Value, json, on_both_databases};

pub async fn bill(app: &TestApp, query: &str) -> Answer {
    admin(app, Method::GET, &format!("sms_spend?{query}"), json!({})).await
}

fn priced(texts: i64) -> String {
    Micros::new(texts * PRICE).to_string()
}

fn keys(bill: &Answer) -> Vec<(&str, &str)> {
    let groups = bill["groups"].as_array().unwrap().iter();
    groups.map(|it| (it["key"].as_str().unwrap(), it["spent"].as_str().unwrap())).collect()
}

/// Two texts of one organization, the second of which is entered; one of another. On two days.
async fn three_texts(app: &TestApp) -> [String; 2] {
    let ada = app.ada().await;
    app.send_sms(&ada, json!({ "mfa_phone_number": "+12025550101" })).await.ok();
    app.advance(24 * 60 * 60);
    app.enrol_sms(&ada, "+12025550101").await;
    let bob = app.ada().await;
    app.send_sms(&bob, json!({ "mfa_phone_number": "+12025550102" })).await.ok();
    [ada.organization, bob.organization]
}

on_both_databases! {
    under strict limits:

    async fn the_bill_is_told_in_parts_that_add_up(app: TestApp) {
        let [first, second] = three_texts(&app).await;
        let whole = bill(&app, "").await.ok();
        let total = json!({ "messages": 3, "attempts": 3, "verified": 1, "spent": "0.0339", "per_verified": "0.0339" });
        assert_eq!((&whole["total"], &whole["currency"]), (&total, &json!("USD")));
        assert_eq!(keys(&whole), [(first.as_str(), "0.0226"), (second.as_str(), "0.0113")]);
        let budgets = &whole["groups"][0]["budgets"];
        assert_eq!(budgets[0], json!({ "budget": "organization_budget", "window": "day", "used": "0.0113", "limit": "50.00" }));
        assert_eq!((budgets[1]["used"].clone(), budgets.as_array().unwrap().len()), (json!("0.0226"), 2));
        for (group, parts) in [("country", vec![("US", 3)]), ("provider", vec![("inbox", 3)]), ("purpose", vec![("passcode", 3)])] {
            let told = bill(&app, &format!("group={group}")).await.ok();
            let parts: Vec<_> = parts.into_iter().map(|(key, texts)| (key.to_owned(), priced(texts))).collect();
            let told: Vec<_> = keys(&told).into_iter().map(|(key, spent)| (key.to_owned(), spent.to_owned())).collect();
            assert_eq!(told, parts, "{group}");
        }
        let days = bill(&app, "group=day").await.ok();
        let today = app.now().to_string()[..10].to_owned();
        assert_eq!((keys(&days).len(), keys(&days)[1]), (2, (today.as_str(), "0.0226")), "in their order");
    }

    async fn a_time_holds_its_beginning_and_not_its_end(app: TestApp) {
        let ada = app.ada().await;
        let at = app.now();
        app.send_sms(&ada, json!({ "mfa_phone_number": "+12025550101" })).await.ok();
        let later = at.plus(domain::time::Span::milliseconds(1));
        let texts = async |query: String| bill(&app, &query).await.ok()["total"]["messages"].clone();
        assert_eq!(texts(format!("from={at}&to={later}")).await, 1);
        assert_eq!(texts(format!("to={at}")).await, 0);
        assert_eq!(texts(format!("from={later}")).await, 0);
    }

    async fn a_bill_of_many_parts_has_pages(app: TestApp) {
        three_texts(&app).await;
        for group in ["organization", "day"] {
            let (mut seen, mut cursor) = (Vec::new(), String::new());
            for _ in 0..2 {
                let page = bill(&app, &format!("group={group}&limit=1&cursor={cursor}")).await.ok();
                assert_eq!(page["total"]["messages"], 3, "of the whole time");
                seen.push(page["groups"][0]["key"].as_str().unwrap().to_owned());
                cursor = page.text("next_cursor");
            }
            let last = bill(&app, &format!("group={group}&limit=1&cursor={cursor}")).await.ok();
            assert_eq!((&last["groups"], &last["next_cursor"]), (&json!([]), &Value::Null), "{seen:?}");
            assert_ne!(seen[0], seen[1]);
        }
    }

    async fn what_is_no_report_is_refused(app: TestApp) {
        for wrong in ["group=weather", "from=yesterday", "limit=0", "limit=101", "cursor=x",
            "from=2026-02-01T00:00:00Z&to=2026-02-01T00:00:00Z", "from=2024-01-01T00:00:00Z&to=2026-01-01T00:00:00Z"] {
            assert_eq!(bill(&app, wrong).await.refusal(), (400, "invalid_argument"), "{wrong}");
        }
    }

    async fn erasing_an_organization_leaves_the_bill_as_it_was(app: TestApp) {
        let [first, _] = three_texts(&app).await;
        let before = bill(&app, "").await.ok();
        let (project, luck) = (PROJECT_ID.parse().unwrap(), (app.now(), &mut (app.api.entropy)()));
        let known = app.get(&format!("/v1/b2b/organizations/{first}")).await.ok();
        let slug = known["organization"]["organization_slug"].as_str().unwrap();
        let by = flows::projects::document::Administrator::Operator;
        flows::organizations::erasure::erase(&app.api.app, (&project, &first, slug), by, luck).await.unwrap();
        assert_eq!(app.ledger().await.len(), 1, "the rows are gone");
        let after = bill(&app, "").await.ok();
        assert_eq!(after["total"], before["total"]);
        assert_eq!((&after["groups"][0]["spent"], &after["groups"][0]["slug"]), (&json!("0.0226"), &Value::Null));
        let days = bill(&app, "group=day").await.ok();
        assert_eq!(keys(&days).iter().map(|it| it.1).collect::<Vec<_>>(), ["0.0113", "0.0226"]);
    }
}
