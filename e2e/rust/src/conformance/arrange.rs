//! Arranges what an operation needs, by plain requests: only the call under test goes through the client.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use reqwest::{Method, Url};
use serde_json::{Map, Value, json};

use super::table::{Scenario, Table};
use crate::authenticator::right_code;
use crate::world::setting;
use crate::{Failure, dev};

pub struct Arranger<'a> {
    table: &'a Table,
    issuer: EcdsaKeyPair,
    profile_id: String,
    userinfo: String,
    projects: HashMap<String, Project>,
    phones: usize,
}

#[derive(Clone)]
pub struct Project {
    pub id: String,
    pub secret: String,
}

/// What is kept on the way, by name.
pub struct Kept {
    pub project: Project,
    names: HashMap<String, String>,
    read: HashMap<String, usize>,
}

impl<'a> Arranger<'a> {
    pub async fn new(table: &'a Table) -> Result<Self, Failure> {
        let issuer = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING)?;
        let rules = json!({ "issuer": "https://issuer.example", "audience": "vestibule", "keys": { "pem": [pem(&issuer)?] } });
        let profile = dev::post("/dev/trusted_token_profiles", &rules).await?;
        Ok(Self {
            table,
            issuer,
            profile_id: text(&profile["profile_id"])?,
            userinfo: userinfo()?,
            projects: HashMap::new(),
            phones: 0,
        })
    }

    /// Counted, as an inbox is read by place: two people on one number would read each other's codes.
    fn phone(&mut self) -> String {
        self.phones += 1;
        format!("+1202555{}", 2000 + self.phones)
    }

    /// Each arrangement has people of its own.
    pub async fn arrange(&mut self, scenario: &Scenario) -> Result<Kept, Failure> {
        let project = self.project(scenario.spec["project"].as_str()).await?;
        let phone = self.phone();
        let n = format!("{:012x}", rand::random_range(0..1_u64 << 48));
        let names = [
            ("email", format!("ada-{n}@acme.example")),
            ("email2", format!("grace-{n}@acme.example")),
            ("phone", phone),
            ("project_id", project.id.clone()),
            ("profile_id", self.profile_id.clone()),
            ("n", n),
        ];
        let names = names.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let mut kept = Kept { project, names, read: HashMap::new() };
        self.take_all(&scenario.spec["given"], &mut kept).await?;
        Ok(kept)
    }

    /// The one that the server came with, unless other settings are wanted.
    async fn project(&mut self, name: Option<&str>) -> Result<Project, Failure> {
        let Some(name) = name else {
            return Ok(Project {
                id: setting("VESTIBULE_PROJECT_ID")?,
                secret: setting("VESTIBULE_SECRET")?,
            });
        };
        if let Some(project) = self.projects.get(name) {
            return Ok(project.clone());
        }
        let settings = self.table.projects[name].to_string().replace("$userinfo", &self.userinfo);
        let made = dev::post("/dev/projects", &serde_json::from_str(&settings)?).await?;
        let project = Project { id: text(&made["project_id"])?, secret: text(&made["secret"])? };
        self.projects.insert(name.to_owned(), project.clone());
        Ok(project)
    }

    async fn take_all(&self, steps: &Value, kept: &mut Kept) -> Result<(), Failure> {
        for step in steps.as_array().into_iter().flatten() {
            match step.as_str() {
                Some(fixture) => Box::pin(self.take_all(&self.table.fixtures[fixture], kept)).await?,
                None => self.take(step, kept).await?,
            }
        }
        Ok(())
    }

    async fn take(&self, step: &Value, kept: &mut Kept) -> Result<(), Failure> {
        let Some(operation) = step["do"].as_str() else {
            let made = self.produced(step, kept).await?;
            kept.names.insert(text(&step["keep"])?, made);
            return Ok(());
        };
        let answer = asked(&kept.project, self.table.route(operation), kept.object(&step["with"])?).await?;
        for (name, path) in step["keep"].as_object().into_iter().flatten() {
            let pointer = format!("/{}", text(path)?.replace('.', "/"));
            let found = answer.pointer(&pointer).ok_or_else(|| format!("{operation} answered {answer}"))?;
            kept.names.insert(name.clone(), text(found)?);
        }
        Ok(())
    }

    async fn produced(&self, step: &Value, kept: &mut Kept) -> Result<String, Failure> {
        if !step["inbox"].is_null() {
            return kept.next_message(&text(&kept.filled(&step["inbox"])?)?, &text(&step["part"])?).await;
        }
        if let Some(secret) = step["totp"].as_str() {
            return right_code(secret).await;
        }
        if !step["sign"].is_null() {
            return self.signed(kept.object(&step["sign"])?).await;
        }
        let whom = kept.filled(&step["impersonate"])?;
        let whom = json!({ "organization": whom[0], "member": whom[1] });
        text(&dev::post("/dev/impersonation", &whom).await?["impersonation_token"])
    }

    async fn signed(&self, claims: Map<String, Value>) -> Result<String, Failure> {
        let now = dev::clock().await?.now.timestamp();
        let mut all =
            json!({ "iss": "https://issuer.example", "aud": "vestibule", "iat": now, "exp": now + 60 });
        all.as_object_mut().ok_or("claims")?.extend(claims);
        let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let message = format!("{}.{}", part(json!({ "alg": "ES256" })), part(all));
        let signature = self.issuer.sign(&SystemRandom::new(), message.as_bytes())?;
        Ok(format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }
}

impl Kept {
    pub fn object(&self, fields: &Value) -> Result<Map<String, Value>, Failure> {
        Ok(self.filled(fields)?.as_object().cloned().unwrap_or_default())
    }

    fn filled(&self, value: &Value) -> Result<Value, Failure> {
        // The longest names first: one may begin with another.
        let mut names: Vec<_> = self.names.iter().collect();
        names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
        let text =
            names.iter().fold(value.to_string(), |text, (name, it)| text.replace(&format!("${name}"), it));
        Ok(serde_json::from_str(&text)?)
    }

    /// The next one that was not read yet.
    async fn next_message(&mut self, address: &str, part: &str) -> Result<String, Failure> {
        let seen = self.read.entry(format!("{part} {address}")).or_default();
        let found = dev::inbox_of(address, part, *seen).await?;
        *seen += 1;
        if part != "link" {
            return Ok(found);
        }
        let token = Url::parse(&found)?
            .query_pairs()
            .find(|(name, _)| name == "token")
            .map(|(_, it)| it.into_owned());
        token.ok_or_else(|| format!("{found} holds no token").into())
    }
}

/// The request as any HTTP client makes it.
async fn asked(project: &Project, route: &Value, mut fields: Map<String, Value>) -> Result<Value, Failure> {
    let mut path = text(&route["path"])?.replace("{project_id}", &project.id);
    for (name, value) in fields.clone() {
        let place = format!("{{{name}}}");
        if path.contains(&place) {
            path = path.replace(&place, value.as_str().unwrap_or_default());
            fields.remove(&name);
        }
    }
    let url = Url::parse(&setting("VESTIBULE_URL")?)?.join(&path)?;
    let request =
        reqwest::Client::new().request(Method::from_bytes(text(&route["method"])?.as_bytes())?, url);
    let answer = request.basic_auth(&project.id, Some(&project.secret)).json(&fields).send().await?;
    let (status, body) = (answer.status(), answer.json::<Value>().await?);
    if status.is_success() { Ok(body) } else { Err(format!("{path} answered {status} {body}").into()) }
}

fn text(value: &Value) -> Result<String, Failure> {
    value.as_str().map(str::to_owned).ok_or_else(|| format!("{value} is no text").into())
}

fn pem(pair: &EcdsaKeyPair) -> Result<String, Failure> {
    let prefix = STANDARD.decode("MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE")?;
    // The prefix ends with the byte that begins every uncompressed point.
    let document = [&prefix[..], &pair.public_key().as_ref()[1..]].concat();
    Ok(format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", STANDARD.encode(document)))
}

/// Where sessions were kept before: its tokens are the addresses of their members.
fn userinfo() -> Result<String, Failure> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let url = format!("http://{}/userinfo", listener.local_addr()?);
    thread::spawn(move || listener.incoming().flatten().for_each(|stream| drop(tell(stream))));
    Ok(url)
}

fn tell(mut stream: TcpStream) -> std::io::Result<()> {
    let mut email = String::new();
    for line in BufReader::new(&stream).lines() {
        let line = line?;
        match line.split_once(": Bearer ") {
            Some((_, token)) => email = token.to_owned(),
            None if line.is_empty() => break,
            None => {}
        }
    }
    let body = json!({ "email": email, "email_verified": true }).to_string();
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length";
    write!(stream, "{head}: {}\r\n\r\n{body}", body.len())
}
