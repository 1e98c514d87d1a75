//! A dedicated PostgreSQL server for a test, with its settings and certificates. It stops when dropped.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DistinguishedName, DnType, IsCa, KeyPair, KeyUsagePurpose,
    date_time_ymd,
};
use tempfile::TempDir;

use crate::common::{answered, postgres};

/// A certificate authority.
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

/// A certificate and its key, as PEM.
pub struct Certificate {
    pub certificate: String,
    pub key: String,
}

impl Authority {
    pub fn named(name: &str) -> Self {
        let mut params = params(name, &[]);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    pub fn pem(&self) -> String {
        self.0.pem()
    }

    /// A certificate for a subject and host names.
    pub fn certify(&self, subject: &str, hosts: &[&str]) -> Certificate {
        self.sign(&params(subject, hosts))
    }

    /// One that has expired.
    pub fn certify_long_ago(&self, subject: &str, hosts: &[&str]) -> Certificate {
        let mut params = params(subject, hosts);
        (params.not_before, params.not_after) = (date_time_ymd(2001, 1, 1), date_time_ymd(2002, 1, 1));
        self.sign(&params)
    }

    /// The authority's own certificate, which no server may use.
    pub fn itself(&self) -> Certificate {
        Certificate { certificate: self.0.pem(), key: self.0.key().serialize_pem() }
    }

    fn sign(&self, params: &CertificateParams) -> Certificate {
        let key = KeyPair::generate().unwrap();
        Certificate { certificate: params.signed_by(&key, &self.0).unwrap().pem(), key: key.serialize_pem() }
    }
}

fn params(subject: &str, hosts: &[&str]) -> CertificateParams {
    let mut params = CertificateParams::new(hosts.iter().map(ToString::to_string).collect::<Vec<_>>()).unwrap();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, subject);
    params
}

pub struct Server {
    script: Child,
    port: u16,
    folder: TempDir,
}

impl Server {
    /// Starts a server with the certificate; `authority` signs those of its clients.
    pub async fn with_tls(authority: &Authority, certificate: &Certificate, who: &str) -> Self {
        let settings = "ssl = on\nssl_cert_file = 'FOLDER/server.pem'\nssl_key_file = 'FOLDER/server.key'\n\
                        ssl_ca_file = 'FOLDER/clients.pem'\n";
        let files = [
            ("server.pem", certificate.certificate.as_str()),
            ("server.key", &certificate.key),
            ("clients.pem", &authority.pem()),
        ];
        Self::start(settings, who, &files).await
    }

    /// Starts a server with settings, lines of `pg_hba.conf` and files.
    pub async fn start(settings: &str, who: &str, files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let settings = settings.replace("FOLDER", folder.path().to_str().unwrap());
        let owner = owner();
        for (name, text) in files.iter().copied().chain([("postgresql.conf", &*settings), ("pg_hba.conf", who)]) {
            write(&folder.path().join(name), text, owner);
        }
        give(folder.path(), owner);

        let port = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
        let mut command = Command::new("sh");
        command.args(["-c", include_str!("../../../../xtask/src/postgres/server.sh"), "server.sh"]);
        command.arg(programs().await).arg(port.to_string()).arg(folder.path());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).process_group(0).current_dir("/");
        if let Some((user, group)) = owner {
            command.uid(user).gid(group);
        }
        let mut server = Self { script: command.spawn().unwrap(), port, folder };
        let mut line = String::new();
        BufReader::new(server.script.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert_eq!(line.trim_end(), "ready", "PostgreSQL does not start; its log is above");
        server
    }

    /// An address for the superuser, with parameters.
    pub fn url(&self, host: &str, parameters: &str) -> String {
        format!("postgres://postgres@{host}:{}/postgres?{parameters}", self.port)
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// Writes a file beside the server's.
    pub fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        write(&path, text, owner());
        path
    }

    /// Runs statements, without TLS.
    pub async fn run(&self, text: &str) {
        postgres(&self.url("127.0.0.1", "sslmode=disable"), text).await;
    }

    /// The result of a query, without TLS.
    pub async fn answer(&self, question: &str) -> Vec<String> {
        let url = self.url("127.0.0.1", "sslmode=disable");
        answered(&rolecall_store::Database::Postgres { url }, question).await
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The script serves for as long as this is held.
        drop(self.script.stdin.take());
        drop(self.script.wait());
    }
}

/// The programs of the server that all tests share: it runs on this machine.
async fn programs() -> String {
    let url = std::env::var("ROLECALL_TEST_POSTGRES").expect("run `cargo xtask test`");
    let programs = "SELECT setting FROM pg_config WHERE name = 'BINDIR'";
    answered(&rolecall_store::Database::Postgres { url }, programs).await.remove(0)
}

/// The owner of the server and its files: PostgreSQL refuses to run as root.
fn owner() -> Option<(u32, u32)> {
    if fs::metadata("/proc/self").map_or(1, |process| process.uid()) != 0 {
        return None;
    }
    let number = |option: &str, name: &str| {
        let output = Command::new("id").args([option, name]).output().ok()?;
        String::from_utf8(output.stdout).ok()?.trim().parse().ok()
    };
    let found = ["postgres", "nobody"].iter().find_map(|name| Some((number("-u", name)?, number("-g", name)?)));
    Some(found.expect("root needs a user `postgres` or `nobody` to run PostgreSQL as"))
}

fn write(path: &Path, text: &str, owner: Option<(u32, u32)>) {
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
    give(path, owner);
}

fn give(path: &Path, owner: Option<(u32, u32)>) {
    if let Some((user, group)) = owner {
        chown(path, Some(user), Some(group)).unwrap();
    }
}
