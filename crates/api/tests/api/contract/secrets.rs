//! What was secret on the wire is nowhere to be read afterwards.

mod known;
mod log;

use super::{scenarios::ready, specification::served};
use known::Secrets;
use log::logged;
use testkit::{SECRET, Setup, TestApp};

#[test]
fn no_secret_is_in_a_log_or_in_sqlite() {
    nothing_is_told(async { Some(testkit::sqlite().await) });
}

#[test]
fn no_secret_is_in_a_log_or_in_postgresql() {
    nothing_is_told(testkit::postgres());
}

fn nothing_is_told(setup: impl Future<Output = Option<Setup>> + Send + 'static) {
    let (found, log) = logged(async {
        let app = TestApp::on(setup.await?).await;
        let secrets = every_operation(&app).await;
        Some((secrets, app.everything_stored().await))
    });
    let Some((secrets, stored)) = found else { return };
    assert!(String::from_utf8_lossy(&stored).contains("@acme.example"), "the database was read");
    assert!(log.contains("answered"), "the log was kept");
    assert_eq!(secrets.found_in(&stored), Vec::<String>::new(), "in the database");
    assert_eq!(secrets.found_in(log.as_bytes()), Vec::<String>::new(), "in the log");
}

/// Calls every operation once; what was secret in calls, answers and messages.
async fn every_operation(app: &TestApp) -> Secrets {
    let mut secrets = Secrets::default();
    secrets.add("the project's secret", SECRET);
    for route in served() {
        let call = ready(app, &route.operation).await;
        secrets.add_from(&call.fields.clone().into());
        secrets.add_from(&call.send(app).await.ok().body);
        // Most are refused the second time: that is logged, too.
        call.send(app).await;
    }
    for message in app.inbox.messages(None) {
        if let Some(code) = message.code {
            secrets.add("a passcode", &code);
        }
        for (_, token) in message.text.split_whitespace().filter_map(|it| it.rsplit_once("token=")) {
            secrets.add("the token of a link", token);
        }
    }
    secrets
}
