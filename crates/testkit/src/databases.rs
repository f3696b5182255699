//! A fresh database per test.

use crate::app::Setup;
use std::{
    path::PathBuf,
    sync::atomic::{AtomicU64, Ordering},
};
use store::Db;

/// What must outlive the test, and go away with it.
pub enum Keep {
    Folder(PathBuf),
    Postgres(testpg::TestDatabase),
}

/// A SQLite file of its own.
pub async fn sqlite() -> Setup {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let name = format!("vestibule-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::SeqCst));
    let folder = std::env::temp_dir().join(name);
    std::fs::create_dir_all(&folder).expect("a folder for the test");
    let url = folder.join("test.db").display().to_string();
    Setup { db: open(&url).await, keep: Keep::Folder(folder) }
}

/// A PostgreSQL database of its own; none where no server is named, which CI forbids.
pub async fn postgres() -> Option<Setup> {
    let database = testpg::fresh_database().await?;
    let db = open(&database.url()).await;
    Some(Setup { db, keep: Keep::Postgres(database) })
}

async fn open(url: &str) -> Db {
    let db = Db::open(&url.parse().expect("a database URL")).await.expect("a database");
    db.migrate().await.expect("a schema");
    db
}

impl Keep {
    /// Everything the database holds, to be searched: the bytes of its files,
    /// or all rows as text.
    pub async fn everything(&self) -> Vec<u8> {
        match self {
            Self::Folder(folder) => std::fs::read_dir(folder)
                .expect("the folder of the test")
                .flat_map(|file| std::fs::read(file.expect("a file").path()).expect("its bytes"))
                .collect(),
            Self::Postgres(database) => database.rows().await.join("\n").into_bytes(),
        }
    }
}

impl Drop for Keep {
    fn drop(&mut self) {
        match self {
            Self::Folder(folder) => drop(std::fs::remove_dir_all(folder)),
            Self::Postgres(_) => {} // drops itself
        }
    }
}
