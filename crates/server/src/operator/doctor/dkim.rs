//! Whether receivers can check the signatures on our mails: the keys in DNS.

use super::Finding;
use crate::config::Config;
use delivery::{Dkim, Mailer, Published};
use hickory_resolver::{ResolverBuilder, TokioResolver, proto::rr::RData};
use std::time::Duration;

/// A resolver that is silent for longer is as good as none.
const PATIENCE: Duration = Duration::from_secs(10);

pub async fn look(config: &Config) -> Vec<Finding> {
    let Mailer::Smtp(smtp) = &config.mailer else { return Vec::new() };
    let mut findings = Vec::new();
    for dkim in smtp.dkim() {
        let found = tokio::time::timeout(PATIENCE, texts(&dkim.record_name())).await;
        findings.push(told(dkim, found.unwrap_or_else(|_| Err("no answer".to_owned()))));
    }
    findings
}

/// The texts of the TXT records at a name, by the resolver of this machine; a
/// record in several strings is one text.
async fn texts(name: &str) -> Result<Vec<String>, String> {
    let resolver =
        TokioResolver::builder_tokio().and_then(ResolverBuilder::build).map_err(|it| it.to_string())?;
    let found = match resolver.txt_lookup(format!("{name}.")).await {
        Ok(found) => found,
        Err(error) if error.is_no_records_found() => return Ok(Vec::new()),
        Err(error) => return Err(error.to_string()),
    };
    let texts = found.answers().iter().filter_map(|it| match &it.data {
        RData::TXT(text) => Some(String::from_utf8_lossy(&text.txt_data.concat()).into_owned()),
        _ => None,
    });
    Ok(texts.collect())
}

fn told(dkim: &Dkim, found: Result<Vec<String>, String>) -> Finding {
    const CHECK: &str = "DKIM record";
    let name = dkim.record_name();
    let publish = || format!("publish at {name}, as TXT: {}", dkim.record());
    let found = match found {
        Ok(found) => found,
        Err(error) => {
            let advice = "see that this machine can ask its resolver (/etc/resolv.conf)";
            return Finding::warning(CHECK, format!("{name} cannot be looked up: {error}"), advice);
        }
    };
    match dkim.compare(&found) {
        Published::Same => Finding::ok(CHECK, format!("{name} holds the key that signs")),
        Published::Missing => Finding::problem(CHECK, format!("{name} holds none"), publish()),
        Published::Several => Finding::problem(
            CHECK,
            format!("{name} holds more than one"),
            "remove all but the one of this key",
        ),
        Published::Revoked => {
            Finding::problem(CHECK, format!("{name} says that the key was taken back"), publish())
        }
        Published::Another => Finding::problem(CHECK, format!("{name} holds another key"), publish()),
        Published::Restricted => {
            Finding::problem(CHECK, format!("{name} does not let the key sign mails with SHA-256"), publish())
        }
        Published::Testing => {
            let found = format!("{name} says t=y: receivers ignore the signatures");
            Finding::warning(CHECK, found, "take t=y out of the record once mails arrive")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::Verdict, *};
    use delivery::DkimConfig;

    #[test]
    fn a_record_that_is_missing_is_a_problem_and_said_how_to_publish() {
        let key = include_str!("../../../../delivery/tests/data/dkim-rsa.pem");
        let config = DkimConfig {
            domain: "example.com".to_owned(),
            selector: "a".to_owned(),
            private_key: key.into(),
        };
        let dkim = Dkim::new(&config, "example.com").expect("a key");
        let verdict = |found| told(&dkim, found).verdict;
        assert_eq!(verdict(Ok(vec![dkim.record()])), Verdict::Ok);
        assert_eq!(verdict(Err("refused".to_owned())), Verdict::Warning, "mails may be well all the same");
        let missing = told(&dkim, Ok(Vec::new()));
        assert_eq!(missing.verdict, Verdict::Problem);
        assert!(
            missing.advice.contains("a._domainkey.example.com") && missing.advice.contains(&dkim.record())
        );
    }
}
