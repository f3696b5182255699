//! A `dev` or `serve` of our own, answering; killed when dropped.

use crate::{
    client::{Client, Credentials},
    process::{Ended, PATIENCE, Running, vestibule},
};
use std::{
    collections::BTreeMap,
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

pub struct Server {
    running: Running,
    out: PathBuf,
    err: PathBuf,
}

impl Server {
    /// Starts it, its output going to files in the folder, and waits for a sign.
    pub async fn start<T>(
        folder: &Path,
        mut command: Command,
        sign: impl Fn(&Self) -> Option<T>,
    ) -> (Self, T) {
        let (out, err) = (folder.join("out"), folder.join("err"));
        let files = (File::create(&out).unwrap(), File::create(&err).unwrap());
        let child = command.stdin(Stdio::null()).stdout(files.0).stderr(files.1).spawn().unwrap();
        let mut server = Self { running: Running(child), out, err };
        let since = Instant::now();
        loop {
            if let Some(seen) = sign(&server) {
                return (server, seen);
            }
            assert!(!server.running.has_ended() && since.elapsed() < PATIENCE, "no server: {}", server.err());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    pub fn out(&self) -> String {
        fs::read_to_string(&self.out).unwrap()
    }

    pub fn err(&self) -> String {
        fs::read_to_string(&self.err).unwrap()
    }

    pub fn id(&self) -> u32 {
        self.running.0.id()
    }

    pub fn signal(&self, name: &str) {
        self.running.signal(name);
    }

    /// Waits for its end, without holding up what else the test does.
    pub async fn end(mut self) -> Ended {
        let since = Instant::now();
        while !self.running.has_ended() {
            assert!(since.elapsed() < PATIENCE, "the server does not end: {}", self.err());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Ended { code: self.running.end(), out: self.out(), err: self.err() }
    }

    pub async fn stop(self) -> Ended {
        self.signal("TERM");
        self.end().await
    }
}

/// A development server and what it says of itself.
pub struct Dev {
    pub server: Server,
    pub variables: BTreeMap<String, String>,
    pub client: Client,
}

/// The last that `dev` prints is a command that ends so.
const LAST_WORDS: &str = "\"code\":\"'\"$CODE\"'\"}'\n";

impl Dev {
    /// Starts one whose data, output and environment file are in the folder.
    pub async fn start(folder: &Path, more: &[&str]) -> Self {
        let env_file = folder.join("env");
        let _ = fs::remove_file(&env_file);
        let mut command = vestibule(folder, &["dev", "--listen", "127.0.0.1:0", "--data", "data"]);
        command.args(["--env-file", "env"]).args(more);
        let sign = |server: &Server| {
            let written = fs::read_to_string(&env_file).ok()?;
            server.out().contains(LAST_WORDS).then_some(written)
        };
        let (server, written) = Server::start(folder, command, sign).await;
        let line = |line: &str| line.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()));
        let variables: BTreeMap<_, _> = written.lines().filter_map(line).collect();
        let of = |name: &str| variables[&format!("VESTIBULE_{name}")].clone();
        let credentials = Credentials { project_id: of("PROJECT_ID"), secret: of("SECRET") };
        let client = Client::new(&of("URL"), &credentials);
        Self { server, variables, client }
    }

    /// One of its variables, without the prefix.
    pub fn of(&self, name: &str) -> &str {
        &self.variables[&format!("VESTIBULE_{name}")]
    }

    /// Its port on this machine.
    pub fn address(&self) -> &str {
        self.of("URL").strip_prefix("http://").unwrap()
    }
}
