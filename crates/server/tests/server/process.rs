//! The program: run to its end, or until it is told to stop.

use std::{
    io::Read,
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// Long enough for whatever happens at all, also on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(30);
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// How a command ended.
#[derive(Debug)]
pub struct Ended {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Ended {
    /// What it printed, if it ended well.
    #[track_caller]
    pub fn ok(self) -> String {
        assert_eq!(self.code, Some(0), "{self:?}");
        self.out
    }

    /// Its complaint, if it ended as a command does that cannot do its work.
    #[track_caller]
    pub fn refused(self) -> String {
        assert_eq!(self.code, Some(1), "{self:?}");
        assert!(self.err.starts_with("vestibule: ") && !self.err.contains("panicked"), "{self:?}");
        self.err
    }
}

/// The program with these words, in a folder.
pub fn vestibule(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vestibule"));
    command.args(words).current_dir(folder);
    // Servers of several tests run at a time: none takes the port that operators know.
    command.env("VESTIBULE__OPERATIONS__LISTEN", "127.0.0.1:0");
    command
}

/// Runs a command to its end.
#[track_caller]
pub fn run(command: &mut Command) -> Ended {
    let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut running = Running(child.unwrap());
    let code = running.end();
    let read = |pipe: &mut dyn Read| {
        let mut text = String::new();
        pipe.read_to_string(&mut text).unwrap();
        text
    };
    let out = read(running.0.stdout.as_mut().unwrap());
    Ended { code, out, err: read(running.0.stderr.as_mut().unwrap()) }
}

/// A child that does not outlive its owner.
pub struct Running(pub Child);

impl Running {
    /// Waits for its end; the exit code, none after a signal.
    #[track_caller]
    pub fn end(&mut self) -> Option<i32> {
        let since = Instant::now();
        loop {
            if let Some(status) = self.0.try_wait().unwrap() {
                return status.code();
            }
            assert!(since.elapsed() < PATIENCE, "the program does not end");
            thread::sleep(LOOK_EVERY);
        }
    }

    pub fn has_ended(&mut self) -> bool {
        self.0.try_wait().unwrap().is_some()
    }

    /// As a service manager asks a process to end, or a terminal (`INT`).
    pub fn signal(&self, name: &str) {
        // The shell's own `kill`: the program of that name is not on every Debian.
        let kill = format!("kill -{name} {}", self.0.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Both fail only if it is gone already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
