//! What leaves the house: text messages, e-mail, and questions about breached passwords.
//!
//! Every send finishes within five seconds, follows no redirect, and reads a
//! bounded answer. No fault, log line or `Debug` output carries what a message says.

mod accepted;
mod audit_sink;
mod bird;
mod breaches;
mod breaker;
mod dkim;
mod dkim_record;
mod fault;
pub mod figures;
mod health;
mod hooks;
mod http;
mod inbox;
mod letter;
mod mailer;
mod message;
mod network;
mod outbound;
mod private_key;
mod provider;
pub mod receipts;
mod signed;
mod smpp;
mod smtp;
mod sns;
mod standard_webhooks;
mod texts;
mod traces;
mod twilio;
mod vonage;
mod webhook;

pub use accepted::Accepted;
pub use audit_sink::{AuditFault, AuditLine, AuditSink};
pub use bird::{Bird, BirdConfig};
pub use breaches::{Breaches, Unanswered};
pub use dkim::{Dkim, DkimConfig};
pub use dkim_record::Published;
pub use fault::{ConfigurationFault, DeliveryFault};
pub use health::Health;
pub use hooks::{Answered, Found, Hooks, Lookup, NotATarget, Signed, Targets};
pub use inbox::{Channel, Inbox, Message};
pub use mailer::Mailer;
pub use message::{Mail, TextMessage};
pub use network::{CALL_LIMIT, FIRST_LIMIT, is_loopback};
pub use outbound::{Outbound, OutboundFault, Reach};
pub use private_key::PrivateKey;
pub use provider::{Carrier, Provider};
pub use receipts::{Outcome, Receipt, ReceiptFault, ReceiptRequest};
pub use smpp::{Smpp, SmppConfig};
pub use smtp::{MailReceipts, Security, Smtp, SmtpConfig, SmtpCredentials};
pub use sns::{Sns, SnsConfig};
pub use standard_webhooks::{SigningSecret, signatures};
pub use texts::Texts;
pub use twilio::{Twilio, TwilioConfig};
pub use vonage::{Vonage, VonageConfig};
pub use webhook::{SignedWebhook, WebhookConfig};
