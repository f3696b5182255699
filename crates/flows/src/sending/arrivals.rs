//! Receipts, taken down in the ledger: who gave them was checked before.

use crate::{App, Result};
use delivery::{Outcome, Receipt};
use domain::{Timestamp, id::MessageId, messages::ReceiptKind, time::Span};
use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};
use store::messages::{self, News, Received};

/// A receipt can come before it is written down what the provider calls the message.
const AGAIN: Span = Span::seconds(5);
/// Receipts that wait to be tried again, at most; the oldest are forgotten.
const WAITING: usize = 1000;

/// Receipts of what the ledger does not know yet, on this node, and when each is
/// tried again.
#[derive(Default)]
pub struct Early(Mutex<VecDeque<(Timestamp, String, Receipt)>>);

impl Early {
    fn put(&self, at: Timestamp, provider: &str, receipt: &Receipt) {
        let mut waiting = self.waiting();
        if waiting.len() >= WAITING {
            waiting.pop_front();
        }
        waiting.push_back((at, provider.to_owned(), receipt.clone()));
    }

    fn next(&self, now: Timestamp) -> Option<(Timestamp, String, Receipt)> {
        let mut waiting = self.waiting();
        if waiting.front()?.0 > now {
            return None;
        }
        waiting.pop_front()
    }

    fn waiting(&self) -> MutexGuard<'_, VecDeque<(Timestamp, String, Receipt)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Keeps what a provider told; how many receipts were news. What the ledger does
/// not know is tried once more after five seconds, and then ignored: it may be
/// of another installation.
///
/// # Errors
/// When the database fails; the provider then tells again.
pub async fn apply(app: &App, provider: &str, receipts: &[Receipt], now: Timestamp) -> Result<u64> {
    let mut news = 0;
    for receipt in receipts {
        match keep(app, provider, receipt).await? {
            News::Kept => news += 1,
            News::Known => {}
            News::Unknown => app.early_receipts.put(now.plus(AGAIN), provider, receipt),
        }
    }
    Ok(news)
}

/// Tries once more what came too early.
///
/// # Errors
/// When the database fails; what was not tried waits still.
pub async fn again(app: &App, now: Timestamp) -> Result<()> {
    while let Some((at, provider, receipt)) = app.early_receipts.next(now) {
        if let Err(error) = keep(app, &provider, &receipt).await {
            app.early_receipts.put(at, &provider, &receipt);
            return Err(error);
        }
    }
    Ok(())
}

async fn keep(app: &App, provider: &str, receipt: &Receipt) -> Result<News> {
    let named: Option<MessageId> = receipt.message_id.as_deref().and_then(|it| it.parse().ok());
    let received = Received {
        provider,
        reference: &receipt.reference,
        message: named.as_ref(),
        kind: kind(receipt.outcome),
        code: code(receipt.outcome),
        at: receipt.at,
    };
    let mut tx = app.db.write().await?;
    let news = messages::apply(&mut tx, &received).await?;
    tx.commit().await?;
    Ok(news)
}

fn kind(outcome: Outcome) -> ReceiptKind {
    match outcome {
        Outcome::Delivered => ReceiptKind::Delivered,
        Outcome::Failed { .. } => ReceiptKind::Failed,
        Outcome::Pending => ReceiptKind::Pending,
    }
}

fn code(outcome: Outcome) -> Option<i64> {
    match outcome {
        Outcome::Failed { code } => code.map(i64::from),
        Outcome::Delivered | Outcome::Pending => None,
    }
}
