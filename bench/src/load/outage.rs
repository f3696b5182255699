//! Logins by authenticator app while texts are asked for: with a provider that
//! takes them, and in turn with one that never answers.

use super::{Pace, completions, sample::Sample};
use crate::{
    Outcome,
    api::{Api, Client},
    crew, dev,
    people::{Member, Organization, SecondFactor},
};
use serde_json::{Value, json};
use std::{rc::Rc, time::Duration};
use tokio::{
    task::{JoinSet, spawn_local},
    time::{interval, sleep},
};

/// Members that texts are asked for, one every so often: as many in either half.
const TEXTED: usize = 200;
const EVERY: Duration = Duration::from_millis(50);
/// Until as many calls hang as hang at a time.
const SETTLED: Duration = Duration::from_secs(6);

/// Turn and turn about, until each half has the time of the pace.
pub async fn measured(api: &Rc<Api>, members: &[Rc<Member>], pace: Pace) -> Outcome<Value> {
    let texted = Rc::new(texted(api).await?);
    let (mut normal, mut outage) = (Sample::default(), Sample::default());
    while outage.elapsed < pace.duration() && !normal.has_failures() && !outage.has_failures() {
        normal.after(half(api, (members, &texted), false, pace).await?);
        outage.after(half(api, (members, &texted), true, pace).await?);
    }
    dev::silence(&mut Client::open(api).await?, false).await?;
    normal.complain();
    outage.complain();
    let (normal, outage) = (normal.figures(), outage.figures());
    let of = |it: &Value| it["p99_ms"].as_f64().unwrap_or_default();
    let ratio = of(&outage) / of(&normal);
    Ok(json!({ "normal": normal, "outage": outage, "p99_ratio": ratio }))
}

async fn half(
    api: &Rc<Api>,
    (members, texted): (&[Rc<Member>], &Rc<Vec<Rc<Member>>>),
    silent: bool,
    pace: Pace,
) -> Outcome<Sample> {
    dev::silence(&mut Client::open(api).await?, silent).await?;
    let asking = spawn_local(ask(Rc::clone(api), Rc::clone(texted)));
    sleep(SETTLED).await;
    let sample = completions::round(api, members, pace).await;
    asking.abort();
    sample
}

/// Asks for one text after another, and waits for no answer before the next.
async fn ask(api: Rc<Api>, texted: Rc<Vec<Rc<Member>>>) {
    let (mut calls, mut ticks) = (JoinSet::new(), interval(EVERY));
    for (at, member) in texted.iter().cycle().enumerate() {
        ticks.tick().await;
        while calls.try_join_next().is_some() {}
        let (api, member) = (Rc::clone(&api), Rc::clone(member));
        calls.spawn_local(async move {
            let wanted = json!({
                "organization_id": *member.organization_id, "member_id": member.id,
                "mfa_phone_number": format!("+1202555{:04}", 1000 + at % TEXTED),
            });
            let mut client = Client::open(&api).await?;
            client.post("/v1/b2b/otps/sms/send", &wanted).await // refused while nobody answers
        });
    }
}

async fn texted(api: &Rc<Api>) -> Outcome<Vec<Rc<Member>>> {
    let organization = Organization::create(&mut Client::open(api).await?, SecondFactor::None).await?;
    let create =
        async move |client: &mut Client, number| organization.member(client, number).await.map(Rc::new);
    crew::each(api, 4, (0..TEXTED).collect(), create).await
}
