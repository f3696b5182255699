//! The truth table of the policy, row by row.

use super::{REQUIRED, restrict};
use testkit::{Answer, Person, TestApp, Value, json, on_both_databases};

/// A change of the policy is a change of these lines.
///
///   row       of the truth table of the contract; row 13 is rows 6 to 12 under a policy for all
///   allowed   `s` SMS, `t` authenticator app
///   member    number: `V` verified, `a` set by an administrator, `l` named at login; app: `t`;
///             `*` after the preferred one
///   answer    `in`, or what is offered and whether a text was sent
const TABLE: &[(u8, &str, &str, &str, &str)] = &[
    // row policy allowed member answer
    (2, "OPTIONAL", "st", "", "in"),
    (2, "OPTIONAL", "st", "V t", "in"), // a registration alone demands nothing
    (6, "OPTIONAL", "st", "enrolled", "enrol"),
    (6, "OPTIONAL", "st", "enrolled l", "enrol"), // whoever logged in named it
    (6, "OPTIONAL", "s", "enrolled t", "enrol"),
    (7, "OPTIONAL", "st", "enrolled V", "phone, texted"),
    (7, "OPTIONAL", "s", "enrolled V", "phone, texted"),
    (7, "OPTIONAL", "st", "enrolled a", "phone, texted"), // the backend vouches for it
    (7, "OPTIONAL", "s", "enrolled a t", "enrol"),        // the app, though not allowed, is a factor
    (7, "OPTIONAL", "s", "enrolled V t*", "phone, texted"), // a preference that is not allowed is none
    (8, "OPTIONAL", "st", "enrolled t", "app"),
    (8, "OPTIONAL", "st", "enrolled a t", "app"), // an unverified number is no way around the app
    (8, "OPTIONAL", "st", "enrolled l t", "app"),
    (8, "OPTIONAL", "t", "enrolled V t", "app"),
    (9, "OPTIONAL", "st", "enrolled V* t", "phone app, texted"),
    (10, "OPTIONAL", "st", "enrolled V t*", "phone app"),
    (11, "OPTIONAL", "st", "enrolled V t", "phone app, texted"),
    (12, "OPTIONAL", "t", "enrolled V", "enrol"),
    (13, REQUIRED, "st", "", "enrol"),
    (13, REQUIRED, "st", "V", "phone, texted"),
    (13, REQUIRED, "st", "t", "app"),
    (13, REQUIRED, "st", "V* t", "phone app, texted"),
    (13, REQUIRED, "st", "V t*", "phone app"),
    (13, REQUIRED, "st", "enrolled V t", "phone app, texted"),
    (13, REQUIRED, "t", "V", "enrol"),
    (14, REQUIRED, "t", "breakglass V", "phone, texted"),
    (14, REQUIRED, "s", "breakglass t", "app"),
    (14, REQUIRED, "st", "breakglass", "enrol"), // it lifts methods, never the policy
    (14, "OPTIONAL", "t", "breakglass enrolled V", "phone, texted"),
];

on_both_databases! {
    async fn the_answer_to_a_first_factor_is_the_table(app: TestApp) {
        for (at, (row, policy, allowed, member, answer)) in TABLE.iter().enumerate() {
            let number = format!("+120255501{at:02}");
            let who = arrange(&app, (policy, allowed, member), &number).await;
            let before = app.texts(&number);
            let login = app.link_login(&who).await.ok();
            let told = told(&login, &number, app.texts(&number) - before);
            assert_eq!(&told, answer, "row {row}: {policy} {allowed} {member}");
        }
    }
}

async fn arrange(app: &TestApp, (policy, allowed, member): (&str, &str, &str), number: &str) -> Person {
    let has = |word: &str| member.split(' ').any(|it| it.trim_end_matches('*') == word);
    let organization = app.organization(json!({ "mfa_policy": policy })).await;
    let imported = json!({ "mfa_phone_number": number, "set_phone_number_verified": has("V") });
    let imported = if has("V") || has("a") { imported } else { json!({}) };
    let who = app.person_with(&organization, "ada@acme.example", imported).await;
    if has("l") {
        app.send_sms(&who, json!({ "mfa_phone_number": number })).await.ok();
    }
    if has("t") {
        app.import_totp(&who).await;
    }
    let preferred = member.split(' ').find(|it| it.ends_with('*'));
    let preferred = preferred.map(|it| if it == "t*" { "totp" } else { "sms_otp" });
    let (enrolled, breakglass) = (has("enrolled"), has("breakglass"));
    let fields =
        json!({ "mfa_enrolled": enrolled, "is_breakglass": breakglass, "default_mfa_method": preferred });
    app.change(&who, fields).await.ok();
    if allowed != "st" {
        let methods = if allowed == "s" { ["sms_otp"] } else { ["totp"] };
        restrict(app, &who, json!({ "mfa_methods": "RESTRICTED", "allowed_mfa_methods": methods })).await;
    }
    who
}

/// The answer in the words of the table.
fn told(login: &Answer, number: &str, texts: usize) -> String {
    assert_eq!(login["primary_required"], Value::Null);
    if login["member_authenticated"] == json!(true) {
        assert_ne!(login["session_token"], json!(""));
        assert_eq!((&login["mfa_required"], texts), (&Value::Null, 0));
        return "in".to_owned();
    }
    assert_eq!((&login["session_token"], &login["session_jwt"]), (&json!(""), &json!("")));
    assert_eq!(login["member_session"], Value::Null);
    assert_ne!(login["intermediate_session_token"], json!(""));
    let offered = offered(&login["mfa_required"]["member_options"], number);
    match (login["mfa_required"]["secondary_auth_initiated"].as_str(), texts) {
        (None, 0) => offered,
        (Some("sms_otp"), 1) => format!("{offered}, texted"),
        odd => format!("{offered}, but {odd:?}"),
    }
}

fn offered(options: &Value, number: &str) -> String {
    if options.is_null() {
        return "enrol".to_owned();
    }
    let phone = options["mfa_phone_number"] == json!(number);
    let app = options["totp_registration_id"].as_str().is_some_and(|it| it.starts_with("totp-registration-"));
    match (phone, app) {
        (true, true) => "phone app",
        (true, false) => "phone",
        (false, true) => "app",
        (false, false) => "an empty offer",
    }
    .to_owned()
}
