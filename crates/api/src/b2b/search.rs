//! What the searches of all resources share on the wire.

use crate::error::Result;
use domain::search::{Cursor, Filter, Operand, Page, Query};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use serde_json::{Map, Value};

/// An operator, `AND` or `OR`, and up to 100 operands.
#[derive(Deserialize, JsonSchema)]
pub struct SearchQuery {
    operator: String,
    /// Each with a `filter_name` and its `filter_value`.
    operands: Option<Vec<Map<String, Value>>>,
}

#[derive(Serialize, JsonSchema)]
pub struct ResultsMetadata {
    /// Over all pages.
    total: i32,
    /// For the next page; null on the last.
    next_cursor: Option<Cursor>,
}

/// Without a query, or without operands, everything is found.
pub fn parse<F: Filter>(query: Option<SearchQuery>) -> Result<Query<F>> {
    let Some(SearchQuery { operator, operands }) = query else { return Ok(Query::default()) };
    let operands = operands.unwrap_or_default();
    let operands: Vec<Operand<'_>> = operands
        .iter()
        .map(|it| Operand { filter_name: it.get("filter_name"), filter_value: it.get("filter_value") })
        .collect();
    Ok(Query::parse(operator.parse()?, &operands)?)
}

impl<T> From<&Page<T>> for ResultsMetadata {
    fn from(page: &Page<T>) -> Self {
        let total = i32::try_from(page.total).unwrap_or(i32::MAX);
        Self { total, next_cursor: page.next.clone() }
    }
}

/// Reads an object and nothing else: the derived code would take a list of its values, too.
pub fn object<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> std::result::Result<Option<SearchQuery>, D::Error> {
    let fields = Option::<Map<String, Value>>::deserialize(deserializer)?;
    let read = |it| SearchQuery::deserialize(Value::Object(it)).map_err(D::Error::custom);
    fields.map(read).transpose()
}
