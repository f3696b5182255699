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
    messages::{self, Attempt, Message, News, Received},
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
        hindrance: None,
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
    let received = Received { provider: "a", reference, message: None, kind, code: None, at };
    acme.writes(async |tx| messages::apply(tx, &received).await).await.unwrap() == News::Kept
}

/// A receipt that names the message by our id, too.
async fn naming(acme: &Acme, it: &Message, reference: &str, kind: ReceiptKind) -> News {
    let message = Some(&it.message_id);
    let received = Received { provider: "a", reference, message, kind, code: None, at: minutes_later(1) };
    acme.writes(async |tx| messages::apply(tx, &received).await).await.unwrap()
}

async fn texts_due(acme: &Acme, now: Timestamp) -> Vec<Message> {
    let what = (Channel::Sms, Purpose::Passcode);
    messages::due(&mut acme.db.read().await.unwrap(), what, now, 100).await.unwrap()
}

async fn record(acme: &Acme, it: &Message) {
    acme.writes(async |tx| messages::record(tx, it).await).await.unwrap();
}

async fn found(acme: &Acme, it: &Message) -> Message {
    let mut conn = acme.db.read().await.unwrap();
    messages::find(&mut conn, &it.project_id, &it.message_id).await.unwrap().unwrap()
}

async fn attempts(acme: &Acme, it: &Message) -> Vec<Attempt> {
    let mut conn = acme.db.read().await.unwrap();
    messages::of_message(&mut conn, &it.project_id, &it.message_id).await.unwrap()
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

    async fn that_it_arrived_is_the_last_word(db: Db) {
        let acme = acme(&db).await;
        let it = taken(&acme).await;
        assert!(receipt(&acme, "sm1", ReceiptKind::Failed).await);
        assert!(receipt(&acme, "sm1", ReceiptKind::Delivered).await);
        assert_eq!(found(&acme, &it).await.state, State::Delivered);
        assert!(!receipt(&acme, "sm1", ReceiptKind::Failed).await);
    }

    async fn a_receipt_by_our_id_is_of_the_attempt_whose_reference_nobody_knew(db: Db) {
        let acme = acme(&db).await;
        let it = taken(&acme).await;
        let unanswered = Attempt { attempt: 2, outcome: Outcome::Unknown, reference: None, ..attempts(&acme, &it).await.remove(0) };
        acme.writes(async |tx| messages::begin(tx, &unanswered).await).await.unwrap();
        assert_eq!(naming(&acme, &it, "sm2", ReceiptKind::Failed).await, News::Kept);
        let told = attempts(&acme, &it).await.into_iter().map(|it| (it.reference, it.receipt));
        let (sm1, sm2) = ((Some("sm1".to_owned()), None), (Some("sm2".to_owned()), Some(ReceiptKind::Failed)));
        assert_eq!(told.collect::<Vec<_>>(), [sm1, sm2]);
        assert_eq!(found(&acme, &it).await.state, State::Accepted, "the other may arrive still");
        assert_eq!(naming(&acme, &it, "sm2", ReceiptKind::Failed).await, News::Known);
        assert_eq!(naming(&acme, &it, "sm3", ReceiptKind::Failed).await, News::Unknown);
    }

    async fn only_what_was_never_tried_holds_back_what_is_of_its_line(db: Db) {
        let acme = acme(&db).await;
        let older = waiting(&acme, "one", minutes_later(2));
        let newer = |name: &str| Message { created_at: NOON.plus(Span::milliseconds(1)), recipient_digest: digest("one"),
                                           ..waiting(&acme, name, minutes_later(2)) };
        record(&acme, &older).await;
        record(&acme, &newer("of the line")).await;
        record(&acme, &Message { organization_id: None, ..newer("of another organization") }).await;
        let ids = |all: Vec<Message>| all.into_iter().map(|it| it.message_id).collect::<std::collections::HashSet<_>>();
        let two = [older.message_id.clone(), newer("of another organization").message_id];
        assert_eq!(ids(texts_due(&acme, minutes_later(1)).await), two.into());
        let whose = (&older.project_id, &older.message_id);
        acme.writes(async |tx| messages::claim(tx, (whose, 0), (NOON, minutes_later(1))).await).await.unwrap();
        acme.writes(async |tx| messages::postpone(tx, (whose, 1), minutes_later(2)).await).await.unwrap();
        assert_eq!(texts_due(&acme, minutes_later(1)).await.len(), 2, "it was tried: all others go");
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
                let (held, until) = (((&it.project_id, &it.message_id), 0), (NOON, minutes_later(1)));
                acme.writes(async |tx| messages::claim(tx, held, until).await).await.unwrap()
            }
        });
        assert_eq!(won.await, 1);
        assert_eq!(found(&acme, &it).await.attempts, 1);
    }

    async fn whoever_was_too_slow_for_a_claim_leaves_the_message_to_the_next(db: Db) {
        let acme = acme(&db).await;
        let it = waiting(&acme, "one", minutes_later(9));
        let whose = (&it.project_id, &it.message_id);
        acme.writes(async |tx| messages::record(tx, &it).await).await.unwrap();
        for attempts in [0, 1] {
            let when = minutes_later(2 * attempts);
            let claimed = acme.writes(async |tx| messages::claim(tx, (whose, attempts), (when, when)).await).await;
            assert!(claimed.unwrap());
        }
        let slow = (whose, 1);
        assert!(!acme.writes(async |tx| messages::keep_claim(tx, slow, minutes_later(3)).await).await.unwrap());
        acme.writes(async |tx| messages::gave_up(tx, slow, minutes_later(3)).await).await.unwrap();
        acme.writes(async |tx| messages::postpone(tx, slow, minutes_later(8)).await).await.unwrap();
        assert!(!acme.writes(async |tx| messages::claim(tx, slow, (minutes_later(3), minutes_later(4))).await).await.unwrap());
        let next = (whose, 2);
        assert!(acme.writes(async |tx| messages::keep_claim(tx, next, minutes_later(4)).await).await.unwrap());
    }

    async fn nobody_gets_one_whose_pause_began_or_whose_time_is_over(db: Db) {
        let acme = acme(&db).await;
        let it = waiting(&acme, "one", minutes_later(2));
        let whose = (&it.project_id, &it.message_id);
        acme.writes(async |tx| messages::record(tx, &it).await).await.unwrap();
        acme.writes(async |tx| messages::postpone(tx, (whose, 0), minutes_later(1)).await).await.unwrap();
        for (minutes, gets) in [(0, false), (2, false), (1, true)] {
            let (now, until) = (minutes_later(minutes), minutes_later(3));
            let got = acme.writes(async |tx| messages::claim(tx, (whose, 0), (now, until)).await).await;
            assert_eq!(got.unwrap(), gets, "after {minutes} minutes");
        }
    }

    async fn of_a_backlog_of_20_000_the_expired_go_first_and_the_rest_by_the_hundred(db: Db) {
        let acme = acme(&db).await;
        backlog(&acme, 20_000, |number| number % 20 == 0).await;
        let (now, mut dropped) = (minutes_later(1), Vec::new());
        let due = texts_due(&acme, now).await;
        assert!(due.iter().all(|it| it.deadline > now), "what is too late is never read");
        loop {
            let some = acme.writes(async |tx| messages::expire(tx, now, 1000).await).await.unwrap();
            if some == 0 {
                break;
            }
            dropped.push(some);
        }
        assert_eq!(dropped, [1000; 19]);
        let due = texts_due(&acme, now).await;
        assert_eq!(due.len(), 100);
        assert!(due.is_sorted_by_key(|it| it.next_attempt_at));
        let longest = NOON.plus(Span::milliseconds(20)); // number 19,980
        assert_eq!(due[0].next_attempt_at, longest);
    }
}
