//! What can be, and is hardly meant.

use super::raw::Raw;
use std::{fs::Metadata, os::unix::fs::MetadataExt};

/// What to tell the operator of; `written` is the file without the environment.
pub(super) fn of(raw: &Raw, (written, file): (&Raw, &Metadata)) -> Vec<String> {
    let mut found = Vec::new();
    if raw.proxy.trusted_hops.is_some_and(|it| it > 0) && !raw.behind_proxy {
        found.push(
            "proxy.trusted_hops: X-Forwarded-For is believed although behind_proxy is false: whoever reaches this \
             server chooses the address that limits count"
                .to_owned(),
        );
    }
    if file.mode() & 0o077 != 0 && *written != written.without_secrets() {
        found.push("the file holds a password or token and can be read by others; run: chmod 600".to_owned());
    }
    found.extend(std::env::vars_os().filter_map(|(name, _)| one_underscore(name.to_str()?)));
    found
}

/// `VESTIBULE_LISTEN` for `VESTIBULE__LISTEN`: a variable that looks like ours, and is not read.
fn one_underscore(name: &str) -> Option<String> {
    let key = name.strip_prefix("VESTIBULE_").filter(|it| !it.starts_with('_'))?;
    let defaults = toml::Table::try_from(Raw::default()).unwrap_or_default();
    let optional = ["organization_keys_dir", "tls"].into_iter();
    let mut known = defaults.keys().map(String::as_str).chain(optional);
    let lower = key.to_ascii_lowercase();
    let is_like = |known: &str| {
        lower
            .strip_prefix(known)
            .is_some_and(|rest| rest.is_empty() || (rest.starts_with('_') && is_section(known)))
    };
    let section = known.find(|it| is_like(it))?.to_ascii_uppercase();
    let rest = key[section.len()..].trim_start_matches('_');
    let meant = if rest.is_empty() { section } else { format!("{section}__{rest}") };
    Some(format!("{name} is not read; write two underscores: VESTIBULE__{meant}"))
}

fn is_section(key: &str) -> bool {
    let defaults = toml::Table::try_from(Raw::default()).unwrap_or_default();
    key == "tls" || defaults.get(key).is_some_and(toml::Value::is_table)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_with_one_underscore_is_told_from_those_of_others() {
        for (name, meant) in [
            ("VESTIBULE_LISTEN", Some("VESTIBULE__LISTEN")),
            ("VESTIBULE_MAIL_PROVIDER", Some("VESTIBULE__MAIL__PROVIDER")),
            ("VESTIBULE_MAIL__PROVIDER", Some("VESTIBULE__MAIL__PROVIDER")),
            ("VESTIBULE_TLS_KEY", Some("VESTIBULE__TLS__KEY")),
            ("VESTIBULE__LISTEN", None),
            ("VESTIBULE_PROJECT_ID", None),
            ("VESTIBULE_LISTENER", None),
            ("LISTEN", None),
        ] {
            let told = one_underscore(name);
            assert_eq!(told.is_some(), meant.is_some(), "{name}: {told:?}");
            assert!(told.unwrap_or_default().ends_with(meant.unwrap_or_default()), "{name}");
        }
    }
}
