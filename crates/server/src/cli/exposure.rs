//! Warnings at startup about data that others could read or reach more easily than the operator may intend.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::config::{EncryptionKey, Settings, Storage};

/// Logs each warning.
pub fn warn(settings: &Settings) {
    let is_root = rustix::process::geteuid().is_root();
    for warning in warnings(settings, is_root) {
        tracing::warn!("{warning}");
    }
}

fn warnings(settings: &Settings, is_root: bool) -> Vec<String> {
    let in_the_clear = !settings.listen.ip().to_canonical().is_loopback()
        && settings.tls.is_none()
        && settings.trusted_proxies.is_empty();
    let clear = in_the_clear.then(|| {
        format!(
            "passwords and tokens travel in the clear to {}: set --tls-cert and --tls-key, or list the proxy that serves TLS \
             in --trusted-proxies",
            settings.listen
        )
    });
    let data = match &settings.storage {
        Storage::Directory(directory) => readable("the data directory", directory, "700"),
        Storage::Postgres(_) => None,
    };
    let key = settings.tls.as_ref().and_then(|files| readable("the private key", &files.key, "600"));
    let clients = settings.storage.database().client_key();
    let clients = clients.and_then(|key| readable("the private key of --database-url", &key, "600"));
    let encryption = match (&settings.encryption_key.file, &settings.storage) {
        (Some(path), _) => readable("the encryption key", path, "600"),
        (None, Storage::Directory(directory)) => {
            readable("the encryption key", &EncryptionKey::default_file(directory), "600")
        }
        (None, Storage::Postgres(_)) => None,
    };
    let root = is_root.then(|| "running as root, which Rolecall does not need: run it as its own user".to_owned());
    [clear, data, key, clients, encryption, root].into_iter().flatten().collect()
}

/// A warning where others than the owner can read the file or enter the directory.
fn readable(what: &str, path: &Path, mode: &str) -> Option<String> {
    let found = path.metadata().ok()?.permissions().mode() & 0o777;
    let path = path.display();
    (found & 0o077 != 0).then(|| {
        format!("{what} {path} can be read by other users of this host (mode {found:03o}): chmod {mode} {path}")
    })
}

#[cfg(test)]
mod tests {
    use std::fs::{self, Permissions};

    use super::*;
    use crate::config::parse;

    #[test]
    fn each_exposure_is_named_and_a_usual_server_has_none() {
        let folder = tempfile::tempdir().unwrap();
        let key = folder.path().join("key.pem");
        fs::write(&key, "").unwrap();
        let mode = |path: &Path, mode| fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
        let told = |listen: &str, tls: bool, proxies: &[&str], is_root| {
            let mut arguments = vec!["rolecall", "--listen", listen, "--data-dir", folder.path().to_str().unwrap()];
            arguments.extend(proxies.iter().flat_map(|proxy| ["--trusted-proxies", proxy]));
            if tls {
                let key = key.to_str().unwrap();
                arguments.extend(["--tls-cert", key, "--tls-key", key]);
            }
            warnings(&parse(arguments).unwrap(), is_root).join("\n")
        };
        mode(folder.path(), 0o700);
        mode(&key, 0o600);
        assert_eq!(told("127.0.0.1:8080", false, &[], false), "");
        assert_eq!(told("[::1]:8080", false, &[], false), "");
        assert_eq!(told("0.0.0.0:8080", true, &[], false), "");
        assert_eq!(told("0.0.0.0:8080", false, &["10.0.0.0/8"], false), "");
        assert!(told("0.0.0.0:8080", false, &[], false).contains("in the clear to 0.0.0.0:8080"));
        assert!(told("127.0.0.1:8080", false, &[], true).contains("root"));
        mode(&key, 0o640);
        assert!(told("0.0.0.0:8080", true, &[], false).contains("mode 640"));
        let url = format!("postgres://me@db/roles?sslmode=require&sslcert=x&sslkey={}", key.display());
        let postgres = parse(["rolecall", "--database-url", &url]).unwrap();
        let told_of_client = warnings(&postgres, false).join("\n");
        assert!(told_of_client.contains("--database-url"), "{told_of_client}");
        mode(folder.path(), 0o755);
        assert!(told("127.0.0.1:8080", false, &[], false).contains("chmod 700"));
    }
}
