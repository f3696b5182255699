//! What an operator sets up: a folder with a configuration, a key and a project.

use crate::{
    client::{Client, Credentials},
    process::{Ended, run, vestibule},
    server::Server,
};
use std::{
    fs,
    net::SocketAddr,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};
use tempfile::TempDir;

pub struct Installation {
    folder: TempDir,
}

impl Installation {
    /// As `init` leaves it, but on a port of its own.
    pub fn new() -> Self {
        let folder = TempDir::new().unwrap();
        run(&mut vestibule(folder.path(), &["init"])).ok();
        let this = Self { folder };
        this.configure("");
        this
    }

    /// One with a database of PostgreSQL.
    pub fn on(url: &str) -> Self {
        let this = Self::new();
        this.configure(&format!("database = \"{url}\"\n"));
        this
    }

    /// Another node: the same configuration, key and secrets in a folder of its own.
    pub fn another_node(&self) -> Self {
        let folder = TempDir::new().unwrap();
        let files = fs::read_dir(self.folder()).unwrap().map(|it| it.unwrap().file_name());
        for file in files.filter(|it| it != "out" && it != "err") {
            fs::copy(self.folder().join(&file), folder.path().join(file)).unwrap();
        }
        Self { folder }
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join(file)
    }

    /// Replaces the configuration; what is not said is as by default.
    pub fn configure(&self, text: &str) {
        let listen = if text.contains("listen =") { "" } else { "listen = \"127.0.0.1:0\"\n" };
        fs::write(self.path("vestibule.toml"), format!("{listen}{text}")).unwrap();
    }

    /// Adds to the head of the configuration.
    pub fn add(&self, text: &str) {
        self.configure(&format!("{text}{}", self.config().replace("listen = \"127.0.0.1:0\"\n", "")));
    }

    /// Writes a file that only its owner may read.
    pub fn secret_file(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
        self.permit(name, 0o600);
    }

    pub fn permit(&self, name: &str, mode: u32) {
        fs::set_permissions(self.path(name), fs::Permissions::from_mode(mode)).unwrap();
    }

    /// A command to add to.
    pub fn command(&self, words: &[&str]) -> Command {
        vestibule(self.folder(), words)
    }

    #[track_caller]
    pub fn run(&self, words: &[&str]) -> Ended {
        run(&mut self.command(words))
    }

    /// A project that may text to the numbers of these tests.
    pub fn create_project(&self) -> Credentials {
        let printed = self.run(&["project", "create", "--name", "Test", "--env", "test"]).ok();
        let project_id = value(&printed, "project_id");
        self.run(&["project", "set", &project_id, "sms.countries=US,CA"]).ok();
        Credentials { project_id, secret: value(&printed, "secret") }
    }

    pub async fn serve(&self) -> (Server, String) {
        self.serve_with(self.command(&["serve"])).await
    }

    /// Returns when the port is taken: whoever calls now is answered.
    pub async fn serve_with(&self, command: Command) -> (Server, String) {
        let scheme = if self.config().contains("[tls]") { "https" } else { "http" };
        let (server, address) = Server::start(self.folder(), command, |server| address(&server.err())).await;
        (server, format!("{scheme}://127.0.0.1:{}", address.port()))
    }

    /// A server with a project, and a client for it.
    pub async fn open(&self) -> (Server, Client) {
        let credentials = self.create_project();
        let (server, url) = self.serve().await;
        (server, Client::new(&url, &credentials))
    }

    fn config(&self) -> String {
        fs::read_to_string(self.path("vestibule.toml")).unwrap()
    }
}

/// The value beside a name in what a command printed: `name  value`, `name = value`.
#[track_caller]
pub fn value(printed: &str, name: &str) -> String {
    let rest = |line: &str| line.strip_prefix(name).filter(|it| it.starts_with(' ')).map(str::to_owned);
    let found = printed.lines().find_map(rest).unwrap_or_else(|| panic!("no {name} in {printed}"));
    found.trim_start_matches([' ', '=']).trim_end().to_owned()
}

/// Where a server listens, as it logs it for people or for machines.
fn address(log: &str) -> Option<SocketAddr> {
    let line = log.lines().find(|line| line.contains("serving"))?;
    let (_, rest) = line.split_once("address")?;
    rest.trim_start_matches(['"', ':', '=']).split([' ', '"', ',']).next()?.parse().ok()
}
