//! Output of commands: results on standard output, errors on standard error.
//!
//! The only place that writes there, besides the log. Not with `println!`, which panics when the output is closed: a
//! server whose output was closed keeps serving.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

use rolecall_core::{Error, ErrorKind};

/// Prints a result.
pub fn show(text: &str) {
    let mut out = io::stdout().lock();
    // A closed output needs no report.
    let _ = writeln!(out, "{text}").and_then(|()| out.flush());
}

/// Prints why a command failed.
pub fn complain(error: &Error) {
    let _ = writeln!(io::stderr().lock(), "error: {}", reason(error));
}

/// A progress line on standard error that is overwritten, if that is a terminal.
#[derive(Debug, Default)]
pub struct Progress {
    shown_at: Option<Instant>,
}

impl Progress {
    /// Shows it, at limited frequency.
    pub fn show(&mut self, text: &str) {
        const SELDOM: Duration = Duration::from_millis(200);
        if io::stderr().is_terminal() && self.shown_at.is_none_or(|shown| shown.elapsed() >= SELDOM) {
            self.shown_at = Some(Instant::now());
            let mut err = io::stderr().lock();
            let _ = write!(err, "\r\x1b[K{text} …").and_then(|()| err.flush());
        }
    }

    /// Clears the line for the result.
    pub fn clear(&mut self) {
        if self.shown_at.take().is_some() {
            let _ = write!(io::stderr().lock(), "\r\x1b[K");
        }
    }
}

fn reason(error: &Error) -> String {
    // The message of an internal error is for API clients; here its cause helps.
    match (error.kind, &error.cause) {
        (ErrorKind::Internal, Some(cause)) => cause.clone(),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use rolecall_core::Error;

    use super::reason;

    #[test]
    fn the_cause_is_shown_to_the_operator() {
        assert_eq!(reason(&Error::internal("the disk is full")), "the disk is full");
        assert_eq!(reason(&Error::invalid("listen: no").with_cause("because")), "listen: no (because)");
    }
}
