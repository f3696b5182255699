use super::{Fault, Sqlite, Value};
use crate::{databases::Place, db::DatabaseUrl};
use std::{
    pin::pin,
    sync::atomic::Ordering,
    task::{Context, Waker},
};

#[tokio::test]
async fn a_caller_who_leaves_the_line_is_counted_no_longer() {
    let place = Place::sqlite();
    let DatabaseUrl::Sqlite(path) = place.url() else { panic!("not a file") };
    let sqlite = Sqlite::open(&path).unwrap();
    let _seat = sqlite.begin().await.unwrap();
    {
        let mut impatient = pin!(sqlite.begin());
        assert!(impatient.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        assert_eq!(sqlite.waiting.load(Ordering::SeqCst), 1);
    }
    assert_eq!(sqlite.waiting.load(Ordering::SeqCst), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_answers_everybody_and_takes_again_when_there_is_room() {
    let place = Place::sqlite();
    let DatabaseUrl::Sqlite(path) = place.url() else { panic!("not a file") };
    let sqlite = std::sync::Arc::new(Sqlite::open(&path).unwrap());
    pragma(&sqlite, "CREATE TABLE kept (text TEXT NOT NULL)").await;
    pragma(&sqlite, "PRAGMA max_page_count = 40").await;
    let mut callers = tokio::task::JoinSet::new();
    for _ in 0..64 {
        callers.spawn(insert(sqlite.clone()));
    }
    // Nobody waits for ever: each is told, one way or the other.
    let told = tokio::time::timeout(std::time::Duration::from_secs(20), callers.join_all()).await.unwrap();
    let kept = told.iter().filter(|it| it.is_ok()).count();
    assert!(kept < 64, "the disk was full");
    assert!(told.iter().filter_map(|it| it.as_ref().err()).all(Fault::is_unavailable), "{told:?}");
    assert_eq!(count(&sqlite), kept, "what was acknowledged is there, and nothing else");

    pragma(&sqlite, "PRAGMA max_page_count = 100000").await;
    insert(sqlite.clone()).await.unwrap();
    assert_eq!(count(&sqlite), kept + 1);
}

async fn pragma(sqlite: &Sqlite, text: &str) {
    sqlite.alone().await.conn.execute_batch(text).unwrap();
}

/// A row of two pages.
async fn insert(sqlite: std::sync::Arc<Sqlite>) -> Result<(), Fault> {
    let mut writer = sqlite.begin().await?;
    let text = Value::Text(Some("x".repeat(8000)));
    writer.run("INSERT INTO kept (text) VALUES ($1)", &[text])?;
    tokio::task::yield_now().await; // others join the batch
    writer.commit().await
}

fn count(sqlite: &Sqlite) -> usize {
    sqlite.reader().unwrap().rows("SELECT text FROM kept", &[]).unwrap().len()
}
