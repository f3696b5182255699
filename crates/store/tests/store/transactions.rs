//! What both databases make of a transaction.

use crate::fixtures::{a_project, acme, digest};
use std::{future::pending, panic::resume_unwind};
use store::{
    Db, Tx,
    db::{Conflict, Fault},
    projects,
};
use tokio::task::JoinSet;

async fn write(tx: &mut Tx, n: usize) {
    assert!(projects::create(tx, &a_project(&n.to_string())).await.unwrap());
}

async fn written(db: &Db) -> Vec<usize> {
    let projects = projects::all(&mut db.read().await.unwrap()).await.unwrap();
    let mut numbers: Vec<usize> = projects.iter().map(|it| it.name.parse().unwrap()).collect();
    numbers.sort_unstable();
    numbers
}

async fn commit(db: &Db, n: usize) -> Result<(), Fault> {
    let mut tx = db.write().await?;
    write(&mut tx, n).await;
    tx.commit().await
}

/// Takes the name of one project for another.
async fn take_token(tx: &mut Tx, project: &str, token_of: &str) -> Result<u64, Conflict> {
    tx.sql("UPDATE projects SET public_token = $2 WHERE project_id = $1")
        .bind(&a_project(project).project_id)
        .bind(&a_project(token_of).public_token)
        .execute_unless_taken()
        .await
        .unwrap()
}

on_both_databases! {
    async fn exactly_the_acknowledged_transactions_are_kept(db: Db) {
        let mut callers = JoinSet::new();
        for n in 0..200 {
            let db = db.clone();
            callers.spawn(async move {
                let mut tx = db.write().await.unwrap();
                write(&mut tx, n).await;
                let dropped = n % 5 == 0;
                if dropped { None } else { tx.commit().await.map(|()| n).ok() }
            });
        }
        let mut acknowledged: Vec<usize> = callers.join_all().await.into_iter().flatten().collect();
        acknowledged.sort_unstable();
        assert_eq!(acknowledged.len(), 160);
        assert_eq!(written(&db).await, acknowledged);
    }

    async fn connections_of_dropped_transactions_serve_again(db: Db) {
        for n in 0..40 {
            write(&mut db.write().await.unwrap(), n).await;
        }
        commit(&db, 40).await.unwrap();
        assert_eq!(written(&db).await, [40]);
    }

    async fn a_panic_undoes_its_own_transaction_alone(db: Db) {
        let mut callers = JoinSet::new();
        for n in 0..40 {
            let db = db.clone();
            callers.spawn(async move {
                let mut tx = db.write().await.unwrap();
                write(&mut tx, n).await;
                if n % 4 == 0 {
                    resume_unwind(Box::new("as a panic, without the noise"));
                }
                tx.commit().await.unwrap();
            });
        }
        while callers.join_next().await.is_some() {}
        assert_eq!(written(&db).await, (0..40).filter(|n| n % 4 != 0).collect::<Vec<_>>());
    }

    async fn a_transaction_cancelled_half_way_leaves_no_trace(db: Db) {
        let (begun, is_begun) = tokio::sync::oneshot::channel();
        let cancelled = tokio::spawn({
            let db = db.clone();
            async move {
                let mut tx = db.write().await.unwrap();
                write(&mut tx, 1).await;
                begun.send(()).unwrap();
                pending::<()>().await;
            }
        });
        is_begun.await.unwrap();
        cancelled.abort();
        commit(&db, 2).await.unwrap();
        assert_eq!(written(&db).await, [2]);
    }

    async fn what_is_not_committed_is_not_seen_and_keeps_no_reader_waiting(db: Db) {
        let mut tx = db.write().await.unwrap();
        write(&mut tx, 1).await;
        assert_eq!(written(&db).await, [0; 0]);
        tx.commit().await.unwrap();
        assert_eq!(written(&db).await, [1]);
    }

    async fn a_read_after_an_acknowledged_commit_sees_it(db: Db) {
        for n in 0..50 {
            commit(&db, n).await.unwrap();
            assert_eq!(written(&db).await.len(), n + 1);
        }
    }

    async fn a_taken_key_is_a_conflict_and_the_transaction_goes_on(db: Db) {
        commit(&db, 1).await.unwrap();
        let mut tx = db.write().await.unwrap();
        write(&mut tx, 2).await;
        assert_eq!(take_token(&mut tx, "2", "1").await, Err(Conflict));
        assert_eq!(take_token(&mut tx, "2", "3").await, Ok(1));
        tx.commit().await.unwrap();
        let all = projects::all(&mut db.read().await.unwrap()).await.unwrap();
        let two = all.into_iter().find(|it| it.name == "2").unwrap();
        assert_eq!(two.public_token, a_project("3").public_token);
    }

    async fn a_conflict_can_be_the_first_thing_that_happens(db: Db) {
        commit(&db, 1).await.unwrap();
        commit(&db, 2).await.unwrap();
        let mut tx = db.write().await.unwrap();
        assert_eq!(take_token(&mut tx, "2", "1").await, Err(Conflict));
        write(&mut tx, 3).await;
        tx.commit().await.unwrap();
        assert_eq!(written(&db).await, [1, 2, 3]);
    }

    async fn a_failed_statement_spoils_its_transaction(db: Db) {
        for wrong in ["SELECT nothing FROM nowhere", "INSERT INTO projects (project_id) VALUES ('no name')"] {
            let mut tx = db.write().await.unwrap();
            write(&mut tx, 1).await;
            assert!(tx.sql(wrong).execute().await.is_err());
            assert!(tx.sql("SELECT name FROM projects").all::<String>().await.is_err());
            assert!(tx.commit().await.is_err(), "after {wrong}");
        }
        assert_eq!(written(&db).await, [0; 0]);
    }

    async fn a_row_of_nobody_is_refused(db: Db) {
        let acme = acme(&db).await;
        let orphan = domain::sessions::Session {
            member_id: "member-test-00000000-0000-4000-8000-000000000000".parse().unwrap(),
            ..acme.session("token", crate::fixtures::NOON)
        };
        let mut tx = db.write().await.unwrap();
        assert!(store::sessions::create(&mut tx, &orphan).await.is_err());
    }

    async fn values_are_bound_by_number_whatever_their_order_in_the_statement(db: Db) {
        let mut conn = db.read().await.unwrap();
        let text = "SELECT CAST($2 AS TEXT), CAST($1 AS TEXT), CAST($2 AS TEXT)";
        let (one, two) = ("one".to_owned(), "two".to_owned());
        let found: Option<(String, String, String)> = conn.sql(text).bind(&one).bind(&two).optional().await.unwrap();
        assert_eq!(found, Some((two.clone(), one, two)));
    }

    async fn a_forgotten_value_is_an_error(db: Db) {
        let mut conn = db.read().await.unwrap();
        let text = "SELECT CAST($1 AS TEXT), CAST($2 AS TEXT)";
        let found = conn.sql(text).bind(&"one".to_owned()).all::<(String, String)>().await;
        assert!(found.is_err());
        let mut tx = db.write().await.unwrap();
        let update = "UPDATE project_secrets SET project_id = $1 WHERE secret_digest = $2";
        assert!(tx.sql(update).bind(&digest("secret")).execute().await.is_err());
    }

    async fn a_reader_changes_nothing(db: Db) {
        let mut conn = db.read().await.unwrap();
        let changed = conn.sql("DELETE FROM projects").execute().await;
        assert!(changed.is_err());
    }
}
