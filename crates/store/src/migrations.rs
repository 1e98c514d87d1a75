//! The schema and its migrations: numbered files, applied once and in order, under a lock.
//!
//! A released migration is never edited. Both databases have the same ones under the same numbers.

use std::cmp::Ordering;

use rolecall_core::identity::Email;
use rolecall_core::text::folded;
use rolecall_core::{Error, ErrorKind, Result};

use crate::Store;
use crate::backend::{Backend, Purpose, Transaction};
use crate::sql::Sql;

/// The text of each migration; its number is its index, from 1.
const MIGRATIONS: &[&str] = &[
    include_str!("../migrations/0001_foundation.sql"),
    include_str!("../migrations/0002_user_groups.sql"),
    include_str!("../migrations/0003_revisions.sql"),
    include_str!("../migrations/0004_rule_counts.sql"),
    include_str!("../migrations/0005_names.sql"),
    include_str!("../migrations/0006_revision_ids.sql"),
    include_str!("../migrations/0007_wrong_passwords.sql"),
    include_str!("../migrations/0008_refresh_siblings.sql"),
    include_str!("../migrations/0009_tags.sql"),
    include_str!("../migrations/0010_compatible_names.sql"),
    include_str!("../migrations/0011_readable_subjects.sql"),
    include_str!("../migrations/0012_identity_providers.sql"),
    include_str!("../migrations/0013_newest_session.sql"),
    include_str!("../migrations/0014_provider_emails.sql"),
    include_str!("../migrations/0015_saml.sql"),
    include_str!("../migrations/0016_groups.sql"),
    include_str!("../migrations/0017_logout.sql"),
    include_str!("../migrations/0018_sign_ins.sql"),
    include_str!("../migrations/0019_auto_redirect.sql"),
    include_str!("../migrations/0020_email_there.sql"),
    include_str!("../migrations/0021_roles.sql"),
    include_str!("../migrations/0022_names_of_people.sql"),
];

/// Migrates the schema, and fills in keys of names and names of unknown roles; all or nothing.
pub(crate) async fn run(backend: &Backend) -> Result<()> {
    let mut transaction = backend.begin(Purpose::Migrate).await?;
    transaction.batch("CREATE TABLE IF NOT EXISTS migrations (number BIGINT PRIMARY KEY)").await?;
    let newest = transaction.first(Sql::new("SELECT coalesce(max(number), 0) FROM migrations")).await?;
    let newest = newest.ok_or_else(|| Error::internal("max() returned no row"))?.int(0)?;
    let known = i64::try_from(MIGRATIONS.len()).map_err(Error::internal)?;
    if newest > known {
        return Err(too_new(newest, known));
    }
    for (number, text) in (1..).zip(MIGRATIONS).filter(|(number, _)| *number > newest) {
        transaction.batch(&backend.in_its_words(text)).await?;
        let mut done = Sql::new("INSERT INTO migrations (number) VALUES (");
        done.bind(number).push(")");
        transaction.execute(done).await?;
    }
    fill_keys(&mut transaction).await?;
    name_roles(&mut transaction).await?;
    transaction.commit().await
}

fn too_new(newest: i64, known: i64) -> Error {
    Error::invalid(format!(
        "the database has schema {newest}, but this version of Rolecall supports schemas up to {known}: a newer version wrote \
         it. Run that version or a later one, or restore a backup from before the upgrade"
    ))
}

/// Rejects a database with a schema of another version.
pub(crate) async fn ensure_current(store: &Store) -> Result<()> {
    let rows = store.read(Sql::new("SELECT coalesce(max(number), 0) FROM migrations")).await;
    // Any error of a database without that table.
    let rows = rows.map_err(|error| match error.kind {
        ErrorKind::Internal => Error::invalid("this is not a Rolecall database").with_cause(error),
        _ => error,
    })?;
    let newest = rows.first().ok_or_else(|| Error::internal("max() returned no row"))?.int(0)?;
    let known = i64::try_from(MIGRATIONS.len()).map_err(Error::internal)?;
    match newest.cmp(&known) {
        Ordering::Equal => Ok(()),
        Ordering::Greater => Err(too_new(newest, known)),
        Ordering::Less => Err(Error::invalid(format!(
            "the database has schema {newest}, but this version of Rolecall needs schema {known}: run `rolecall serve` of this \
             version once to upgrade it"
        ))),
    }
}

/// Fills in missing keys: those of a migration, and those of an older replica that still wrote a moment ago.
async fn fill_keys(transaction: &mut Transaction) -> Result<()> {
    fill(transaction, "nodes", "scope", ("name", "name_key"), folded).await?;
    // Rules about the same subject have the same key.
    fill(transaction, "access_rules", "subject", ("subject", "subject_key"), subject_key).await
}

/// The form in which subjects of rules are searched and compared: as people read them.
pub(crate) fn subject_key(name: &str) -> String {
    folded(&Email::readable(name))
}

async fn fill(
    transaction: &mut Transaction,
    table: &str,
    by: &str,
    (text, key): (&str, &str),
    key_of: fn(&str) -> String,
) -> Result<()> {
    // Nearly all names are ASCII without punycode, and the databases compute their keys in one statement.
    let ascii = format!("{key} = '' AND octet_length({text}) = length({text}) AND lower({text}) NOT LIKE '%xn--%'");
    transaction.execute(Sql::new(&format!("UPDATE {table} SET {key} = lower({text}) WHERE {ascii}"))).await?;
    let missing = format!("SELECT DISTINCT {by}, {text} FROM {table} WHERE {key} = '' AND {text} <> '' LIMIT 1000");
    loop {
        let rows = transaction.query(Sql::new(&missing)).await?;
        if rows.is_empty() {
            return Ok(());
        }
        for row in rows {
            let mut set = Sql::new(&format!("UPDATE {table} SET {key} = "));
            set.bind(key_of(row.text(1)?)).push(&format!(" WHERE {key} = '' AND {by} = ")).bind(row.text(0)?);
            transaction.execute(set).await?;
        }
    }
}

// INVARIANT: each role in a rule has a row, so that lists leave out no rule. A role that is not known keeps the name from the
// version that knew it: after a downgrade, or beside a newer replica, its rules still exist, and permit nothing here.
async fn name_roles(transaction: &mut Transaction) -> Result<()> {
    let nameless = "INSERT INTO roles (id, name) SELECT DISTINCT r.role, 'role ' || r.role FROM access_rules r \
                    WHERE r.role NOT IN (SELECT o.id FROM roles o)";
    transaction.execute(Sql::new(nameless)).await?;
    fill(transaction, "roles", "name", ("name", "name_key"), folded).await
}
