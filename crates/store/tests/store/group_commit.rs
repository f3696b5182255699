//! SQLite: many transactions in one durable commit, and nobody pays for another's misfortune.

use crate::{databases::Place, fixtures::a_project};
use std::{
    future::Future,
    pin::{Pin, pin},
    task::{Context, Poll, Waker},
    time::Duration,
};
use store::{Db, Tx, projects};
use tokio::{task::JoinSet, time::timeout};

const AT_ONCE: Duration = Duration::from_secs(10); // nothing less than a hang takes that long

async fn write(tx: &mut Tx, name: &str) {
    assert!(projects::create(tx, &a_project(name)).await.unwrap());
}

async fn written(db: &Db) -> Vec<String> {
    let projects = projects::all(&mut db.read().await.unwrap()).await.unwrap();
    projects.into_iter().map(|it| it.name).collect()
}

async fn commit(db: &Db, name: &str) {
    let mut tx = db.write().await.unwrap();
    write(&mut tx, name).await;
    tx.commit().await.unwrap();
}

/// Begins a call; none while it waits for something.
fn start<T>(call: Pin<&mut impl Future<Output = T>>) -> Option<T> {
    match call.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(answer) => Some(answer),
        Poll::Pending => None,
    }
}

/// What a call answers, now that it was begun. A busy machine may have ended the batch already.
async fn answer<T>(started: Option<T>, call: Pin<&mut impl Future<Output = T>>) -> T {
    match started {
        Some(answer) => answer,
        None => timeout(AT_ONCE, call).await.unwrap(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_who_leaves_the_line_hangs_nobody() {
    let place = Place::sqlite();
    let db = place.migrated().await;
    let mut first = db.write().await.unwrap();
    let mut leaving = JoinSet::new();
    for _ in 0..10 {
        let db = db.clone();
        leaving.spawn(async move { db.write().await.map(drop) });
    }
    tokio::time::sleep(Duration::from_millis(5)).await;
    leaving.abort_all();
    write(&mut first, "first").await;
    timeout(AT_ONCE, first.commit()).await.unwrap().unwrap();
    timeout(AT_ONCE, commit(&db, "second")).await.unwrap();
    assert_eq!(written(&db).await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_whose_peers_vanish_is_committed_by_the_timer() {
    let place = Place::sqlite();
    let db = place.migrated().await;
    for round in 0..20 {
        let mut alone = db.write().await.unwrap();
        write(&mut alone, &round.to_string()).await;
        let mut peer = Box::pin(db.write());
        assert!(start(peer.as_mut()).is_none());
        let mut committed = pin!(alone.commit());
        let started = start(committed.as_mut());
        drop(peer); // the seat was handed to it, and it never sat down
        answer(started, committed).await.unwrap();
    }
    assert_eq!(written(&db).await.len(), 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_who_leaves_before_the_answer_takes_nobody_along() {
    let place = Place::sqlite();
    let db = place.migrated().await;
    let mut impatient = db.write().await.unwrap();
    write(&mut impatient, "impatient").await;
    let mut patient = Box::pin(db.write());
    assert!(start(patient.as_mut()).is_none());
    let mut unheard = Box::pin(impatient.commit());
    let _ = start(unheard.as_mut());
    drop(unheard);
    let mut patient = patient.await.unwrap();
    write(&mut patient, "patient").await;
    timeout(AT_ONCE, patient.commit()).await.unwrap().unwrap();
    assert!(written(&db).await.contains(&"patient".to_owned()));
}

/// Two transactions, the second begun while the first waits for its commit.
/// What the second does breaks their batch, if they share one.
async fn is_told_when(db: &Db, name: &str, broken_by: &'static [&'static str]) -> bool {
    let mut first = db.write().await.unwrap();
    write(&mut first, name).await;
    let mut second = Box::pin(db.write());
    assert!(start(second.as_mut()).is_none());
    let mut committed = pin!(first.commit());
    let started = start(committed.as_mut());
    let mut second = second.await.unwrap();
    for text in broken_by {
        second.sql(text).execute().await.unwrap();
    }
    assert!(second.commit().await.is_err());
    let acknowledged = answer(started, committed).await.is_ok();
    assert_eq!(written(db).await.contains(&name.to_owned()), acknowledged);
    !acknowledged
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_is_told_when_the_shared_commit_fails() {
    let place = Place::sqlite();
    let db = place.migrated().await;
    let fails_late: &[&str] = &[
        "PRAGMA defer_foreign_keys = ON",
        "INSERT INTO project_secrets (secret_digest, project_id, created_at) VALUES ('secret', 'nobody', 0)",
    ];
    let mut told = 0;
    for round in 0..20 {
        told += usize::from(is_told_when(&db, &round.to_string(), fails_late).await);
    }
    assert_ne!(told, 0, "no two shared a commit");
    commit(&db, "afterwards").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_is_told_when_sqlite_gives_the_batch_up() {
    let place = Place::sqlite();
    let db = place.migrated().await;
    let mut told = 0;
    for round in 0..20 {
        told += usize::from(is_told_when(&db, &round.to_string(), &["ROLLBACK"]).await);
    }
    assert_ne!(told, 0, "no two shared a batch");
    commit(&db, "afterwards").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_opened_again_shows_every_acknowledged_row() {
    let place = Place::sqlite();
    let db = place.migrated().await;
    let mut callers = JoinSet::new();
    for n in 0..100 {
        let db = db.clone();
        callers.spawn(async move { commit(&db, &n.to_string()).await });
    }
    callers.join_all().await;
    drop(db);
    assert_eq!(written(&place.open().await).await.len(), 100);
}

#[tokio::test(flavor = "multi_thread")]
async fn migrations_wait_for_the_batch_that_is_open() {
    let place = Place::sqlite();
    let db = place.migrated().await;
    for round in 0..20 {
        let mut open = db.write().await.unwrap();
        write(&mut open, &round.to_string()).await;
        let mut migrated = Box::pin(db.migrate());
        assert!(start(migrated.as_mut()).is_none());
        let mut behind = Box::pin(db.write());
        assert!(start(behind.as_mut()).is_none());
        let behind = async { drop(behind.await.unwrap()) };
        let (committed, migrated, ()) = tokio::join!(open.commit(), migrated, behind);
        committed.unwrap();
        migrated.unwrap();
    }
    assert_eq!(written(&db).await.len(), 20);
}
