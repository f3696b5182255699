use crate::fixtures::{Acme, NOON, acme, digest, minutes_later, phone_id, winners_of_64};
use domain::Timestamp;
use store::{
    Db,
    passcodes::{
        self,
        Guess::{self, Dead, Right, Wrong},
    },
};

async fn send(acme: &Acme, code: &str) {
    let (phone, digest) = (phone_id("ada"), digest(code));
    acme.writes(async |tx| passcodes::replace(tx, &acme.tenant, &acme.ada, (&phone, &digest), NOON).await)
        .await
        .unwrap();
}

async fn guess_at(acme: &Acme, code: &str, now: Timestamp) -> Guess {
    let code = digest(code);
    acme.writes(async |tx| passcodes::guess(tx, &acme.tenant, &acme.ada, &code, now).await).await.unwrap()
}

async fn guess(acme: &Acme, code: &str) -> Guess {
    guess_at(acme, code, NOON).await
}

on_both_databases! {
    async fn a_passcode_is_spent_once_however_many_try(db: Db) {
        let acme = acme(&db).await;
        send(&acme, "right").await;
        let won = winners_of_64(&acme, |it| async move { guess(&it, "right").await == Right }).await;
        assert_eq!(won, 1);
        assert_eq!(guess(&acme, "right").await, Dead);
    }

    async fn of_many_guesses_at_a_time_five_are_compared(db: Db) {
        let acme = acme(&db).await;
        send(&acme, "right").await;
        let compared = winners_of_64(&acme, |it| async move { guess(&it, "wrong").await == Wrong }).await;
        assert_eq!(compared, 5);
    }

    async fn five_wrong_guesses_burn_a_passcode(db: Db) {
        let acme = acme(&db).await;
        send(&acme, "right").await;
        for _ in 0..5 {
            assert_eq!(guess(&acme, "wrong").await, Wrong);
        }
        assert_eq!(guess(&acme, "right").await, Dead);
    }

    async fn the_fifth_guess_can_be_right(db: Db) {
        let acme = acme(&db).await;
        send(&acme, "right").await;
        for _ in 0..4 {
            assert_eq!(guess(&acme, "wrong").await, Wrong);
        }
        assert_eq!(guess(&acme, "right").await, Right);
    }

    async fn a_replaced_passcode_is_wrong(db: Db) {
        let acme = acme(&db).await;
        send(&acme, "first").await;
        send(&acme, "second").await;
        assert_eq!(guess(&acme, "first").await, Wrong);
        assert_eq!(guess(&acme, "second").await, Right);
    }

    async fn a_new_passcode_lives_after_a_burnt_and_a_spent_one(db: Db) {
        let acme = acme(&db).await;
        for code in ["first", "second"] {
            send(&acme, code).await;
            for _ in 0..4 {
                assert_eq!(guess(&acme, "wrong").await, Wrong);
            }
            assert_eq!(guess(&acme, code).await, Right);
        }
    }

    async fn a_passcode_is_dead_two_minutes_after_it_was_sent(db: Db) {
        let acme = acme(&db).await;
        send(&acme, "right").await;
        assert_eq!(guess_at(&acme, "right", minutes_later(2)).await, Dead);
        assert_eq!(guess_at(&acme, "right", minutes_later(1)).await, Right);
    }

    async fn nothing_is_right_where_nothing_was_sent(db: Db) {
        let acme = acme(&db).await;
        assert_eq!(guess(&acme, "right").await, Wrong);
        send(&acme, "right").await;
        acme.writes(async |tx| passcodes::delete(tx, &acme.tenant, &acme.ada).await).await.unwrap();
        assert_eq!(guess(&acme, "right").await, Wrong);
    }
}
