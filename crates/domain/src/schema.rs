//! How domain values look in JSON, for the OpenAPI document.

use crate::{
    Timestamp, email::EmailAddress, external_id::ExternalId, locale::Locale, m2m::client_id::ClientId,
    passwords::import::HashType, phone::PhoneNumber, redirect_url::RedirectUrl, slug::Slug,
};

/// Types that are one string on the wire.
macro_rules! text_schema {
    ($($type:ty = $schema:tt;)*) => {$(
        impl schemars::JsonSchema for $type {
            fn inline_schema() -> bool {
                true
            }
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($type).into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!($schema)
            }
        }
    )*};
}
pub(crate) use text_schema;

text_schema! {
    ClientId = { "type": "string", "maxLength": 128, "pattern": "^[A-Za-z0-9._|-]+$" };
    EmailAddress = { "type": "string", "format": "email", "maxLength": 254 };
    ExternalId = { "type": "string", "maxLength": 128, "pattern": "^[A-Za-z0-9._|-]+$" };
    HashType = {
        "type": "string",
        "enum": [
            "bcrypt", "md_5", "argon_2i", "argon_2id", "sha_1", "sha_512", "scrypt", "phpass", "pbkdf_2"
        ]
    };
    Locale = {
        "type": "string",
        "enum": [
            "en", "es", "pt-br", "ptbr", "fr", "it", "de-DE", "deDE", "zh-Hans", "zhHans", "ca-ES", "caES", "ja",
            "ru", "nl", "pl", "tr", "fa", "vi", "cs"
        ]
    };
    PhoneNumber = { "type": "string", "pattern": r"^\+[0-9]{7,15}$" };
    RedirectUrl = { "type": "string" };
    Slug = { "type": "string", "minLength": 2, "maxLength": 128 };
    Timestamp = { "type": "string", "format": "date-time" };
}
