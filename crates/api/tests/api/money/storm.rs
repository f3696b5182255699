//! The bill is the ledger's sum to the cent: whatever providers do, in whatever order.

use super::{PRICE, bill::bill, fickle::Fickle};
use delivery::{Outcome as Told, Receipt};
use domain::{money::Micros, send_limits::Subject};
use flows::{allowance::administration, sending::arrivals};
use rand::{Rng, SeedableRng, seq::SliceRandom};
use rand_chacha::ChaCha20Rng;
use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};
use testkit::{PROJECT_ID, Person, TestApp, gateways, json, on_both_databases};

const ACCOUNTS: usize = 60;

#[derive(Clone, Copy)]
enum Event {
    Send {
        account: usize,
        number: usize,
    },
    /// The outbox works on what waits.
    Turn,
    Seconds(i64),
    /// A provider says of one of its messages that it was not delivered, or was: some twice.
    Receipt {
        provider: usize,
        message: usize,
        lost: bool,
    },
}

fn storm(luck: &mut ChaCha20Rng) -> Vec<Event> {
    let mut all: Vec<Event> = (0..400)
        .map(|at| match luck.random_range(0..100) {
            0..10 => Event::Turn,
            10..25 => Event::Seconds(luck.random_range(1..8)),
            25..50 => Event::Receipt {
                provider: luck.random_range(0..2),
                message: luck.random_range(0..40),
                lost: luck.random_bool(0.7),
            },
            _ => Event::Send { account: at % ACCOUNTS, number: at },
        })
        .collect();
    all.shuffle(luck);
    all
}

async fn happen(app: &TestApp, (people, providers): (&[Person], &[Fickle; 2]), it: Event) {
    match it {
        Event::Send { account, number } => {
            let number = format!("+1202{}{:04}", 220 + number % 60, 1000 + number);
            app.send_sms(&people[account], json!({ "mfa_phone_number": number })).await;
        }
        Event::Turn => drop(app.outbox_turn().await),
        Event::Seconds(seconds) => app.advance(seconds),
        Event::Receipt { provider, message, lost } => {
            let known = providers[provider].books().messages;
            let Some(reference) = known.into_iter().nth(message) else { return };
            let outcome = if lost { Told::Failed { code: Some(30_003) } } else { Told::Delivered };
            let receipt = Receipt { reference, message_id: None, outcome, price: None, at: app.now() };
            arrivals::apply(&app.api.app, ["a", "b"][provider], &[receipt], app.now()).await.unwrap();
        }
    }
}

async fn people(app: &TestApp) -> Vec<Person> {
    let mut all = Vec::new();
    for organization in 0..3 {
        let id = app.organization(json!({})).await;
        for number in 0..ACCOUNTS / 3 {
            all.push(app.newcomer(&id, &format!("m{number}@acme{organization}.example"), json!({})).await);
        }
    }
    all
}

async fn weathered(app: TestApp, seed: u64) {
    app.set("sms.unverified_credit", "0").await;
    app.set("sms.budget.organization_day", "0.50").await; // some are refused for it, in the middle of a fail-over too
    let providers = [Fickle::start(60, seed).await, Fickle::start(30, seed + 1).await];
    let app = app.texting_by(gateways(&[&providers[0].url, &providers[1].url]));
    let people = Arc::new(people(&app).await);
    let events = Arc::new(storm(&mut ChaCha20Rng::seed_from_u64(seed)));
    let next = Arc::new(AtomicUsize::new(0));
    let callers = (0..32).map(|_| {
        let (app, people, providers) = (app.clone(), people.clone(), providers.clone());
        let (events, next) = (events.clone(), next.clone());
        tokio::spawn(async move {
            while let Some(it) = events.get(next.fetch_add(1, Ordering::SeqCst)) {
                happen(&app, (&people, &providers), *it).await;
            }
        })
    });
    for caller in callers.collect::<Vec<_>>() {
        caller.await.unwrap();
    }
    for _ in 0..10 {
        app.advance(20); // what waits is handed over, or its time is over
        app.outbox_turn().await;
    }
    agree(&app, &providers).await;
}

/// The ledger, the report, the counters of every budget, and the providers' own books.
async fn agree(app: &TestApp, providers: &[Fickle; 2]) {
    let (mut of_organization, mut of_provider) = (BTreeMap::new(), BTreeMap::new());
    for message in app.ledger().await {
        for attempt in app.attempts(&message).await {
            if attempt.outcome.is_charged() {
                let organization = attempt.organization_id.clone().unwrap().to_string();
                *of_organization.entry(organization).or_insert(0) += attempt.price_micros;
                *of_provider.entry(attempt.provider).or_insert(0) += attempt.price_micros;
            }
        }
    }
    let sum: i64 = of_organization.values().sum();
    for (name, provider) in ["a", "b"].into_iter().zip(providers) {
        let books = provider.books();
        assert!(books.charged > 5 && books.spared > 0 && books.refused > 0, "{name}: no storm");
        let owed = of_provider[name] - (books.spared + provider.unheard(app, name).await) * PRICE;
        assert_eq!(owed, books.charged * PRICE, "{name}: all but what it dropped without a word");
    }
    let told = bill(app, "").await.ok();
    assert_eq!(told["total"]["spent"], Micros::new(sum).to_string());
    assert_eq!(parts(app, "organization").await, of_organization);
    assert_eq!(parts(app, "provider").await, of_provider);
    let project = PROJECT_ID.parse().unwrap();
    for (organization, spent) in &of_organization {
        assert!(*spent <= 500_000, "{organization} spent {spent}");
        for state in administration::used(&app.api.app, (&project, organization), app.now()).await.unwrap() {
            let spent = if state.subject == Subject::OrganizationMoney { *spent } else { sum };
            assert_eq!(
                state.used,
                Micros::new(spent),
                "{} of the {}",
                state.subject.name(),
                state.window.name()
            );
        }
    }
}

async fn parts(app: &TestApp, by: &str) -> BTreeMap<String, i64> {
    let told = bill(app, &format!("group={by}")).await.ok();
    let groups = told["groups"].as_array().unwrap().iter();
    let of = |it: &serde_json::Value, field: &str| it[field].as_str().unwrap().to_owned();
    groups.map(|it| (of(it, "key"), of(it, "spent").parse::<Micros>().unwrap().get())).collect()
}

on_both_databases! {
    under strict limits:

    async fn the_bill_is_the_ledgers_sum_to_the_cent(app: TestApp) {
        weathered(app, 11).await;
    }

    async fn in_another_order_too(app: TestApp) {
        weathered(app, 12).await;
    }

    async fn and_in_a_third(app: TestApp) {
        weathered(app, 13).await;
    }
}
