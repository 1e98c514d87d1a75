//! The socket that a server listens on, with TLS or without: which connections it takes, and how they end.
//!
//! A connection is taken only when there is room for it; until then it waits in the system's queue. What happens on it is
//! in `connection`.

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

/// How long things on a socket may take.
#[derive(Debug, Clone, Copy)]
struct Patience {
    /// A TLS handshake.
    handshake: Duration,
    /// Nothing at all: no request under way, no answer being read.
    idle: Duration,
    /// The end of an idle connection, once the client was told.
    farewell: Duration,
    /// The requests that are under way once the server is to stop.
    stop: Duration,
    /// Until the files of the certificate are looked at again.
    renewal: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            handshake: Duration::from_secs(10),
            idle: Duration::from_secs(30),
            farewell: Duration::from_secs(10),
            stop: Duration::from_secs(10),
            renewal: Duration::from_secs(10),
        }
    }
}

/// A socket that is bound: nobody else can take its port any more.
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
    /// Invalid, with the setting: when the address is taken or not this machine's, or the certificate is of no use.
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

    /// The port that it got.
    pub const fn port(&self) -> u16 {
        self.address.port()
    }

    /// The URL at which clients reach it.
    pub fn url(&self) -> String {
        let scheme = if self.certificate.is_some() { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
    }

    /// Answers requests until it is told to stop, and then those that are under way.
    ///
    /// # Errors
    /// Internal when the system refuses to hand over a signal.
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
            let (connections, stage) = (connections.clone(), watched.clone());
            tokio::spawn(async move {
                connections.serve(stream, peer, stage).await;
                drop(place);
            });
        }
        tracing::info!("stopping");
        drop((socket, watched));
        stage.send_replace(Stage::Ending);
        // Each connection holds a receiver until it has ended.
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

/// The next connection. A failure ends none that is there: files may be free again soon.
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
