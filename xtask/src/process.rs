//! Other programs: run, asked, waited for.

use crate::Outcome;
use std::{
    process::{Child, Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

const LOOK_EVERY: Duration = Duration::from_millis(10);

/// Runs to the end, its output going where ours goes. The failure names the command.
pub fn run(command: &mut Command) -> Outcome {
    let status = command.status().map_err(|error| not_started(command, &error))?;
    if status.success() { Ok(()) } else { Err(format!("`{}` ended with {status}", shown(command)).into()) }
}

/// What it prints, trimmed. What it complains about is in the failure.
pub fn output(command: &mut Command) -> Outcome<String> {
    let output = command.stdin(Stdio::null()).output().map_err(|error| not_started(command, &error))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned());
    }
    let complaint = String::from_utf8_lossy(&output.stderr);
    Err(format!("`{}` ended with {}:\n{}", shown(command), output.status, complaint.trim()).into())
}

/// Whether it can be run and ends well; says nothing.
pub fn succeeds(command: &mut Command) -> bool {
    output(command).is_ok()
}

/// None when it is still running after this time.
pub fn wait_at_most(child: &mut Child, patience: Duration) -> Outcome<Option<ExitStatus>> {
    let start = Instant::now();
    loop {
        let status = child.try_wait()?;
        if status.is_some() || start.elapsed() >= patience {
            return Ok(status);
        }
        thread::sleep(LOOK_EVERY);
    }
}

/// Asks it to end, as an operator's service manager does.
pub fn terminate(child: &Child) -> Outcome {
    // The shell's own `kill`: the program of that name is not on every Debian.
    run(Command::new("sh").args(["-c", "kill -TERM \"$1\"", "sh", &child.id().to_string()]))
}

fn not_started(command: &Command, error: &std::io::Error) -> String {
    format!("`{}` could not be started: {error}", shown(command))
}

fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}
