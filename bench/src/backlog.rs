//! Many messages that nobody takes, and what becomes of them.

use crate::{
    Outcome,
    api::{Api, Client},
    crew, dev, login,
    people::{Member, Organization, SecondFactor},
};
use serde_json::json;
use std::{rc::Rc, time::Instant};

const CALLERS: usize = 16;
/// Links asked for by one address.
const EACH: usize = 10;

/// Takes the mail server down and asks for so many links; prints how long that took.
pub async fn pile_up(api: &Rc<Api>, count: usize) -> Outcome {
    let members = members(api, count.div_ceil(EACH)).await?;
    dev::provider(&mut Client::open(api).await?, json!({ "down": true })).await?;
    let start = Instant::now();
    let wanted = (0..count).map(|at| Rc::clone(&members[at % members.len()])).collect();
    let ask = async |client: &mut Client, member: Rc<Member>| {
        let body = json!({ "organization_id": *member.organization_id, "email_address": member.email });
        client.post("/v1/b2b/magic_links/email/login_or_signup", &body).await.map(drop)
    };
    crew::each(api, CALLERS, wanted, ask).await?;
    println!("{}", json!({ "messages": count, "seconds": start.elapsed().as_secs_f64() }));
    Ok(())
}

/// When the time of all is over, the mail server is back and one more asks: how long that one waits.
pub async fn go_on(api: &Rc<Api>) -> Outcome {
    let late = members(api, 1).await?.remove(0);
    let client = &mut Client::open(api).await?;
    dev::advance(client, "3h").await?;
    dev::provider(client, json!({ "down": false })).await?;
    let start = Instant::now();
    login::mailed_link(client, &late).await?;
    println!("{}", json!({ "arrived_after_ms": start.elapsed().as_secs_f64() * 1e3 }));
    Ok(())
}

async fn members(api: &Rc<Api>, count: usize) -> Outcome<Vec<Rc<Member>>> {
    let organization = Organization::create(&mut Client::open(api).await?, SecondFactor::None).await?;
    let first = count * 1_000_000; // nobody's of an earlier pile: an address is one mailbox
    let create =
        async move |client: &mut Client, number| organization.member(client, number).await.map(Rc::new);
    crew::each(api, CALLERS, (first..first + count).collect(), create).await
}
