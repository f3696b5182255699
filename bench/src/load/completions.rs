//! Second-factor completions: from an intermediate session and a code to a durable session.

use super::{Pace, pressure, sample::Sample};
use crate::{
    Outcome,
    api::{Api, Client},
    crew,
    dev::Clock,
    login,
    people::Member,
};
use std::rc::Rc;

/// A code counts once and a member's completions queue on the member's row, so
/// speed needs many members, each once a round.
const AT_A_TIME: usize = 4;

/// Rounds until the time is full.
pub async fn measured(api: &Rc<Api>, members: &[Rc<Member>], pace: Pace) -> Outcome<Sample> {
    let mut total = Sample::default();
    while total.elapsed < pace.duration() && !total.has_failures() {
        total.after(round(api, members, pace).await?);
    }
    Ok(total)
}

/// One of each member. Only the completions are in it: mailing and redeeming
/// the links comes before.
pub async fn round(api: &Rc<Api>, members: &[Rc<Member>], pace: Pace) -> Outcome<Sample> {
    let halves = crew::each(api, pace.connections, members.to_vec(), async |client, member: Rc<Member>| {
        login::half_way_in(client, &member).await
    });
    let requests = requests(api, members, halves.await?).await?;
    pressure::once(api, requests, pace.connections * AT_A_TIME, pressure::SESSION).await
}

async fn requests(api: &Rc<Api>, members: &[Rc<Member>], halves: Vec<String>) -> Outcome<Vec<Vec<u8>>> {
    let step = Clock::next_step(&mut Client::open(api).await?).await?.step();
    let request = |(member, half): (&Rc<Member>, String)| {
        let code = member.authenticator.code(step);
        api.post(login::COMPLETION, &login::completion(&member.organization_id, &member.id, &half, &code))
    };
    Ok(members.iter().zip(halves).map(request).collect())
}
