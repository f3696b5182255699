use crate::fixtures::{Acme, NOON, a_project, acme, digest, minutes_later, winners_of_64};
use domain::{Timestamp, sessions::Session};
use store::{Db, Tx, members, organizations, sessions};

async fn open(acme: &Acme, token: &str) -> Session {
    let session = acme.session(token, minutes_later(60));
    assert!(acme.writes(async |tx| sessions::create(tx, &session).await).await.unwrap());
    session
}

/// Writes the session under a new token.
async fn save(acme: &Acme, old: &str, new: &str, now: Timestamp) -> bool {
    let (old_digest, changed) =
        (digest(old), Session { token_digest: digest(new), ..acme.session(old, minutes_later(90)) });
    acme.writes(async |tx| sessions::save(tx, &acme.tenant, &old_digest, &changed, now).await).await.unwrap()
}

async fn found_at(acme: &Acme, token: &str, now: Timestamp) -> Option<Session> {
    let mut conn = acme.db.read().await.unwrap();
    let live = sessions::by_token(&mut conn, acme.tenant.project_id(), &digest(token), now).await.unwrap();
    live.map(|it| it.session)
}

async fn found(acme: &Acme, token: &str) -> Option<Session> {
    found_at(acme, token, NOON).await
}

on_both_databases! {
    async fn the_old_token_dies_when_a_session_is_saved(db: Db) {
        let acme = acme(&db).await;
        open(&acme, "old").await;
        assert!(save(&acme, "old", "new", NOON).await);
        assert_eq!(found(&acme, "old").await, None);
        assert_eq!(found(&acme, "new").await.unwrap().expires_at, minutes_later(90));
        assert!(!save(&acme, "old", "newer", NOON).await);
    }

    async fn of_many_who_save_a_session_one_wins(db: Db) {
        let acme = acme(&db).await;
        open(&acme, "old").await;
        assert_eq!(winners_of_64(&acme, |it| async move { save(&it, "old", "new", NOON).await }).await, 1);
    }

    async fn a_session_is_over_when_its_time_is_up(db: Db) {
        let acme = acme(&db).await;
        open(&acme, "token").await;
        assert!(found_at(&acme, "token", minutes_later(59)).await.is_some());
        assert!(found_at(&acme, "token", minutes_later(60)).await.is_none());
        assert!(!save(&acme, "token", "new", minutes_later(60)).await);
    }

    async fn a_session_is_found_by_token_and_by_id_as_it_was_written(db: Db) {
        let acme = acme(&db).await;
        let session = open(&acme, "token").await;
        let (mut conn, project, id) = (db.read().await.unwrap(), acme.tenant.project_id(), &session.member_session_id);
        let in_acme = (acme.tenant.organization_id(), id);
        let live = sessions::by_id(&mut conn, project, in_acme, NOON).await.unwrap().unwrap();
        assert_eq!((&live.session, &live.tenant), (&session, &*acme.tenant));
        assert_eq!(live.member, acme.ada_now().await);
        let live = sessions::in_project(&mut conn, project, id, NOON).await.unwrap().unwrap();
        assert_eq!(live.session, session);
    }

    async fn no_session_outlives_its_member_or_organization(db: Db) {
        let acme = acme(&db).await;
        open(&acme, "token").await;
        let delete_ada = async || acme.writes(async |tx| members::delete(tx, &acme.tenant, &acme.ada).await).await;
        assert!(delete_ada().await.unwrap());
        assert_eq!(found(&acme, "token").await, None);
        acme.writes(async |tx| members::reactivate(tx, &acme.tenant, &acme.ada).await).await.unwrap().unwrap();
        assert!(found(&acme, "token").await.is_some());
        acme.writes(async |tx| organizations::delete(tx, &acme.tenant, NOON).await).await.unwrap();
        assert_eq!(found(&acme, "token").await, None);
    }

    async fn a_session_of_another_organization_is_out_of_reach(db: Db) {
        let acme = acme(&db).await;
        let session = open(&acme, "token").await;
        let neighbour = acme.neighbour("neighbour").await;
        let stolen = async |tx: &mut Tx| sessions::revoke(tx, &neighbour, &session.member_session_id).await;
        assert!(!acme.writes(stolen).await.unwrap());
        let by_id = (neighbour.organization_id(), &session.member_session_id);
        let mut conn = db.read().await.unwrap();
        assert!(sessions::by_id(&mut conn, neighbour.project_id(), by_id, NOON).await.unwrap().is_none());
    }

    async fn a_token_of_another_project_opens_nothing(db: Db) {
        let acme = acme(&db).await;
        open(&acme, "token").await;
        let stranger = a_project("stranger");
        let mut conn = db.read().await.unwrap();
        let live = sessions::by_token(&mut conn, &stranger.project_id, &digest("token"), NOON).await.unwrap();
        assert!(live.is_none());
    }

    async fn revoking_ends_one_or_all_of_a_member(db: Db) {
        let acme = acme(&db).await;
        let one = open(&acme, "one").await.member_session_id;
        open(&acme, "two").await;
        open(&acme, "three").await;
        assert!(acme.writes(async |tx| sessions::revoke(tx, &acme.tenant, &one).await).await.unwrap());
        assert_eq!(found(&acme, "one").await, None);
        let rest = acme.writes(async |tx| sessions::revoke_all_of(tx, &acme.tenant, &acme.ada).await).await;
        assert_eq!(rest.unwrap(), 2);
    }

    async fn the_last_use_of_a_session_only_moves_forward(db: Db) {
        let acme = acme(&db).await;
        open(&acme, "token").await;
        for minute in [5, 3] {
            let (project, token, at) = (acme.tenant.project_id(), digest("token"), minutes_later(minute));
            acme.writes(async |tx| sessions::touch(tx, project, &token, at).await).await.unwrap();
        }
        assert_eq!(found(&acme, "token").await.unwrap().last_accessed_at, minutes_later(5));
    }

    async fn only_a_live_session_can_be_locked(db: Db) {
        let acme = acme(&db).await;
        let session = open(&acme, "token").await;
        let lock = async |now| {
            let token = digest("token");
            acme.writes(async |tx| sessions::lock(tx, &acme.tenant, &token, now).await).await.unwrap()
        };
        let locked = lock(minutes_later(59)).await;
        assert_eq!(locked, Some(Session { last_accessed_at: minutes_later(59), ..session }));
        assert_eq!(lock(minutes_later(60)).await, None);
    }
}
