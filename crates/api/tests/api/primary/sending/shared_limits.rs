//! One limit on mail over all routes that mail to an address.

use testkit::{Person, TestApp, Value, json, on_both_databases};

const ADA: &str = "ada@acme.example";
const LIMIT: (u16, &str) = (429, "too_many_requests");

/// Every call that mails to ada, in one organization or none.
fn calls(organization: &str, eve: &Person) -> Vec<(String, Value)> {
    let member = json!({ "organization_id": organization, "email_address": ADA });
    let address = json!({ "email_address": ADA });
    let update = format!("{}/start_email_update", eve.path());
    vec![
        ("/v1/b2b/magic_links/email/login_or_signup".to_owned(), member.clone()),
        ("/v1/b2b/magic_links/email/invite".to_owned(), member.clone()),
        ("/v1/b2b/magic_links/email/discovery/send".to_owned(), address.clone()),
        ("/v1/b2b/otps/email/login_or_signup".to_owned(), member.clone()),
        ("/v1/b2b/otps/email/discovery/send".to_owned(), address.clone()),
        ("/v1/b2b/passwords/email/reset/start".to_owned(), member),
        (update.clone(), address),
        (update, json!({ "email_address": ADA, "delivery_method": "EMAIL_OTP" })),
    ]
}

/// An organization where ada is pending, and another where eve would take her address.
async fn arrange(app: &TestApp) -> (String, Person) {
    let organization = app.organization(json!({})).await;
    app.newcomer(&organization, ADA, json!({ "create_member_as_pending": true })).await;
    let elsewhere = app.organization(json!({})).await;
    (organization, app.verified(&elsewhere, "eve@acme.example").await)
}

on_both_databases! { under strict limits:
    async fn whichever_route_mailed_all_wait_30_seconds(app: TestApp) {
        let (organization, eve) = arrange(&app).await;
        for first in 0..calls(&organization, &eve).len() {
            app.advance(3600); // out of the hour before, too
            let (path, body) = calls(&organization, &eve).remove(first);
            app.post(&path, body).await.ok();
            for (then, body) in calls(&organization, &eve) {
                assert_eq!(app.post(&then, body).await.refusal(), LIMIT, "{path}, then {then}");
            }
        }
    }

    async fn a_wish_that_could_not_be_mailed_keeps_no_address(app: TestApp) {
        let (_, eve) = arrange(&app).await;
        app.mail_discovery_code(ADA).await;
        let path = format!("{}/start_email_update", eve.path());
        assert_eq!(app.post(&path, json!({ "email_address": ADA })).await.refusal(), LIMIT);
        app.newcomer(&eve.organization, ADA, json!({})).await;
    }

    async fn a_code_that_could_not_be_mailed_leaves_the_one_before(app: TestApp) {
        let (organization, _) = arrange(&app).await;
        let code = app.mail_code(&organization, ADA, json!({})).await;
        let again = json!({ "email_address": ADA });
        assert_eq!(app.post("/v1/b2b/otps/email/discovery/send", again).await.refusal(), LIMIT);
        let ada = Person { organization, member: String::new(), email: ADA.to_owned() };
        app.spend_code(&ada, &code, json!({})).await.ok();
    }
}
