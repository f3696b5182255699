//! Every route that makes a text leave, pumped at once through two providers: no cap is ever passed.
//!
//! A text leaves where a first factor was proved (`login::advance`, reached by the doors below), where one is asked
//! for (`otps/sms/send`), and to a number that is removed.

use super::{PRICE, bill::bill, fickle::Fickle, pumping};
use domain::messages::Channel;
use rand::{Rng, SeedableRng, seq::SliceRandom};
use rand_chacha::ChaCha20Rng;
use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};
use store::messages::Message;
use testkit::{Answer, NEW_PASSWORD, PASSWORD, Person, TestApp, Value, gateways, json, on_both_databases};

const REQUESTS: usize = 1000;
const CALLERS: usize = 64;

/// The routes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Door {
    Send,
    Password,
    Link,
    EmailCode,
    Reset,
    ExistingPassword,
    SessionPassword,
    DiscoveryExchange,
    SessionExchange,
    Removal,
}

const DOORS: [Door; 10] = [
    Door::Send,
    Door::Password,
    Door::Link,
    Door::EmailCode,
    Door::Reset,
    Door::ExistingPassword,
    Door::SessionPassword,
    Door::DiscoveryExchange,
    Door::SessionExchange,
    Door::Removal,
];

/// A person with a number, and what opens each door to them once.
struct Account {
    who: Person,
    /// A session here, from before a second factor was asked for.
    session: String,
    /// A session in another organization.
    elsewhere: String,
    proved: String,
    link: String,
    code: String,
    reset: String,
}

impl Door {
    async fn open(self, app: &TestApp, it: &Account, number: Option<u32>) -> Answer {
        let (organization, address) = (&it.who.organization, &it.who.email);
        let named = json!({ "organization_id": organization, "email_address": address });
        let post = async |path: &str, more: Value| {
            app.post(&format!("/v1/b2b/{path}"), with(named.clone(), more)).await
        };
        let there = async |path: &str, more: Value| {
            let body = with(json!({ "organization_id": organization }), more);
            app.post(&format!("/v1/b2b/{path}"), body).await
        };
        match self {
            Self::Send => {
                let number = number.map(|it| json!({ "mfa_phone_number": adjacent(it) }));
                app.send_sms(&it.who, number.unwrap_or(json!({}))).await
            }
            Self::Password => post("passwords/authenticate", json!({ "password": PASSWORD })).await,
            Self::Link => app.spend_link(&it.link, json!({})).await,
            Self::EmailCode => app.spend_code(&it.who, &it.code, json!({})).await,
            Self::Reset => app.spend_reset(&it.reset, json!({})).await,
            Self::ExistingPassword => {
                let words = json!({ "existing_password": PASSWORD, "new_password": NEW_PASSWORD });
                post("passwords/existing_password/reset", words).await
            }
            Self::SessionPassword => {
                let words = json!({ "session_token": it.session, "password": NEW_PASSWORD });
                there("passwords/session/reset", words).await
            }
            Self::DiscoveryExchange => {
                let token = json!({ "intermediate_session_token": it.proved });
                there("discovery/intermediate_sessions/exchange", token).await
            }
            Self::SessionExchange => {
                there("sessions/exchange", json!({ "session_token": it.elsewhere })).await
            }
            Self::Removal => {
                let path = format!(
                    "/v1/b2b/organizations/{organization}/members/mfa_phone_numbers/{}",
                    it.who.member
                );
                app.delete(&path).await
            }
        }
    }
}

fn with(mut body: Value, more: Value) -> Value {
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

/// A number of the one block that is pumped.
fn adjacent(number: u32) -> String {
    format!("+1202555{:04}", 1000 + number % 900)
}

/// People with adjacent numbers that are confirmed, in so many organizations, each with every key at hand.
async fn accounts(app: &TestApp, organizations: usize, count: u32) -> Vec<Account> {
    let mut targets = Vec::new();
    for _ in 0..organizations {
        targets.push(app.organization(json!({})).await);
    }
    let home = app.organization(json!({})).await;
    let mut all = Vec::new();
    for number in 0..count {
        let email = format!("ada{number}@acme.example");
        let phone = json!({ "mfa_phone_number": adjacent(number), "set_phone_number_verified": true });
        let who = app.person_with(&targets[number as usize % organizations], &email, phone).await;
        let elsewhere = app.link_login(&app.person(&home, &email).await).await.ok().text("session_token");
        let none = String::new;
        all.push(Account {
            who,
            elsewhere,
            session: none(),
            proved: none(),
            link: none(),
            code: none(),
            reset: none(),
        });
    }
    app.advance(31); // between two mails to one address
    for it in &mut all {
        it.session = app.link_login(&it.who).await.ok().text("session_token");
    }
    app.advance(31);
    for it in &mut all {
        let code = app.mail_discovery_code(&it.who.email).await;
        it.proved =
            app.spend_discovery_code(&it.who.email, &code).await.ok().text("intermediate_session_token");
    }
    app.advance(31);
    for it in &mut all {
        it.link = app.mail_link(&it.who.organization, &it.who.email, json!({})).await;
    }
    app.advance(31);
    for it in &mut all {
        it.reset = app.mail_reset(&it.who.organization, &it.who.email, json!({})).await;
    }
    app.advance(31);
    for it in &mut all {
        it.code = app.mail_code(&it.who.organization, &it.who.email, json!({})).await;
    }
    for target in targets {
        app.put(&format!("/v1/b2b/organizations/{target}"), json!({ "mfa_policy": "REQUIRED_FOR_ALL" }))
            .await
            .ok();
    }
    all
}

#[derive(Clone, Copy)]
enum Request {
    Open { door: Door, account: usize, number: u32 },
    Turn,
    Seconds(i64),
}

/// Each door of each account, but few of those that hash passwords; the rest asks for texts outright.
fn pattern(accounts: usize, luck: &mut ChaCha20Rng) -> Vec<Request> {
    let mut all = Vec::new();
    for account in 0..accounts {
        for door in DOORS {
            let hashes =
                matches!(door, Door::Password | Door::Reset | Door::ExistingPassword | Door::SessionPassword);
            if !(hashes && account % 6 > 0 || door == Door::Removal && account % 3 > 0) {
                all.push(Request::Open { door, account, number: 0 });
            }
        }
    }
    while all.len() < REQUESTS {
        let number = u32::try_from(all.len()).unwrap();
        all.push(match luck.random_range(0..100) {
            0..15 => Request::Turn,
            15..30 => Request::Seconds(luck.random_range(1..8)),
            _ => Request::Open { door: Door::Send, account: luck.random_range(0..accounts), number },
        });
    }
    all.shuffle(luck);
    all
}

/// Replays the pattern through two providers that fail now and then, after everything but one limit was made wide.
async fn replayed(app: &TestApp, narrow: (&str, &str), seed: u64) -> (TestApp, [Fickle; 2], Vec<Message>) {
    pumping::with(app, narrow).await;
    let providers = [Fickle::start(40, seed).await, Fickle::start(20, seed + 1).await];
    let app = app.texting_by(gateways(&[&providers[0].url, &providers[1].url]));
    let mut luck = ChaCha20Rng::seed_from_u64(seed);
    let accounts = Arc::new(accounts(&app, 3, 48).await);
    let (pattern, next) = (Arc::new(pattern(accounts.len(), &mut luck)), Arc::new(AtomicUsize::new(0)));
    let callers = (0..CALLERS).map(|_| {
        let (app, accounts, pattern, next) = (app.clone(), accounts.clone(), pattern.clone(), next.clone());
        tokio::spawn(async move {
            while let Some(it) = pattern.get(next.fetch_add(1, Ordering::SeqCst)) {
                match *it {
                    Request::Open { door, account, number } => {
                        drop(door.open(&app, &accounts[account], Some(number).filter(|it| *it > 0)).await);
                    }
                    Request::Turn => drop(app.outbox_turn().await),
                    Request::Seconds(seconds) => app.advance(seconds),
                }
            }
        })
    });
    for caller in callers.collect::<Vec<_>>() {
        caller.await.unwrap();
    }
    for _ in 0..8 {
        app.advance(20);
        app.outbox_turn().await;
    }
    let texts = app.ledger().await.into_iter().filter(|it| it.channel == Channel::Sms).collect();
    (app, providers, texts)
}

fn by_organization(texts: &[Message]) -> BTreeMap<String, usize> {
    texts.iter().fold(BTreeMap::new(), |mut counts, it| {
        *counts.entry(it.organization_id.as_ref().unwrap().to_string()).or_default() += 1;
        counts
    })
}

on_both_databases! {
    under strict limits:

    async fn each_door_lets_one_text_out(app: TestApp) {
        pumping::with(&app, ("sms.most.project_day", "1000")).await;
        let accounts = accounts(&app, 1, 10).await;
        for (door, account) in DOORS.into_iter().zip(&accounts) {
            let before = bill(&app, "").await.ok()["total"]["attempts"].as_i64().unwrap();
            door.open(&app, account, None).await.ok();
            let left = async || bill(&app, "").await.ok()["total"]["attempts"].as_i64().unwrap() - before;
            assert_eq!(left().await, 1, "{door:?}");
        }
    }

    async fn through_every_door_the_budget_holds(app: TestApp) {
        let (app, providers, _) = replayed(&app, ("sms.budget.day", "0.50"), 21).await;
        let mut owed: i64 = providers.iter().map(Fickle::books).map(|it| it.charged + it.spared).sum();
        for (name, provider) in ["a", "b"].into_iter().zip(&providers) {
            owed += provider.unheard(&app, name).await;
        }
        let affordable = 500_000 / PRICE;
        assert!((affordable - 8..=affordable).contains(&owed), "{owed}: but for what came back when nobody asked any more");
        assert_eq!(bill(&app, "").await.ok()["total"]["attempts"], owed);
    }

    async fn the_budget_of_an_organization_holds(app: TestApp) {
        let (app, ..) = replayed(&app, ("sms.budget.organization_day", "0.12"), 22).await;
        for group in bill(&app, "").await.ok()["groups"].as_array().unwrap() {
            assert!(group["attempts"].as_i64().unwrap() <= 120_000 / PRICE, "{group}");
        }
    }

    async fn the_cap_of_a_project_holds(app: TestApp) {
        let (_, _, texts) = replayed(&app, ("sms.most.project_day", "23"), 23).await;
        assert_eq!(texts.len(), 23);
    }

    async fn the_cap_of_an_organization_holds(app: TestApp) {
        let (_, _, texts) = replayed(&app, ("sms.most.organization_day", "9"), 24).await;
        assert!(by_organization(&texts).values().all(|it| *it == 9), "{:?}", by_organization(&texts));
    }

    async fn the_cap_of_a_block_holds_in_every_order(app: TestApp) {
        let (_, providers, texts) = replayed(&app, ("sms.most.project_day", "10000"), 25).await;
        assert_eq!(texts.len(), 50, "adjacent numbers, within an hour");
        let reached: std::collections::BTreeSet<_> = providers.iter().flat_map(|it| it.books().messages).collect();
        assert!(reached.len() <= 50);
    }
}
