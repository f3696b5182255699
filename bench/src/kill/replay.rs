//! After the kill: what was acknowledged holds, and what was spent stays spent.

use super::{
    CONNECTIONS,
    checks::{Checks, Verdict},
    record::{Completion, Record, Session},
};
use crate::{
    Outcome,
    api::{Api, Client, Unanswered, text},
    authenticator::Authenticator,
    crew,
    dev::Clock,
    login,
    people::Member,
};
use serde_json::{Value, json};
use std::{path::Path, rc::Rc};

/// Succeeds if every check holds.
pub async fn replay(api: &Rc<Api>, record: &Path) -> Outcome {
    let record = Record::read(record)?;
    let clock = Rc::new(Clock::read(&mut Client::open(api).await?).await?);
    let mut checks = Checks::default();

    let alive = crew::each(api, CONNECTIONS, record.sessions, is_alive).await?;
    checks.note("an acknowledged session is alive", alive);
    let spent = crew::each(api, CONNECTIONS, record.links, link_is_spent).await?;
    checks.note("a redeemed link is refused", spent);

    let completions = record.completions;
    let now = Rc::clone(&clock);
    let half_is_spent = async move |client: &mut Client, it| half_is_spent(client, &now, it).await;
    let spent = crew::each(api, CONNECTIONS, completions.clone(), half_is_spent).await?;
    checks.note("a completed intermediate session is refused, even with a new code", spent);

    let code_is_spent = async move |client: &mut Client, it| code_is_spent(client, &clock, it).await;
    let (codes, logins) = crew::each(api, CONNECTIONS, completions, code_is_spent).await?.into_iter().unzip();
    checks.note("a spent code is refused in a new login", codes);
    checks.note("which the next code completes", logins);
    checks.finish()
}

async fn is_alive(client: &mut Client, session: Session) -> Result<Verdict, Unanswered> {
    let asked =
        client.post("/v1/b2b/sessions/authenticate", &json!({ "session_token": session.token })).await;
    Ok(judged(asked)?.and_then(|answer| match answer["member"]["member_id"].as_str() {
        Some(member_id) if member_id == session.member_id => Ok(()),
        _ => Err(format!("it is another's: {answer}")),
    }))
}

async fn link_is_spent(client: &mut Client, link: String) -> Result<Verdict, Unanswered> {
    refused(login::redeem(client, &link).await, &["unable_to_auth_magic_link"])
}

async fn half_is_spent(client: &mut Client, clock: &Clock, it: Completion) -> Result<Verdict, Unanswered> {
    let code = Authenticator::numbered(it.number).code(unspent_step(clock, &it));
    refused(complete(client, &it, &it.half, &code).await, &["intermediate_session_not_found"])
}

/// The verdict on the old code, and on the new one after it.
async fn code_is_spent(
    client: &mut Client,
    clock: &Clock,
    it: Completion,
) -> Result<(Verdict, Verdict), Unanswered> {
    let member = Member::known(&it.organization_id, it.member_id.clone(), it.email.clone(), it.number);
    let half = match judged(login::half_way_in(client, &member).await)? {
        Ok(half) => half,
        Err(why) => return Ok((Err(why.clone()), Err(why))),
    };
    let again = complete(client, &it, &half, &member.authenticator.code(it.step)).await;
    let code = refused(again, refusals(clock, it.step))?;
    let next = complete(client, &it, &half, &member.authenticator.code(unspent_step(clock, &it))).await;
    let login = judged(next.and_then(|answer| text(&answer, "/session_token")))?;
    Ok((code, login.map(|_| ())))
}

/// The one that the authenticator shows or, if that is the spent one, the next,
/// which is accepted a little early.
fn unspent_step(clock: &Clock, it: &Completion) -> u64 {
    clock.step().max(it.step + 1)
}

/// A code of long ago is refused for that alone, which then proves nothing; the run is quicker than that.
fn refusals(clock: &Clock, step: u64) -> &'static [&'static str] {
    if clock.step() <= step + 1 {
        &["totp_code_already_authenticated"]
    } else {
        &["totp_code_already_authenticated", "unable_to_authenticate_totp"]
    }
}

async fn complete(client: &mut Client, it: &Completion, half: &str, code: &str) -> Result<Value, Unanswered> {
    client.post(login::COMPLETION, &login::completion(&it.organization_id, &it.member_id, half, code)).await
}

/// In one of these words.
fn refused(answer: Result<Value, Unanswered>, words: &[&str]) -> Result<Verdict, Unanswered> {
    match answer {
        Ok(answer) => Ok(Err(format!("it is accepted: {answer}"))),
        Err(Unanswered::Refused { error_type, .. }) if words.contains(&error_type.as_str()) => Ok(Ok(())),
        Err(lost @ Unanswered::Lost(_)) => Err(lost),
        Err(other) => Ok(Err(format!("{other} (due was {})", words.join(" or ")))),
    }
}

/// A lost connection is no answer, everything else is one.
fn judged<T>(answer: Result<T, Unanswered>) -> Result<Result<T, String>, Unanswered> {
    match answer {
        Ok(answer) => Ok(Ok(answer)),
        Err(lost @ Unanswered::Lost(_)) => Err(lost),
        Err(other) => Ok(Err(other.to_string())),
    }
}
