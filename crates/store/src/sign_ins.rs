//! Recent sign-ins with identity providers, and what a provider last said of each user: for administrators to read.
//!
//! Nothing here changes access, and no decision reads it.

use std::time::Duration;

use rolecall_core::identity::{ProviderId, UserId};
use rolecall_core::{Error, Result, Timestamp};

use crate::Store;
use crate::backend::{Purpose, Transaction};
use crate::lists::{Page, push_contains};
use crate::sql::{Row, Sql};
use crate::stored;

/// How long a sign-in is kept.
pub const SIGN_INS_KEPT: Duration = Duration::from_secs(7 * 24 * 60 * 60);
/// Maximum sign-ins of one network by people who are not known here.
const OF_NETWORK: i64 = 30;
/// Maximum sign-ins of all networks by people who are not known here.
const OF_STRANGERS: i64 = 1_000;
/// Maximum sign-ins that are kept in all.
const OF_ALL: i64 = 100_000;

/// A sign-in with an identity provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInRecord {
    /// What the person is shown, and administrators find it by.
    pub reference: String,
    /// The provider.
    pub provider: ProviderId,
    /// When it ended.
    pub at: Timestamp,
    /// The code of the failure; `None` for a person who came in, or would have.
    pub problem: Option<String>,
    /// The email, as far as the provider said one.
    pub email: Option<String>,
    /// Whether an administrator tested the provider: nobody came in.
    pub is_test: bool,
    /// How far it came, as JSON of the server's; empty in a list.
    pub details: String,
}

/// A sign-in to keep.
pub struct NewSignIn {
    /// The sign-in.
    pub record: SignInRecord,
    /// Whether the person is known here, or an administrator made a test. The others may be anybody, so only a few of those are
    /// kept.
    pub is_known: bool,
    /// The network that it came from.
    pub network: String,
}

/// Which sign-ins are listed.
#[derive(Debug, Clone, Default)]
pub struct SignInFilter {
    /// With that provider.
    pub provider: Option<ProviderId>,
    /// Only those that failed.
    pub failed: bool,
    /// A part of the email, or the whole reference.
    pub about: Option<String>,
}

/// What a provider last said of a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastClaims {
    /// The user.
    pub user: UserId,
    /// JSON.
    pub claims: String,
}

const COLUMNS: &str = "reference, provider, at, problem, email, is_test, details";
/// Without what a list does not show.
const LISTED: &str = "reference, provider, at, problem, email, is_test, ''";

impl Store {
    /// Keeps a sign-in, in place of a failed one with the same reference. Older ones of people who are not known give way.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn note_sign_in(&self, new: NewSignIn) -> Result<()> {
        let NewSignIn { record, is_known, network } = new;
        let mut transaction = self.backend.begin(Purpose::Record).await?;
        if !is_known {
            make_room(&mut transaction, &network).await?;
        }
        let mut insert = Sql::new("INSERT INTO sign_ins (");
        insert.push(COLUMNS).push(", known, network) VALUES (").bind(record.reference);
        insert.push(", ").bind(record.provider.to_string()).push(", ").bind(record.at);
        insert.push(", ").bind(record.problem).push(", ").bind(record.email).push(", ").bind(record.is_test);
        insert.push(", ").bind(record.details).push(", ").bind(is_known).push(", ").bind(network);
        insert.push(") ON CONFLICT (reference) DO UPDATE SET at = excluded.at, problem = excluded.problem, ");
        insert.push("email = excluded.email, details = excluded.details, known = excluded.known WHERE sign_ins.problem IS NOT NULL");
        transaction.execute(insert).await?;
        transaction.commit().await
    }

    /// Recent sign-ins, newest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn sign_ins(&self, filter: &SignInFilter, page: Page) -> Result<Vec<SignInRecord>> {
        let mut sql = Sql::new("SELECT ");
        sql.push(LISTED).push(" FROM sign_ins WHERE 1 = 1");
        push_filter(&mut sql, filter);
        sql.push(" ORDER BY at DESC, reference DESC LIMIT ").bind(page.rows());
        sql.push(" OFFSET ").bind(page.first());
        self.read(sql).await?.iter().map(record).collect()
    }

    /// How many sign-ins there are.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn count_sign_ins(&self, filter: &SignInFilter) -> Result<u64> {
        let mut sql = Sql::new("SELECT count(*) FROM sign_ins WHERE 1 = 1");
        push_filter(&mut sql, filter);
        let count = self.read(sql).await?.first().map_or(Ok(0), |row| row.int(0))?;
        u64::try_from(count).map_err(Error::internal)
    }

    /// The sign-in with that reference.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn sign_in(&self, reference: &str) -> Result<Option<SignInRecord>> {
        let mut sql = Sql::new("SELECT ");
        sql.push(COLUMNS).push(" FROM sign_ins WHERE reference = ").bind(reference);
        self.read(sql).await?.first().map(record).transpose()
    }

    /// Deletes the sign-ins that are too old, or too many.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn forget_sign_ins(&self, now: Timestamp) -> Result<()> {
        let mut transaction = self.backend.begin(Purpose::Record).await?;
        let mut old = Sql::new("DELETE FROM sign_ins WHERE at < ");
        old.bind(now.minus(SIGN_INS_KEPT));
        transaction.execute(old).await?;
        let mut many =
            Sql::new("DELETE FROM sign_ins WHERE at < (SELECT at FROM sign_ins ORDER BY at DESC LIMIT 1 OFFSET ");
        many.bind(OF_ALL).push(")");
        transaction.execute(many).await?;
        transaction.commit().await
    }

    /// What a provider last said of its users, by user, after the given one.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn last_claims(
        &self,
        provider: ProviderId,
        after: Option<UserId>,
        limit: i64,
    ) -> Result<Vec<LastClaims>> {
        let mut sql = Sql::new("SELECT user_id, claims FROM last_claims WHERE provider = ");
        sql.bind(provider.to_string());
        if let Some(after) = after {
            sql.push(" AND user_id > ").bind(after.to_string());
        }
        sql.push(" ORDER BY user_id LIMIT ").bind(limit);
        let read = |row: &Row| Ok(LastClaims { user: stored::user_id(row.text(0)?)?, claims: row.text(1)?.to_owned() });
        self.read(sql).await?.iter().map(read).collect()
    }
}

/// Keeps what a provider said of a user, in place of what it said before.
pub(crate) async fn keep_claims(
    transaction: &mut Transaction,
    user: UserId,
    provider: ProviderId,
    claims: &str,
) -> Result<()> {
    let mut keep = Sql::new("INSERT INTO last_claims (user_id, provider, claims) VALUES (");
    keep.bind(user.to_string()).push(", ").bind(provider.to_string()).push(", ").bind(claims);
    keep.push(") ON CONFLICT (user_id) DO UPDATE SET provider = excluded.provider, claims = excluded.claims");
    transaction.execute(keep).await.map(drop)
}

/// Forgets what was said of users.
pub(crate) fn forget_claims_of(users: &[UserId]) -> Sql {
    let mut sql = Sql::new("DELETE FROM last_claims WHERE user_id IN ");
    sql.bind_all(users.iter().map(ToString::to_string));
    sql
}

/// Forgets what a provider said.
pub(crate) fn forget_claims_by(provider: ProviderId) -> Sql {
    let mut sql = Sql::new("DELETE FROM last_claims WHERE provider = ");
    sql.bind(provider.to_string());
    sql
}

async fn make_room(transaction: &mut Transaction, network: &str) -> Result<()> {
    let mut of_network = Sql::new("DELETE FROM sign_ins WHERE known = 0 AND network = ");
    of_network
        .bind(network)
        .push(" AND reference NOT IN (SELECT reference FROM sign_ins WHERE known = 0 AND network = ");
    of_network.bind(network).push(" ORDER BY at DESC, reference DESC LIMIT ").bind(OF_NETWORK - 1).push(")");
    transaction.execute(of_network).await?;
    let mut of_all = Sql::new("DELETE FROM sign_ins WHERE known = 0 AND at < (SELECT at FROM sign_ins WHERE known = 0");
    of_all.push(" ORDER BY at DESC LIMIT 1 OFFSET ").bind(OF_STRANGERS - 1).push(")");
    transaction.execute(of_all).await.map(drop)
}

fn push_filter(sql: &mut Sql, filter: &SignInFilter) {
    if let Some(provider) = filter.provider {
        sql.push(" AND provider = ").bind(provider.to_string());
    }
    if filter.failed {
        sql.push(" AND problem IS NOT NULL");
    }
    if let Some(about) = &filter.about {
        sql.push(" AND (reference = ").bind(about.to_ascii_uppercase()).push(" OR ");
        push_contains(sql, "lower(email)", about);
        sql.push(")");
    }
}

fn record(row: &Row) -> Result<SignInRecord> {
    Ok(SignInRecord {
        reference: row.text(0)?.to_owned(),
        provider: stored::provider_id(row.text(1)?)?,
        at: row.time(2)?,
        problem: row.text_or_null(3)?.map(str::to_owned),
        email: row.text_or_null(4)?.map(str::to_owned),
        is_test: row.bool(5)?,
        details: row.text(6)?.to_owned(),
    })
}
