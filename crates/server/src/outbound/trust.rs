//! The authorities by which other servers are authenticated: the system's, and those of the operator.

use std::path::Path;
use std::sync::Arc;

use rolecall_core::{Error, Result};
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

/// The TLS of requests.
///
/// # Errors
/// `Invalid` when the file has no certificate.
pub(super) fn config(authorities: Option<&Path>) -> Result<ClientConfig> {
    let mut roots = RootCertStore::empty();
    // A system without authorities reaches no provider with TLS, and its requests say so.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if let Some(file) = authorities {
        let wrong = |what: &str| Error::invalid(format!("outbound-ca-file: {} {what}", file.display()));
        let read = CertificateDer::pem_file_iter(file).map_err(|_| wrong("cannot be read"))?;
        let own: Vec<_> =
            read.collect::<Result<_, _>>().map_err(|_| wrong("is not a file of certificates in PEM form"))?;
        if own.is_empty() {
            return Err(wrong("contains no certificate in PEM form"));
        }
        for certificate in own {
            roots.add(certificate).map_err(|_| wrong("contains a certificate that cannot be read"))?;
        }
    }
    let builder = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()));
    let builder = builder.with_safe_default_protocol_versions().map_err(Error::internal)?;
    let mut config = builder.with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}
