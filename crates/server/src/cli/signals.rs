//! Being told to stop.

use rolecall_core::{Error, Result};
use tokio::signal::unix::{Signal, SignalKind, signal};

/// The signals that ask a server to stop: SIGTERM, and Ctrl-C.
#[derive(Debug)]
pub struct StopSignals {
    terminate: Signal,
    interrupt: Signal,
}

impl StopSignals {
    /// Takes them over; from now on they do not end the process by themselves.
    ///
    /// # Errors
    /// Internal when the system refuses.
    pub fn take() -> Result<Self> {
        let take =
            |kind| signal(kind).map_err(|e| Error::internal(format!("the signal handler could not be installed: {e}")));
        Ok(Self { terminate: take(SignalKind::terminate())?, interrupt: take(SignalKind::interrupt())? })
    }

    /// Returns when one of them has come, also one that came before the call.
    pub async fn received(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
