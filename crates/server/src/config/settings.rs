//! The settings of `rolecall serve`.
#![allow(
    rustdoc::broken_intra_doc_links,
    rustdoc::invalid_html_tags,
    reason = "the doc comments are the help texts of the command line, written for a terminal"
)]

use std::fs;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;

use clap::{ArgAction, Args, Parser};
use ipnet::IpNet;
use rolecall_core::identity::Email;
use rolecall_core::text::shortened;
use rolecall_core::{Error, Result};
use rolecall_signin::password::policy;
use rolecall_signin::secret::Secret;

use super::network::network;
use super::{EncryptionKey, Lifetimes, PublicUrl, Storage, refused};
use crate::app::bootstrap::sample;

/// All settings of a server.
#[derive(Debug, Parser)]
pub struct Settings {
    /// On an empty database, create a sample organization to explore
    #[arg(long, env = "ROLECALL_DEMO", value_name = "true|false", action = ArgAction::Set, num_args = 0..=1, require_equals = true, default_value = "false", default_missing_value = "true")]
    pub demo: bool,

    #[command(flatten)]
    #[allow(missing_docs, reason = "a doc comment would become the help of the whole command")]
    pub storage: Storage,

    #[command(flatten)]
    #[allow(missing_docs, reason = "as above")]
    pub encryption_key: EncryptionKey,

    /// The address and port to listen on; port 0 picks a free one
    #[arg(long, env = "ROLECALL_LISTEN", value_name = "ADDRESS", default_value = "127.0.0.1:8080", value_parser = address)]
    pub listen: SocketAddr,

    /// Where people and clients reach this server: the issuer of tokens. With https, cookies are for TLS only
    /// [default: http://localhost:<port>, or https:// with a certificate]
    #[arg(long, env = "ROLECALL_PUBLIC_URL", value_name = "URL")]
    public_url: Option<PublicUrl>,

    /// Proxies whose X-Forwarded-For header is trusted: networks or addresses, separated by commas [default: none]
    #[arg(long, env = "ROLECALL_TRUSTED_PROXIES", value_name = "NETWORKS", value_delimiter = ',', value_parser = network)]
    pub trusted_proxies: Vec<IpNet>,

    /// Networks of this host or its link, separated by commas, where identity providers may be contacted, even without TLS
    /// [default: none; loopback and link-local addresses are not contacted, and others only with TLS]
    #[arg(long, env = "ROLECALL_OUTBOUND_NETWORKS", value_name = "NETWORKS", value_delimiter = ',', value_parser = network)]
    pub outbound_networks: Vec<IpNet>,

    /// A PEM file with authorities that identity providers' certificates may come from, beside the system's
    #[arg(long, env = "ROLECALL_OUTBOUND_CA_FILE", value_name = "FILE")]
    pub outbound_ca_file: Option<PathBuf>,

    #[command(flatten)]
    #[allow(missing_docs, reason = "as above")]
    pub tls: Option<TlsFiles>,

    /// The largest number of connections at once; others wait [default: 64 fewer than the open file limit, at most 10000]
    #[arg(long, env = "ROLECALL_MAX_CONNECTIONS", value_name = "NUMBER", value_parser = count)]
    pub max_connections: Option<NonZeroU32>,

    #[command(flatten)]
    #[allow(missing_docs, reason = "as above")]
    pub administrator: FirstAdministrator,

    #[command(flatten)]
    #[allow(missing_docs, reason = "as above")]
    pub lifetimes: Lifetimes,

    /// What to log: error, warn, info, debug or trace, also per module (info,rolecall::http=debug)
    #[arg(long, env = "ROLECALL_LOG", value_name = "FILTER", default_value = "info")]
    pub log: String,
}

/// Certificate and key, in PEM files.
// Neither is required, but each with the other.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct TlsFiles {
    /// A PEM file with the certificate and its chain, to serve TLS; read again when it changes. Requires --tls-key
    #[arg(long = "tls-cert", env = "ROLECALL_TLS_CERT", value_name = "FILE", required = false, requires = "key")]
    pub certificate: PathBuf,

    /// A PEM file with the certificate's private key
    #[arg(long = "tls-key", env = "ROLECALL_TLS_KEY", value_name = "FILE", required = false, requires = "certificate")]
    pub key: PathBuf,
}

/// The first administrator of an empty database.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct FirstAdministrator {
    /// On an empty database, the email of its first administrator [with --demo: admin@meridian.example]
    #[arg(long = "admin-email", env = "ROLECALL_ADMIN_EMAIL", value_name = "EMAIL", default_value = "admin@example.com", default_value_if("demo", "true", sample::ADMINISTRATOR), value_parser = email)]
    pub email: Email,

    /// A file whose first line is the first administrator's password, for unattended installations [default: a temporary
    /// one is generated and shown]
    #[arg(long = "admin-password-file", env = "ROLECALL_ADMIN_PASSWORD_FILE", value_name = "FILE")]
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
    /// The public URL of a server on this port.
    #[must_use]
    pub fn public_url(&self, port: u16) -> PublicUrl {
        self.public_url.clone().unwrap_or_else(|| PublicUrl::localhost(port, self.tls.is_some()))
    }
}

fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| refused(text, "an address and a port (127.0.0.1:8080, [::]:8080)"))
}

fn count(text: &str) -> Result<NonZeroU32, String> {
    text.parse().map_err(|_| format!("{} is not a number from 1 to {}", shortened(text), u32::MAX))
}

fn email(text: &str) -> Result<Email, String> {
    // The message begins with the name of a field; that of the setting is added to each.
    Email::parse("", text).map_err(|refused| refused.message.trim_start_matches(": ").to_owned())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::Settings;

    #[test]
    fn a_setting_has_one_name_everywhere_and_is_documented() {
        let guide = include_str!("../../../../docs/running.md");
        for setting in Settings::command().get_arguments() {
            let name = setting.get_long().unwrap();
            let variable = format!("ROLECALL_{}", name.to_uppercase().replace('-', "_"));
            assert_eq!(setting.get_env().and_then(|it| it.to_str()), Some(&*variable));
            assert!(guide.contains(&format!("`--{name}`")) || name == "config", "{name} is not in docs/running.md");
        }
    }
}
