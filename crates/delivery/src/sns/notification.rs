//! What a topic of Amazon SNS posts to its subscribers, and how to know that it did.

use crate::{ConfigurationFault, Outbound, Reach, ReceiptFault, ReceiptRequest};
use aws_lc_rs::signature::{
    RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::{Timestamp, time::Span};
use reqwest::Url;
use rustls::pki_types::{CertificateDer, pem::PemObject};
use serde::Deserialize;
use std::sync::{Arc, Mutex, PoisonError};

/// Amazon delivers again for this long after a subscriber failed.
const OLDEST: Span = Span::hours(1);
const FUTURE: Span = Span::minutes(5);

/// A certificate's address, and the certificate.
type Kept = (String, Vec<u8>);

/// The operator's topic: messages of any other are refused, for anybody with an
/// account at Amazon can have one. Clones share the signer's certificate.
#[derive(Debug, Clone)]
pub struct Topic {
    arn: String,
    /// The host of certificates and confirmations.
    host: String,
    /// The last certificate and where it came from.
    certificate: Arc<Mutex<Option<Kept>>>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Post {
    r#type: String,
    message_id: String,
    topic_arn: String,
    message: String,
    timestamp: String,
    signature_version: String,
    signature: String,
    #[serde(rename = "SigningCertURL", alias = "SigningCertUrl")]
    signing_cert_url: String,
    subject: Option<String>,
    token: Option<String>,
    #[serde(rename = "SubscribeURL", alias = "SubscribeUrl")]
    subscribe_url: Option<String>,
}

impl Topic {
    /// # Errors
    /// `SnsTopic` for anything but the ARN of a topic.
    pub fn parse(arn: &str) -> Result<Self, ConfigurationFault> {
        let parts: Vec<&str> = arn.split(':').collect();
        let ["arn", partition, "sns", region, account, name] = parts[..] else {
            return Err(ConfigurationFault::SnsTopic);
        };
        let known = ["aws", "aws-cn", "aws-us-gov"].contains(&partition);
        let digits = account.len() == 12 && account.bytes().all(|b| b.is_ascii_digit());
        if !known || !is_region(region) || !digits || name.is_empty() {
            return Err(ConfigurationFault::SnsTopic);
        }
        let suffix = if partition == "aws-cn" { ".cn" } else { "" };
        let host = format!("sns.{region}.amazonaws.com{suffix}");
        Ok(Self { arn: arn.to_owned(), host, certificate: Arc::default() })
    }

    /// The message of a notification that is Amazon's and of this topic; none
    /// when the topic asked whether it may post here, which is then confirmed.
    pub(crate) async fn open(
        &self,
        request: &ReceiptRequest<'_>,
        outbound: &Outbound,
    ) -> Result<Option<String>, ReceiptFault> {
        let post: Post = serde_json::from_slice(request.body).map_err(|_| ReceiptFault::Unreadable)?;
        let address = self.admit(&post, request.now)?;
        let certificate = self.certificate(&address, outbound).await?;
        verify(&post, &certificate)?;
        match post.r#type.as_str() {
            "Notification" => Ok(Some(post.message)),
            "SubscriptionConfirmation" => self.confirm(&post, outbound).await.map(|()| None),
            _ => Ok(None),
        }
    }

    /// Everything that can be refused before anything is fetched: the topic, the
    /// time, and the address of the certificate, which is returned.
    fn admit(&self, post: &Post, now: Timestamp) -> Result<Url, ReceiptFault> {
        if post.topic_arn != self.arn {
            return Err(ReceiptFault::Forged);
        }
        let at: Timestamp = post.timestamp.parse().map_err(|_| ReceiptFault::Unreadable)?;
        if at < now.minus(OLDEST) || at > now.plus(FUTURE) {
            return Err(ReceiptFault::Untimely);
        }
        self.amazon(&post.signing_cert_url)
            .filter(|it| it.path().to_ascii_lowercase().ends_with(".pem"))
            .ok_or(ReceiptFault::Forged)
    }

    /// An https URL of the topic's own endpoint.
    fn amazon(&self, text: &str) -> Option<Url> {
        let url = Url::parse(text).ok()?;
        let plain = url.username().is_empty() && url.password().is_none() && url.port().is_none();
        (plain && url.scheme() == "https" && url.host_str() == Some(&self.host)).then_some(url)
    }

    async fn certificate(&self, url: &Url, outbound: &Outbound) -> Result<Vec<u8>, ReceiptFault> {
        let kept = self.certificate.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((_, pem)) = kept.filter(|(from, _)| from == url.as_str()) {
            return Ok(pem);
        }
        let pem = outbound.document(url, Reach::Public).await.map_err(|_| ReceiptFault::Unchecked)?;
        let kept = (url.as_str().to_owned(), pem.clone());
        *self.certificate.lock().unwrap_or_else(PoisonError::into_inner) = Some(kept);
        Ok(pem)
    }

    async fn confirm(&self, post: &Post, outbound: &Outbound) -> Result<(), ReceiptFault> {
        let url = post.subscribe_url.as_deref().and_then(|it| self.amazon(it));
        let url = url.ok_or(ReceiptFault::Forged)?;
        outbound.document(&url, Reach::Public).await.map_err(|_| ReceiptFault::Unchecked)?;
        tracing::info!("confirmed the subscription to the topic of receipts");
        Ok(())
    }
}

/// Such as `eu-central-1`.
pub fn is_region(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    (5..=32).contains(&text.len()) && text.bytes().all(plain) && text.contains('-')
}

fn verify(post: &Post, certificate: &[u8]) -> Result<(), ReceiptFault> {
    let algorithm = match post.signature_version.as_str() {
        "1" => &RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY,
        "2" => &RSA_PKCS1_2048_8192_SHA256,
        _ => return Err(ReceiptFault::Forged),
    };
    let certificate = CertificateDer::from_pem_slice(certificate).map_err(|_| ReceiptFault::Unchecked)?;
    let certificate = webpki::EndEntityCert::try_from(&certificate).map_err(|_| ReceiptFault::Unchecked)?;
    let key = certificate.subject_public_key_info();
    let signature = STANDARD.decode(&post.signature).map_err(|_| ReceiptFault::Forged)?;
    let signed = signed(post).ok_or(ReceiptFault::Forged)?;
    UnparsedPublicKey::new(algorithm, key.as_ref())
        .verify(signed.as_bytes(), &signature)
        .map_err(|_| ReceiptFault::Forged)
}

/// Names and values by turns, one a line, in the order of the names.
fn signed(post: &Post) -> Option<String> {
    let mut fields = vec![("Message", post.message.as_str()), ("MessageId", &post.message_id)];
    if post.r#type == "Notification" {
        fields.extend(post.subject.as_deref().map(|it| ("Subject", it)));
        fields.push(("Timestamp", &post.timestamp));
    } else {
        fields.push(("SubscribeURL", post.subscribe_url.as_deref()?));
        fields.push(("Timestamp", &post.timestamp));
        fields.push(("Token", post.token.as_deref()?));
    }
    fields.extend([("TopicArn", post.topic_arn.as_str()), ("Type", &post.r#type)]);
    Some(fields.iter().flat_map(|(name, value)| [*name, "\n", *value, "\n"]).collect())
}

#[cfg(test)]
#[path = "notification_tests.rs"]
mod tests;
