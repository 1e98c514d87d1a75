//! Settings as text from the command line, the environment and the file; each may be absent.
#![allow(
    rustdoc::broken_intra_doc_links,
    rustdoc::invalid_html_tags,
    reason = "the doc comments are the help texts of the command line, written for a terminal"
)]

use std::num::NonZeroU32;
use std::path::PathBuf;

use clap::Args;
use rolecall_core::Result;

use super::{PostgresUrl, file};

/// All settings of `rolecall serve`. The command line goes before the environment, the environment before the file, the
/// file before the default.
// Values are text here. `Settings` reads them, so that a wrong value gets the same error whichever source it came from.
// Errors never repeat a value that may contain a secret.
#[derive(Debug, Clone, Default, Args)]
pub struct Given {
    /// On an empty database, create a sample organization to explore
    #[arg(long, env = "ROLECALL_DEMO", value_name = "true|false", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub demo: Option<bool>,

    /// The directory of the SQLite database; created if missing. Not used with --database-url [default: data]
    #[arg(long, env = "ROLECALL_DATA_DIR", value_name = "DIRECTORY")]
    pub data_dir: Option<PathBuf>,

    /// Use PostgreSQL instead, as postgres://user:password@host/database?sslmode=verify-full; several servers can share it
    // The URL may contain a password: it appears neither in --help nor in messages.
    #[arg(long, env = "ROLECALL_DATABASE_URL", value_name = "URL", hide_env_values = true)]
    pub database_url: Option<PostgresUrl>,

    /// A file with the key that encrypts secrets in the database, as `openssl rand -base64 32` prints it; the same for all
    /// servers of a database [default: encryption.key in the data directory, created if missing; with --database-url none]
    #[arg(long, env = "ROLECALL_ENCRYPTION_KEY_FILE", value_name = "FILE")]
    pub encryption_key_file: Option<PathBuf>,

    /// The address and port to listen on; port 0 picks a free one [default: 127.0.0.1:8080]
    #[arg(long, env = "ROLECALL_LISTEN", value_name = "ADDRESS")]
    pub listen: Option<String>,

    /// Where people and clients reach this server: the issuer of tokens. With https, cookies are for TLS only
    /// [default: http://localhost:<port>, or https:// with a certificate]
    #[arg(long, env = "ROLECALL_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,

    /// Proxies whose X-Forwarded-For header is trusted: networks or addresses, separated by commas [default: none]
    #[arg(long, env = "ROLECALL_TRUSTED_PROXIES", value_name = "NETWORKS", value_delimiter = ',')]
    pub trusted_proxies: Option<Vec<String>>,

    /// Networks of this host or its link, separated by commas, where identity providers may be asked, also without TLS
    /// [default: none; loopback and link-local addresses are not asked, and others only with TLS]
    #[arg(long, env = "ROLECALL_OUTBOUND_NETWORKS", value_name = "NETWORKS", value_delimiter = ',')]
    pub outbound_networks: Option<Vec<String>>,

    /// A PEM file with authorities that identity providers' certificates may come from, beside the system's
    #[arg(long, env = "ROLECALL_OUTBOUND_CA_FILE", value_name = "FILE")]
    pub outbound_ca_file: Option<PathBuf>,

    /// A PEM file with the certificate and its chain, to serve TLS; read again when it changes. Requires --tls-key
    #[arg(long, env = "ROLECALL_TLS_CERT", value_name = "FILE")]
    pub tls_cert: Option<PathBuf>,

    /// A PEM file with the certificate's private key
    #[arg(long, env = "ROLECALL_TLS_KEY", value_name = "FILE")]
    pub tls_key: Option<PathBuf>,

    /// The largest number of connections at once; others wait [default: 64 fewer than the open file limit, at most 10000]
    #[arg(long, env = "ROLECALL_MAX_CONNECTIONS", value_name = "NUMBER")]
    pub max_connections: Option<NonZeroU32>,

    /// On an empty database, the email of its first administrator [default: admin@example.com, with --demo admin@meridian.example]
    #[arg(long, env = "ROLECALL_ADMIN_EMAIL", value_name = "EMAIL")]
    pub admin_email: Option<String>,

    /// A file whose first line is the first administrator's password, for unattended installations [default: a temporary
    /// one is generated and shown]
    #[arg(long, env = "ROLECALL_ADMIN_PASSWORD_FILE", value_name = "FILE")]
    pub admin_password_file: Option<PathBuf>,

    /// How long an access token is valid [default: 1h]
    #[arg(long, env = "ROLECALL_ACCESS_TOKEN_LIFETIME", value_name = "TIME")]
    pub access_token_lifetime: Option<String>,

    /// The longest time a sign-in lasts, refresh tokens included [default: 12h]
    #[arg(long, env = "ROLECALL_SESSION_LIFETIME", value_name = "TIME")]
    pub session_lifetime: Option<String>,

    /// How long after its first use a refresh token may be used again, as when an answer was lost or two tabs refresh at once;
    /// 0s: never, 5m at most. Later use ends the session [default: 30s]
    #[arg(long, env = "ROLECALL_REFRESH_REUSE_GRACE", value_name = "TIME")]
    pub refresh_reuse_grace: Option<String>,

    /// How long a browser stays signed in without requests [default: 1h]
    #[arg(long, env = "ROLECALL_SESSION_IDLE_TIMEOUT", value_name = "TIME")]
    pub session_idle_timeout: Option<String>,

    /// How long a temporary password is valid [default: 7d]
    #[arg(long, env = "ROLECALL_TEMPORARY_PASSWORD_LIFETIME", value_name = "TIME")]
    pub temporary_password_lifetime: Option<String>,

    /// How long the groups of a user count without a word of their identity provider; each sign-in is one [default: 7d]
    #[arg(long, env = "ROLECALL_GROUPS_LIFETIME", value_name = "TIME")]
    pub groups_lifetime: Option<String>,

    /// How long this server may answer without confirming that it knows the newest rules; after that it answers 503
    /// [default: 10s]
    #[arg(long, env = "ROLECALL_MAX_STALENESS", value_name = "TIME")]
    pub max_staleness: Option<String>,

    /// What to log: error, warn, info, debug or trace, also per module (info,rolecall::http=debug) [default: info]
    #[arg(long, env = "ROLECALL_LOG", value_name = "FILTER")]
    pub log: Option<String>,

    /// A TOML file with any of these settings, by the same names: listen = "0.0.0.0:8080"
    #[arg(long, env = "ROLECALL_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// The storage settings, for commands that do not serve.
#[derive(Debug, Clone, Default, Args)]
pub struct GivenStorage {
    /// The directory of the SQLite database [default: data]
    #[arg(long, env = "ROLECALL_DATA_DIR", value_name = "DIRECTORY")]
    data_dir: Option<PathBuf>,

    /// The PostgreSQL database, if it is one
    #[arg(long, env = "ROLECALL_DATABASE_URL", value_name = "URL", hide_env_values = true)]
    database_url: Option<PostgresUrl>,

    /// The TOML file with the server's settings
    #[arg(long, env = "ROLECALL_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
}

impl From<GivenStorage> for Given {
    fn from(given: GivenStorage) -> Self {
        Self { data_dir: given.data_dir, database_url: given.database_url, config: given.config, ..Self::default() }
    }
}

impl Given {
    /// Takes what is absent from the file that `config` names, if any.
    ///
    /// # Errors
    /// `Invalid` when the file cannot be read or has a wrong setting.
    pub fn with_file(self) -> Result<Self> {
        let Some(path) = &self.config else { return Ok(self) };
        let file = file::read(path)?;
        Ok(self.or(file))
    }

    fn or(self, other: Self) -> Self {
        Self {
            demo: self.demo.or(other.demo),
            data_dir: self.data_dir.or(other.data_dir),
            database_url: self.database_url.or(other.database_url),
            encryption_key_file: self.encryption_key_file.or(other.encryption_key_file),
            listen: self.listen.or(other.listen),
            public_url: self.public_url.or(other.public_url),
            trusted_proxies: self.trusted_proxies.or(other.trusted_proxies),
            outbound_networks: self.outbound_networks.or(other.outbound_networks),
            outbound_ca_file: self.outbound_ca_file.or(other.outbound_ca_file),
            tls_cert: self.tls_cert.or(other.tls_cert),
            tls_key: self.tls_key.or(other.tls_key),
            max_connections: self.max_connections.or(other.max_connections),
            admin_email: self.admin_email.or(other.admin_email),
            admin_password_file: self.admin_password_file.or(other.admin_password_file),
            access_token_lifetime: self.access_token_lifetime.or(other.access_token_lifetime),
            session_lifetime: self.session_lifetime.or(other.session_lifetime),
            refresh_reuse_grace: self.refresh_reuse_grace.or(other.refresh_reuse_grace),
            session_idle_timeout: self.session_idle_timeout.or(other.session_idle_timeout),
            temporary_password_lifetime: self.temporary_password_lifetime.or(other.temporary_password_lifetime),
            groups_lifetime: self.groups_lifetime.or(other.groups_lifetime),
            max_staleness: self.max_staleness.or(other.max_staleness),
            log: self.log.or(other.log),
            config: self.config,
        }
    }
}
