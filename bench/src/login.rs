//! The ways in: a mailed link, and the second factor after it.

use crate::{
    api::{Client, Unanswered, text},
    dev,
    people::Member,
};
use serde_json::{Value, json};

pub const COMPLETION: &str = "/v1/b2b/totp/authenticate";

/// The token of a new link, as the member finds it in the mail.
pub async fn mailed_link(client: &mut Client, member: &Member) -> Result<String, Unanswered> {
    let wanted = json!({ "organization_id": *member.organization_id, "email_address": member.email });
    client.post("/v1/b2b/magic_links/email/login_or_signup", &wanted).await?;
    let known = member.last_link.borrow().clone();
    let link = dev::link_after(client, &known, &member.email).await?;
    member.last_link.replace(link.clone());
    token_in(&link).ok_or_else(|| Unanswered::Missing(format!("there is no token in {link}")))
}

pub async fn redeem(client: &mut Client, link: &str) -> Result<Value, Unanswered> {
    client.post("/v1/b2b/magic_links/authenticate", &json!({ "magic_links_token": link })).await
}

/// The first factor is proven, the second is not: the token of that intermediate session.
pub async fn half_way_in(client: &mut Client, member: &Member) -> Result<String, Unanswered> {
    let link = mailed_link(client, member).await?;
    text(&redeem(client, &link).await?, "/intermediate_session_token")
}

/// What is sent to `COMPLETION`.
pub fn completion(organization_id: &str, member_id: &str, half: &str, code: &str) -> Value {
    json!({
        "organization_id": organization_id, "member_id": member_id,
        "intermediate_session_token": half, "code": code,
    })
}

fn token_in(link: &str) -> Option<String> {
    let (_, query) = link.split_once('?')?;
    query.split('&').find_map(|pair| pair.strip_prefix("token=")).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_is_told_from_its_type() {
        let link =
            "http://localhost:3000/authenticate?stytch_token_type=multi_tenant_magic_links&token=abc-_1";
        assert_eq!(token_in(link).as_deref(), Some("abc-_1"));
    }
}
