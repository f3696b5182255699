//! The configurations as the wire spells them. A missing number is 0 and a
//! missing text empty, which the import refuses by name where it matters.

use schemars::JsonSchema;
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, Error},
};
use serde_json::{Map, Value};

/// The configurations that came with a hash. Salts may be secrets of the
/// system that hashed, so that none of this can be printed.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Configs {
    #[serde(rename = "md_5_config", deserialize_with = "object")]
    pub md_5: Option<SaltsConfig>,
    #[serde(rename = "argon_2_config", deserialize_with = "object")]
    pub argon_2: Option<Argon2Config>,
    #[serde(rename = "sha_1_config", deserialize_with = "object")]
    pub sha_1: Option<SaltsConfig>,
    #[serde(rename = "sha_512_config", deserialize_with = "object")]
    pub sha_512: Option<SaltsConfig>,
    #[serde(rename = "scrypt_config", deserialize_with = "object")]
    pub scrypt: Option<ScryptConfig>,
    #[serde(rename = "pbkdf_2_config", deserialize_with = "object")]
    pub pbkdf_2: Option<Pbkdf2Config>,
}

/// For MD5, SHA-1 and SHA-512: plain text salts, each at most 256 bytes.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct SaltsConfig {
    pub prepend_salt: String,
    pub append_salt: String,
}

#[derive(Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Argon2Config {
    /// Plain text, 8 to 256 bytes.
    pub salt: String,
    /// 1 to 20.
    pub iteration_amount: i64,
    /// In KiB, 8 for each thread, at most 262144.
    pub memory: i64,
    /// 1 to 16.
    pub threads: i64,
    /// In bytes, 16 to 128; the length of the hash.
    pub key_length: i64,
}

#[derive(Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ScryptConfig {
    /// Base64 of 1 to 256 bytes.
    pub salt: String,
    /// A power of two, 2 to 262144; 128 n r is at most 256 MiB.
    pub n_parameter: i64,
    /// 1 to 32.
    pub r_parameter: i64,
    /// 1 to 16.
    pub p_parameter: i64,
    /// In bytes, 16 to 128; the length of the hash.
    pub key_length: i64,
}

#[derive(Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Pbkdf2Config {
    /// Base64 of 1 to 256 bytes.
    pub salt: String,
    /// 1 to 5000000.
    pub iteration_amount: i64,
    /// In bytes, 16 to 128; the length of the hash.
    pub key_length: i64,
    /// `sha256` or `sha512`; empty is `sha256`.
    pub algorithm: String,
}

/// Reads an object and nothing else: the derived code would take a list of the values, too.
fn object<'de, D: Deserializer<'de>, T: DeserializeOwned>(deserializer: D) -> Result<Option<T>, D::Error> {
    let fields = Option::<Map<String, Value>>::deserialize(deserializer)?;
    fields.map(|it| T::deserialize(Value::Object(it)).map_err(D::Error::custom)).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn configurations_are_read_as_the_wire_spells_them() {
        let configs: Configs = serde_json::from_str(
            r#"{"argon_2_config": {"salt": "s", "iteration_amount": 1, "memory": 2, "threads": 3, "key_length": 4},
                "scrypt_config": {"n_parameter": 5}, "pbkdf_2_config": {"algorithm": "sha512"},
                "md_5_config": {}, "sha_1_config": {"prepend_salt": "a"}, "sha_512_config": {"append_salt": "b"}}"#,
        )
        .unwrap();
        assert_eq!(
            configs.argon_2.map(|it| (it.salt, it.memory, it.key_length)),
            Some(("s".to_owned(), 2, 4))
        );
        assert_eq!(configs.scrypt.map(|it| it.n_parameter), Some(5));
        assert_eq!(configs.pbkdf_2.map(|it| it.algorithm), Some("sha512".to_owned()));
        assert_eq!(configs.md_5.map(|it| it.prepend_salt), Some(String::new()));
        assert_eq!(configs.sha_1.map(|it| it.prepend_salt), Some("a".to_owned()));
        assert_eq!(configs.sha_512.map(|it| it.append_salt), Some("b".to_owned()));
    }

    #[test]
    fn a_configuration_is_an_object() {
        for wrong in [r#"["s"]"#, r#""s""#, "7", "[]"] {
            let configs = format!(r#"{{"md_5_config": {wrong}}}"#);
            assert!(serde_json::from_str::<Configs>(&configs).is_err(), "{wrong}");
        }
    }
}
