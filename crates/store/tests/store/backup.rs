//! What backups stand on: a view of one moment, and a rule for every table.

use crate::{databases::Place, fixtures::NOON};
use domain::projects::{Environment, Project, ProjectSettings};
use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;
use store::{
    Db, installation, projects,
    tables::{InBackup, OnErasure, TABLES, in_backup},
};

async fn add_project(db: &Db, seed: u64) {
    let rng = &mut ChaCha20Rng::seed_from_u64(seed);
    let project = Project {
        project_id: domain::id::ProjectId::random(Environment::Test, rng),
        name: format!("project {seed}"),
        environment: Environment::Test,
        public_token: domain::id::PublicToken::random(Environment::Test, rng),
        settings: ProjectSettings::default(),
        has_webhooks: false,
        created_at: NOON,
    };
    let mut tx = db.write().await.unwrap();
    assert!(projects::create(&mut tx, &project).await.unwrap());
    tx.commit().await.unwrap();
}

on_both_databases! {
    async fn every_table_has_a_rule(db: Db) {
        let mut tables = db.tables().await.unwrap();
        tables.sort();
        let ruled: Vec<&str> = TABLES.iter().map(|(name, ..)| *name).collect();
        assert_eq!(
            tables, ruled,
            "a migration adds or drops a table: say in crates/store/src/tables.rs what becomes of its rows in a \
             backup (Kept; TooShortLived for what works once; Apart for keys) and when an organization is erased"
        );
    }

    async fn every_table_that_is_kept_can_be_read_page_by_page(db: Db) {
        let snapshot = db.snapshot().await.unwrap();
        let shapes = snapshot.shapes(|it| in_backup(it) == Some(InBackup::Kept)).await.unwrap();
        let kept = TABLES.iter().filter(|(_, rule, _)| *rule == InBackup::Kept).count();
        assert_eq!(shapes.len(), kept);
        for (at, shape) in shapes.iter().enumerate() {
            assert!(snapshot.rows_after(shape, None, 1).await.is_ok(), "{}", shape.name);
            let before = |to: &String| shapes[..at].iter().any(|it| it.name == *to);
            assert!(shape.refers_to.iter().all(before), "{} stands before what it refers to", shape.name);
        }
    }

    async fn every_row_of_an_organization_has_a_rule_for_its_erasure(db: Db) {
        let shapes = db.snapshot().await.unwrap().shapes(|it| it != "refinery_schema_history").await.unwrap();
        for (table, _, on_erasure) in TABLES.iter().filter(|(name, ..)| *name != "refinery_schema_history") {
            let shape = shapes.iter().find(|it| it.name == *table).unwrap();
            let names_one = shape.columns.iter().any(|it| it.name == "organization_id");
            assert_eq!(names_one, *on_erasure != OnErasure::OfNone, "{table}: see crates/store/src/tables.rs");
        }
    }

    async fn a_snapshot_does_not_see_what_is_written_after_it(db: Db) {
        for seed in 0..3 {
            add_project(&db, seed).await;
        }
        let snapshot = db.snapshot().await.unwrap();
        add_project(&db, 3).await;
        let shapes = snapshot.shapes(|it| it == "projects").await.unwrap();
        let (mut seen, mut last) = (0, None);
        loop {
            let page = snapshot.rows_after(&shapes[0], last.as_deref(), 2).await.unwrap();
            let Some(row) = page.last().cloned() else { break };
            (seen, last) = (seen + page.len(), Some(row));
        }
        assert_eq!(seen, 3);
        assert_eq!(snapshot.schema_version().await.unwrap(), installation::newest_schema());
    }
}

async fn a_schema_can_be_made_as_it_was_and_brought_up_to_date(place: Place) {
    let db = place.open().await;
    db.drop_everything().await.unwrap();
    db.migrate_to(8).await.unwrap();
    assert!(!db.tables().await.unwrap().contains(&"password_resets".to_owned()));
    db.migrate().await.unwrap();
    assert!(db.tables().await.unwrap().contains(&"password_resets".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_schema_on_sqlite() {
    a_schema_can_be_made_as_it_was_and_brought_up_to_date(Place::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_schema_on_postgres() {
    if let Some(place) = Place::postgres().await {
        a_schema_can_be_made_as_it_was_and_brought_up_to_date(place).await;
    }
}
