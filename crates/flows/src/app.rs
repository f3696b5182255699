//! What every call works with.

use crate::{
    browsers::Origins,
    drift::Drift,
    hashing::Hashing,
    m2m::attempts::Attempts,
    organization_keys::{Kept, OrganizationKeys},
    sending::{Couriers, EarlyReceipts},
    signer::Signer,
    touched::Touched,
    trusted_tokens::keys::IssuerKeys,
};
use delivery::{Breaches, Hooks, Mailer, Outbound, Texts};
use domain::{passwords::Cost, prices::Prices, send_limits::Strictness, server_key::ServerKey};
use store::Db;

pub struct App {
    pub db: Db,
    pub server_key: ServerKey,
    /// In the database, unless the operator keeps them in a folder.
    pub organization_keys: OrganizationKeys,
    pub texts: Texts,
    pub mailer: Mailer,
    /// Known breaches of passwords; off until the operator configures a source.
    pub breaches: Breaches,
    pub strictness: Strictness,
    /// What texts cost; the built-in table until the operator gives one.
    pub prices: Prices,
    pub password_cost: Cost,
    pub hashing: Hashing,
    pub signer: Signer,
    pub touched: Touched,
    /// How far authenticator apps are off, written behind.
    pub drift: Drift,
    /// Calls to hosts that are not providers.
    pub outbound: Outbound,
    /// Calls to the backends of customers.
    pub hooks: Hooks,
    pub issuer_keys: IssuerKeys,
    pub attempts: Attempts,
    pub couriers: Couriers,
    pub early_receipts: EarlyReceipts,
    /// Whose pages may call.
    pub origins: Origins,
}

impl App {
    pub fn new(db: Db, server_key: ServerKey, texts: Texts, mailer: Mailer, strictness: Strictness) -> Self {
        Self {
            db,
            server_key,
            organization_keys: OrganizationKeys::kept(Kept::InDatabase),
            texts,
            mailer,
            breaches: Breaches::nowhere(),
            strictness,
            prices: Prices::built_in(),
            password_cost: Cost::default(),
            hashing: Hashing::default(),
            signer: Signer::default(),
            touched: Touched::default(),
            drift: Drift::default(),
            outbound: Outbound::default(),
            hooks: Hooks::default(),
            issuer_keys: IssuerKeys::default(),
            attempts: Attempts::new(strictness),
            couriers: Couriers::default(),
            early_receipts: EarlyReceipts::default(),
            origins: Origins::default(),
        }
    }

    /// Returns when no message is on its way. For the end of the server; what
    /// is written down later stays in the outbox.
    pub async fn last_mail(&self) {
        self.couriers.dismiss().await;
    }
}
