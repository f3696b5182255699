//! The load generator against a server that does nothing: no other figure can be higher.

use super::{Pace, pressure};
use crate::{Outcome, api::Api};
use axum::{Json, Router, routing::post};
use serde_json::{Value, json};
use std::{io, net::TcpListener, rc::Rc, thread};

/// As long as the answer to a session check.
const LENGTH: usize = 2000;

/// Prints the figures.
pub async fn gauge(pace: Pace) -> Outcome {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let api = Rc::new(Api::new(&listener.local_addr()?.to_string(), "project:secret"));
    // It ends with this process.
    thread::spawn(|| serve(listener));
    let requests = vec![api.post("/", &json!({ "session_token": "token" })); pace.connections];
    let sample = pressure::sustained(&api, requests, pace, pressure::SESSION).await?;
    sample.complain();
    println!("{}", sample.figures());
    Ok(())
}

/// On a thread of its own, as a server has.
fn serve(listener: TcpListener) -> io::Result<()> {
    let answer = json!({ "padding": "x".repeat(LENGTH), "session_token": "token" });
    let app = Router::new().route("/", post(async move |_: Json<Value>| Json(answer)));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        listener.set_nonblocking(true)?;
        axum::serve(tokio::net::TcpListener::from_std(listener)?, app).await
    })
}
