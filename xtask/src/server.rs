//! A `vestibule dev` of our own: started, asked, stopped, killed.

use crate::{
    Failure, Outcome,
    env_file::{self, Variables},
    port, process,
};
use std::{
    fs::{self, File},
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

const PATIENCE: Duration = Duration::from_secs(30);
const LOOK_EVERY: Duration = Duration::from_millis(1);
const LINES_SHOWN: usize = 200;

/// Its data lie in a home directory, so the next one in the same home goes on
/// where this one ended. Dropped, it is killed.
pub struct Server {
    child: Child,
    address: SocketAddr,
    home: PathBuf,
    variables: Variables,
}

impl Server {
    /// Answers requests when this returns.
    pub fn start(binary: &Path, home: &Path, database: Option<&str>) -> Outcome<Self> {
        Self::start_timed(binary, home, database).map(|(server, _)| server)
    }

    /// The same, and how long it took from its birth to its first answer.
    pub fn start_timed(binary: &Path, home: &Path, database: Option<&str>) -> Outcome<(Self, Duration)> {
        // An older one's file would be believed.
        let _ = fs::remove_file(env_file_in(home));
        let birth = Instant::now();
        let mut server = Self::spawn(binary, home, database)?;
        server.wait_until(Self::answers)?;
        let took = birth.elapsed();
        server.wait_until(Self::has_introduced_itself)?;
        Ok((server, took))
    }

    /// What its callers need to know, as environment variables.
    pub fn variables(&self) -> impl Iterator<Item = (&str, &str)> {
        self.variables.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The last that it, and those before it in the same home, had to say.
    pub fn log(&self) -> String {
        let log = fs::read(log_in(&self.home)).unwrap_or_default();
        let log = String::from_utf8_lossy(&log);
        let lines: Vec<_> = log.lines().collect();
        lines[lines.len().saturating_sub(LINES_SHOWN)..].join("\n")
    }

    /// The memory it holds, in megabytes.
    pub fn resident_megabytes(&self) -> Outcome<f64> {
        self.memory("VmRSS:")
    }

    /// The most it ever held.
    pub fn most_resident_megabytes(&self) -> Outcome<f64> {
        self.memory("VmHWM:")
    }

    fn memory(&self, what: &str) -> Outcome<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix(what));
        let kibibytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<f64>().ok());
        kibibytes.map(|it| it * 1024.0 / 1e6).ok_or_else(|| "/proc does not tell the server's memory".into())
    }

    /// `kill -9`: no farewell, nothing written any more.
    pub fn kill(mut self) -> Outcome {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// As an operator stops it. One that will not go is killed when dropped.
    pub fn stop(mut self) -> Outcome {
        process::terminate(&self.child)?;
        match process::wait_at_most(&mut self.child, PATIENCE)? {
            Some(_) => Ok(()),
            None => Err(self.complaint("does not end when asked to")),
        }
    }

    fn spawn(binary: &Path, home: &Path, database: Option<&str>) -> Outcome<Self> {
        let address = port::free()?;
        let log = File::options().create(true).append(true).open(log_in(home))?;
        let mut command = Command::new(binary);
        command.args(["dev", "--listen", &address.to_string()]);
        command.arg("--data").arg(home.join("data")).arg("--env-file").arg(env_file_in(home));
        command.args(database.iter().flat_map(|url| ["--database", url]));
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log).current_dir(home);
        let child = command.spawn().map_err(|error| format!("cannot start {}: {error}", binary.display()))?;
        Ok(Self { child, address, home: home.to_owned(), variables: Variables::new() })
    }

    fn wait_until(&mut self, is_so: fn(&mut Self) -> bool) -> Outcome {
        let start = Instant::now();
        while !is_so(self) {
            if let Some(status) = self.child.try_wait()? {
                return Err(self.complaint(&format!("ended while starting, with {status}")));
            }
            if start.elapsed() > PATIENCE {
                return Err(self.complaint(&format!("was not ready after {} s", PATIENCE.as_secs())));
            }
            thread::sleep(LOOK_EVERY);
        }
        Ok(())
    }

    fn answers(&mut self) -> bool {
        first_answer(self.address).is_ok_and(|answer| answer.starts_with("HTTP/1.1 200"))
    }

    fn has_introduced_itself(&mut self) -> bool {
        let text = fs::read_to_string(env_file_in(&self.home)).unwrap_or_default();
        self.variables = env_file::complete(&text).unwrap_or_default();
        !self.variables.is_empty()
    }

    fn complaint(&self, what: &str) -> Failure {
        format!("the server {what}; its log:\n{}", self.log()).into()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Both fail only if it is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Asks what needs neither credentials nor data.
fn first_answer(address: SocketAddr) -> std::io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    write!(stream, "GET /dev/clock HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

fn env_file_in(home: &Path) -> PathBuf {
    home.join("env")
}

fn log_in(home: &Path) -> PathBuf {
    home.join("log")
}
