//! The language of queries: operators, mistakes, caps, wildcards.

use super::{MEMBERS, ORGANIZATIONS, found, local_parts, members, operand, organizations, query};
use testkit::{TestApp, Value, json, on_both_databases};

async fn letters(app: &TestApp, addresses: &[&str]) -> String {
    let organization = app.organization(json!({})).await;
    for address in addresses {
        app.newcomer(&organization, address, json!({})).await;
        app.advance(1);
    }
    organization
}

on_both_databases! {
    async fn and_wants_every_filter_and_or_wants_one_in_any_case(app: TestApp) {
        let organization = letters(&app, &["abc@x.example", "bcd@x.example", "cde@y.example"]).await;
        let operands = [operand("member_email_fuzzy", "bcd"), operand("member_email_fuzzy", "x.example")];
        for (operator, expected) in
            [("AND", vec!["bcd"]), ("and", vec!["bcd"]), ("OR", vec!["abc", "bcd"]), ("or", vec!["abc", "bcd"])]
        {
            let answer = members(&app, &organization, query(operator, &operands)).await.ok();
            assert_eq!(local_parts(&answer), expected, "{operator}");
        }
        let exact = [operand("member_emails", ["abc@x.example"]), operand("member_emails", ["cde@y.example"])];
        assert_eq!(local_parts(&members(&app, &organization, query("OR", &exact)).await.ok()), ["abc", "cde"]);
        assert_eq!(local_parts(&members(&app, &organization, query("AND", &exact)).await.ok()), [""; 0]);
        assert_eq!(members(&app, &organization, query("NOT", &exact)).await.refusal(), (400, "invalid_argument"));
    }

    async fn wildcards_and_quotes_stand_for_themselves(app: TestApp) {
        let all = ["a%b@x.example", "a_b@x.example", "a!b@x.example", "acb@x.example", "a'b@x.example"];
        let organization = letters(&app, &all).await;
        for (part, expected) in [("a%b", "a%b"), ("a_b", "a_b"), ("a!b", "a!b"), ("a'b", "a'b")] {
            assert_eq!(found(&app, &organization, "member_email_fuzzy", part).await, [expected]);
        }
        for part in ["%%%", "___", "!!!", "a%@", "'; --", "$1)", "\\_b"] {
            assert_eq!(found(&app, &organization, "member_email_fuzzy", part).await, [""; 0], "{part}");
        }
    }

    async fn every_mistake_of_an_operand_is_named_in_its_family(app: TestApp) {
        for (mistake, error) in [
            (json!({ "filter_value": ["a"] }), "missing_filter_name"),
            (json!({ "filter_name": ["a"], "filter_value": ["a"] }), "filter_name_must_be_string"),
            (operand("shoe_size", 43), "filter_name_not_recognized"),
            (json!({ "filter_name": "member_emails" }), "missing_filter_value"),
            (operand("member_emails", Value::Null), "missing_filter_value"),
            (operand("member_emails", "ada@acme.example"), "expected_array_of_strings"),
            (operand("member_emails", [1]), "expected_array_of_strings"),
            (operand("member_emails", Value::Array(vec![])), "missing_member_emails"),
            (operand("member_email_fuzzy", 7), "expected_string"),
            (operand("member_email_fuzzy", ""), "missing_member_email_fuzzy"),
            (operand("member_email_fuzzy", "ab"), "member_email_fuzzy_too_short"),
        ] {
            let asked = query("AND", std::slice::from_ref(&mistake));
            let organization = app.organization(json!({})).await;
            let answer = members(&app, &organization, asked.clone()).await;
            assert_eq!(answer.refusal(), (400, format!("member_search_{error}").as_str()), "{mistake}");
            let answer = app.post(ORGANIZATIONS, json!({ "query": asked })).await;
            assert_eq!(answer.refusal(), (400, format!("organization_search_{error}").as_str()), "{mistake}");
        }
    }

    async fn every_filter_that_needs_a_value_says_so(app: TestApp) {
        let organization = app.organization(json!({})).await;
        for (name, error) in [
            ("member_ids", "member_search_missing_member_ids"),
            ("member_mfa_phone_numbers", "member_search_missing_mfa_member_phone_numbers"),
            ("member_roles", "member_search_missing_member_roles"),
            ("statuses", "member_search_missing_statuses"),
        ] {
            let answer = members(&app, &organization, query("AND", &[operand(name, Value::Array(vec![]))])).await;
            assert_eq!(answer.refusal(), (400, error));
        }
        for (name, error) in [
            ("status", "member_search_missing_status"),
            ("organization_id", "member_search_missing_organization_id"),
            ("organization_slug", "member_search_missing_organization_slug"),
            ("organization_slug_fuzzy", "member_search_missing_organization_slug_fuzzy"),
            ("member_mfa_phone_number_fuzzy", "member_search_missing_mfa_member_phone_number_fuzzy"),
        ] {
            let answer = members(&app, &organization, query("AND", &[operand(name, "")])).await;
            assert_eq!(answer.refusal(), (400, error));
        }
        for (name, error) in [
            ("organization_slug_fuzzy", "member_search_organization_slug_fuzzy_too_short"),
            ("member_phone_number_fuzzy", "member_search_member_mfa_phone_number_fuzzy_too_short"),
        ] {
            let answer = members(&app, &organization, query("AND", &[operand(name, "ab")])).await;
            assert_eq!(answer.refusal(), (400, error));
        }
        for name in ["member_is_breakglass", "member_password_exists", "member_totp_exists"] {
            let answer = members(&app, &organization, query("AND", &[operand(name, "true")])).await;
            assert_eq!(answer.refusal(), (400, "member_search_expected_boolean"));
        }
    }

    async fn a_part_to_look_for_is_of_256_characters_at_most(app: TestApp) {
        let organization = app.organization(json!({})).await;
        for (length, status) in [(256, 200), (257, 400), (60_000, 400)] {
            let asked = query("AND", &[operand("member_email_fuzzy", "ä".repeat(length))]);
            assert_eq!(members(&app, &organization, asked).await.status.as_u16(), status, "{length}");
        }
    }

    async fn every_filter_of_organizations_that_needs_a_value_says_so(app: TestApp) {
        for name in ["organization_ids", "organization_slugs", "member_emails", "allowed_domains", "claimed_email_domains"] {
            let asked = json!({ "query": query("AND", &[operand(name, Value::Array(vec![]))]) });
            let expected = format!("organization_search_missing_{name}");
            assert_eq!(app.post(ORGANIZATIONS, asked).await.refusal(), (400, expected.as_str()));
        }
        for name in ["organization_name_fuzzy", "organization_slug_fuzzy", "member_email_fuzzy", "allowed_domain_fuzzy"] {
            for (value, expected) in [("", format!("organization_search_missing_{name}")),
                                      ("ab", format!("organization_search_{name}_too_short"))] {
                let asked = json!({ "query": query("AND", &[operand(name, value)]) });
                assert_eq!(app.post(ORGANIZATIONS, asked).await.refusal(), (400, expected.as_str()));
            }
        }
        let asked = json!({ "query": query("AND", &[operand("has_active_sso_connection", 1)]) });
        assert_eq!(app.post(ORGANIZATIONS, asked).await.refusal(), (400, "organization_search_expected_boolean"));
        let asked = json!({ "query": query("AND", &[operand("sso_connection_id", "")]) });
        let expected = (400, "organization_search_missing_sso_connection_id");
        assert_eq!(app.post(ORGANIZATIONS, asked).await.refusal(), expected);
    }

    async fn a_query_of_too_many_operands_or_values_is_refused(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let one = operand("member_email_fuzzy", "ada");
        for (operands, status) in [(vec![one.clone(); 100], 200), (vec![one.clone(); 101], 400), (vec![one; 10_000], 400)] {
            assert_eq!(members(&app, &organization, query("OR", &operands)).await.status, status);
        }
        let many = |count: usize| operand("member_emails", vec!["a@b.example"; count]);
        for (operands, status) in [(vec![many(1000)], 200), (vec![many(1001)], 400), (vec![many(600), many(401)], 400)] {
            assert_eq!(members(&app, &organization, query("AND", &operands)).await.status, status);
        }
    }

    async fn what_is_no_query_is_refused(app: TestApp) {
        let organization = app.organization(json!({})).await;
        for odd in [json!("AND"), json!([]), json!(["AND", []]), json!({}), json!({ "operator": null }),
                    json!({ "operator": 1 }), json!({ "operator": "AND", "operands": {} }),
                    json!({ "operator": "AND", "operands": ["member_ids"] }), json!({ "operator": "AND", "operands": [null] })] {
            assert_eq!(members(&app, &organization, odd.clone()).await.refusal(), (400, "bad_request"), "{odd}");
            assert_eq!(app.post(ORGANIZATIONS, json!({ "query": odd })).await.refusal(), (400, "bad_request"));
        }
    }

    async fn a_limit_out_of_range_is_refused_and_zero_is_the_default(app: TestApp) {
        let organization = app.organization(json!({})).await;
        for (limit, status) in [(json!(0), 200), (json!(1), 200), (json!(1000), 200), (json!(null), 200),
                                (json!(1001), 400), (json!(-1), 400), (json!("10"), 400), (json!(1.5), 400)] {
            let asked = json!({ "organization_ids": [organization], "limit": limit });
            assert_eq!(app.post(MEMBERS, asked).await.status, status, "{limit}");
            assert_eq!(app.post(ORGANIZATIONS, json!({ "limit": limit })).await.status, status, "{limit}");
        }
        assert_eq!(organizations(&app, json!(null)).await, ["Acme"]);
    }
}
