//! Databases that belong to somebody else, on both kinds.

use store::{Db, db::DatabaseUrl};

/// Puts a table with a row into a database, as another program would.
pub async fn make_foreign(url: &str) {
    let db = open(url).await;
    let mut tx = db.write().await.unwrap();
    tx.sql("CREATE TABLE ledger (entry TEXT)").execute().await.unwrap();
    tx.sql("INSERT INTO ledger (entry) VALUES ('precious')").execute().await.unwrap();
    tx.commit().await.unwrap();
}

/// Whether that row is still there, and nothing was added.
pub async fn is_untouched(url: &str) -> bool {
    let db = open(url).await;
    let rows: Vec<String> = db.read().await.unwrap().sql("SELECT entry FROM ledger").all().await.unwrap();
    rows == ["precious"] && db.tables().await.unwrap() == ["ledger"]
}

async fn open(url: &str) -> Db {
    Db::open(&url.parse::<DatabaseUrl>().unwrap()).await.unwrap()
}
