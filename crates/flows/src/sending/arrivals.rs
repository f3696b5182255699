//! Receipts, taken down in the ledger: who gave them was checked before.

use crate::{App, Result};
use delivery::{Outcome, Receipt};
use domain::{id::MessageId, messages::ReceiptKind};
use store::messages::{self, Received};

/// Keeps what a provider told; how many receipts were news. What the ledger
/// does not know is ignored: it may be of another installation.
///
/// # Errors
/// When the database fails; the provider then tells again.
pub async fn apply(app: &App, provider: &str, receipts: &[Receipt]) -> Result<u64> {
    let mut news = 0;
    for receipt in receipts {
        let mut tx = app.db.write().await?;
        let kind = kind(receipt.outcome);
        let received = Received {
            provider,
            reference: &receipt.reference,
            kind,
            code: code(receipt.outcome),
            at: receipt.at,
        };
        let mut known = messages::apply(&mut tx, &received).await?.is_some();
        let named: Option<MessageId> = receipt.message_id.as_deref().and_then(|it| it.parse().ok());
        if let Some(message) = named.filter(|_| !known) {
            known = messages::apply_to(&mut tx, &message, &received).await?;
        }
        tx.commit().await?;
        news += u64::from(known);
    }
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
