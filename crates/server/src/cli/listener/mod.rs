//! The socket that a server listens on, with TLS or without.

use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use axum::Router;
use axum_server::accept::NoDelayAcceptor;
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use axum_server::{Handle, Server};
use rolecall_core::{Error, Result};

use super::signals::StopSignals;
use crate::config::{Settings, TlsFiles};

/// How long a client may take to send the head of a request, and to begin its next one.
const HEAD: Duration = Duration::from_secs(30);

/// How long requests that are under way may take once the server is to stop.
const GRACE: Duration = Duration::from_secs(10);

/// A socket that is bound: nobody else can take its port any more.
pub struct Listener {
    socket: TcpListener,
    address: SocketAddr,
    tls: Option<RustlsConfig>,
}

impl Listener {
    /// Binds the address.
    ///
    /// # Errors
    /// Invalid, with the setting: when the address is taken or not this machine's, or the certificate is of no use.
    pub async fn bind(settings: &Settings) -> Result<Self> {
        let tls = match &settings.tls {
            Some(files) => Some(tls(files).await?),
            None => None,
        };
        let cannot = |e| Error::invalid(format!("listen: cannot listen on {}: {e}", settings.listen));
        let socket = TcpListener::bind(settings.listen).map_err(cannot)?;
        let address = socket.local_addr().map_err(cannot)?;
        Ok(Self { socket, address, tls })
    }

    /// The port that it got.
    pub const fn port(&self) -> u16 {
        self.address.port()
    }

    /// Its address, for whoever is to talk to it.
    pub fn url(&self) -> String {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
    }

    /// Answers requests until the process is told to stop, and then those that are under way.
    ///
    /// # Errors
    /// Internal when the socket fails.
    pub async fn serve(self, router: Router, mut stop: StopSignals) -> Result<()> {
        let handle = Handle::new();
        let stopping = tokio::spawn({
            let handle = handle.clone();
            async move {
                stop.received().await;
                tracing::info!("stopping");
                handle.graceful_shutdown(Some(GRACE));
            }
        });
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        let served = match self.tls {
            None => {
                let server = axum_server::from_tcp(self.socket).map_err(Error::internal)?;
                patient(server.acceptor(NoDelayAcceptor::new())).handle(handle).serve(service).await
            }
            Some(config) => {
                let server = axum_server::from_tcp_rustls(self.socket, config).map_err(Error::internal)?;
                let server = server.map(|tls: RustlsAcceptor| tls.acceptor(NoDelayAcceptor::new()));
                patient(server).handle(handle).serve(service).await
            }
        };
        stopping.abort();
        served.map_err(|e| Error::internal(format!("the socket failed: {e}")))
    }
}

/// Sets how patient a server is with slow clients.
fn patient<A>(server: Server<SocketAddr, A>) -> Server<SocketAddr, A> {
    let mut server = server.first_request_timeout(HEAD);
    server.http_builder().http1().header_read_timeout(HEAD);
    server
}

async fn tls(files: &TlsFiles) -> Result<RustlsConfig> {
    for (setting, file) in [("tls-cert", &files.certificate), ("tls-key", &files.key)] {
        // Opened here first, since the library does not say which of the two it could not read.
        let readable = std::fs::File::open(file);
        readable.map_err(|e| Error::invalid(format!("{setting}: {} cannot be read: {e}", file.display())))?;
    }
    RustlsConfig::from_pem_file(&files.certificate, &files.key).await.map_err(|e| {
        Error::invalid(format!(
            "tls-cert, tls-key: {} and {} are not a certificate and its key in PEM form: {e}",
            files.certificate.display(),
            files.key.display()
        ))
    })
}
