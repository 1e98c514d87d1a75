//! TLS to a PostgreSQL server: what is verified, against which authorities, and the errors.
//!
//! `sslmode`, `sslrootcert`, `sslcert` and `sslkey` have libpq's meaning, with two exceptions: nothing is read from a
//! home directory, and a combination that verifies less than it seems to is refused.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rolecall_core::{Error, Result};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{verify_server_cert_signed_by_trust_anchor, verify_server_name};
use rustls::crypto::{CryptoProvider, WebPkiSupportedAlgorithms, aws_lc_rs};
use rustls::crypto::{verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, OtherError, RootCertStore, SignatureScheme};
use tokio_postgres::config::SslMode;
use tokio_postgres_rustls::MakeRustlsConnect;

/// The parameters of a URL.
#[derive(Debug, Default)]
pub(super) struct Given {
    pub(super) mode: Option<String>,
    pub(super) authorities: Option<String>,
    pub(super) certificate: Option<String>,
    pub(super) key: Option<String>,
}

/// What the server's certificate must be.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Demand {
    /// Any: the connection is encrypted, but the server is not authenticated.
    Nothing,
    /// Signed by an authority of this file.
    Authority(PathBuf),
    /// Signed by an authority of this file, or of the system, and for the name of the host.
    AuthorityAndName(Option<PathBuf>),
}

/// How this client uses TLS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tls {
    demand: Demand,
    /// The client certificate and its key.
    own: Option<(PathBuf, PathBuf)>,
}

impl Tls {
    /// Reads the parameters.
    pub(super) fn read(given: Given) -> std::result::Result<(SslMode, Self), String> {
        const SYSTEM: &str = "system";
        let Given { mode, authorities, certificate, key } = given;
        let own = match (certificate, key) {
            (Some(certificate), Some(key)) => Some((certificate.into(), key.into())),
            (None, None) => None,
            (Some(_), None) => return Err("sslcert needs sslkey; set both or neither".to_owned()),
            (None, Some(_)) => return Err("sslkey needs sslcert; set both or neither".to_owned()),
        };
        let mode = mode.as_deref().unwrap_or("prefer");
        let (ssl_mode, demand) = match (mode, authorities) {
            ("disable" | "prefer", Some(_)) => {
                return Err(format!("sslrootcert has no effect with sslmode={mode}; use sslmode=verify-full"));
            }
            ("disable", None) if own.is_some() => {
                return Err("sslcert has no effect with sslmode=disable, which turns TLS off".to_owned());
            }
            ("disable", None) => (SslMode::Disable, Demand::Nothing),
            ("prefer", None) => (SslMode::Prefer, Demand::Nothing),
            ("require", None) => (SslMode::Require, Demand::Nothing),
            ("verify-full", None) => (SslMode::Require, Demand::AuthorityAndName(None)),
            ("verify-full", Some(file)) => {
                (SslMode::Require, Demand::AuthorityAndName((file != SYSTEM).then(|| file.into())))
            }
            ("verify-ca", None) => return Err(weak(mode)),
            ("require" | "verify-ca", Some(file)) if file == SYSTEM => return Err(weak(mode)),
            ("require" | "verify-ca", Some(file)) => (SslMode::Require, Demand::Authority(file.into())),
            _ => return Err("sslmode must be one of disable, prefer, require, verify-ca, verify-full".to_owned()),
        };
        Ok((ssl_mode, Self { demand, own }))
    }

    /// Reads the files and makes a connector.
    ///
    /// # Errors
    /// `Invalid`, with the parameter and the file.
    fn connector(&self) -> Result<MakeRustlsConnect> {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let verifier = Verifier::new(&self.demand, &provider)?;
        let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let builder = builder.map_err(Error::internal)?;
        let builder = builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier));
        let mut config = match &self.own {
            None => builder.with_no_client_auth(),
            Some((certificate, key)) => {
                let chain = certificates("sslcert", certificate)?;
                let private = PrivateKeyDer::from_pem_file(key).map_err(|error| match error {
                    pem::Error::Io(error) => unusable("sslkey", key, &format!("cannot be read: {error}")),
                    _ => unusable("sslkey", key, "has no readable private key in PEM form without a passphrase"),
                })?;
                let with_key = builder.with_client_auth_cert(chain, private);
                with_key.map_err(|_| unusable("sslkey", key, "is not the key of sslcert, or of an unsupported type"))?
            }
        };
        // Direct TLS negotiation requires it; otherwise it is harmless.
        config.alpn_protocols = vec![b"postgresql".to_vec()];
        Ok(MakeRustlsConnect::new(config))
    }

    /// The private key of the client certificate.
    pub(super) fn key(&self) -> Option<&Path> {
        self.own.as_ref().map(|(_, key)| key.as_path())
    }

    fn reads_files(&self) -> bool {
        self.own.is_some() || matches!(&self.demand, Demand::Authority(_) | Demand::AuthorityAndName(Some(_)))
    }
}

fn weak(mode: &str) -> String {
    format!(
        "sslmode={mode} does not check the host name, so any certificate of the system's authorities would be accepted; set \
         sslrootcert to your own authority, or use sslmode=verify-full"
    )
}

/// Reads the files again for each connection, so that renewed certificates need no restart. Connections are few.
pub(super) struct Renewed {
    tls: Tls,
    newest: Mutex<MakeRustlsConnect>,
}

impl Renewed {
    /// # Errors
    /// `Invalid` when a file cannot be used.
    pub(super) fn read(tls: Tls) -> Result<Self> {
        let newest = Mutex::new(tls.connector()?);
        Ok(Self { tls, newest })
    }

    /// A connector from the current files. While a file is missing or half written, the previous ones are used.
    pub(super) fn connector(&self) -> MakeRustlsConnect {
        let fresh = if self.tls.reads_files() { self.tls.connector().ok() } else { None };
        let mut newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(fresh) = fresh {
            *newest = fresh;
        }
        newest.clone()
    }
}

impl fmt::Debug for Renewed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.tls.fmt(f)
    }
}

fn certificates(parameter: &str, file: &Path) -> Result<Vec<CertificateDer<'static>>> {
    let read = CertificateDer::pem_file_iter(file).and_then(Iterator::collect::<std::result::Result<Vec<_>, _>>);
    match read {
        Ok(found) if !found.is_empty() => Ok(found),
        Err(pem::Error::Io(error)) => Err(unusable(parameter, file, &format!("cannot be read: {error}"))),
        _ => Err(unusable(parameter, file, "has no readable certificate in PEM form")),
    }
}

fn unusable(parameter: &str, file: &Path, what: &str) -> Error {
    Error::invalid(format!("database address: {parameter}: the file {} {what}", file.display()))
}

/// Decides whether the peer is the intended server.
#[derive(Debug)]
struct Verifier {
    demand: Demand,
    authorities: RootCertStore,
    algorithms: WebPkiSupportedAlgorithms,
}

impl Verifier {
    fn new(demand: &Demand, provider: &CryptoProvider) -> Result<Self> {
        let mut authorities = RootCertStore::empty();
        match demand {
            Demand::Nothing => {}
            Demand::Authority(file) | Demand::AuthorityAndName(Some(file)) => {
                for certificate in certificates("sslrootcert", file)? {
                    let added = authorities.add(certificate);
                    added.map_err(|_| {
                        unusable("sslrootcert", file, "has a certificate that is not one of an authority")
                    })?;
                }
            }
            Demand::AuthorityAndName(None) => {
                authorities.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
                if authorities.is_empty() {
                    return Err(Error::invalid(
                        "database address: sslmode=verify-full needs certificate authorities, and this system has none; install \
                         the package ca-certificates, or set sslrootcert",
                    ));
                }
            }
        }
        Ok(Self { demand: demand.clone(), authorities, algorithms: provider.signature_verification_algorithms })
    }

    /// Adds why the certificate was refused, and the parameter that requires more.
    fn refused(&self, error: rustls::Error) -> rustls::Error {
        let rustls::Error::InvalidCertificate(reason) = error else { return error };
        let demand = match &self.demand {
            Demand::Nothing => "sslmode=require".to_owned(),
            Demand::Authority(file) => format!("sslrootcert={}", file.display()),
            Demand::AuthorityAndName(Some(file)) => format!("sslmode=verify-full, sslrootcert={}", file.display()),
            Demand::AuthorityAndName(None) => "sslmode=verify-full, this system's authorities".to_owned(),
        };
        let why = match &reason {
            CertificateError::UnknownIssuer => "none of these authorities signed it".to_owned(),
            CertificateError::Other(other) if other.to_string().contains("CaUsedAsEndEntity") => {
                "it is an authority's certificate (CA:TRUE); create a server certificate with CA:FALSE".to_owned()
            }
            other => other.to_string(),
        };
        let words = format!("the PostgreSQL server's certificate was refused ({demand}): {why}");
        CertificateError::Other(OtherError(Arc::new(Refused(words)))).into()
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        now: UnixTime,
    ) -> std::result::Result<ServerCertVerified, rustls::Error> {
        if self.demand == Demand::Nothing {
            return Ok(ServerCertVerified::assertion());
        }
        let certificate = ParsedCertificate::try_from(end_entity)?;
        let algorithms = self.algorithms.all;
        verify_server_cert_signed_by_trust_anchor(&certificate, &self.authorities, intermediates, now, algorithms)
            .map_err(|error| self.refused(error))?;
        if matches!(self.demand, Demand::AuthorityAndName(_)) {
            verify_server_name(&certificate, server_name).map_err(|error| self.refused(error))?;
        }
        Ok(ServerCertVerified::assertion())
    }

    // INVARIANT: in every mode the peer must prove that it has the certificate's key.
    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, cert, dss, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, cert, dss, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

/// Why a certificate was refused.
#[derive(Debug)]
struct Refused(String);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Refused {}

/// Why a connection failed, where TLS is the cause.
pub(super) fn refusal(error: &tokio_postgres::Error) -> Option<String> {
    let source = std::error::Error::source(error)?;
    if source.to_string() == "server does not support TLS" {
        return Some("the PostgreSQL server offers no TLS, which sslmode requires".to_owned());
    }
    let inner = source.downcast_ref::<std::io::Error>()?.get_ref()?;
    match inner.downcast_ref::<rustls::Error>()? {
        rustls::Error::InvalidCertificate(CertificateError::Other(OtherError(reason))) => Some(reason.to_string()),
        rustls::Error::AlertReceived(alert) => Some(format!(
            "the PostgreSQL server refused the TLS connection (alert {alert:?}); check sslcert and sslkey"
        )),
        other => Some(format!("TLS with the PostgreSQL server failed: {other}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(mode: &str, authorities: &str) -> std::result::Result<(SslMode, Tls), String> {
        let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Tls::read(Given { mode: given(mode), authorities: given(authorities), ..Given::default() })
    }

    #[test]
    fn modes_demand_what_libpq_demands() {
        let file = || PathBuf::from("ca.pem");
        for (mode, authorities, ssl_mode, demand) in [
            ("", "", SslMode::Prefer, Demand::Nothing),
            ("disable", "", SslMode::Disable, Demand::Nothing),
            ("prefer", "", SslMode::Prefer, Demand::Nothing),
            ("require", "", SslMode::Require, Demand::Nothing),
            ("require", "ca.pem", SslMode::Require, Demand::Authority(file())),
            ("verify-ca", "ca.pem", SslMode::Require, Demand::Authority(file())),
            ("verify-full", "ca.pem", SslMode::Require, Demand::AuthorityAndName(Some(file()))),
            ("verify-full", "system", SslMode::Require, Demand::AuthorityAndName(None)),
            ("verify-full", "", SslMode::Require, Demand::AuthorityAndName(None)),
        ] {
            let (read_mode, tls) = read(mode, authorities).unwrap();
            assert_eq!((read_mode, tls.demand), (ssl_mode, demand), "{mode} {authorities}");
        }
    }

    #[test]
    fn what_verifies_less_than_it_seems_to_is_refused() {
        for (mode, authorities, word) in [
            ("", "ca.pem", "sslrootcert"),
            ("prefer", "ca.pem", "sslrootcert"),
            ("disable", "ca.pem", "sslrootcert"),
            ("verify-ca", "", "verify-full"),
            ("verify-ca", "system", "verify-full"),
            ("require", "system", "verify-full"),
            ("allow", "", "sslmode"),
            ("verify_full", "", "sslmode"),
        ] {
            let message = read(mode, authorities).unwrap_err();
            assert!(message.contains(word), "{mode} {authorities}: {message}");
        }
        let key_alone = Given { key: Some("key.pem".to_owned()), ..Given::default() };
        assert!(Tls::read(key_alone).unwrap_err().contains("sslcert"));
    }

    #[test]
    fn files_are_named_when_they_are_of_no_use() {
        let (_, tls) = read("verify-full", "/nowhere/ca.pem").unwrap();
        let message = Renewed::read(tls).unwrap_err().message;
        assert!(message.contains("sslrootcert") && message.contains("/nowhere/ca.pem"), "{message}");
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("ca.pem");
        std::fs::write(&file, "nothing").unwrap();
        let (_, tls) = read("verify-ca", file.to_str().unwrap()).unwrap();
        assert!(Renewed::read(tls).unwrap_err().message.contains("PEM"));
    }
}
