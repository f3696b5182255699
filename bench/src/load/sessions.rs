//! Session checks: the call that customers' backends make at each of their requests.

use super::{Pace, pressure, sample::Sample};
use crate::{
    Outcome,
    api::{Api, Client, text},
    crew,
    dev::Clock,
    login,
    people::Member,
};
use serde_json::json;
use std::rc::Rc;

/// By the session token alone, which extends and changes nothing.
pub async fn measured(api: &Rc<Api>, members: &[Rc<Member>], pace: Pace) -> Outcome<Sample> {
    let requests = log_in(api, members).await?.into_iter().map(|session_token| {
        api.post("/v1/b2b/sessions/authenticate", &json!({ "session_token": session_token }))
    });
    pressure::sustained(api, requests.collect(), pace, pressure::SESSION).await
}

async fn log_in(api: &Rc<Api>, members: &[Rc<Member>]) -> Outcome<Vec<String>> {
    let clock = Clock::next_step(&mut Client::open(api).await?).await?;
    crew::each(api, 16, members.to_vec(), async move |client: &mut Client, member: Rc<Member>| {
        let half = login::half_way_in(client, &member).await?;
        let code = member.authenticator.code(clock.step());
        let completion = login::completion(&member.organization_id, &member.id, &half, &code);
        text(&client.post(login::COMPLETION, &completion).await?, "/session_token")
    })
    .await
}
