//! The server's TLS certificate, and its renewal without interrupting connections.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use std::{fs, io, thread};

use arc_swap::ArcSwap;
use rolecall_core::{Error, Result};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{self, ServerConfig};

use crate::config::TlsFiles;

/// Far longer than reading two small files takes.
const SLOW: Duration = Duration::from_secs(10);

const STALLED: &str =
    "reading the TLS certificate and its key takes more than 10 seconds; check the storage that holds them";

/// A usable certificate, and the files that its successor comes from.
pub(super) struct Certificate {
    files: TlsFiles,
    /// The contents at startup.
    first: Contents,
    current: ArcSwap<ServerConfig>,
}

/// The contents of the two files, or why they cannot be read.
#[derive(PartialEq, Eq, Clone)]
struct Contents {
    certificate: std::result::Result<Vec<u8>, String>,
    key: std::result::Result<Vec<u8>, String>,
}

impl Contents {
    // Compared by content, not by time: a mounted Kubernetes secret changes by retargeting a symbolic link.
    fn read(files: &TlsFiles) -> Self {
        let read = |path: &Path| read_file(path).map_err(|e| format!("{} cannot be read: {e}", path.display()));
        Self { certificate: read(&files.certificate), key: read(&files.key) }
    }

    /// Reads on a thread of its own: the end of the process waits for the runtime's threads, and a file on storage that is away
    /// can hold its reader for ever.
    ///
    /// # Errors
    /// `Internal` when no thread can be started.
    fn reading(files: &TlsFiles) -> Result<oneshot::Receiver<Self>> {
        let (done, contents) = oneshot::channel();
        let files = files.clone();
        let read = move || drop(done.send(Self::read(&files)));
        thread::Builder::new().name("certificate".to_owned()).spawn(read).map_err(Error::internal)?;
        Ok(contents)
    }

    fn config(&self, files: &TlsFiles) -> Result<ServerConfig> {
        let wrong_certificate = |what: &str| wrong("tls-cert", &format!("{} {what}", files.certificate.display()));
        let wrong_key = |what: &str| wrong("tls-key", &format!("{} {what}", files.key.display()));
        let certificate = self.certificate.as_ref().map_err(|what| wrong("tls-cert", what))?;
        let key = self.key.as_ref().map_err(|what| wrong("tls-key", what))?;
        let chain: std::result::Result<Vec<_>, _> = CertificateDer::pem_slice_iter(certificate).collect();
        let chain = chain.ok().filter(|chain| !chain.is_empty()).ok_or_else(|| wrong_certificate(NO_CERTIFICATE))?;
        let key = PrivateKeyDer::from_pem_slice(key).map_err(|_| wrong_key(NO_KEY))?;
        let builder = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()));
        let builder = builder.with_safe_default_protocol_versions().map_err(Error::internal)?.with_no_client_auth();
        let mut config = builder.with_single_cert(chain, key).map_err(|error| match error {
            rustls::Error::InconsistentKeys(_) => wrong_key("is not the key of the certificate in tls-cert"),
            rustls::Error::InvalidCertificate(_) => wrong_certificate("does not start with an X.509 certificate"),
            _ => wrong_key("has an unsupported private key; use RSA of 2048 bits or more, ECDSA or Ed25519"),
        })?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(config)
    }
}

/// A pipe has no contents to be read twice, and opening one waits for its writer.
fn read_file(path: &Path) -> io::Result<Vec<u8>> {
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::other("it is not a file"));
    }
    fs::read(path)
}

const NO_CERTIFICATE: &str =
    "has no readable certificate in PEM form (-----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----)";

const NO_KEY: &str = "has no readable private key in PEM form (-----BEGIN PRIVATE KEY----- to -----END PRIVATE KEY-----); a key \
     with a passphrase cannot be read";

fn wrong(setting: &str, what: &str) -> Error {
    Error::invalid(format!("{setting}: {what}"))
}

impl Certificate {
    /// # Errors
    /// `Invalid`, with the setting.
    pub(super) async fn read(files: TlsFiles) -> Result<Self> {
        let reading = Contents::reading(&files)?;
        let first = timeout(SLOW, reading).await.map_err(|_| wrong("tls-cert", STALLED))?.map_err(Error::internal)?;
        let current = ArcSwap::from_pointee(first.config(&files)?);
        Ok(Self { files, first, current })
    }

    /// Accepts TLS connections with the newest certificate.
    pub(super) fn acceptor(&self) -> TlsAcceptor {
        TlsAcceptor::from(self.current.load_full())
    }

    /// Reads the files every `every`, and on SIGHUP. An unusable certificate does not replace the current one.
    ///
    /// # Errors
    /// `Internal` when the signal handler cannot be installed.
    pub(super) fn renew(self: Arc<Self>, every: Duration) -> Result<JoinHandle<()>> {
        let mut asked = signal(SignalKind::hangup()).map_err(Error::internal)?;
        Ok(tokio::spawn(async move {
            let mut seen = self.first.clone();
            loop {
                let is_asked = tokio::select! {
                    _ = asked.recv() => true,
                    () = sleep(every) => false,
                };
                let Some(now) = self.read_again().await else { continue };
                if is_asked || now != seen {
                    self.take(&now);
                    seen = now;
                }
            }
        }))
    }

    /// Waits for the files as long as it takes: more readers would only wait with the first one.
    async fn read_again(&self) -> Option<Contents> {
        let mut reading = match Contents::reading(&self.files) {
            Ok(reading) => reading,
            Err(error) => {
                tracing::error!(%error, "the TLS certificate cannot be read");
                return None;
            }
        };
        match timeout(SLOW, &mut reading).await {
            Ok(contents) => contents.ok(),
            Err(_) => {
                tracing::error!("{STALLED}; new connections get the previous certificate");
                reading.await.ok()
            }
        }
    }

    fn take(&self, contents: &Contents) {
        match contents.config(&self.files) {
            Ok(config) => {
                self.current.store(Arc::new(config));
                tracing::info!(certificate = %self.files.certificate.display(), "the TLS certificate was reloaded");
            }
            Err(error) => tracing::error!(
                %error,
                "the new TLS certificate cannot be used; new connections get the previous one"
            ),
        }
    }
}
