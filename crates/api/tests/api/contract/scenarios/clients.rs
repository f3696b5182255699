//! How the operations of clients succeed.

use super::{number, with};
use testkit::{PROJECT_ID, TestApp, Value, json};

pub async fn client_call(app: &TestApp, operation: &str) -> Value {
    if operation == "m2m.clients.create" {
        let own = json!({ "client_id": format!("billing-{}", number()), "client_secret": format!("k3#Qz9!pW-{}", number()) });
        return with(own, profile());
    }
    let client = app.m2m_client(profile()).await;
    let named = json!({ "client_id": client["client_id"] });
    let path = format!("/v1/m2m/clients/{}", client["client_id"].as_str().expect("an id"));
    let proof = json!({ "project_id": PROJECT_ID, "client_id": client["client_id"], "client_secret": client["client_secret"] });
    match operation {
        "m2m.clients.get" | "m2m.clients.delete" | "m2m.clients.secrets.rotateStart" => named,
        "m2m.clients.update" => with(with(named, profile()), json!({ "status": "inactive" })),
        "m2m.clients.secrets.rotate" | "m2m.clients.secrets.rotateCancel" => {
            app.post(&format!("{path}/secrets/rotate/start"), json!({})).await.ok();
            named
        }
        "m2m.token" => with(proof, json!({ "grant_type": "client_credentials", "scope": "read:users" })),
        "idp.introspectTokenNetwork" => {
            let token = app.m2m_token(&client, json!({})).await.ok().text("access_token");
            with(proof, json!({ "token": token, "token_type_hint": "access_token" }))
        }
        _ => panic!("{operation} has no scenario"),
    }
}

fn profile() -> Value {
    json!({
        "client_name": "Billing", "client_description": "Sends invoices.", "scopes": ["read:users", "write:users"],
        "trusted_metadata": { "plan": { "seats": 3 } },
    })
}
