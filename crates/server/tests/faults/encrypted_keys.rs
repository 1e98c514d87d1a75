//! The keys in the database are encrypted, with a key that is kept elsewhere: made, missing, wrong, lost.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use rolecall_signin::sealed::{SealingKey, is_sealed};
use rolecall_store::{Database, Store};
use serde_json::{Value, json};

use crate::harness::{ROOT, ROOTS_PASSWORD, on_both_databases, with_postgres, with_sqlite};
use crate::process::{Ended, Rolecall, data_directory};

on_both_databases!(
    databases:
    a_lost_encryption_key_ends_access_tokens_and_nothing_else,
    the_keys_for_saml_are_replaced_in_steps,
    the_secret_of_an_identity_provider_is_encrypted
);

const USERS: &str = "/api/v1/users";

/// The keys in the database.
async fn keys(database: &Database) -> Vec<(String, Vec<u8>)> {
    let store = Store::open_to_read(database).await.unwrap();
    let keys = store.keys().await.unwrap();
    store.close().await;
    assert_eq!(keys.len(), 3, "of tokens, of proofs of known browsers, and of sign-ins with identity providers");
    keys
}

async fn are_sealed(database: &Database) -> bool {
    keys(database).await.iter().all(|(_, value)| is_sealed(value))
}

/// A file with an encryption key.
fn file(folder: &Path, byte: u8) -> PathBuf {
    let file = folder.join(format!("key-{byte}"));
    std::fs::write(&file, SealingKey::text(&[byte; 32]).as_str()).unwrap();
    file
}

async fn refused(database: &Database, more: &[&str], words: &[&str]) {
    let Ended { status, log } = Rolecall::try_to_start(database, more).await.expect_err("it must not start");
    assert_eq!(status.code(), Some(2), "{log}");
    let said = log.lines().find(|line| line.starts_with("error: ")).unwrap_or_default();
    assert!(said.starts_with("error: encryption-key-file: "), "{log}");
    for word in words {
        assert!(said.contains(word), "{word}: {said}");
    }
}

/// A provider, as an administrator enters it.
fn oidc() -> Value {
    json!({ "type": "oidc", "oidcData": { "clientId": "rolecall", "clientSecret": "hush-hush",
        "discoverDocumentUrl": "https://id.example.com" } })
}

/// What the doctor says, sound or not.
fn doctor(database: &Database) -> String {
    doctor_with(database, &[])
}

fn doctor_with(database: &Database, more: &[&str]) -> String {
    let output = rolecall(database, &[&["doctor"], more].concat());
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn rolecall(database: &Database, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rolecall"));
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("ROLECALL_")) {
        command.env_remove(name);
    }
    command.args(arguments);
    match database {
        Database::Sqlite { file } => command.arg("--data-dir").arg(data_directory(file)),
        Database::Postgres { url } => command.arg("--database-url").arg(url),
    };
    command.output().unwrap()
}

#[tokio::test]
async fn a_data_directory_gets_a_key_for_its_owner_alone_and_keeps_it() {
    with_sqlite(|database| async move {
        let Database::Sqlite { file } = &database else { panic!("{database:?}") };
        let key = data_directory(file).join("encryption.key");
        let (server, root) = Rolecall::start_signed_in(&database).await;
        server.until_logged("the encryption key was created").await;
        drop(server);
        assert_eq!(key.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        assert!(are_sealed(&database).await);
        let text = std::fs::read_to_string(&key).unwrap();

        let again = Rolecall::start(&database).await;
        assert_eq!(again.client.get(&root, USERS).await.status, 200, "the same keys");
        assert_eq!(std::fs::read_to_string(&key).unwrap(), text);
        drop(again);

        assert!(doctor(&database).contains("The keys in the database are encrypted, and can be read."));
        std::fs::remove_file(&key).unwrap();
        assert!(doctor(&database).contains("encryption.key is missing"), "nor is the database sound for the doctor");
        refused(&database, &[], &["encryption.key is missing", "discard-keys"]).await;
        assert!(!key.exists(), "no other key takes its place");
    })
    .await;
}

#[tokio::test]
async fn keys_in_the_clear_are_encrypted_by_a_server_with_a_key() {
    with_postgres(|database| async move {
        let folder = tempfile::tempdir().unwrap();
        let (server, root) = Rolecall::start_signed_in(&database).await;
        server.until_logged("the keys in the database are not encrypted").await;
        drop(server);
        assert!(!are_sealed(&database).await);

        let key = file(folder.path(), 1);
        let option = ["--encryption-key-file", key.to_str().unwrap()];
        let server = Rolecall::start_with(&database, &option).await;
        assert!(are_sealed(&database).await);
        assert_eq!(server.client.get(&root, USERS).await.status, 200, "the same keys");
        let replica = Rolecall::start_with(&database, &option).await;
        assert_eq!(replica.client.get(&root, USERS).await.status, 200);
        refused(&database, &[], &["missing", "the file that the other servers use"]).await;
    })
    .await;
}

async fn a_lost_encryption_key_ends_access_tokens_and_nothing_else(database: Database) {
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (file(folder.path(), 1), file(folder.path(), 2));
    let (first, second) = (first.to_str().unwrap(), second.to_str().unwrap());
    let server = Rolecall::start_with(&database, &["--encryption-key-file", first]).await;
    let root = server.client.sign_in(ROOT, ROOTS_PASSWORD).await;
    server.client.post(&root, "/api/v1/idps", oidc()).await.created();
    drop(server);

    refused(&database, &["--encryption-key-file", second], &["another encryption key", "discard-keys"]).await;
    refused(&database, &["--encryption-key-file", "/nowhere/key"], &["/nowhere/key"]).await;
    let discarded = rolecall(&database, &["admin", "discard-keys"]);
    assert!(discarded.status.success(), "{discarded:?}");
    let said = String::from_utf8_lossy(&discarded.stdout);
    assert!(said.contains("3 keys were deleted") && said.contains("provider oidc again"), "{said}");
    let store = Store::open_to_read(&database).await.unwrap();
    let audit = store.audit_newest(1).await.unwrap().remove(0);
    store.close().await;
    assert_eq!((audit.action.as_str(), audit.entity_type.as_str()), ("delete", "keys"), "{audit:?}");
    assert_eq!(audit.url, "rolecall admin discard-keys");

    let server = Rolecall::start_with(&database, &["--encryption-key-file", second]).await;
    assert!(are_sealed(&database).await);
    assert_eq!(server.client.get(&root, USERS).await.status, 401);
    let root = server.client.sign_in(ROOT, ROOTS_PASSWORD).await;
    assert_eq!(server.client.get(&root, USERS).await.status, 200);
    let told = doctor_with(&database, &["--encryption-key-file", second]);
    assert!(told.contains("not the secrets of the identity providers oidc"), "{told}");
}

async fn the_keys_for_saml_are_replaced_in_steps(database: Database) {
    let folder = tempfile::tempdir().unwrap();
    let key = file(folder.path(), 1);
    let option = ["--encryption-key-file", key.to_str().unwrap()];
    let server = Rolecall::start_with(&database, &option).await;
    let root = server.client.sign_in(ROOT, ROOTS_PASSWORD).await;
    let command = |step: &str| {
        let output = rolecall(&database, &["admin", "saml-keys", step, option[0], option[1]]);
        (
            output.status.success(),
            format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr)),
        )
    };
    assert!(command("show").1.contains("There are no SAML keys yet"));
    assert!(command("add").1.contains("servers make one when SAML is first used"));
    let saml = json!({ "type": "saml", "samlData": { "metadataXmlUrl": "https://id.example.com/metadata" } });
    server.client.post(&root, "/api/v1/idps", saml).await.created();
    // The certificates that providers read, those for signatures first.
    let certificates = async || {
        let metadata = server.client.ask("GET", "/sso/saml/metadata").send().await.text();
        let found = metadata.split("<ds:X509Certificate>").skip(1);
        found.map(|it| it.split('<').next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let [first, also_first] = certificates().await.try_into().unwrap();
    assert_eq!(first, also_first, "for signatures and for encryption");
    for early in ["switch", "remove"] {
        let (done, said) = command(early);
        assert!(!done && said.contains("one key only"), "{said}");
    }
    let (done, said) = command("add");
    assert!(done && said.contains("decrypts only") && said.contains("saml-keys switch"), "{said}");
    let [one, second, _, _] = certificates().await.try_into().unwrap();
    assert!(one == first && second != first, "without a restart");
    assert!(!command("add").0, "two are enough");
    assert!(command("switch").0);
    let [one, two, _, _] = certificates().await.try_into().unwrap();
    assert_eq!([&one, &two], [&second, &first]);
    assert!(command("remove").0);
    assert_eq!(certificates().await, [second.clone(), second]);
    let store = Store::open_to_read(&database).await.unwrap();
    let audit = store.audit_newest(1).await.unwrap().remove(0);
    store.close().await;
    assert_eq!((audit.action.as_str(), audit.entity_name.as_str()), ("update", "saml-keys"));
    assert_eq!(audit.url, "rolecall admin saml-keys");
    let (done, said) = command("show");
    assert!(done && said.contains("signs: certificate "), "{said}");
}

async fn the_secret_of_an_identity_provider_is_encrypted(database: Database) {
    let folder = tempfile::tempdir().unwrap();
    let key = file(folder.path(), 1);
    let server = Rolecall::start_with(&database, &["--encryption-key-file", key.to_str().unwrap()]).await;
    let root = server.client.sign_in(ROOT, ROOTS_PASSWORD).await;
    server.client.post(&root, "/api/v1/idps", oidc()).await.created();
    drop(server);
    let store = Store::open_to_read(&database).await.unwrap();
    let stored = store.providers().await.unwrap().remove(0).secret.unwrap();
    store.close().await;
    assert!(is_sealed(&stored) && !stored.windows(4).any(|part| part == b"hush"), "{stored:?}");
}

#[tokio::test]
async fn a_secret_that_was_altered_in_the_database_is_an_error_and_not_a_key() {
    with_sqlite(|database| async move {
        drop(Rolecall::start(&database).await);
        let (name, mut value) = keys(&database).await.remove(0);
        *value.last_mut().unwrap() ^= 1;
        let store = Store::open(&database).await.unwrap();
        let [(_, before), _, _] = store.keys().await.unwrap().try_into().unwrap();
        store.replace_key(&name, &before, &value).await.unwrap();
        store.close().await;
        let ended = Rolecall::try_to_start(&database, &[]).await.expect_err("it must not start");
        assert!(ended.log.contains("altered"), "{ended:?}");
    })
    .await;
}
