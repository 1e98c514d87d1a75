//! The server's socket, with or without TLS: which connections it accepts, and how they end.
//!
//! A connection is accepted only when there is room for it; until then it waits in the system's queue. `connection`
//! serves it.

mod activity;
mod certificate;
mod connection;
mod places;
#[cfg(test)]
mod tests;

use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use rolecall_core::{Error, Result};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use self::certificate::Certificate;
use self::connection::{Connections, Stage};
use self::places::{Places, Seldom};
use crate::config::Settings;

/// Timeouts of a socket.
#[derive(Debug, Clone, Copy)]
struct Patience {
    /// A TLS handshake.
    handshake: Duration,
    /// Idle time: no request in progress, no response being read.
    idle: Duration,
    /// The age from which a connection gives way when another one waits.
    turn: Duration,
    /// Closing an idle connection, after the client was told.
    farewell: Duration,
    /// Requests in progress when the server stops.
    stop: Duration,
    /// Interval of checks of the certificate files.
    renewal: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            handshake: Duration::from_secs(10),
            idle: Duration::from_secs(30),
            turn: Duration::from_secs(5),
            farewell: Duration::from_secs(10),
            stop: Duration::from_secs(10),
            renewal: Duration::from_secs(10),
        }
    }
}

/// A bound socket: its port is taken.
pub struct Listener {
    socket: TcpListener,
    address: SocketAddr,
    certificate: Option<Arc<Certificate>>,
    places: Places,
    patience: Patience,
}

impl Listener {
    /// Binds the address.
    ///
    /// # Errors
    /// `Invalid`, with the setting: the address is in use or not of this machine, or the certificate cannot be used.
    pub async fn bind(settings: &Settings) -> Result<Self> {
        let certificate = match &settings.tls {
            Some(files) => Some(Arc::new(Certificate::read(files.clone()).await?)),
            None => None,
        };
        let places = Places::new(settings.max_connections)?;
        let cannot = |e| Error::invalid(format!("listen: cannot listen on {}: {e}", settings.listen));
        let socket = TcpListener::bind(settings.listen).await.map_err(cannot)?;
        let address = socket.local_addr().map_err(cannot)?;
        Ok(Self { socket, address, certificate, places, patience: Patience::default() })
    }

    /// The actual port.
    pub const fn port(&self) -> u16 {
        self.address.port()
    }

    /// The URL for clients.
    pub fn url(&self) -> String {
        let scheme = if self.certificate.is_some() { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
    }

    /// Serves requests until told to stop, and then those in progress.
    ///
    /// # Errors
    /// `Internal` when a signal handler cannot be installed.
    pub async fn serve(self, router: Router, stopped: impl Future<Output = ()>) -> Result<()> {
        let Self { socket, certificate, mut places, patience, .. } = self;
        let renewing = match &certificate {
            Some(certificate) => Some(certificate.clone().renew(patience.renewal)?),
            None => None,
        };
        let connections = Arc::new(Connections::new(router, certificate, patience));
        let (stage, watched) = watch::channel(Stage::Serving);
        let mut stopped = pin!(stopped);
        loop {
            let next = async {
                let place = places.take().await;
                (place, accept(&socket).await)
            };
            let (place, (stream, peer)) = tokio::select! {
                () = &mut stopped => break,
                next = next => next,
            };
            let (connections, stage, wanted) = (connections.clone(), watched.clone(), places.wanted());
            tokio::spawn(async move {
                connections.serve(stream, peer, stage, &wanted).await;
                drop(place);
            });
        }
        tracing::info!("stopping");
        drop((socket, watched));
        stage.send_replace(Stage::Ending);
        // Each connection holds a receiver until it ends.
        if timeout(patience.stop, stage.closed()).await.is_err() {
            stage.send_replace(Stage::Over);
            stage.closed().await;
        }
        if let Some(renewing) = renewing {
            renewing.abort();
        }
        Ok(())
    }
}

/// The next connection. A failure closes no existing connection: file descriptors may be free again soon.
async fn accept(socket: &TcpListener) -> (TcpStream, SocketAddr) {
    let mut told = Seldom::default();
    loop {
        match socket.accept().await {
            Ok(accepted) => return accepted,
            Err(error) => {
                if told.is_due() {
                    tracing::warn!(%error, "a connection could not be accepted");
                }
                sleep(Duration::from_millis(50)).await;
            }
        }
    }
}
