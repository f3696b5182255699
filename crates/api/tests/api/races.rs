//! Many callers at the same time: one winner, and no guess for free.

mod guessing;
mod lifecycle;
mod mailed;
mod single_use;

use std::{collections::BTreeMap, future::Future, sync::Arc};
use testkit::{Answer, Person, TestApp, Value, json};
use tokio::{sync::Barrier, task::JoinSet};

const PHONE: &str = "+12025550101";
const WRONG: &str = "000000";
const REQUIRED: &str = "REQUIRED_FOR_ALL";
/// Callers at the same time.
const CROWD: usize = 64;

fn with_ist(ist: &str, code: &str) -> Value {
    json!({ "code": code, "intermediate_session_token": ist })
}

/// Makes all calls at the same time; the answers in no order.
async fn at_once<F>(calls: impl IntoIterator<Item = F>) -> Vec<Answer>
where
    F: Future<Output = Answer> + Send + 'static,
{
    let calls: Vec<F> = calls.into_iter().collect();
    let start = Arc::new(Barrier::new(calls.len()));
    let mut running = JoinSet::new();
    for call in calls {
        let start = start.clone();
        running.spawn(async move {
            start.wait().await;
            call.await
        });
    }
    running.join_all().await
}

/// How often each answer was given, by its `error_type`.
fn tally(answers: &[Answer]) -> BTreeMap<&str, usize> {
    let mut tally = BTreeMap::new();
    for answer in answers {
        let told = if answer.status == 200 { "ok" } else { answer.refusal().1 };
        *tally.entry(told).or_insert(0) += 1;
    }
    tally
}

/// How many live sessions the member has.
async fn sessions_of(app: &TestApp, who: &Person) -> usize {
    let path = format!("/v1/b2b/sessions?organization_id={}&member_id={}", who.organization, who.member);
    app.get(&path).await.ok()["member_sessions"].as_array().expect("a list").len()
}

/// As many intermediate sessions as a member can have alive.
async fn twenty(app: &TestApp, who: &Person) -> Vec<String> {
    let mut ists = Vec::new();
    for _ in 0..20 {
        ists.push(app.between(who).await);
    }
    ists
}

/// How often an action stands in the audit log.
async fn written(app: &TestApp, who: &Person, action: &str) -> usize {
    let log = app.audit_log(&who.organization).await;
    log.iter().filter(|it| it.action.to_string() == action).count()
}
