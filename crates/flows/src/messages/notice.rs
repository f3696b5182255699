//! The mail that tells a member of a change of their own factors.

use askama::Template;
use delivery::Mail;
use domain::{email::EmailAddress, id::RequestId};

#[derive(Template)]
#[template(path = "notice.html")]
struct NoticePage<'a> {
    what: &'a str,
    advice: &'a str,
}

/// A notice about the member's own factors; it holds no link and no code.
pub fn notice(what: &str, address: EmailAddress, id: &RequestId) -> Mail {
    let advice = "If this was not you or your administrator, contact your administrator at once.";
    Mail {
        id: id.to_string(),
        to: address,
        subject: "Your sign-in security changed".to_owned(),
        text: format!("{what}\n\n{advice}\n"),
        html: NoticePage { what, advice }.render().expect("a template over plain values renders"),
        link: None,
        code: None,
    }
}
