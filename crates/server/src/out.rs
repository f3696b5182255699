//! What is printed. Whoever reads may go away (`| head`): the work goes on, as a
//! restore must not end halfway because of it, and the exit code tells.

use std::{
    fmt,
    io::{ErrorKind, Write, stderr, stdout},
    sync::OnceLock,
};

/// In place of the standard library's, which panics where nobody reads.
macro_rules! println {
    () => { $crate::out::line(format_args!("")) };
    ($($words:tt)*) => { $crate::out::line(format_args!($($words)*)) };
}

/// In place of the standard library's, which panics where nobody reads.
macro_rules! eprintln {
    ($($words:tt)*) => { $crate::out::aside(format_args!($($words)*)) };
}

/// Why a line did not arrive, the first time.
static UNHEARD: OnceLock<ErrorKind> = OnceLock::new();

pub fn line(words: fmt::Arguments<'_>) {
    if let Err(error) = writeln!(stdout(), "{words}") {
        UNHEARD.get_or_init(|| error.kind());
    }
}

pub fn aside(words: fmt::Arguments<'_>) {
    let _ = writeln!(stderr(), "{words}"); // there is nowhere left to say so
}

/// Whether every line arrived; says why not, unless the reader had enough.
pub fn was_heard() -> bool {
    match UNHEARD.get() {
        None => true,
        Some(ErrorKind::BrokenPipe) => false,
        Some(kind) => {
            aside(format_args!("vestibule: what was printed did not arrive: {kind}"));
            false
        }
    }
}
