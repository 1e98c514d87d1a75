//! The certificate that this server shows, and its renewal while connections go on.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use rolecall_core::{Error, Result};
use tokio::fs;
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::JoinHandle;
use tokio::time::sleep;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::config::TlsFiles;

/// A certificate that is of use, and where the next one will be.
pub(super) struct Certificate {
    files: TlsFiles,
    /// What was read at the start.
    first: Contents,
    current: ArcSwap<ServerConfig>,
}

/// The contents of the two files, or why there are none.
#[derive(PartialEq, Eq, Clone)]
struct Contents {
    certificate: std::result::Result<Vec<u8>, String>,
    key: std::result::Result<Vec<u8>, String>,
}

impl Contents {
    // By content and not by time: a mounted Kubernetes secret changes by turning a link elsewhere.
    async fn read(files: &TlsFiles) -> Self {
        let read =
            async |path: &Path| fs::read(path).await.map_err(|e| format!("{} cannot be read: {e}", path.display()));
        Self { certificate: read(&files.certificate).await, key: read(&files.key).await }
    }

    fn config(&self) -> Result<ServerConfig> {
        let certificate = self.certificate.as_ref().map_err(|what| wrong("tls-cert", what))?;
        let key = self.key.as_ref().map_err(|what| wrong("tls-key", what))?;
        let chain: std::result::Result<Vec<_>, _> = CertificateDer::pem_slice_iter(certificate).collect();
        let chain = chain.map_err(|e| wrong("tls-cert", &format!("no certificate in PEM form: {e}")))?;
        if chain.is_empty() {
            return Err(wrong("tls-cert", "no certificate in PEM form"));
        }
        let key = PrivateKeyDer::from_pem_slice(key);
        let key =
            key.map_err(|e| wrong("tls-key", &format!("no private key in PEM form without a passphrase: {e}")))?;
        let builder = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()));
        let builder = builder.with_safe_default_protocol_versions().map_err(Error::internal)?.with_no_client_auth();
        let config = builder.with_single_cert(chain, key);
        let mut config = config
            .map_err(|e| wrong("tls-cert, tls-key", &format!("not a certificate and its key that can be used: {e}")))?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(config)
    }
}

fn wrong(setting: &str, what: &str) -> Error {
    Error::invalid(format!("{setting}: {what}"))
}

impl Certificate {
    /// # Errors
    /// Invalid, with the setting.
    pub(super) async fn read(files: TlsFiles) -> Result<Self> {
        let first = Contents::read(&files).await;
        let current = ArcSwap::from_pointee(first.config()?);
        Ok(Self { files, first, current })
    }

    /// What shakes hands with the newest certificate.
    pub(super) fn acceptor(&self) -> TlsAcceptor {
        TlsAcceptor::from(self.current.load_full())
    }

    /// Looks at the files now and then, and on SIGHUP. What is of no use does not replace the former.
    ///
    /// # Errors
    /// Internal when the signal cannot be taken.
    pub(super) fn renew(self: Arc<Self>, every: Duration) -> Result<JoinHandle<()>> {
        let mut asked = signal(SignalKind::hangup()).map_err(Error::internal)?;
        Ok(tokio::spawn(async move {
            let mut seen = self.first.clone();
            loop {
                let is_asked = tokio::select! {
                    _ = asked.recv() => true,
                    () = sleep(every) => false,
                };
                let now = Contents::read(&self.files).await;
                if is_asked || now != seen {
                    self.take(&now);
                    seen = now;
                }
            }
        }))
    }

    fn take(&self, contents: &Contents) {
        match contents.config() {
            Ok(config) => {
                self.current.store(Arc::new(config));
                tracing::info!(certificate = %self.files.certificate.display(), "the TLS certificate was read again");
            }
            Err(error) => tracing::error!(
                %error,
                "the new TLS certificate is of no use; new connections still get the former one"
            ),
        }
    }
}
