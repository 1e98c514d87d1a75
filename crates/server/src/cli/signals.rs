//! Signals that stop the server.

use rolecall_core::{Error, Result};
use tokio::signal::unix::{Signal, SignalKind, signal};

/// SIGTERM, and SIGINT (Ctrl-C).
#[derive(Debug)]
pub struct StopSignals {
    terminate: Signal,
    interrupt: Signal,
}

impl StopSignals {
    /// Installs the handlers; from then on the signals do not end the process by themselves.
    ///
    /// # Errors
    /// `Internal` when the system refuses.
    pub fn take() -> Result<Self> {
        let take =
            |kind| signal(kind).map_err(|e| Error::internal(format!("the signal handler could not be installed: {e}")));
        Ok(Self { terminate: take(SignalKind::terminate())?, interrupt: take(SignalKind::interrupt())? })
    }

    /// Returns after the first signal, also one that came before the call.
    pub async fn received(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
