//! The whole application in process, for tests: a movable clock, seeded luck,
//! an inbox for what was sent, and both databases.
//!
//! Fixtures speak the API: what a test arranges, a backend could have arranged.

mod answer;
mod app;
mod authorities;
mod backups;
mod clients;
mod couriers;
mod databases;
mod mails;
mod operators;
mod pages;
mod people;
mod second_factors;
mod webhooks;

pub use answer::Answer;
pub use app::{PROJECT_ID, SECRET, Setup, TestApp};
pub use couriers::gateways;
pub use databases::{postgres, sqlite};
pub use delivery::Breaches;
/// For tests of the limits themselves.
pub use domain::send_limits::Strictness;
pub use mails::another_code;
pub use pages::{ORIGIN, Page};
pub use people::{NEW_PASSWORD, PASSWORD, Person, code_of};
/// For assertions and bodies.
pub use serde_json::{Value, json};
pub use webhooks::{Backend, Behaviour, Hook, Received};

/// Makes two tests of each function: one on SQLite, one on PostgreSQL. With
/// `under strict limits:` in front, sending is limited as in real use.
///
/// ```ignore
/// on_both_databases! {
///     async fn a_wrong_secret_is_refused(app: TestApp) { … }
/// }
/// ```
#[macro_export]
macro_rules! on_both_databases {
    (under strict limits: $($tests:tt)*) => { $crate::on_both_databases! { @Strict $($tests)* } };
    (@$strictness:ident $($(#[$meta:meta])* async fn $name:ident($app:ident: TestApp) $body:block)*) => {$(
        $(#[$meta])*
        mod $name {
            #[expect(unused_imports, reason = "what the test's file imports")]
            use super::*;
            use $crate::{Strictness, TestApp};

            async fn test($app: TestApp) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                test(TestApp::with($crate::sqlite().await, Strictness::$strictness).await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                if let Some(setup) = $crate::postgres().await {
                    test(TestApp::with(setup, Strictness::$strictness).await).await;
                }
            }
        }
    )*};
    ($($tests:tt)*) => { $crate::on_both_databases! { @Roomy $($tests)* } };
}
