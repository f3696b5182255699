//! Requests without pause, answered as they must be or counted as failures.

use super::{Pace, sample::Sample};
use crate::{
    Outcome,
    api::Api,
    http::{Answer, Connection},
};
use std::{
    cell::RefCell,
    rc::Rc,
    time::{Duration, Instant},
};
use tokio::task::JoinSet;

const WARM_UP: Duration = Duration::from_secs(1);

/// What an answer must hold to count: this text of JSON, and not the end of an empty string after it.
#[derive(Clone, Copy)]
pub struct Proof(&'static str);

pub const SESSION: Proof = Proof("\"session_token\":\"");
pub const INTERMEDIATE_SESSION: Proof = Proof("\"intermediate_session_token\":\"");

/// Each connection sends the requests of its own share again and again, for as
/// long as the pace says. What happens in the second before that is not counted.
pub async fn sustained(api: &Rc<Api>, requests: Vec<Vec<u8>>, pace: Pace, proof: Proof) -> Outcome<Sample> {
    let mut tasks = JoinSet::new();
    for share in shares(requests, pace.connections) {
        let connection = api.connect().await?;
        tasks.spawn_local(async move {
            let mut sender = Sender { connection, proof, sample: Sample::default() };
            sender.repeat(&share, WARM_UP).await?;
            sender.sample = Sample::default();
            sender.repeat(&share, pace.duration()).await?;
            Ok::<_, std::io::Error>(sender.sample)
        });
    }
    let mut total = Sample::default();
    while let Some(sample) = tasks.join_next().await {
        total.beside(sample??);
    }
    Ok(total)
}

/// Each request once, whoever is free takes the next.
pub async fn once(
    api: &Rc<Api>,
    requests: Vec<Vec<u8>>,
    connections: usize,
    proof: Proof,
) -> Outcome<Sample> {
    let mut senders = Vec::new();
    for _ in 0..connections {
        senders.push(Sender { connection: api.connect().await?, proof, sample: Sample::default() });
    }
    let start = Instant::now();
    let pile = Rc::new(RefCell::new(requests));
    let mut tasks = JoinSet::new();
    for mut sender in senders {
        let pile = Rc::clone(&pile);
        tasks.spawn_local(async move {
            while let Some(request) = top_of(&pile) {
                sender.send(&request).await?;
            }
            Ok::<_, std::io::Error>(sender.sample)
        });
    }
    let mut total = Sample::default();
    while let Some(sample) = tasks.join_next().await {
        total.beside(sample??);
    }
    total.elapsed = start.elapsed();
    Ok(total)
}

struct Sender {
    connection: Connection,
    proof: Proof,
    sample: Sample,
}

impl Sender {
    async fn repeat(&mut self, share: &[Vec<u8>], duration: Duration) -> std::io::Result<()> {
        let start = Instant::now();
        for request in share.iter().cycle() {
            self.send(request).await?;
            if start.elapsed() >= duration {
                break;
            }
        }
        self.sample.elapsed = start.elapsed();
        Ok(())
    }

    async fn send(&mut self, request: &[u8]) -> std::io::Result<()> {
        let start = Instant::now();
        let answer = self.connection.exchange(request).await?;
        if answer.status == 200 && self.proof.is_in(answer.body) {
            self.sample.succeeded(start.elapsed());
        } else {
            self.sample.failed(|| told(&answer));
        }
        Ok(())
    }
}

impl Proof {
    /// Without reading the whole answer as JSON, which would cost more than many a server.
    fn is_in(self, body: &[u8]) -> bool {
        let begin = self.0.as_bytes();
        let place = body.windows(begin.len()).position(|part| part == begin);
        place.and_then(|place| body.get(place + begin.len())).is_some_and(|first| *first != b'"')
    }
}

fn told(answer: &Answer) -> String {
    format!("{} {}", answer.status, String::from_utf8_lossy(answer.body))
}

/// As many as there are connections, or one for each request if these are fewer.
fn shares(requests: Vec<Vec<u8>>, connections: usize) -> Vec<Vec<Vec<u8>>> {
    let mut shares = vec![Vec::new(); connections.min(requests.len())];
    for (place, request) in requests.into_iter().enumerate() {
        shares[place % connections].push(request);
    }
    shares
}

fn top_of<T>(pile: &RefCell<Vec<T>>) -> Option<T> {
    pile.borrow_mut().pop()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_token_proves_nothing() {
        assert!(SESSION.is_in(br#"{"a":1,"session_token":"x"}"#));
        assert!(!SESSION.is_in(br#"{"intermediate_session_token":"x","session_token":""}"#));
        assert!(!SESSION.is_in(br#"{"session_token":null}"#));
    }

    #[test]
    fn every_request_is_in_one_share() {
        let shares = shares(vec![vec![1], vec![2], vec![3]], 2);
        assert_eq!(shares, [vec![vec![1], vec![3]], vec![vec![2]]]);
    }
}
