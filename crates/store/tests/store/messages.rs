use crate::fixtures::{Acme, NOON, acme, digest, luck, minutes_later, sealed, winners_of_64};
use domain::{
    Timestamp,
    id::MessageId,
    messages::{Channel, Outcome, Purpose, Reason, ReceiptKind, State},
    projects::Environment,
    time::Span,
};
use store::{
    Db,
    messages::{self, Attempt, Message, Received},
};

/// One that waits for its first attempt, of a recipient of its own.
fn waiting(acme: &Acme, name: &str, deadline: Timestamp) -> Message {
    Message {
        message_id: MessageId::random(Environment::Test, &mut luck(name)),
        project_id: acme.tenant.project_id().clone(),
        organization_id: Some(acme.tenant.organization_id().clone()),
        member_id: Some(acme.ada.clone()),
        channel: Channel::Sms,
        purpose: Purpose::Passcode,
        reason: Reason::Requested,
        recipient: "+1•••••01".to_owned(),
        recipient_digest: digest(name),
        country: None,
        carries: Some(digest(&format!("code of {name}"))),
        state: State::Waiting,
        sealed_body: Some(sealed(name)),
        attempts: 0,
        next_attempt_at: NOON,
        claimed_until: NOON,
        deadline,
        wrong_guesses: 0,
        provider: None,
        created_at: NOON,
        accepted_at: None,
        delivered_at: None,
        verified_at: None,
        failed_at: None,
    }
}

/// Taken by provider `a`, under the name `sm1`.
async fn taken(acme: &Acme) -> Message {
    let message = waiting(acme, "taken", minutes_later(2));
    let attempt = Attempt {
        message_id: message.message_id.clone(),
        attempt: 1,
        project_id: message.project_id.clone(),
        organization_id: message.organization_id.clone(),
        channel: Channel::Sms,
        country: None,
        provider: "a".to_owned(),
        price_micros: 1,
        outcome: Outcome::Accepted,
        status: None,
        code: None,
        reference: Some("sm1".to_owned()),
        began_at: NOON,
        ended_at: Some(NOON),
        receipt: None,
        receipt_code: None,
        receipt_at: None,
    };
    acme.writes(async |tx| {
        messages::record(tx, &message).await.unwrap();
        messages::begin(tx, &attempt).await.unwrap();
        messages::accepted(tx, (&message.project_id, &message.message_id), ("a", NOON)).await.unwrap();
    })
    .await;
    message
}

async fn receipt(acme: &Acme, reference: &str, kind: ReceiptKind) -> bool {
    let at = minutes_later(1);
    let received = Received { provider: "a", reference, kind, code: None, at };
    acme.writes(async |tx| messages::apply(tx, &received).await).await.unwrap().is_some()
}

async fn found(acme: &Acme, it: &Message) -> Message {
    let mut conn = acme.db.read().await.unwrap();
    messages::find(&mut conn, &it.project_id, &it.message_id).await.unwrap().unwrap()
}

async fn backlog(acme: &Acme, count: usize, is_alive: impl Fn(usize) -> bool) {
    for first in (0..count).step_by(1000) {
        let mut tx = acme.db.write().await.unwrap();
        for number in first..count.min(first + 1000) {
            let minutes = if is_alive(number) { 60 } else { 1 };
            let it = waiting(acme, &format!("message {number}"), minutes_later(minutes));
            let due = NOON.plus(Span::milliseconds(i64::try_from(count - number).unwrap()));
            messages::record(&mut tx, &Message { next_attempt_at: due, ..it }).await.unwrap();
        }
        tx.commit().await.unwrap();
    }
}

on_both_databases! {
    async fn a_final_receipt_stays(db: Db) {
        let acme = acme(&db).await;
        let it = taken(&acme).await;
        assert!(receipt(&acme, "sm1", ReceiptKind::Pending).await);
        assert_eq!(found(&acme, &it).await.state, State::Accepted);
        assert!(receipt(&acme, "sm1", ReceiptKind::Delivered).await);
        let delivered = found(&acme, &it).await;
        assert_eq!(delivered.state, State::Delivered);
        for late in [ReceiptKind::Delivered, ReceiptKind::Pending, ReceiptKind::Failed] {
            assert!(!receipt(&acme, "sm1", late).await, "{late}");
        }
        assert_eq!(found(&acme, &it).await, delivered);
    }

    async fn a_receipt_that_it_is_lost_fails_it(db: Db) {
        let acme = acme(&db).await;
        let it = taken(&acme).await;
        assert!(receipt(&acme, "sm1", ReceiptKind::Failed).await);
        assert_eq!(found(&acme, &it).await.state, State::Failed);
        let health = messages::health(&mut db.read().await.unwrap(), minutes_later(-1)).await.unwrap();
        assert_eq!((health[0].arrived, health[0].lost, health[0].accepted), (0, 1, 1));
    }

    async fn what_was_used_arrived_whatever_receipts_say(db: Db) {
        let acme = acme(&db).await;
        let it = taken(&acme).await;
        let carried = it.carries.clone().unwrap();
        let used = acme.writes(async |tx| messages::verified(tx, &it.project_id, &carried, NOON).await);
        used.await.unwrap();
        let verified = found(&acme, &it).await;
        assert_eq!(verified.state, State::Verified);
        assert!(receipt(&acme, "sm1", ReceiptKind::Failed).await, "it is kept beside the attempt");
        assert_eq!(found(&acme, &it).await, verified);
        let health = messages::health(&mut db.read().await.unwrap(), minutes_later(-1)).await.unwrap();
        assert_eq!((health[0].arrived, health[0].lost), (1, 0));
    }

    async fn an_unknown_receipt_changes_nothing(db: Db) {
        let acme = acme(&db).await;
        let it = taken(&acme).await;
        let before = found(&acme, &it).await;
        assert!(!receipt(&acme, "sm2", ReceiptKind::Failed).await);
        assert_eq!(found(&acme, &it).await, before);
    }

    async fn of_many_nodes_one_gets_a_message(db: Db) {
        let acme = acme(&db).await;
        let it = waiting(&acme, "one", minutes_later(2));
        acme.writes(async |tx| messages::record(tx, &it).await).await.unwrap();
        let won = winners_of_64(&acme, |acme| {
            let it = it.clone();
            async move {
                let (whose, until) = ((&it.project_id, &it.message_id), (NOON, minutes_later(1)));
                acme.writes(async |tx| messages::claim(tx, whose, until).await).await.unwrap()
            }
        });
        assert_eq!(won.await, 1);
        assert_eq!(found(&acme, &it).await.attempts, 1);
    }

    async fn nobody_gets_one_whose_pause_began_or_whose_time_is_over(db: Db) {
        let acme = acme(&db).await;
        let it = waiting(&acme, "one", minutes_later(2));
        let whose = (&it.project_id, &it.message_id);
        acme.writes(async |tx| messages::record(tx, &it).await).await.unwrap();
        acme.writes(async |tx| messages::postpone(tx, whose, minutes_later(1)).await).await.unwrap();
        for (minutes, gets) in [(0, false), (2, false), (1, true)] {
            let (now, until) = (minutes_later(minutes), minutes_later(3));
            let got = acme.writes(async |tx| messages::claim(tx, whose, (now, until)).await).await;
            assert_eq!(got.unwrap(), gets, "after {minutes} minutes");
        }
    }

    async fn of_a_backlog_of_20_000_the_expired_go_first_and_the_rest_by_the_hundred(db: Db) {
        let acme = acme(&db).await;
        backlog(&acme, 20_000, |number| number % 20 == 0).await;
        let (now, mut dropped) = (minutes_later(1), Vec::new());
        let due = messages::due(&mut db.read().await.unwrap(), now, 100).await.unwrap();
        assert!(due.iter().all(|it| it.deadline > now), "what is too late is never read");
        loop {
            let some = acme.writes(async |tx| messages::expire(tx, now, 1000).await).await.unwrap();
            if some == 0 {
                break;
            }
            dropped.push(some);
        }
        assert_eq!(dropped, [1000; 19]);
        let due = messages::due(&mut db.read().await.unwrap(), now, 100).await.unwrap();
        assert_eq!(due.len(), 100);
        assert!(due.is_sorted_by_key(|it| it.next_attempt_at));
        let longest = NOON.plus(Span::milliseconds(20)); // number 19,980
        assert_eq!(due[0].next_attempt_at, longest);
    }
}
