//! The client under test, and the people who log in.

use std::env;

use stytch::b2b::client::Client;
use stytch::client::{Client as Http, Vertical};

use crate::Failure;

pub struct World {
    pub client: Client,
    pub project_id: String,
    pub slug: String,
    pub external_id: String,
    pub organization_id: String, // once it is created
    pub ada: Person,
    pub grace: Person,
    pub edsger: Person,
}

#[derive(Default)]
pub struct Person {
    pub email: String,
    pub phone: String,
    pub member_id: String,   // once the member is created
    pub totp_secret: String, // once an app is added
    pub totp_id: String,
    pub recovery_codes: Vec<String>,
}

impl World {
    pub fn new() -> Result<Self, Failure> {
        let run = format!("{:08x}", rand::random::<u32>());
        let first_line: u8 = rand::random_range(0..100);
        // Numbers 202-555-0100 to 0199 are reserved for fiction: nobody owns them.
        let person = |name, line| Person {
            email: format!("{name}-{run}@example.com"),
            phone: format!("+120255501{:02}", (first_line + line) % 100),
            ..Person::default()
        };
        Ok(Self {
            client: client_with(&setting("VESTIBULE_SECRET")?)?,
            project_id: setting("VESTIBULE_PROJECT_ID")?,
            slug: format!("e2e-rust-{run}"),
            external_id: format!("crm|rust_{run}"),
            organization_id: String::new(),
            ada: person("ada", 0),
            grace: person("grace", 1),
            edsger: person("edsger", 2),
        })
    }
}

pub fn client_with(secret: &str) -> Result<Client, Failure> {
    client_of(&setting("VESTIBULE_PROJECT_ID")?, secret)
}

pub fn client_of(project_id: &str, secret: &str) -> Result<Client, Failure> {
    let url = reqwest::Url::parse(&setting("VESTIBULE_URL")?)?;
    let http = || Http::new_with_base_url(project_id, secret, url.clone(), Vertical::B2B);
    Ok(Client::new_with_http_client(http()?, http()?))
}

pub fn setting(name: &str) -> Result<String, Failure> {
    env::var(name).map_err(|_| format!("{name} is not set; see e2e/README.md").into())
}
