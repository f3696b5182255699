//! Bodies as forms send them, as strictly read as JSON.

use crate::error::Result;
use axum::http::{HeaderMap, header};
use domain::Refusal;
use serde_json::{Map, Value};
use url::form_urlencoded;

/// Whether the body says that it is a form; anything else is read as JSON.
pub(super) fn is_form(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|it| it.to_str().ok());
    let essence = kind.and_then(|it| it.split(';').next()).map(str::trim);
    essence.is_some_and(|it| it.eq_ignore_ascii_case("application/x-www-form-urlencoded"))
}

/// Every field a text. A field twice, and what is not UTF-8 without U+0000, is refused.
pub(super) fn fields(body: &[u8]) -> Result<Map<String, Value>> {
    let mut fields = Map::new();
    for (name, value) in form_urlencoded::parse(body) {
        // The parser puts U+FFFD in the place of what is not UTF-8.
        if [&name, &value].into_iter().any(|it| it.contains(['\0', '\u{fffd}'])) {
            return Err(Refusal::BadRequest("a text of the form is not UTF-8, or holds U+0000").into());
        }
        if fields.insert(name.into_owned(), Value::String(value.into_owned())).is_some() {
            return Err(Refusal::BadRequest("a field occurs twice").into());
        }
    }
    Ok(fields)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_form_is_read_as_strictly_as_json() {
        let read = |body: &str| fields(body.as_bytes()).ok().map(Value::Object);
        assert_eq!(read("a=b+c&d=%C3%A4%26&e="), Some(json!({ "a": "b c", "d": "ä&", "e": "" })));
        assert_eq!(read(""), Some(json!({})));
        for wrong in ["a=1&a=1", "a=1&%61=2", "a=%00", "%00=a", "a=%ff", "a=%ED%A0%80", "%ff=1"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_form_is_what_says_so() {
        for (kind, expected) in [
            ("application/x-www-form-urlencoded", true),
            ("Application/X-WWW-Form-Urlencoded; charset=UTF-8", true),
            ("application/json", false),
            ("multipart/form-data", false),
        ] {
            let headers = HeaderMap::from_iter([(header::CONTENT_TYPE, kind.parse().unwrap())]);
            assert_eq!(is_form(&headers), expected, "{kind}");
        }
        assert!(!is_form(&HeaderMap::new()));
    }
}
