//! What holds of queries, limits and cursors.

use super::*;
use crate::{Timestamp, id::ProjectId, server_key::ServerKey};
use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;
use serde_json::{Value, json};

#[derive(Debug, PartialEq, Serialize)]
enum Filtered {
    Names(Vec<String>),
    Part(String),
    Open(bool),
}

impl Filter for Filtered {
    const SEARCHED: Searched = Searched::Members;
    fn read(given: &Given<'_>) -> Result<Self, Refusal> {
        match given.name {
            "names" => given.texts("names").map(Self::Names),
            "part" => given.part("part").map(Self::Part),
            "open" => given.truth().map(Self::Open),
            _ => Err(given.unknown()),
        }
    }
}

fn parsed(operands: &[Value]) -> Result<Vec<Filtered>, Refusal> {
    let operand = |it: &'_ Value| -> (Option<Value>, Option<Value>) {
        (it.get("filter_name").cloned(), it.get("filter_value").cloned())
    };
    let owned: Vec<_> = operands.iter().map(operand).collect();
    let operands: Vec<Operand<'_>> = owned
        .iter()
        .map(|(name, value)| Operand { filter_name: name.as_ref(), filter_value: value.as_ref() })
        .collect();
    Query::parse(Operator::And, &operands).map(|it| it.filters)
}

fn complaint(operand: &Value) -> Complaint {
    match parsed(std::slice::from_ref(operand)) {
        Err(Refusal::Search(Searched::Members, complaint)) => complaint,
        other => panic!("{other:?}"),
    }
}

#[test]
fn each_mistake_of_an_operand_has_its_complaint() {
    for (operand, expected) in [
        (json!({ "filter_value": ["a"] }), Complaint::MissingFilterName),
        (json!({ "filter_name": 7, "filter_value": ["a"] }), Complaint::FilterNameMustBeString),
        (json!({ "filter_name": "name", "filter_value": ["a"] }), Complaint::FilterNameNotRecognized),
        (json!({ "filter_name": "names" }), Complaint::MissingFilterValue),
        (json!({ "filter_name": "names", "filter_value": null }), Complaint::MissingFilterValue),
        (json!({ "filter_name": "names", "filter_value": "a" }), Complaint::ExpectedArrayOfStrings),
        (json!({ "filter_name": "names", "filter_value": ["a", 7] }), Complaint::ExpectedArrayOfStrings),
        (json!({ "filter_name": "names", "filter_value": [] }), Complaint::Missing("names")),
        (json!({ "filter_name": "part", "filter_value": ["abc"] }), Complaint::ExpectedString),
        (json!({ "filter_name": "part", "filter_value": "" }), Complaint::Missing("part")),
        (json!({ "filter_name": "part", "filter_value": "äö" }), Complaint::TooShort("part")),
        (json!({ "filter_name": "open", "filter_value": "true" }), Complaint::ExpectedBoolean),
    ] {
        assert_eq!(complaint(&operand), expected, "{operand}");
    }
}

#[test]
fn a_part_is_folded() {
    let part = json!({ "filter_name": "part", "filter_value": "ÄbC" });
    assert_eq!(parsed(&[part]), Ok(vec![Filtered::Part("äbc".to_owned())]));
}

#[test]
fn operands_and_values_are_counted_over_the_whole_query() {
    let open = json!({ "filter_name": "open", "filter_value": true });
    assert_eq!(parsed(&vec![open.clone(); 100]).map(|it| it.len()), Ok(100));
    assert!(matches!(parsed(&vec![open; 101]), Err(Refusal::InvalidArgument { field: "query", .. })));
    let names = json!({ "filter_name": "names", "filter_value": vec!["a"; 500] });
    assert!(parsed(&[names.clone(), names.clone()]).is_ok());
    let one = json!({ "filter_name": "names", "filter_value": ["a"] });
    let refused = parsed(&[names.clone(), names, one]);
    assert!(matches!(refused, Err(Refusal::InvalidArgument { field: "query", .. })));
}

#[test]
fn an_operator_is_read_in_any_case() {
    for (text, operator) in [("AND", Operator::And), ("and", Operator::And), ("Or", Operator::Or)] {
        assert_eq!(text.parse(), Ok(operator));
    }
    for odd in ["", "XOR", "AND "] {
        assert!(odd.parse::<Operator>().is_err(), "{odd}");
    }
}

#[test]
fn a_limit_is_one_to_a_thousand_and_nothing_or_zero_the_default() {
    let count = |wanted| Limit::parse(wanted).map(Limit::count).ok();
    assert_eq!([None, Some(0), Some(1), Some(1000)].map(count), [Some(100), Some(100), Some(1), Some(1000)]);
    assert_eq!([Some(-1), Some(1001), Some(i64::MAX), Some(i64::MIN)].map(count), [None; 4]);
}

fn key(seed: u64) -> ServerKey {
    ServerKey::parse(&ServerKey::generate(&mut ChaCha20Rng::seed_from_u64(seed))).unwrap()
}

fn project(last: u8) -> ProjectId {
    format!("project-test-00000000-0000-4000-8000-00000000000{last}").parse().unwrap()
}

fn position() -> Position {
    Position { created_at: Timestamp::from_milliseconds(1_700_000_000_000), id: "member-test-1".to_owned() }
}

#[test]
fn a_cursor_continues_its_own_search_only() {
    let scope = Scope::new(&project(1), Searched::Members, &["acme"]);
    let cursor = Cursor::seal(&key(1), &scope, &position());
    assert_eq!(Cursor::open(&key(1), &scope, Some(cursor.as_str())), Ok(position()));
    for other in [
        Scope::new(&project(2), Searched::Members, &["acme"]),
        Scope::new(&project(1), Searched::Organizations, &["acme"]),
        Scope::new(&project(1), Searched::Members, &["other"]),
    ] {
        assert!(Cursor::open(&key(1), &other, Some(cursor.as_str())).is_err(), "{other:?}");
    }
    assert!(Cursor::open(&key(2), &scope, Some(cursor.as_str())).is_err());
}

#[test]
fn without_a_cursor_a_search_begins_at_the_start() {
    let scope = Scope::new(&project(1), Searched::Members, &["acme"]);
    assert_eq!(Cursor::open(&key(1), &scope, None), Ok(Position::start()));
    assert_eq!(Cursor::open(&key(1), &scope, Some("")), Ok(Position::start()));
}

#[test]
fn an_edited_cursor_is_refused_wherever_it_was_edited() {
    let scope = Scope::new(&project(1), Searched::Members, &["acme"]);
    let cursor = Cursor::seal(&key(1), &scope, &position());
    for at in 0..cursor.as_str().len() {
        let mut edited = cursor.as_str().as_bytes().to_vec();
        edited[at] = if edited[at] == b'A' { b'B' } else { b'A' };
        let edited = String::from_utf8(edited).unwrap();
        assert!(Cursor::open(&key(1), &scope, Some(&edited)).is_err(), "{at}");
        assert!(Cursor::open(&key(1), &scope, Some(&cursor.as_str()[..at.max(1)])).is_err(), "{at}");
    }
}
