//! Password logins: what a stolen database would have to pay for each guess.

use super::{Pace, pressure, sample::Sample};
use crate::{
    Outcome,
    api::{Api, Client},
    crew,
    people::Member,
};
use serde_json::{Value, json};
use std::rc::Rc;

const LOGIN: &str = "/v1/b2b/passwords/authenticate";
const WITH_PASSWORD: usize = 64;
const PASSWORD: &str = "correct horse battery staple";

/// SHA-512 of `before.PASSWORD.after`: as fast a hash as can be moved in.
const HASH: &str = "46e8d29b011ee51f46b7392346edf5f560f29db5af21f7370b6644ece7ad0321\
                    e0ad85c890a533fde8d79b2a212caf07e2d7632c3154e9147505bbe22933e9c6";

/// The first login, which replaces the imported hash by our own, is not in it.
pub async fn measured(api: &Rc<Api>, members: &[Rc<Member>], pace: Pace) -> Outcome<Sample> {
    let members = &members[..WITH_PASSWORD.min(members.len())];
    crew::each(api, pace.connections, members.to_vec(), async |client: &mut Client, member: Rc<Member>| {
        client.post("/v1/b2b/passwords/migrate", &imported(&member)).await?;
        client.post(LOGIN, &login(&member)).await
    })
    .await?;
    let requests = members.iter().map(|member| api.post(LOGIN, &login(member))).collect();
    pressure::sustained(api, requests, pace, pressure::INTERMEDIATE_SESSION).await
}

fn login(member: &Member) -> Value {
    json!({
        "organization_id": *member.organization_id, "email_address": member.email, "password": PASSWORD,
    })
}

fn imported(member: &Member) -> Value {
    json!({
        "organization_id": *member.organization_id, "email_address": member.email,
        "hash": HASH, "hash_type": "sha_512",
        "sha_512_config": { "prepend_salt": "before.", "append_salt": ".after" },
    })
}
