//! The whole application in process, for tests: a movable clock, seeded luck,
//! an inbox for what was sent, and both databases.
//!
//! Fixtures speak the API: what a test arranges, a backend could have arranged.

mod answer;
mod app;
mod databases;
mod people;

pub use answer::Answer;
pub use app::{PROJECT_ID, SECRET, Setup, TestApp};
pub use databases::{postgres, sqlite};
pub use people::{Person, code_of};
/// For assertions and bodies.
pub use serde_json::{Value, json};

/// Makes two tests of each function: one on SQLite, one on PostgreSQL.
///
/// ```ignore
/// on_both_databases! {
///     async fn a_wrong_secret_is_refused(app: TestApp) { … }
/// }
/// ```
#[macro_export]
macro_rules! on_both_databases {
    ($($(#[$meta:meta])* async fn $name:ident($app:ident: TestApp) $body:block)*) => {$(
        $(#[$meta])*
        mod $name {
            #[expect(unused_imports, reason = "what the test's file imports")]
            use super::*;

            async fn test($app: $crate::TestApp) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                test($crate::TestApp::on($crate::sqlite().await).await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                if let Some(setup) = $crate::postgres().await {
                    test($crate::TestApp::on(setup).await).await;
                }
            }
        }
    )*};
}
