//! A provider that keeps its own books, and whose answers tell of them only now and then.

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use domain::messages::Outcome;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha20Rng;
use serde_json::Value;
use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};
use testkit::TestApp;
use tokio::net::TcpListener;

/// Clones are the same one.
#[derive(Clone)]
pub struct Fickle {
    pub url: String,
    state: Arc<Mutex<Books>>,
}

/// What it would put on its bill, and what it would not although nobody can know.
#[derive(Clone)]
pub struct Books {
    luck: ChaCha20Rng,
    /// Of a hundred requests, so many are not simply taken.
    fails: u32,
    pub charged: i64,
    /// It stumbled before it took the message, with the same answer as after.
    pub spared: i64,
    pub refused: i64,
    /// The message of each request that it did not refuse.
    arrived: Vec<String>,
    /// Messages by their id, and the numbers they went to.
    pub messages: BTreeSet<String>,
    pub numbers: Vec<String>,
}

impl Fickle {
    pub async fn start(fails: u32, seed: u64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let books = Books {
            luck: ChaCha20Rng::seed_from_u64(seed),
            fails,
            charged: 0,
            spared: 0,
            refused: 0,
            arrived: Vec::new(),
            messages: BTreeSet::new(),
            numbers: Vec::new(),
        };
        let state = Arc::new(Mutex::new(books));
        let router = Router::new().fallback(answer).with_state(state.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, state }
    }

    pub fn books(&self) -> Books {
        self.state.lock().unwrap().clone()
    }

    /// Attempts at the provider of this name that never reached it, because a
    /// busy machine ran out of patience before: the ledger cannot know, and
    /// counts them as what may have cost something.
    pub async fn unheard(&self, app: &TestApp, name: &str) -> i64 {
        let (books, mut unheard) = (self.books(), 0);
        for message in app.ledger().await {
            let id = message.message_id.to_string();
            let mut here = app.attempts(&message).await;
            here.retain(|it| it.provider == name && it.outcome.is_charged());
            let missing = here.len() - books.arrived.iter().filter(|it| **it == id).count();
            let unknown = here.iter().filter(|it| it.outcome == Outcome::Unknown).count();
            assert!(missing <= unknown, "{message:?} {here:?}: what was answered was heard");
            unheard += i64::try_from(missing).unwrap();
        }
        unheard
    }
}

async fn answer(State(state): State<Arc<Mutex<Books>>>, body: Bytes) -> Response {
    state.lock().unwrap().take(&body).into_response()
}

impl Books {
    fn take(&mut self, body: &[u8]) -> StatusCode {
        let body: Value = serde_json::from_slice(body).unwrap();
        let id = body["id"].as_str().unwrap().to_owned();
        let fails = self.luck.random_range(0..100) < self.fails;
        let status = match self.luck.random_range(0..3) {
            _ if !fails => StatusCode::OK,
            0 => {
                self.refused += 1;
                return StatusCode::BAD_REQUEST;
            }
            1 => {
                self.spared += 1;
                self.arrived.push(id);
                return StatusCode::INTERNAL_SERVER_ERROR;
            }
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        };
        self.charged += 1;
        self.arrived.push(id.clone());
        self.messages.insert(id);
        self.numbers.push(body["to"].as_str().unwrap().to_owned());
        status
    }
}
