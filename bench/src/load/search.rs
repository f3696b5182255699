//! Searches among many members of one organization, one search at a time:
//! page and total together, as a backend waits for them.

use crate::{
    Outcome,
    api::{Api, Client, text},
    crew,
};
use serde_json::{Map, Value, json};
use std::{rc::Rc, time::Instant};

const SEARCH: &str = "/v1/b2b/organizations/members/search";
const CREATORS: usize = 16;
const ROUNDS: usize = 50;

/// The figures of each kind of search by its name.
pub async fn measured(api: &Rc<Api>, members: usize) -> Outcome<Value> {
    eprintln!("creating {members} members to search …");
    let mut client = Client::open(api).await?;
    let created = client.post("/v1/b2b/organizations", &json!({ "organization_name": "Searched" })).await?;
    let organization = text(&created, "/organization/organization_id")?;
    let path = format!("/v1/b2b/organizations/{organization}/members");
    let ids = crew::each(api, CREATORS, (0..members).collect(), async move |client: &mut Client, number| {
        text(&client.post(&path, &a_member(number)).await?, "/member_id")
    })
    .await?;
    let metrics = format!("/v1/b2b/organizations/{organization}/metrics");
    let mut figures = Map::new();
    for (name, filter, value) in searches(&ids) {
        let operand = json!({ "filter_name": filter, "filter_value": value });
        let operands = if filter.is_empty() { json!([]) } else { json!([operand]) };
        let query = json!({ "operator": "AND", "operands": operands });
        let wanted = json!({ "organization_ids": [organization], "query": query });
        let mut took = Vec::new();
        let mut found = Value::Null;
        for _ in 0..ROUNDS {
            let began = Instant::now();
            let answer = if name == "metrics" {
                client.get(&metrics).await?
            } else {
                client.post(SEARCH, &wanted).await?
            };
            took.push(began.elapsed().as_secs_f64() * 1e3);
            found = answer.pointer("/results_metadata/total").unwrap_or(&answer["member_count"]).clone();
        }
        took.sort_by(f64::total_cmp);
        let (p50, p99) = (took[ROUNDS / 2], took[ROUNDS * 99 / 100]);
        figures.insert(name.to_owned(), json!({ "p50_ms": p50, "p99_ms": p99, "found": found }));
    }
    Ok(Value::Object(figures))
}

/// Few have what is asked for exactly.
fn a_member(number: usize) -> Value {
    let mut member = json!({
        "email_address": format!("member-{number}@company-{}.example", number % 1000),
        "external_id": format!("hr|{number}"),
        "create_member_as_pending": number % 100 == 1,
        "is_breakglass": number % 1000 == 2,
    });
    if number % 1000 == 3 {
        member["roles"] = json!(["stytch_admin"]);
    }
    if number % 100 == 4 && number < 1_000_000 {
        member["mfa_phone_number"] = json!(format!("+1202555{:04}", number / 100 % 10_000));
    }
    member
}

fn searches(ids: &[String]) -> Vec<(&'static str, &'static str, Value)> {
    let last = ids.len().saturating_sub(1);
    let address = format!("MEMBER-{last}@company-{}.example", last % 1000);
    vec![
        ("everybody", "", Value::Null),
        ("metrics", "", Value::Null),
        ("ids", "member_ids", json!([ids[last], ids[0]])),
        ("external_ids", "member_ids", json!([format!("hr|{last}"), "hr|0"])),
        ("emails", "member_emails", json!([address])),
        ("phone_numbers", "member_mfa_phone_numbers", json!(["+12025550007"])),
        ("admins", "member_roles", json!(["stytch_admin"])),
        ("pending", "statuses", json!(["pending"])),
        ("pending_invited", "statuses", json!(["pending", "invited"])),
        ("active", "statuses", json!(["active"])),
        ("deleted", "statuses", json!(["deleted"])),
        ("breakglass", "member_is_breakglass", json!(true)),
        ("not_breakglass", "member_is_breakglass", json!(false)),
        ("with_password", "member_password_exists", json!(true)),
        ("without_password", "member_password_exists", json!(false)),
        ("with_totp", "member_totp_exists", json!(true)),
        ("without_totp", "member_totp_exists", json!(false)),
        ("email_part_many", "member_email_fuzzy", json!("company-7")),
        ("email_part_none", "member_email_fuzzy", json!("nobody")),
        ("phone_part", "member_mfa_phone_number_fuzzy", json!("5550007")),
    ]
}
