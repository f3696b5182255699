//! What was secret on the wire is nowhere to be read afterwards.

mod known;
mod log;
mod marked;
mod operator;

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
    let (found, log, figures) = logged(async {
        let app = TestApp::on(setup.await?).await;
        let secrets = every_operation(&app).await;
        Some((secrets, app.everything_stored().await))
    });
    let Some((secrets, stored)) = found else { return };
    assert!(String::from_utf8_lossy(&stored).contains("@acme.example"), "the database was read");
    assert!(log.contains("answered"), "the log was kept");
    assert_eq!(secrets.found_in(&stored), Vec::<String>::new(), "in the database");
    assert!(figures.contains("vestibule_requests_total"), "figures were kept");
    for (told, place) in [(&log, "in the log"), (&figures, "in the figures")] {
        assert_eq!(secrets.found_in(told.as_bytes()), Vec::<String>::new(), "{place}");
        assert_eq!(secrets.told_of_people(&ours(told)), Vec::<String>::new(), "{place}");
    }
}

/// Without what drivers of databases say of their statements at levels that no operator turns on.
fn ours(told: &str) -> String {
    let lines = told.lines().filter(|it| !it.contains("tokio_postgres"));
    lines.flat_map(|it| [it, "\n"]).collect()
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
    operator::everything(app, &mut secrets).await;
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
