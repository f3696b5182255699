//! A pumping bot, replayed in many interleavings: no cap is ever passed, and the bill is exact.

use super::PRICE;
use domain::{
    money::Micros,
    send_limits::{Counted, Strictness, Subject},
};
use rand::{Rng, SeedableRng, seq::SliceRandom};
use rand_chacha::ChaCha20Rng;
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};
use testkit::{PROJECT_ID, Person, TestApp, json, on_both_databases};

const REQUESTS: usize = 1000;
const CALLERS: usize = 64;

/// One request of the pattern.
#[derive(Clone, Copy)]
enum Pumped {
    /// A text to the next number of the block, for one of the accounts.
    Send { account: usize, number: u32 },
    /// A login, and the automatic text after it.
    Login { account: usize },
    /// Time passes: what waited is tried again, and pauses end.
    Seconds(i64),
    /// The provider fails, or comes back.
    Provider { down: bool },
}

/// Adjacent numbers, rotating accounts, logins in between.
fn pattern(accounts: usize, fails: bool, luck: &mut ChaCha20Rng) -> Vec<Pumped> {
    let mut all: Vec<Pumped> = (0..REQUESTS)
        .map(|at| match luck.random_range(0..100) {
            0..4 => Pumped::Login { account: luck.random_range(0..accounts) },
            4..30 => Pumped::Seconds(luck.random_range(1..10)),
            30..34 if fails => Pumped::Provider { down: luck.random_bool(0.5) },
            _ => Pumped::Send { account: at % accounts, number: u32::try_from(at).unwrap() },
        })
        .collect();
    all.shuffle(luck);
    all
}

async fn request(app: &TestApp, accounts: &[Person], it: Pumped) {
    match it {
        Pumped::Send { account, number } => {
            let number = format!("+1202555{:04}", 1000 + number);
            app.send_sms(&accounts[account], json!({ "mfa_phone_number": number })).await;
        }
        Pumped::Login { account } => drop(app.password_login(&accounts[account]).await),
        Pumped::Seconds(seconds) => app.advance(seconds),
        Pumped::Provider { down } => app.inbox.set_down(down),
    }
}

/// Four organizations with a few accounts each; the first of each has a number that an administrator set.
async fn accounts(app: &TestApp) -> Vec<Person> {
    let mut all = Vec::new();
    for organization in 0..4 {
        let id = app.organization(json!({ "mfa_policy": "REQUIRED_FOR_ALL" })).await;
        all.push(app.person(&id, &format!("ada{organization}@acme.example")).await);
        for account in 0..24 {
            all.push(app.newcomer(&id, &format!("bot{account}@bots{organization}.example"), json!({})).await);
        }
    }
    all
}

async fn replay(app: &TestApp, fails: bool, seed: u64) {
    let mut luck = ChaCha20Rng::seed_from_u64(seed);
    let accounts = Arc::new(accounts(app).await);
    let pattern = Arc::new(pattern(accounts.len(), fails, &mut luck));
    let next = Arc::new(AtomicUsize::new(0));
    let callers = (0..CALLERS).map(|_| {
        let (app, accounts, pattern, next) = (app.clone(), accounts.clone(), pattern.clone(), next.clone());
        tokio::spawn(async move {
            while let Some(it) = pattern.get(next.fetch_add(1, Ordering::SeqCst)) {
                request(&app, &accounts, *it).await;
            }
        })
    });
    for caller in callers.collect::<Vec<_>>() {
        caller.await.unwrap();
    }
    app.inbox.set_down(false);
}

fn texts(app: &TestApp) -> i64 {
    let all = app.inbox.messages(None);
    i64::try_from(all.iter().filter(|it| it.to.starts_with('+')).count()).unwrap()
}

/// What the project's counters say was spent today.
async fn spent(app: &TestApp) -> Micros {
    let project = PROJECT_ID.parse().unwrap();
    let none = "organization-test-00000000-0000-4000-8000-000000000000".parse().unwrap();
    let all = domain::send_limits::of_attempt(
        Strictness::Strict,
        domain::send_limits::Budget::default(),
        (&project, &none),
        Micros::default(),
    );
    let today: &Counted = all.iter().find(|it| it.subject == Subject::ProjectMoney).unwrap();
    let mut conn = app.api.app.db.read().await.unwrap();
    Micros::new(store::send_counters::used(&mut conn, &project, today, app.now()).await.unwrap())
}

/// Wide caps, but for one.
pub async fn with(app: &TestApp, narrow: (&str, &str)) {
    for key in ["project_hour", "project_day", "organization_hour", "organization_day"] {
        app.set(&format!("sms.most.{key}"), "10000").await;
    }
    for key in ["day", "month", "organization_day", "organization_month"] {
        app.set(&format!("sms.budget.{key}"), "none").await;
    }
    app.set("sms.unverified_credit", "0").await;
    app.set(narrow.0, narrow.1).await;
}

on_both_databases! {
    under strict limits:

    async fn a_pumping_bot_never_passes_the_budget(app: TestApp) {
        with(&app, ("sms.budget.day", "0.40")).await;
        replay(&app, false, 1).await;
        assert_eq!(texts(&app), 400_000 / PRICE, "as many as there is money for");
        assert_eq!(spent(&app).await, Micros::new(texts(&app) * PRICE), "the bill, to the millionth");
    }

    async fn a_pumping_bot_never_passes_the_cap_of_the_project(app: TestApp) {
        with(&app, ("sms.most.project_day", "30")).await;
        replay(&app, false, 2).await;
        assert_eq!(texts(&app), 30);
    }

    async fn a_pumping_bot_never_passes_the_cap_of_an_organization(app: TestApp) {
        with(&app, ("sms.most.organization_day", "7")).await;
        replay(&app, false, 3).await;
        assert_eq!(texts(&app), 4 * 7);
    }

    async fn a_pumping_bot_never_passes_the_cap_of_a_block(app: TestApp) {
        with(&app, ("sms.most.project_day", "10000")).await;
        replay(&app, false, 4).await;
        assert!(texts(&app) <= 50, "adjacent numbers: {}", texts(&app));
    }

    async fn a_pumping_bot_never_passes_the_credit_of_its_organization(app: TestApp) {
        with(&app, ("sms.unverified_credit", "5")).await;
        replay(&app, false, 5).await;
        // Four organizations, and what an hour at most gives back to each.
        assert!((20..=24).contains(&texts(&app)), "{}", texts(&app));
    }

    async fn failures_and_retries_never_pass_the_budget(app: TestApp) {
        with(&app, ("sms.budget.day", "0.30")).await;
        replay(&app, true, 6).await;
        assert!(texts(&app) <= 300_000 / PRICE);
        assert!(spent(&app).await <= "0.30".parse().unwrap());
    }
}
