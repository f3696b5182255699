//! Why a message did not leave, and why a provider cannot be set up.

use thiserror::Error;

/// Why a message was not handed over. Carries numbers only: never text, an address or a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum DeliveryFault {
    /// `status` is the HTTP status, the SMTP reply code or the SMPP status, `code` the provider's own error number.
    /// About the provider or about now: it may take the same message later.
    #[error("the provider refused the message (status {status}{})", described(*.code))]
    Refused { status: u16, code: Option<u32> },
    /// About the message: this provider does not take it, however often it is asked. Another may.
    #[error("the provider rejected the message (status {status}{})", described(*.code))]
    Rejected { status: u16, code: Option<u32> },
    #[error("the recipient has unsubscribed from this sender")]
    Unsubscribed,
    #[error("the provider cannot send to this number")]
    InvalidNumber,
    #[error("there is no such mailbox")]
    InvalidMailbox,
    /// No connection, no acceptable TLS, or no intelligible answer.
    #[error("the provider could not be reached")]
    Unreachable,
    /// The provider may have taken the message all the same.
    #[error("the provider did not answer in time")]
    TimedOut,
    /// The provider may have taken the message all the same.
    #[error("the connection broke off before the provider answered")]
    BrokenOff,
    /// The id or the address does not fit the provider's protocol. Nothing was sent.
    #[error("the message cannot be put on the wire")]
    Unsendable,
    #[error("no provider is configured for this kind of message")]
    NoProvider,
    #[error("the dev inbox is set to be down")]
    Down,
}

impl DeliveryFault {
    /// What an HTTP status other than success means. Of 4xx, some are about us
    /// (who we are, what we paid, where we knocked) or about now.
    pub(crate) fn of_http(status: u16, code: Option<u32>) -> Self {
        match status {
            401..=404 | 408 | 425 | 429 => Self::Refused { status, code },
            400..=499 => Self::Rejected { status, code },
            _ => Self::Refused { status, code },
        }
    }

    /// Whether the same provider may take the same message later.
    pub fn is_passing(self) -> bool {
        match self {
            Self::Refused { .. } | Self::Unreachable | Self::TimedOut | Self::BrokenOff | Self::Down => true,
            Self::Rejected { .. }
            | Self::Unsubscribed
            | Self::InvalidNumber
            | Self::InvalidMailbox
            | Self::Unsendable
            | Self::NoProvider => false,
        }
    }

    /// Whether no other attempt can help, at this provider or another.
    pub fn is_final(self) -> bool {
        match self {
            Self::Unsubscribed | Self::InvalidNumber | Self::InvalidMailbox | Self::Unsendable => true,
            Self::Refused { .. }
            | Self::Rejected { .. }
            | Self::Unreachable
            | Self::TimedOut
            | Self::BrokenOff
            | Self::NoProvider
            | Self::Down => false,
        }
    }

    /// Whether the message may have been sent all the same.
    pub fn is_ambiguous(self) -> bool {
        match self {
            Self::TimedOut | Self::BrokenOff => true,
            // A server that stumbled may have done so after sending.
            Self::Refused { status, .. } => (500..=599).contains(&status),
            Self::Rejected { .. }
            | Self::Unsubscribed
            | Self::InvalidNumber
            | Self::InvalidMailbox
            | Self::Unreachable
            | Self::Unsendable
            | Self::NoProvider
            | Self::Down => false,
        }
    }
}

/// Why a provider cannot be set up as configured. Repeats nothing of the configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ConfigurationFault {
    #[error("the URL must be https, or http on a loopback host, without user name and password")]
    Url,
    #[error("no TLS client: the system's trusted certificates could not be loaded (install ca-certificates)")]
    Tls,
    #[error("the name of a provider must be 1 to 32 of a-z, 0-9 and -")]
    ProviderName,
    #[error("two providers have the same name")]
    ProviderTwice,
    #[error("an order names providers that serve the country, each once")]
    ProviderOrder,
    #[error("the list of breached passwords must be a file of SHA-1 digests in order, one a line")]
    BreachList,
    #[error("the webhook's signing secret must be `whsec_` and the base64 of 24 to 64 bytes")]
    WebhookSecret,
    #[error("the Twilio account SID must be letters, digits, `-` and `_` only")]
    TwilioAccountSid,
    #[error("the Twilio auth token must not be empty")]
    TwilioAuthToken,
    #[error(
        "the private key must be PEM of an RSA key of at least 2048 bits (or of an Ed25519 key, for DKIM)"
    )]
    PrivateKey,
    #[error("the secret must not be empty, and of printable characters without blanks")]
    Secret,
    #[error("a shared secret must be of at least 8 characters")]
    SharedSecret,
    #[error("the sender must be a number or a sender id")]
    Sender,
    #[error("the Vonage application id must be a UUID")]
    VonageApplication,
    #[error("the Bird workspace and channel must be UUIDs")]
    BirdChannel,
    #[error("the AWS region must look like eu-central-1")]
    SnsRegion,
    #[error("the AWS access key id must be letters and digits")]
    SnsKey,
    #[error("the topic of receipts must be an ARN such as arn:aws:sns:eu-central-1:123456789012:receipts")]
    SnsTopic,
    #[error(
        "the SMPP system id (15), password (8), system type (12) and sender (20) must be printable and not longer than that"
    )]
    Smpp,
    #[error("SMPP without TLS is for a loopback host only (a tunnel on this machine can give it TLS)")]
    SmppWithoutTls,
    #[error("the DKIM domain and selector must be host names, and the domain that of the sender or above it")]
    Dkim,
    #[error("the file must hold trusted certificates, PEM")]
    Certificates,
    #[error("the Twilio sender must be a number, a sender id or a messaging service SID (MG…)")]
    TwilioFrom,
    #[error("the SMTP host must be a host name or an IP address, and the port not zero")]
    SmtpHost,
    #[error("SMTP without TLS is for a loopback host only")]
    SmtpWithoutTls,
    #[error("the SMTP user name and password must not be empty")]
    SmtpCredentials,
    #[error("the sender's name must be one line, and the sender's address acceptable to SMTP")]
    SmtpFrom,
}

fn described(code: Option<u32>) -> String {
    code.map_or_else(String::new, |code| format!(", code {code}"))
}
