use super::Sqlite;
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
