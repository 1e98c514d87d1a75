//! Parsed and validated settings.

use std::fmt;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;
use std::{fs, path};

use ipnet::IpNet;
use rolecall_core::identity::Email;
use rolecall_core::text::quoted;
use rolecall_core::{Error, Result};
use rolecall_signin::password::policy;
use rolecall_signin::secret::Secret;
use rolecall_store::Database;

use super::lifetime::NotALifetime;
use super::public_url::NotAPublicUrl;
use super::{Given, Lifetime, PostgresUrl, PublicUrl, proxies};
use crate::app::Lifetimes;
use crate::app::bootstrap::sample;

/// All settings of a server.
#[derive(Debug)]
pub struct Settings {
    /// Whether an empty database gets the sample organization.
    pub demo: bool,
    /// The storage.
    pub storage: Storage,
    /// The file with the encryption key, if one is set.
    pub encryption_key_file: Option<PathBuf>,
    /// The address to listen on.
    pub listen: SocketAddr,
    // `None` for localhost on the actual port.
    public_url: Option<PublicUrl>,
    /// Trusted proxies.
    pub trusted_proxies: Arc<[IpNet]>,
    /// Networks where identity providers may be asked although they are this host's own or link-local.
    pub outbound_networks: Arc<[IpNet]>,
    /// The file with further authorities of identity providers, if one is set.
    pub outbound_ca_file: Option<PathBuf>,
    /// The certificate for TLS, if any.
    pub tls: Option<TlsFiles>,
    /// Maximum concurrent connections; `None` for as many as the system allows.
    pub max_connections: Option<NonZeroU32>,
    /// The first administrator of an empty database.
    pub administrator: FirstAdministrator,
    /// Lifetimes and time-outs.
    pub lifetimes: Lifetimes,
    /// The log filter.
    pub log: String,
}

/// The storage of the data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Storage {
    /// In a directory, with SQLite.
    Directory(PathBuf),
    /// In PostgreSQL.
    Postgres(PostgresUrl),
}

/// Certificate and key, in PEM files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsFiles {
    /// The certificate and its chain.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

/// The first administrator of an empty database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstAdministrator {
    /// Their email.
    pub email: Email,
    /// The file with their password; without it a temporary one is generated.
    pub password_file: Option<PathBuf>,
}

impl FirstAdministrator {
    /// The password in the file, if one is set.
    ///
    /// # Errors
    /// `Invalid` when the file cannot be read, or when the password policy refuses the password.
    pub fn own_password(&self) -> Result<Option<Secret>> {
        let Some(path) = &self.password_file else { return Ok(None) };
        let wrong = |what: &str| Error::invalid(format!("admin-password-file: {}: {what}", path.display()));
        let text = fs::read_to_string(path).map_err(|e| wrong(&e.to_string()))?;
        let password = Secret::from(text.lines().next().unwrap_or_default());
        policy::check(&password, self.email.as_str(), [], None).map_err(|refused| wrong(&refused.to_string()))?;
        Ok(Some(password))
    }
}

impl Settings {
    /// Parses the settings. The file must have been added before ([`Given::with_file`]).
    ///
    /// # Errors
    /// `Invalid`, with the name of the setting.
    pub fn read(given: Given) -> Result<Self> {
        let storage = Storage::read(&given)?;
        let demo = given.demo.unwrap_or_default();
        let listen = match &given.listen {
            None => SocketAddr::from(([127, 0, 0, 1], 8080)),
            Some(text) => parse("listen", text, "an address and a port (127.0.0.1:8080, [::]:8080)")?,
        };
        let public_url = given.public_url.map(|text| parse("public-url", &text, NotAPublicUrl)).transpose()?;
        let usual = Lifetimes::default();
        let lasting = |name, text: Option<String>, default| lifetime(name, text.as_deref(), default);
        let lifetimes = Lifetimes {
            access_token: lasting("access-token-lifetime", given.access_token_lifetime, usual.access_token)?,
            session: lasting("session-lifetime", given.session_lifetime, usual.session)?,
            refresh_reuse_grace: grace(given.refresh_reuse_grace.as_deref(), usual.refresh_reuse_grace)?,
            session_idle: lasting("session-idle-timeout", given.session_idle_timeout, usual.session_idle)?,
            temporary_password: lasting(
                "temporary-password-lifetime",
                given.temporary_password_lifetime,
                usual.temporary_password,
            )?,
            groups: lasting("groups-lifetime", given.groups_lifetime, usual.groups)?,
            max_staleness: lasting("max-staleness", given.max_staleness, usual.max_staleness)?,
            follow_every: usual.follow_every,
        };
        let email =
            given.admin_email.as_deref().unwrap_or(if demo { sample::ADMINISTRATOR } else { "admin@example.com" });
        Ok(Self {
            demo,
            storage,
            encryption_key_file: given.encryption_key_file,
            listen,
            public_url,
            trusted_proxies: networks("trusted-proxies", given.trusted_proxies)?,
            outbound_networks: networks("outbound-networks", given.outbound_networks)?,
            outbound_ca_file: given.outbound_ca_file,
            tls: tls(given.tls_cert, given.tls_key)?,
            max_connections: given.max_connections,
            administrator: FirstAdministrator {
                email: Email::parse("admin-email", email)?,
                password_file: given.admin_password_file,
            },
            lifetimes,
            log: given.log.unwrap_or_else(|| "info".to_owned()),
        })
    }

    /// The default file of the encryption key in a data directory.
    #[must_use]
    pub fn encryption_key(directory: &Path) -> PathBuf {
        directory.join("encryption.key")
    }

    /// The public URL of a server on this port.
    #[must_use]
    pub fn public_url(&self, port: u16) -> PublicUrl {
        self.public_url.clone().unwrap_or_else(|| PublicUrl::localhost(port, self.tls.is_some()))
    }
}

impl Storage {
    /// Reads the storage settings alone.
    ///
    /// # Errors
    /// `Invalid` when the URL is not one of PostgreSQL.
    pub fn read(given: &Given) -> Result<Self> {
        let Some(url) = &given.database_url else {
            return Ok(Self::Directory(given.data_dir.clone().unwrap_or_else(|| PathBuf::from("data"))));
        };
        if !["postgres://", "postgresql://"].iter().any(|scheme| url.expose().starts_with(scheme)) {
            return Err(Error::invalid(
                "database-url: not the URL of a PostgreSQL database, such as postgres://user:password@host/database (the value is \
                 not shown because it may contain a password)",
            ));
        }
        Ok(Self::Postgres(url.clone()))
    }

    /// The database for the store.
    #[must_use]
    pub fn database(&self) -> Database {
        match self {
            Self::Directory(directory) => Database::Sqlite { file: Self::file(directory) },
            Self::Postgres(url) => Database::Postgres { url: url.expose().to_owned() },
        }
    }

    /// The SQLite file in a data directory.
    #[must_use]
    pub fn file(directory: &Path) -> PathBuf {
        directory.join("rolecall.db")
    }
}

/// The storage in words, without a password.
impl fmt::Display for Storage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Directory(directory) => {
                write!(f, "{}", path::absolute(directory).as_deref().unwrap_or(directory).display())
            }
            Self::Postgres(_) => f.write_str("the PostgreSQL database of --database-url"),
        }
    }
}

fn parse<T: FromStr>(setting: &str, text: &str, what: impl fmt::Display) -> Result<T> {
    text.parse().map_err(|_| Error::invalid(format!("{setting}: {} is not {what}", quoted(text))))
}

fn lifetime(setting: &str, text: Option<&str>, default: Duration) -> Result<Duration> {
    match text {
        None => Ok(default),
        Some(text) => parse(setting, text, NotALifetime).map(Lifetime::duration),
    }
}

/// The longest time for which a stolen refresh token can be used beside its owner's without ending the session.
const LONGEST_GRACE: Duration = Duration::from_secs(5 * 60);

fn grace(text: Option<&str>, default: Duration) -> Result<Duration> {
    if text == Some("0s") {
        return Ok(Duration::ZERO);
    }
    let grace = lifetime("refresh-reuse-grace", text, default)?;
    if grace > LONGEST_GRACE {
        return Err(Error::invalid("refresh-reuse-grace: too long; use a time from 0s to 5m"));
    }
    Ok(grace)
}

fn networks(setting: &str, texts: Option<Vec<String>>) -> Result<Arc<[IpNet]>> {
    let what = "a network or an address (10.0.0.0/8, 10.1.2.3)";
    let wrong = |text: &str| Error::invalid(format!("{setting}: {} is not {what}", quoted(text)));
    texts.unwrap_or_default().iter().map(|text| proxies::network(text).ok_or_else(|| wrong(text))).collect()
}

fn tls(certificate: Option<PathBuf>, key: Option<PathBuf>) -> Result<Option<TlsFiles>> {
    match (certificate, key) {
        (Some(certificate), Some(key)) => Ok(Some(TlsFiles { certificate, key })),
        (None, None) => Ok(None),
        (Some(_), None) => Err(Error::invalid("tls-key: missing; tls-cert is set, and TLS needs both")),
        (None, Some(_)) => Err(Error::invalid("tls-cert: missing; tls-key is set, and TLS needs both")),
    }
}
