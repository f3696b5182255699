//! What a message says, on its way through the outbox.

use delivery::{Mail, TextMessage};
use domain::{email::EmailAddress, phone::PhoneNumber};
use serde::{Deserialize, Serialize};
use std::fmt;
use zeroize::Zeroizing;

/// A text or a mail, whole. `Debug` shows nothing of it.
pub enum Body {
    Text(TextMessage),
    Mail(Mail),
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "channel", rename_all = "snake_case")]
enum Written {
    Sms {
        id: String,
        to: String,
        text: String,
        code: Option<String>,
    },
    Email {
        id: String,
        to: EmailAddress,
        subject: String,
        text: String,
        html: String,
        link: Option<String>,
        code: Option<String>,
    },
}

impl Body {
    pub fn written(&self) -> Zeroizing<Vec<u8>> {
        let written = match self {
            Self::Text(it) => Written::Sms {
                id: it.id.clone(),
                to: it.to.as_str().to_owned(),
                text: it.text.clone(),
                code: it.code.clone(),
            },
            Self::Mail(it) => Written::Email {
                id: it.id.clone(),
                to: it.to.clone(),
                subject: it.subject.clone(),
                text: it.text.clone(),
                html: it.html.clone(),
                link: it.link.clone(),
                code: it.code.clone(),
            },
        };
        Zeroizing::new(serde_json::to_vec(&written).expect("a message has a JSON form"))
    }

    /// None for what another version wrote in a form that this one does not know.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        Some(match serde_json::from_slice(bytes).ok()? {
            Written::Sms { id, to, text, code } => {
                Self::Text(TextMessage { id, to: PhoneNumber::stored(to), text, code })
            }
            Written::Email { id, to, subject, text, html, link, code } => {
                Self::Mail(Mail { id, to, subject, text, html, link, code })
            }
        })
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text(_) => "Body::Text",
            Self::Mail(_) => "Body::Mail",
        })
    }
}
