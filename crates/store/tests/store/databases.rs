//! A database of its own for every test.

use domain::audit::key::AuditKey;
use std::{
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
};
use store::{Db, db::DatabaseUrl};
use testpg::TestDatabase;

/// Where a database of one test is; nothing is left of it afterwards.
pub enum Place {
    Sqlite(Folder),
    Postgres(TestDatabase),
}

pub struct Folder(PathBuf);

impl Place {
    pub fn sqlite() -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("vestibule-store-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir(&folder).unwrap();
        Self::Sqlite(Folder(folder))
    }

    /// With the schema in it; none where no server is there to test with.
    pub async fn postgres() -> Option<Self> {
        let migrate = async |url: String| {
            let db = Db::open(&url.parse().unwrap()).await.unwrap();
            db.migrate().await.unwrap();
        };
        testpg::migrated_database(migrate).await.map(Self::Postgres)
    }

    pub fn url(&self) -> DatabaseUrl {
        match self {
            Self::Sqlite(Folder(path)) => DatabaseUrl::Sqlite(path.join("db")),
            Self::Postgres(database) => database.url().parse().unwrap(),
        }
    }

    pub async fn open(&self) -> Db {
        let db = Db::open(&self.url()).await.unwrap();
        db.prove_with(audit_key());
        db
    }

    pub async fn migrated(&self) -> Db {
        let db = self.open().await;
        db.migrate().await.unwrap();
        db
    }
}

/// What proves the audit log in tests.
pub fn audit_key() -> AuditKey {
    AuditKey::of(&[(1, [7; 32].into())]).unwrap()
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(Path::new(&self.0));
    }
}
