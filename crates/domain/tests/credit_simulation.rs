//! How often the credit of unverified codes refuses people, and what it leaves
//! to bots, on a simulated month. Prints the table of `docs/limits.md` with
//! `cargo test -p domain --test credit_simulation -- --nocapture`.
#![expect(clippy::print_stdout, reason = "a panic is how a test fails; the table is for people")]

use domain::{
    Timestamp,
    sms_credit::{Credit, CreditRules},
};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha20Rng;
use std::{cmp::Reverse, collections::BinaryHeap};

const DAYS: i64 = 28;
const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;
/// A Monday, midnight.
const START: i64 = 1_699_833_600_000;
/// What a bot's operator shares in: a text to one of the dearer countries, in cents.
const PRICE: i64 = 20;
const RUNS: u64 = 6;

/// One organization's people in one country.
#[derive(Clone, Copy)]
struct People {
    count: i64,
    /// Of a hundred of them, how many confirm a login by text on a working day.
    daily: i64,
    /// All of them come for the first time within the first hour of the first day.
    all_at_once: bool,
}

/// What a bot does: a text in so many milliseconds, for so many days.
#[derive(Clone, Copy)]
struct Bot {
    every: i64,
    days: i64,
}

#[derive(Default)]
struct Outcome {
    asked: i64,
    refused: i64,
    pumped: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Entered,
    /// The second time, somebody has waited in vain for the first text.
    Person {
        again: bool,
    },
    Bot,
}

type Queue = BinaryHeap<Reverse<(i64, Event)>>;

fn simulate(rules: CreditRules, people: People, bot: Option<Bot>, seed: u64) -> Outcome {
    let mut luck = ChaCha20Rng::seed_from_u64(seed);
    let lost = luck.random_range(3..=15); // of a hundred, how many never enter their code
    let mut queue = arrivals(people, bot, &mut luck);
    let mut credit = Credit::new(rules, Timestamp::from_milliseconds(START));
    let mut outcome = Outcome::default();
    while let Some(Reverse((at, event))) = queue.pop() {
        let now = Timestamp::from_milliseconds(at);
        match event {
            Event::Entered => credit = credit.verified(rules, now),
            Event::Bot => {
                if let Some(left) = credit.sent(rules, now) {
                    (credit, outcome.pumped) = (left, outcome.pumped + 1);
                }
            }
            Event::Person { again } => {
                outcome.asked += 1;
                match credit.sent(rules, now) {
                    None => outcome.refused += 1,
                    Some(left) => {
                        credit = left;
                        queue.extend(reaction(at, lost, again, &mut luck).map(Reverse));
                    }
                }
            }
        }
    }
    outcome
}

/// What a person does after a text was sent: most enter it within a minute, some
/// ask again, some go away.
fn reaction(at: i64, lost: i64, again: bool, luck: &mut ChaCha20Rng) -> Option<(i64, Event)> {
    let is_lost = luck.random_range(0..100) < lost;
    let asks_again = !again && luck.random_bool(0.5);
    match (is_lost, asks_again) {
        (false, _) => {
            let slow = if luck.random_bool(0.1) { 80_000 } else { 30_000 };
            Some((at + 6_000 + luck.random_range(0..slow), Event::Entered))
        }
        (true, true) => Some((at + 45_000, Event::Person { again: true })),
        (true, false) => None,
    }
}

fn arrivals(people: People, bot: Option<Bot>, luck: &mut ChaCha20Rng) -> Queue {
    let mut queue = Queue::new();
    for day in 0..DAYS {
        let (midnight, weekday) = (START + day * DAY, day % 7);
        for _ in 0..people.count {
            let first = people.all_at_once && day == 0;
            if first || weekday < 5 && luck.random_range(0..100) < people.daily {
                queue.push(Reverse((
                    midnight + hour_of_day(weekday, first, luck),
                    Event::Person { again: false },
                )));
            }
        }
    }
    let begins = START + 9 * DAY + luck.random_range(0..DAY); // in the second week, at any hour
    if let Some(bot) = bot {
        queue
            .extend((0..bot.days * DAY / bot.every).map(|it| Reverse((begins + it * bot.every, Event::Bot))));
    }
    queue
}

/// Six in ten of a Monday's logins come between eight and nine; other days are spread.
fn hour_of_day(weekday: i64, first: bool, luck: &mut ChaCha20Rng) -> i64 {
    let rush = first || weekday == 0 && luck.random_bool(0.6);
    let (from, minutes) = if rush { (8 * 60, 60) } else { (7 * 60, 11 * 60) };
    (from * MINUTE) + luck.random_range(0..minutes * MINUTE)
}

const PEOPLE: [(&str, People); 5] = [
    ("8 people", People { count: 8, daily: 80, all_at_once: false }),
    ("60 people", People { count: 60, daily: 70, all_at_once: false }),
    ("500 people", People { count: 500, daily: 60, all_at_once: false }),
    ("2,000 people", People { count: 2_000, daily: 60, all_at_once: false }),
    ("a new country, 300 people at once", People { count: 300, daily: 60, all_at_once: true }),
];
const BOTS: [(&str, Bot); 3] = [
    ("10 a minute for a day", Bot { every: 6_000, days: 1 }),
    ("1 a minute for 3 days", Bot { every: MINUTE, days: 3 }),
    ("1 in 20 minutes for 14 days", Bot { every: 20 * MINUTE, days: 14 }),
];

fn month(rules: CreditRules, people: People, bot: Option<Bot>) -> Outcome {
    (0..RUNS).map(|seed| simulate(rules, people, bot, seed)).fold(Outcome::default(), |all, it| Outcome {
        asked: all.asked + it.asked,
        refused: all.refused + it.refused,
        pumped: all.pumped + it.pumped,
    })
}

/// In thousandths of a per cent.
fn refused(it: &Outcome) -> i64 {
    it.refused * 100_000 / it.asked.max(1)
}

#[test]
fn people_are_hardly_ever_refused_and_bots_get_little() {
    println!("| people | start | refused, no bot | bot | refused meanwhile | bot's texts | at 0.20 |");
    println!("| --- | --- | --- | --- | --- | --- | --- |");
    for start in [10, CreditRules::default().start, 100] {
        let rules = CreditRules { start };
        for (name, people) in PEOPLE {
            let quiet = month(rules, people, None);
            let percent = |it: &Outcome| format!("{}.{:03} %", refused(it) / 1000, refused(it) % 1000);
            for (bot_name, bot) in BOTS {
                let attacked = month(rules, people, Some(bot));
                let texts = attacked.pumped / i64::try_from(RUNS).unwrap();
                let (quiet, meanwhile) = (percent(&quiet), percent(&attacked));
                println!(
                    "| {name} | {start} | {quiet} | {bot_name} | {meanwhile} | {texts} | {} |",
                    texts * PRICE / 100
                );
            }
            if rules == CreditRules::default() {
                assert!(refused(&quiet) < 100, "{name}: one in a thousand at most");
            }
        }
    }
}

#[test]
fn a_bot_alone_gets_the_start_and_what_time_gives() {
    let nobody = People { count: 0, daily: 0, all_at_once: false };
    for (name, bot) in BOTS {
        let got = simulate(CreditRules::default(), nobody, Some(bot), 1).pumped;
        let most = i64::from(CreditRules::default().start) + 24 * bot.days + 1;
        assert!(got <= most, "{name}: {got} of {most}");
    }
}
