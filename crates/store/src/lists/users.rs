//! Users, for administrators.

use rolecall_core::filter::{Condition, Field, Filter, Order};
use rolecall_core::identity::{Email, GroupName, UserId};
use rolecall_core::{Error, Result, RevisionStamp, Timestamp};

use super::by_rule_count;
use super::column::{Column, fields, joined, names};
use super::condition::{push_filter, push_searches};
use super::holders::{AccessIn, HOLDER_FIELDS, Holding};
use super::order::Key;
use super::rule_counts::{self, CountFilter, RULE_COUNT, push_held};
use super::stream::{PART, Stream};
use super::{Page, Sort, Visibility};
use crate::Store;
use crate::backend::Kept;
use crate::sql::{Row, Sql};
use crate::stored;

const COLUMNS: [Column; 12] = [
    Column::lower_text("username", "u.email"),
    Column::text("createdBy", "u.created_by", "lower(u.created_by)"),
    Column::date_or_null("lastLogin", "u.last_login"),
    Column::date("creationTime", "u.created_at"),
    Column::date("lastUpdated", "u.updated_at"),
    Column::bool(
        "isLocal",
        "CASE WHEN u.kind = 'local' THEN 1 ELSE 0 END",
        &[("true", "u.kind = 'local'"), ("false", "u.kind = 'sso'")],
    ),
    Column::bool("enabled", "u.enabled", &[("true", "u.enabled = 1"), ("false", "u.enabled = 0")]),
    Column::bool(
        "temporaryPassword",
        "CASE WHEN u.credential IN ('temporary', 'lasting-temporary') THEN 1 ELSE 0 END",
        &[
            ("true", "u.credential IN ('temporary', 'lasting-temporary')"),
            ("false", "u.credential IN ('own', 'external')"),
        ],
    ),
    Column::bool(
        "generatedPassword",
        "u.generated_password",
        &[("true", "u.generated_password = 1"), ("false", "u.generated_password = 0")],
    ),
    Column::bool(
        "neverSignedIn",
        "CASE WHEN u.last_login IS NULL THEN 1 ELSE 0 END",
        &[("true", "u.last_login IS NULL"), ("false", "u.last_login IS NOT NULL")],
    ),
    Column::bool(
        "emailChanged",
        "CASE WHEN u.email_there IS NULL THEN 0 ELSE 1 END",
        &[("true", "u.email_there IS NOT NULL"), ("false", "u.email_there IS NULL")],
    ),
    Column::words("type", "u.kind", &[("local", "u.kind = 'local'"), ("sso", "u.kind = 'sso'")]),
];

/// What a search looks through.
const SEARCHED: [Column; 2] =
    [Column::lower_text("username", "u.email"), Column::text("names", "u.names_key", "u.names_key")];

/// The filter fields of users: their own, the number of their rules, and fields of those rules.
pub const USER_FIELDS: &[Field] =
    &joined::<{ COLUMNS.len() + 1 + HOLDER_FIELDS.len() }>(&[&fields(&COLUMNS), &[RULE_COUNT], &HOLDER_FIELDS]);

/// The sort fields of users.
pub const USER_SORTS: &[&str] = &{
    let mut sorts = [RULE_COUNT.name; COLUMNS.len() + 1];
    let (columns, _) = sorts.split_at_mut(COLUMNS.len());
    columns.copy_from_slice(&names(&COLUMNS));
    sorts
};

/// A user in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserRecord {
    /// Their id.
    pub id: UserId,
    /// Their email.
    pub email: Email,
    /// Their first name.
    pub first_name: Option<String>,
    /// Their last name.
    pub last_name: Option<String>,
    /// Whether they sign in here, with a password.
    pub local: bool,
    /// The alias of the identity provider that they signed in with.
    pub identity_provider: Option<String>,
    /// What the provider called them at their last sign-in, where that is another email.
    pub email_there: Option<Email>,
    /// Whether they are enabled.
    pub enabled: bool,
    /// Whether their password is temporary.
    pub temporary_password: bool,
    /// Whether the password is a generated one that may be kept and is unchanged.
    pub generated_password: bool,
    /// Their groups from the identity provider.
    pub groups: Vec<GroupName>,
    /// The creator: a subject's name, or the alias of the identity provider.
    pub created_by: String,
    /// Time of creation.
    pub created_at: Timestamp,
    /// Time of the last change by an administrator.
    pub updated_at: Timestamp,
    /// Time of the last sign-in.
    pub last_login: Option<Timestamp>,
    /// The revision of the last change to the user; signing in is none.
    pub revision: RevisionStamp,
}

/// A query for users.
#[derive(Debug, Clone)]
pub struct UserQuery {
    /// The rules that the caller may see. Users are found by these rules only.
    pub visible: Visibility,
    /// Conditions on [`USER_FIELDS`] except `accessIn`. Conditions on roles apply to one and the same rule, which is
    /// also the rule of `access_in`. `!=` and `!@` require that no rule matches.
    pub filter: Filter,
    /// The scope in which the users must have access, or must not.
    pub access_in: Vec<AccessIn>,
    /// Part of the email, as people read it, or of the names, in any case.
    pub search: Option<String>,
    /// One of [`USER_SORTS`]; by name otherwise, which also breaks ties.
    pub sort: Sort,
    /// The page.
    pub page: Page,
}

impl Store {
    /// A page of users.
    ///
    /// # Errors
    /// `Overloaded` or `Internal` when the database fails.
    pub async fn users(&self, query: &UserQuery) -> Result<Vec<UserRecord>> {
        let sql = if query.sort.by == Some(RULE_COUNT.name) { by_rule_count::page(query)? } else { by_column(query)? };
        self.read(sql).await?.iter().map(record).collect()
    }

    /// All users of all pages, in order, from one snapshot, each with the number of rules that the caller may see. The
    /// query's page is ignored. `kept` is dropped once the database is no longer read for them.
    ///
    /// # Errors
    /// `Overloaded` or `Internal` when the database fails.
    pub async fn all_users(&self, query: &UserQuery, kept: Kept) -> Result<Stream<(UserRecord, u64)>> {
        let rows = self.backend.stream(vec![all(query)?], PART, kept).await?;
        Ok(Stream::new(rows, |row| Ok((record(row)?, u64::try_from(row.int(COUNT)?).map_err(Error::internal)?))))
    }

    /// The total.
    ///
    /// # Errors
    /// `Overloaded` or `Internal` when the database fails.
    pub async fn count_users(&self, query: &UserQuery) -> Result<u64> {
        let mut sql = Sql::default();
        let conditions = UserFilter::of(query);
        conditions.push_held(&mut sql)?;
        sql.push("SELECT count(*) FROM ");
        conditions.push_matching(&mut sql)?;
        super::page::total(&self.read(sql).await?)
    }

    /// The users with these ids, by email.
    ///
    /// # Errors
    /// `Overloaded` or `Internal` when the database fails.
    pub async fn users_with_ids(&self, ids: &[UserId]) -> Result<Vec<UserRecord>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let mut sql = Sql::new("SELECT ");
        sql.push(WANTED).push(" FROM users u WHERE u.id IN ").bind_all(ids.iter().map(|id| id.to_string()));
        sql.push(" ORDER BY u.email");
        self.read(sql).await?.iter().map(record).collect()
    }

    /// The user with that id.
    ///
    /// # Errors
    /// `Overloaded` or `Internal` when the database fails.
    pub async fn user(&self, id: UserId) -> Result<Option<UserRecord>> {
        let mut sql = Sql::new("SELECT ");
        sql.push(WANTED).push(" FROM users u WHERE u.id = ").bind(id.to_string());
        self.read(sql).await?.first().map(record).transpose()
    }
}

/// The columns that [`record`] reads, in order.
pub(super) const WANTED: &str = "u.id, u.email, u.kind, u.enabled, u.credential, u.group_names, u.created_by, u.created_at, \
                      u.updated_at, u.last_login, u.generated_password, u.revision, u.revision_id, \
                      (SELECT p.alias FROM identity_providers p WHERE p.id = u.provider), u.email_there, u.first_name, u.last_name";

/// A page in the order of a column, or of the names.
fn by_column(query: &UserQuery) -> Result<Sql> {
    let key = Key::new(&COLUMNS, query.sort)?;
    let order = key.order_by(&["u.email"]);
    // The offset walks an index of names; only the page's rows are fetched.
    let mut sql = Sql::default();
    let conditions = UserFilter::of(query);
    conditions.push_held(&mut sql)?;
    sql.push("SELECT ").push(WANTED).push(" FROM users u WHERE u.email IN (SELECT u.email FROM ");
    conditions.push_matching(&mut sql)?;
    sql.push(&order);
    query.page.push(&mut sql);
    sql.push(")").push(&order);
    Ok(sql)
}

/// Where a row has the number of rules, behind what a user's record needs.
const COUNT: usize = 17;

/// All pages as one, with the numbers of rules.
fn all(query: &UserQuery) -> Result<Sql> {
    let mut sql = Sql::default();
    push_held(&mut sql, &query.visible)?;
    let (join, count) = rule_counts::joined(&query.visible);
    sql.push("SELECT ").push(WANTED).push(&format!(", {count} AS rules FROM users u{join} WHERE 1 = 1"));
    let conditions = UserFilter::of(query);
    conditions.push(&mut sql)?;
    conditions.counts.push_on_joined(&mut sql, &query.visible)?;
    if query.sort.by == Some(RULE_COUNT.name) {
        let direction = if query.sort.order == Order::Descending { " DESC" } else { "" };
        sql.push(&format!(" ORDER BY {count}{direction}, u.email{direction}"));
    } else {
        let key = Key::new(&COLUMNS, query.sort)?;
        sql.push(&key.order_by(&["u.email"]));
    }
    Ok(sql)
}

/// The conditions of a list, by their subject.
#[derive(Debug)]
pub(super) struct UserFilter<'q> {
    query: &'q UserQuery,
    own: Filter,
    on_rules: Vec<Condition>,
    pub(super) counts: CountFilter,
}

impl<'q> UserFilter<'q> {
    pub(super) fn of(query: &'q UserQuery) -> Self {
        let of_rules = |condition: &Condition| HOLDER_FIELDS.iter().any(|field| field.name == condition.field);
        let (on_rules, own): (Vec<_>, Vec<_>) = query.filter.conditions.iter().cloned().partition(of_rules);
        let (counts, own) = own.into_iter().partition(|condition| condition.field == RULE_COUNT.name);
        Self { query, own: Filter { conditions: own }, on_rules, counts: CountFilter::new(counts) }
    }

    /// Whether any condition besides the number of rules applies.
    pub(super) fn narrow(&self) -> bool {
        let Self { query, own, on_rules, counts: _ } = self;
        !own.conditions.is_empty() || !on_rules.is_empty() || !query.access_in.is_empty() || query.search.is_some()
    }

    /// Starts a statement with the queries that [`push_matching`](Self::push_matching) needs.
    pub(super) fn push_held(&self, sql: &mut Sql) -> Result<()> {
        if self.counts.is_empty() { Ok(()) } else { push_held(sql, &self.query.visible) }
    }

    /// Adds `users u WHERE …` for the matching users.
    pub(super) fn push_matching(&self, sql: &mut Sql) -> Result<()> {
        sql.push("users u").push(self.counts.join(&self.query.visible)?).push(" WHERE 1 = 1");
        self.push(sql)?;
        self.counts.push_on_users(sql, &self.query.visible)
    }

    /// Adds ` AND …` for all conditions except the number of rules.
    pub(super) fn push(&self, sql: &mut Sql) -> Result<()> {
        push_filter(sql, &COLUMNS, &self.own)?;
        Holding::new(&self.query.visible, &self.query.access_in, &self.on_rules).push(sql)?;
        let Some(text) = &self.query.search else { return Ok(()) };
        let wanted = [("username", &*Email::part_as_kept(text)), ("names", text)];
        push_searches(sql, &SEARCHED, &wanted)
    }
}

fn record(row: &Row) -> Result<UserRecord> {
    Ok(UserRecord {
        id: stored::user_id(row.text(0)?)?,
        email: stored::email(row.text(1)?)?,
        local: row.text(2)? == "local",
        enabled: row.bool(3)?,
        temporary_password: stored::credential(row.text(4)?)?.must_change(),
        groups: stored::groups(row.text(5)?)?,
        created_by: row.text(6)?.to_owned(),
        created_at: row.time(7)?,
        updated_at: row.time(8)?,
        last_login: row.time_or_null(9)?,
        revision: stored::stamp(row, 11)?,
        generated_password: row.bool(10)?,
        identity_provider: row.text_or_null(13)?.map(str::to_owned),
        email_there: row.text_or_null(14)?.map(stored::email).transpose()?,
        first_name: row.text_or_null(15)?.map(str::to_owned),
        last_name: row.text_or_null(16)?.map(str::to_owned),
    })
}
