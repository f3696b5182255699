//! The form of answers, held against the contract.

use super::specification::{Field, specification};
use domain::Timestamp;
use testkit::{Value, json};

/// What the strictest client would fail on, by place; nothing in a proper answer.
pub fn faults(fields: &[Field], answer: &Value) -> Vec<String> {
    let mut found = Vec::new();
    Place { path: "answer".to_owned(), found: &mut found }.object(fields, answer);
    found
}

struct Place<'a> {
    path: String,
    found: &'a mut Vec<String>,
}

impl Place<'_> {
    fn at(&mut self, step: &str) -> Place<'_> {
        Place { path: format!("{}{step}", self.path), found: self.found }
    }

    fn expect(&mut self, holds: bool, what: &str) {
        if !holds {
            self.found.push(format!("{} {what}", self.path));
        }
    }

    fn object(&mut self, fields: &[Field], value: &Value) {
        if let [Field { one_of, .. }] = fields
            && !one_of.is_empty()
        {
            return self.one_of(one_of, value);
        }
        let Some(object) = value.as_object() else { return self.expect(false, "is not an object") };
        for name in object.keys().filter(|it| fields.iter().all(|field| field.name != **it)) {
            self.at(&format!(".{name}")).expect(false, "is unknown to the contract");
        }
        for field in fields {
            let mut place = self.at(&format!(".{}", field.name));
            match object.get(&field.name) {
                None | Some(Value::Null) => place.expect(field.strict.is_empty(), "is missing or null"),
                Some(value) => place.value(&field.kind, value),
            }
        }
    }

    /// One alternative has no fault; otherwise those of the last are told.
    fn one_of(&mut self, alternatives: &[Field], value: &Value) {
        let of = |it: &Field| faults(specification().fields_of(&it.kind), value);
        let found: Vec<Vec<String>> = alternatives.iter().map(of).collect();
        if !found.iter().any(Vec::is_empty) {
            self.found.extend(found.into_iter().next_back().unwrap_or_default());
        }
    }

    fn value(&mut self, kind: &str, value: &Value) {
        if let Some(items) = inside(kind, "array<") {
            let Some(list) = value.as_array() else { return self.expect(false, "is not an array") };
            for (index, item) in list.iter().enumerate() {
                self.at(&format!("[{index}]")).value(items, item);
            }
        } else if let Some(entries) = inside(kind, "map<") {
            let Some(map) = value.as_object() else { return self.expect(false, "is not an object") };
            for (key, entry) in map {
                self.at(&format!(".{key}")).value(entries, entry);
            }
        } else if let Some(name) = kind.strip_prefix("enum:") {
            let safe = specification().safe_values(name);
            self.expect(safe.iter().any(|it| value == it), "is not a value every client knows");
        } else if let Some(json) = kind.strip_prefix("literal:") {
            let expected: Value = serde_json::from_str(json).expect("JSON");
            self.expect(*value == expected, "is another value");
        } else if let Some((holds, what)) = scalar(kind, value) {
            self.expect(holds, what);
        } else {
            self.object(specification().fields_of(kind), value);
        }
    }
}

fn inside<'a>(kind: &'a str, opening: &str) -> Option<&'a str> {
    kind.strip_prefix(opening)?.strip_suffix('>')
}

/// Whether the value is of the kind; none when the kind is a type of its own.
fn scalar(kind: &str, value: &Value) -> Option<(bool, &'static str)> {
    Some(match kind {
        "string" => (value.is_string(), "is not a string"),
        "boolean" => (value.is_boolean(), "is not a boolean"),
        "int32" => (value.as_i64().is_some_and(|it| i32::try_from(it).is_ok()), "is not an int32"),
        "uint32" => (value.as_u64().is_some_and(|it| u32::try_from(it).is_ok()), "is not a uint32"),
        "int64" => (value.is_i64(), "is not an int64"),
        "datetime" => (value.as_str().is_some_and(is_rfc_3339), "is not RFC 3339 with T and a zone"),
        "object" => (value.is_object(), "is not an object"),
        _ => return None,
    })
}

fn is_rfc_3339(text: &str) -> bool {
    text.contains('T') && text.parse::<Timestamp>().is_ok()
}

#[test]
fn whatever_a_strict_client_fails_on_is_found() {
    let fields = &specification().operation("sessions.authenticate").response;
    let session = |change: Value| {
        let mut session = json!({
            "member_session_id": "session", "member_id": "member", "organization_id": "organization",
            "organization_slug": "acme", "roles": [], "custom_claims": null,
            "started_at": "2023-11-15T12:00:00Z", "last_accessed_at": "2023-11-15T12:00:00.5+01:00",
            "expires_at": "2023-11-15T13:00:00Z",
            "authentication_factors": [{ "type": "otp", "delivery_method": "sms" }],
        });
        let changed = change.as_object().expect("an object").clone();
        session.as_object_mut().expect("an object").extend(changed);
        let answer = json!({ "status_code": 200, "member_session": session });
        faults(fields, &answer).into_iter().filter(|it| it.contains(".member_session")).collect::<Vec<_>>()
    };
    assert_eq!(session(json!({})), Vec::<String>::new());
    for (broken, place) in [
        (json!({ "roles": null }), ".roles"),
        (json!({ "roles": [7] }), ".roles[0]"),
        (json!({ "member_id": 7 }), ".member_id"),
        (json!({ "custom_claims": "" }), ".custom_claims"),
        (json!({ "started_at": "" }), ".started_at"),
        (json!({ "started_at": "2023-11-15 12:00:00Z" }), ".started_at"),
        (json!({ "started_at": "2023-11-15T12:00:00" }), ".started_at"),
        (json!({ "custom_claim": {} }), ".custom_claim"),
        (json!({ "authentication_factors": [{ "type": "tea", "delivery_method": "sms" }] }), "[0].type"),
        (json!({ "authentication_factors": [{ "type": "otp" }] }), "[0].delivery_method"),
    ] {
        let found = session(broken.clone());
        assert!(found.len() == 1 && found[0].contains(place), "{broken}: {found:?}");
    }
    let status = |status: Value| faults(fields, &json!({ "status_code": status }));
    assert!(status(json!(200.0)).iter().any(|it| it == "answer.status_code is not an int32"));
    assert!(status(json!("200")).iter().any(|it| it == "answer.status_code is not an int32"));
}
