//! What the server does in a second.

mod completions;
mod gauge;
mod outage;
mod passwords;
mod pressure;
mod sample;
mod search;
mod sessions;

use crate::{
    Outcome,
    api::{Api, Client},
    crew,
    people::{Member, Organization, SecondFactor},
};
use serde_json::{Map, Value};
use std::{rc::Rc, time::Duration};

pub use gauge::gauge;

/// Tokens in use at a time. A session is checked often while it is used, not once.
const SESSIONS: usize = 200;

/// So many are created at a time.
const CREATORS: usize = 16;

#[derive(Clone, Copy)]
pub struct Pace {
    pub seconds: u64,
    pub connections: usize,
}

impl Pace {
    fn duration(self) -> Duration {
        Duration::from_secs(self.seconds)
    }
}

pub struct Load {
    pub measures: Vec<String>,
    pub pace: Pace,
    pub members: usize,
    pub organizations: usize,
    /// Members of the organization that searches look through.
    pub searched: usize,
}

impl Load {
    /// Prints the figures of each measure by its name.
    pub async fn run(self, api: &Rc<Api>) -> Outcome {
        let count = if self.measures.iter().any(|it| matches!(it.as_str(), "completions" | "outage")) {
            self.members
        } else {
            SESSIONS
        };
        let mut figures = Map::new();
        let (searches, others): (Vec<_>, Vec<_>) = self.measures.into_iter().partition(|it| it == "search");
        if !searches.is_empty() {
            figures.insert("search".to_owned(), search::measured(api, self.searched).await?);
        }
        let count = if others.is_empty() { 0 } else { count };
        eprintln!("creating {count} members …");
        let members = members(api, self.organizations, count).await?;
        for measure in others {
            eprintln!("measuring {measure} …");
            if measure == "outage" {
                figures.insert(measure, outage::measured(api, &members, self.pace).await?);
                continue;
            }
            let sample = match measure.as_str() {
                "sessions" => sessions::measured(api, &members[..SESSIONS.min(count)], self.pace).await?,
                "completions" => completions::measured(api, &members, self.pace).await?,
                "passwords" => passwords::measured(api, &members, self.pace).await?,
                other => return Err(format!("nothing is called `{other}` that could be measured").into()),
            };
            sample.complain();
            figures.insert(measure, sample.figures());
        }
        println!("{}", Value::Object(figures));
        Ok(())
    }
}

/// Spread evenly over new organizations, each with an authenticator.
async fn members(api: &Rc<Api>, organizations: usize, count: usize) -> Outcome<Vec<Rc<Member>>> {
    let create = async |client: &mut Client, _| Organization::create(client, SecondFactor::Required).await;
    let organizations = crew::each(api, CREATORS, (0..organizations.max(1)).collect(), create).await?;
    let create = async move |client: &mut Client, number| {
        let organization: &Organization = &organizations[number % organizations.len()];
        organization.member(client, number).await.map(Rc::new)
    };
    crew::each(api, CREATORS, (0..count).collect(), create).await
}
