//! Signature Version 4 of Amazon's services, as far as a POST to the root of a
//! service without a query needs it. Amazon's own crate brings a dozen others
//! and wants a newer compiler.

use crate::ConfigurationFault;
use aws_lc_rs::{digest, hmac};
use data_encoding::HEXLOWER;
use domain::Timestamp;
use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};

#[derive(Debug, Clone)]
pub struct Signer {
    access_key_id: String,
    secret: SecretString,
    region: String,
    service: &'static str,
}

pub struct Signed {
    /// For `x-amz-date`.
    pub date: String,
    /// For `authorization`.
    pub authorization: String,
}

impl Signer {
    pub fn new(
        access_key_id: String,
        secret: SecretString,
        region: String,
        service: &'static str,
    ) -> Result<Self, ConfigurationFault> {
        if access_key_id.is_empty() || !access_key_id.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Err(ConfigurationFault::SnsKey);
        }
        Ok(Self { access_key_id, secret, region, service })
    }

    /// Signs content type, host, date and body.
    pub fn sign_post(&self, url: &Url, content_type: &str, body: &[u8], now: Timestamp) -> Signed {
        let date = basic(now);
        let day = &date[..8];
        let names = "content-type;host;x-amz-date";
        let headers = format!("content-type:{content_type}\nhost:{}\nx-amz-date:{date}\n", authority(url));
        let request = format!("POST\n{}\n\n{headers}\n{names}\n{}", url.path(), sha256(body));
        let scope = format!("{day}/{}/{}/aws4_request", self.region, self.service);
        let to_sign = format!("AWS4-HMAC-SHA256\n{date}\n{scope}\n{}", sha256(request.as_bytes()));
        let signature = HEXLOWER.encode(&mac(&self.key(day), &to_sign));
        let credential = format!("{}/{scope}", self.access_key_id);
        let authorization =
            format!("AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders={names}, Signature={signature}");
        Signed { date, authorization }
    }

    fn key(&self, day: &str) -> Vec<u8> {
        let root = format!("AWS4{}", self.secret.expose_secret()).into_bytes();
        [day, &self.region, self.service, "aws4_request"].iter().fold(root, |key, part| mac(&key, part))
    }
}

/// `20150830T123600Z`.
fn basic(now: Timestamp) -> String {
    let whole = Timestamp::from_milliseconds(now.seconds() * 1000).to_string();
    whole.replace(['-', ':'], "")
}

fn authority(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text.as_bytes()).as_ref().to_vec()
}

fn sha256(bytes: &[u8]) -> String {
    HEXLOWER.encode(digest::digest(&digest::SHA256, bytes).as_ref())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `post-x-www-form-urlencoded` of Amazon's published test suite.
    #[test]
    fn a_published_request_has_the_published_signature() {
        let secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".into();
        let signer = Signer::new("AKIDEXAMPLE".to_owned(), secret, "us-east-1".to_owned(), "service");
        let url = Url::parse("https://example.amazonaws.com/").expect("a URL");
        let now = Timestamp::from_milliseconds(1_440_938_160_000);
        let form = "application/x-www-form-urlencoded";
        let it = signer.expect("a signer").sign_post(&url, form, b"Param1=value1", now);
        assert_eq!(it.date, "20150830T123600Z");
        assert_eq!(
            it.authorization,
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, \
             SignedHeaders=content-type;host;x-amz-date, \
             Signature=ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"
        );
    }
}
