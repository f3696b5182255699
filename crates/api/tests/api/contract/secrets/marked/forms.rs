//! Bodies made of schemas, with a mark in every text.

use testkit::{Value, json};

/// What every mark begins with; the name of the field follows, and a hyphen where the name ends.
pub const MARK: &str = "mk3d-";

/// How a place is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A text wherever something else is due.
    Wrong,
    /// As the schema says, on behalf of nobody.
    Shaped,
    /// The same, of a project, an organization and a member that are there.
    Known,
    /// The same, with texts that pass for addresses, numbers and URLs.
    Fitting,
    /// The same, with the wrong credentials.
    Stranger,
}

impl Form {
    pub const ALL: [Self; 5] = [Self::Wrong, Self::Shaped, Self::Known, Self::Fitting, Self::Stranger];

    pub fn is_known(self) -> bool {
        matches!(self, Self::Known | Self::Fitting | Self::Stranger)
    }

    /// Whether a member's session comes along, marked.
    pub fn is_on_behalf(self) -> bool {
        matches!(self, Self::Wrong | Self::Shaped)
    }
}

/// A value of the schema, marked.
pub fn filled(schema: &Value, form: Form, names: &Value) -> Value {
    let mut body = value(schema, form, names, "body");
    body[format!("{MARK}unknown")] = json!(format!("{MARK}unknown"));
    body
}

fn value(schema: &Value, form: Form, names: &Value, name: &str) -> Value {
    if let Some(first) = schema["enum"].as_array().and_then(|it| it.first()) {
        return if form == Form::Wrong { text(form, name) } else { first.clone() };
    }
    if let Some(constant) = schema.get("const").filter(|_| form != Form::Wrong) {
        return constant.clone();
    }
    for choice in ["anyOf", "oneOf", "allOf"] {
        if let Some(first) = schema[choice].as_array().and_then(|it| it.first()) {
            return value(first, form, names, name);
        }
    }
    let kind = schema["type"].as_str().or_else(|| schema["type"][0].as_str()).unwrap_or("object");
    match kind {
        "object" if name == "body" || form != Form::Wrong => object(schema, form, names),
        "array" if form != Form::Wrong => json!([value(&schema["items"], form, names, name)]),
        "integer" | "number" if form != Form::Wrong => schema.get("minimum").cloned().unwrap_or(json!(5)),
        "boolean" if form != Form::Wrong => json!(true),
        _ => match names[name].as_str().filter(|it| form.is_known() && !it.is_empty()) {
            Some(known) => json!(known),
            None => text(form, name),
        },
    }
}

fn object(schema: &Value, form: Form, names: &Value) -> Value {
    let properties = schema["properties"].as_object();
    let mut all: serde_json::Map<String, Value> = properties
        .into_iter()
        .flatten()
        .map(|(name, schema)| (name.clone(), value(schema, form, names, name)))
        .collect();
    if properties.is_none() {
        all.insert(format!("{MARK}key-"), json!(format!("{MARK}trusted_metadata-")));
    }
    Value::Object(all)
}

/// A marked text; one that passes for what the name of the field asks for, where that is asked.
fn text(form: Form, name: &str) -> Value {
    let marked = format!("{MARK}{name}-");
    if !matches!(form, Form::Fitting | Form::Stranger) {
        return json!(marked);
    }
    let has = |part: &str| name.contains(part);
    json!(match () {
        () if has("email") && !has("id") => format!("{marked}@acme.example"),
        () if has("phone_number") => "+12025559876".to_owned(),
        () if has("redirect") => "http://localhost:3000/authenticate".to_owned(),
        () if has("url") => format!("https://hooks.acme.example/{marked}"),
        () if has("password") => format!("{marked}-Zq7!correct-horse-battery"),
        () if has("secret") => format!("{marked}-Zq7!correct-horse-battery"),
        () if name == "locale" => "en".to_owned(),
        () => marked,
    })
}

/// The parameters of a query, of a body's fields.
pub fn fields<'a>(body: &'a Value, names: &'a [String]) -> impl Iterator<Item = String> + 'a {
    let written = |name: &String| match &body[name] {
        Value::String(it) => Some(format!("{name}={}", url_encoded(it))),
        Value::Null => None,
        other => Some(format!("{name}={}", url_encoded(&other.to_string()))),
    };
    names.iter().filter_map(written)
}

fn url_encoded(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_.".contains(&b);
    text.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

/// What of an answer is a secret by the name of its field; tokens that are public say so in theirs.
pub fn secrets_of(answer: &Value, found: &mut Vec<String>) {
    match answer {
        Value::Object(fields) => {
            for (name, value) in fields {
                let is_secret = ["secret", "token", "jwt", "password", "recovery_codes"]
                    .iter()
                    .any(|it| name.contains(it));
                let is_open = ["public", "_id", "last_four", "type", "expires", "password_strength"]
                    .iter()
                    .any(|it| name.contains(it));
                match value {
                    Value::String(it) if is_secret && !is_open && it.len() > 8 => found.push(it.clone()),
                    Value::Array(items) if is_secret && !is_open => {
                        let texts = items.iter().filter_map(Value::as_str);
                        // The document's `reset_password` lists pages.
                        found.extend(texts.filter(|it| !it.starts_with("http")).map(str::to_owned));
                    }
                    other => secrets_of(other, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|it| secrets_of(it, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
