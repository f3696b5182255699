//! Clients that are programs, and their tokens.

use crate::{Answer, PROJECT_ID, TestApp};
use axum::{
    body::Body,
    http::{Method, Request, header},
};
use serde_json::{Value, json};

impl TestApp {
    /// A client with these fields, and its secret.
    pub async fn m2m_client(&self, more: Value) -> Value {
        let mut body = json!({ "scopes": ["read:users", "write:users"] });
        body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        self.post("/v1/m2m/clients", body).await.ok()["m2m_client"].clone()
    }

    /// Asks for a token with the secret that `client` holds, and with more fields.
    pub async fn m2m_token(&self, client: &Value, more: Value) -> Answer {
        let mut body = json!({ "grant_type": "client_credentials", "client_id": client["client_id"],
                               "client_secret": client["client_secret"] });
        body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        self.oauth("token", (None, "application/json"), body.to_string()).await
    }

    /// Asks whether a token is active, with the project's secret.
    pub async fn introspect(&self, token: &str) -> Answer {
        let authorization = Some(self.authorization());
        let body = json!({ "token": token }).to_string();
        self.oauth("introspect", (authorization, "application/json"), body).await
    }

    /// A call of an OAuth endpoint of the project, with these headers.
    pub async fn oauth(
        &self,
        endpoint: &str,
        (authorization, content_type): (Option<&str>, &str),
        body: impl Into<Body>,
    ) -> Answer {
        let uri = format!("/v1/public/{PROJECT_ID}/oauth2/{endpoint}");
        let request =
            Request::builder().method(Method::POST).uri(uri).header(header::CONTENT_TYPE, content_type);
        let request = match authorization {
            Some(it) => request.header(header::AUTHORIZATION, it),
            None => request,
        };
        self.send(request.body(body.into()).expect("a request")).await
    }
}
