//! What leaves: every event at least once, in a form that can be verified by itself.

use super::{chain_of, extend};
use axum::{Router, http::StatusCode, routing::post};
use delivery::AuditSink;
use domain::audit::{key::PublicKey, verification::Wrong};
use flows::audit::{
    export::{Progress, round},
    offline, signing,
    verification::{Kept, Part},
};
use std::{
    path::PathBuf,
    sync::{Arc, Mutex},
};
use testkit::{TestApp, Value, on_both_databases};
use tokio::{
    io::AsyncReadExt,
    net::{TcpListener, UdpSocket},
};

struct File(PathBuf);

impl File {
    fn new(app: &TestApp) -> Self {
        Self(std::env::temp_dir().join(format!(
            "export-{}-{:p}",
            std::process::id(),
            Arc::as_ptr(&app.api.app)
        )))
    }

    fn lines(&self) -> Vec<String> {
        let text = std::fs::read_to_string(&self.0).unwrap();
        text.lines().filter(|it| !it.is_empty()).map(str::to_owned).collect()
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

fn sink(destination: &str) -> AuditSink {
    AuditSink::parse(destination, None, None).unwrap()
}

async fn exported(app: &TestApp, (progress, sink): (&mut Progress, &mut AuditSink)) -> flows::Result<u64> {
    round(&app.api.app.db, &Part::default(), (progress, sink), (3, "0")).await
}

fn stored() -> Progress {
    Progress::Stored("test".to_owned())
}

fn sequences(lines: &[String], organization: &str) -> Vec<i64> {
    let events = lines.iter().map(|it| serde_json::from_str::<Value>(it).unwrap());
    let ours = events.filter(|it| it["unmapped"]["organization_id"] == organization);
    ours.map(|it| it["unmapped"]["sequence"].as_i64().unwrap()).collect()
}

async fn offline(app: &TestApp, lines: &[String], with_heads: bool) -> flows::audit::verification::Report {
    let keys: Vec<PublicKey> =
        signing::public_keys(&app.api.app.db).unwrap().iter().map(|it| it.parse().unwrap()).collect();
    let documents = signing::after(&app.api.app.db, 0, 100).await.unwrap();
    let kept: Kept = Box::new(documents.into_iter().map(|(_, signed)| Ok(signed)));
    offline::verify(lines.iter().cloned().map(Ok), &keys, with_heads.then_some(kept))
}

on_both_databases! {
    async fn every_event_is_written_once_and_what_came_since_the_next_time(app: TestApp) {
        let (one, other, file) = (chain_of(&app, 5).await, chain_of(&app, 2).await, File::new(&app));
        let mut sink = sink(file.0.to_str().unwrap());
        exported(&app, (&mut stored(), &mut sink)).await.unwrap();
        assert_eq!(sequences(&file.lines(), one.as_str()), [1, 2, 3, 4, 5]);
        extend(&app, &other).await;
        assert_eq!(exported(&app, (&mut stored(), &mut sink)).await.unwrap(), 1);
        assert_eq!(sequences(&file.lines(), other.as_str()), [1, 2, 3]);
        assert_eq!(exported(&app, (&mut stored(), &mut sink)).await.unwrap(), 0);
    }

    async fn what_a_collector_does_not_take_is_sent_again(app: TestApp) {
        let organization = chain_of(&app, 2).await;
        let taken: Arc<Mutex<Vec<String>>> = Arc::default();
        let (calls, keep) = (Arc::new(Mutex::new(0)), taken.clone());
        let collect = post(move |body: String| async move {
            let mut calls = calls.lock().unwrap();
            *calls += 1;
            if *calls == 1 {
                return StatusCode::SERVICE_UNAVAILABLE;
            }
            keep.lock().unwrap().extend(body.lines().map(str::to_owned));
            StatusCode::NO_CONTENT
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut sink = sink(&format!("http://{}/", listener.local_addr().unwrap()));
        tokio::spawn(async move { axum::serve(listener, Router::new().route("/", collect)).await });
        assert!(exported(&app, (&mut stored(), &mut sink)).await.is_err());
        exported(&app, (&mut stored(), &mut sink)).await.unwrap();
        let taken = taken.lock().unwrap().clone();
        assert_eq!(sequences(&taken, organization.as_str()), [1, 2]);
    }

    async fn syslog_carries_each_event_with_its_length_or_in_a_datagram(app: TestApp) {
        chain_of(&app, 1).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut tcp = sink(&format!("syslog+tcp://{}", listener.local_addr().unwrap()));
        let reading = tokio::spawn(async move {
            let mut text = String::new();
            listener.accept().await.unwrap().0.read_to_string(&mut text).await.unwrap();
            text
        });
        let events = exported(&app, (&mut stored(), &mut tcp)).await.unwrap();
        drop(tcp);
        let mut text = reading.await.unwrap();
        for _ in 0..events {
            let (length, rest) = text.split_once(' ').unwrap();
            let (message, rest) = rest.split_at(length.parse().unwrap());
            let json = message.splitn(8, ' ').last().unwrap();
            assert!(message.starts_with("<110>1 ") && serde_json::from_str::<Value>(json).is_ok(), "{message}");
            text = rest.to_owned();
        }
        assert_eq!(text, "");
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let mut udp = sink(&format!("syslog+udp://{}", socket.local_addr().unwrap()));
        exported(&app, (&mut Progress::Stored("udp".to_owned()), &mut udp)).await.unwrap();
        let mut datagram = vec![0; 65_536];
        let length = socket.recv(&mut datagram).await.unwrap();
        assert!(datagram[..length].starts_with(b"<110>1 "));
    }

    async fn an_export_is_verified_with_a_public_key_alone(app: TestApp) {
        let (organization, file) = (chain_of(&app, 4).await, File::new(&app));
        signing::sign_moved(&app.api.app.db, app.now()).await.unwrap();
        exported(&app, (&mut stored(), &mut sink(file.0.to_str().unwrap()))).await.unwrap();
        let lines = file.lines();
        let repeated = [lines.clone(), lines.clone()].concat();
        assert!(offline(&app, &lines, true).await.is_good());
        assert!(offline(&app, &repeated, true).await.is_good(), "at least once");
        let at = |sequence: &str| {
            let is = |it: &&String| it.contains(organization.as_str()) && it.contains(&format!("\"sequence\":{sequence},\"hash\""));
            lines.iter().position(|it| is(&it)).unwrap()
        };
        let bad = async |lines: Vec<String>, with_heads| offline(&app, &lines, with_heads).await.bad;
        let mut edited = lines.clone();
        edited[at("2")] = edited[at("2")].replace("\"actor\":\"member\"", "\"actor\":\"operator\"");
        let found = bad(edited, true).await;
        assert_eq!((found[0].sequence, &found[0].wrong), (2, &Wrong::Edited));
        let without = |sequence| [&lines[..at(sequence)], &lines[at(sequence) + 1..]].concat();
        let found = bad(without("3"), true).await;
        assert_eq!((found[0].sequence, &found[0].wrong), (3, &Wrong::Missing));
        assert_eq!(bad(without("4"), true).await[0].wrong, Wrong::RolledBack { number: 1, length: 4 });
        assert!(bad(without("4"), false).await.is_empty(), "only heads tell where it should end");
    }
}
