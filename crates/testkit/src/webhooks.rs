//! The backend of a customer, as it is told what happens.

use crate::{PROJECT_ID, TestApp};
use api::webhook_objects::OBJECTS;
use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use flows::{
    projects::document::Administrator,
    webhooks::{
        dispatcher::Dispatcher,
        endpoints::{self, Wanted},
    },
};
use serde_json::Value;
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::net::TcpListener;

/// What a backend got in one call.
#[derive(Debug, Clone)]
pub struct Received {
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
    pub body: Value,
}

/// How a backend answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Behaviour {
    Status(u16),
    /// Status 429, with this in `Retry-After`.
    Later(&'static str),
    /// Sends callers elsewhere.
    Redirect(&'static str),
    /// Says nothing.
    Hang,
    /// Status 200 and a megabyte.
    Flood,
}

/// A backend on this machine; clones are the same one.
#[derive(Clone)]
pub struct Backend {
    pub url: String,
    told: Arc<Mutex<Told>>,
}

struct Told {
    received: Vec<Received>,
    behaviour: Behaviour,
}

impl Backend {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}/hooks", listener.local_addr().expect("an address"));
        let behaviour = Behaviour::Status(200);
        let told = Arc::new(Mutex::new(Told { received: Vec::new(), behaviour }));
        let router = Router::new().fallback(take).with_state(told.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, told }
    }

    pub fn behave(&self, behaviour: Behaviour) {
        self.told.lock().expect("no panic").behaviour = behaviour;
    }

    /// Everything it got, in the order it came.
    pub fn received(&self) -> Vec<Received> {
        self.told.lock().expect("no panic").received.clone()
    }

    /// The same, and forgotten.
    pub fn take(&self) -> Vec<Received> {
        std::mem::take(&mut self.told.lock().expect("no panic").received)
    }
}

async fn take(State(told): State<Arc<Mutex<Told>>>, headers: HeaderMap, bytes: Bytes) -> Response {
    let behaviour = {
        let mut told = told.lock().expect("no panic");
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        told.received.push(Received { headers, bytes: bytes.to_vec(), body });
        told.behaviour
    };
    match behaviour {
        Behaviour::Status(status) => StatusCode::from_u16(status).expect("a status").into_response(),
        Behaviour::Later(text) => {
            (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, text)]).into_response()
        }
        Behaviour::Redirect(to) => (StatusCode::FOUND, [(header::LOCATION, to)]).into_response(),
        Behaviour::Hang => {
            tokio::time::sleep(Duration::from_mins(1)).await;
            StatusCode::OK.into_response()
        }
        Behaviour::Flood => vec![b'x'; 1024 * 1024].into_response(),
    }
}

impl Received {
    /// `source.object_type.action`.
    pub fn event_type(&self) -> String {
        let word = |it: &str| self.body[it].as_str().unwrap_or_default().to_lowercase();
        format!("{}.{}.{}", word("source"), word("object_type"), word("action"))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().expect("text")
    }
}

/// An endpoint as it was made.
#[derive(Debug, Clone)]
pub struct Hook {
    pub id: String,
    pub secret: String,
}

impl TestApp {
    /// Tells a backend these events of the project.
    pub async fn hook(&self, backend: &Backend, events: &[&str]) -> Hook {
        let wanted = Wanted {
            url: Some(backend.url.clone()),
            events: Some(events.iter().map(|&it| it.to_owned()).collect()),
            ..Wanted::default()
        };
        let luck = (self.now(), &mut (self.api.entropy)());
        let project = self.project().await;
        let made = endpoints::create(&self.api.app, (&project, wanted), Administrator::Operator, luck).await;
        let (endpoint, secret) = made.expect("an endpoint");
        assert_eq!(endpoint.project_id.as_str(), PROJECT_ID);
        Hook { id: endpoint.endpoint_id.to_string(), secret: secret.expose().to_owned() }
    }

    /// The worker of this node.
    pub fn dispatcher(&self) -> Dispatcher {
        let (clock, luck) = (self.api.clock.clone(), self.api.entropy.clone());
        Dispatcher::new(self.api.app.clone(), OBJECTS, clock, luck)
    }

    /// Sends everything that is due at this moment.
    pub async fn dispatch(&self) {
        self.dispatcher().run_once().await.expect("no fault");
    }
}
