//! What the store promises, on both databases.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

/// Makes two tests of each function: `name::sqlite` and `name::postgres`.
macro_rules! on_both_databases {
    ($(async fn $name:ident($db:ident: Db) $body:block)*) => {$(
        mod $name {
            use super::*;

            async fn holds($db: Db) $body

            #[tokio::test(flavor = "multi_thread")]
            async fn sqlite() {
                let place = $crate::databases::Place::sqlite();
                holds(place.migrated().await).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn postgres() {
                if let Some(place) = $crate::databases::Place::postgres().await {
                    holds(place.open().await).await;
                }
            }
        }
    )*};
}

mod databases;
mod fixtures;

mod audit;
mod backup;
mod email_claims;
mod folding;
mod group_commit;
mod installation;
mod intermediate_sessions;
mod janitor;
mod m2m_clients;
mod magic_links;
mod members;
mod messages;
mod organizations;
mod passcodes;
mod passwords;
mod projects;
mod recovery_codes;
mod second_factor_guard;
mod send_counters;
mod sessions;
mod tenant;
mod totps;
mod transactions;
