//! Users as the administrator sees them.

use rolecall_core::filter::{Condition, Field, Filter, Order};
use rolecall_core::identity::{Email, GroupName, UserId};
use rolecall_core::{Error, Result, RevisionStamp, Timestamp};

use super::by_rule_count;
use super::column::{Column, fields, joined, names};
use super::condition::{push_filter, push_search};
use super::holders::{AccessIn, HOLDER_FIELDS, Holding};
use super::order::Key;
use super::rule_counts::{self, CountConditions, RULE_COUNT, push_held};
use super::stream::{PART, Stream};
use super::{Page, Sort, Visible};
use crate::Store;
use crate::backend::Kept;
use crate::sql::{Row, Sql};
use crate::stored;

const COLUMNS: [Column; 11] = [
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
    Column::words("type", "u.kind", &[("local", "u.kind = 'local'"), ("sso", "u.kind = 'sso'")]),
];

/// What users can be filtered by: what they are, how many rules they hold, and what these are.
pub const USER_FIELDS: &[Field] =
    &joined::<{ COLUMNS.len() + 1 + HOLDER_FIELDS.len() }>(&[&fields(&COLUMNS), &[RULE_COUNT], &HOLDER_FIELDS]);

/// What users can be sorted by.
pub const USER_SORTS: &[&str] = &{
    let mut sorts = [RULE_COUNT.name; COLUMNS.len() + 1];
    let (columns, _) = sorts.split_at_mut(COLUMNS.len());
    columns.copy_from_slice(&names(&COLUMNS));
    sorts
};

/// A user, as lists show him.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserRecord {
    /// His id.
    pub id: UserId,
    /// His name.
    pub email: Email,
    /// Whether he signs in here, with a password.
    pub local: bool,
    /// Whether he may sign in.
    pub enabled: bool,
    /// Whether his password is a temporary one.
    pub temporary_password: bool,
    /// Whether the password is a generated one that may be kept and was not changed yet.
    pub generated_password: bool,
    /// The groups that his identity provider put him in.
    pub groups: Vec<GroupName>,
    /// Who made him: a subject's name, or the alias of the identity provider.
    pub created_by: String,
    /// When he was made.
    pub created_at: Timestamp,
    /// When an administrator last changed him.
    pub updated_at: Timestamp,
    /// When he last signed in.
    pub last_login: Option<Timestamp>,
    /// The revision of the last change to him; signing in is none.
    pub revision: RevisionStamp,
}

/// Which users are asked for.
#[derive(Debug, Clone)]
pub struct UserQuery {
    /// Which rules exist for the asker. Users are found by these and by no others.
    pub visible: Visible,
    /// Conditions on [`USER_FIELDS`] but for `accessIn`. Those on roles speak of one and the same rule, and of the one
    /// that gives access where `access_in` wants it; `!=` and `!@` want that there is no such rule at all.
    pub filter: Filter,
    /// Where the users must have access, or must not.
    pub access_in: Vec<AccessIn>,
    /// A part of the name, in any case.
    pub search: Option<String>,
    /// By one of [`USER_SORTS`]; by name otherwise, and among equals.
    pub sort: Sort,
    /// Which part of the list.
    pub page: Page,
}

impl Store {
    /// A page of users.
    ///
    /// # Errors
    /// Overloaded or internal, when the database fails.
    pub async fn users(&self, query: &UserQuery) -> Result<Vec<UserRecord>> {
        let sql = if query.sort.by == Some(RULE_COUNT.name) { by_rule_count::page(query)? } else { by_column(query)? };
        self.read(sql).await?.iter().map(record).collect()
    }

    /// All users on all pages, in their order, from one moment, with how many rules each holds of those that exist for the
    /// asker. The page of the query narrows nothing. `kept` is dropped once the database is not read for them any more.
    ///
    /// # Errors
    /// Overloaded or internal, when the database fails.
    pub async fn all_users(&self, query: &UserQuery, kept: Kept) -> Result<Stream<(UserRecord, u64)>> {
        let rows = self.backend.stream(vec![all(query)?], PART, kept).await?;
        Ok(Stream::new(rows, |row| Ok((record(row)?, u64::try_from(row.int(COUNT)?).map_err(Error::internal)?))))
    }

    /// How many users there are on all pages.
    ///
    /// # Errors
    /// Overloaded or internal, when the database fails.
    pub async fn count_users(&self, query: &UserQuery) -> Result<u64> {
        let mut sql = Sql::default();
        let conditions = Conditions::of(query);
        conditions.push_held(&mut sql)?;
        sql.push("SELECT count(*) FROM ");
        conditions.push_matching(&mut sql)?;
        super::page::total(&self.read(sql).await?)
    }

    /// The user with that id.
    ///
    /// # Errors
    /// Overloaded or internal, when the database fails.
    pub async fn user(&self, id: UserId) -> Result<Option<UserRecord>> {
        let mut sql = Sql::new("SELECT ");
        sql.push(WANTED).push(" FROM users u WHERE u.id = ").bind(id.to_string());
        self.read(sql).await?.first().map(record).transpose()
    }
}

/// What [`record`] reads, in its order.
pub(super) const WANTED: &str = "u.id, u.email, u.kind, u.enabled, u.credential, u.group_names, u.created_by, u.created_at, \
                      u.updated_at, u.last_login, u.generated_password, u.revision, u.revision_id";

/// A page in the order of one of the columns, or of the names.
fn by_column(query: &UserQuery) -> Result<Sql> {
    let key = Key::new(&COLUMNS, query.sort)?;
    let order = key.order_by(&["u.email"]);
    // The offset walks an index of names; only the page's own rows are fetched.
    let mut sql = Sql::default();
    let conditions = Conditions::of(query);
    conditions.push_held(&mut sql)?;
    sql.push("SELECT ").push(WANTED).push(" FROM users u WHERE u.email IN (SELECT u.email FROM ");
    conditions.push_matching(&mut sql)?;
    sql.push(&order);
    query.page.push(&mut sql);
    sql.push(")").push(&order);
    Ok(sql)
}

/// Where a row has the number of rules, behind what a user's record needs.
const COUNT: usize = 13;

/// All pages as one, with the numbers of rules.
fn all(query: &UserQuery) -> Result<Sql> {
    let mut sql = Sql::default();
    push_held(&mut sql, &query.visible)?;
    let (join, count) = rule_counts::joined(&query.visible);
    sql.push("SELECT ").push(WANTED).push(&format!(", {count} AS rules FROM users u{join} WHERE 1 = 1"));
    let conditions = Conditions::of(query);
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

/// What narrows the list, apart by what it is about.
#[derive(Debug)]
pub(super) struct Conditions<'q> {
    query: &'q UserQuery,
    own: Filter,
    on_rules: Vec<Condition>,
    pub(super) counts: CountConditions,
}

impl<'q> Conditions<'q> {
    pub(super) fn of(query: &'q UserQuery) -> Self {
        let of_rules = |condition: &Condition| HOLDER_FIELDS.iter().any(|field| field.name == condition.field);
        let (on_rules, own): (Vec<_>, Vec<_>) = query.filter.conditions.iter().cloned().partition(of_rules);
        let (counts, own) = own.into_iter().partition(|condition| condition.field == RULE_COUNT.name);
        Self { query, own: Filter { conditions: own }, on_rules, counts: CountConditions::new(counts) }
    }

    /// Whether anybody is left out for anything but the number of his rules.
    pub(super) fn narrow(&self) -> bool {
        let Self { query, own, on_rules, counts: _ } = self;
        !own.conditions.is_empty() || !on_rules.is_empty() || !query.access_in.is_empty() || query.search.is_some()
    }

    /// Begins a statement with what [`push_matching`](Self::push_matching) needs.
    pub(super) fn push_held(&self, sql: &mut Sql) -> Result<()> {
        if self.counts.is_empty() { Ok(()) } else { push_held(sql, &self.query.visible) }
    }

    /// Adds `users u WHERE …`: those who match.
    pub(super) fn push_matching(&self, sql: &mut Sql) -> Result<()> {
        sql.push("users u").push(self.counts.join(&self.query.visible)?).push(" WHERE 1 = 1");
        self.push(sql)?;
        self.counts.push_on_users(sql, &self.query.visible)
    }

    /// Adds ` AND …` for everything but the number of rules.
    pub(super) fn push(&self, sql: &mut Sql) -> Result<()> {
        push_filter(sql, &COLUMNS, &self.own)?;
        Holding::new(&self.query.visible, &self.query.access_in, &self.on_rules).push(sql)?;
        self.query.search.as_deref().map_or(Ok(()), |text| push_search(sql, &COLUMNS, &["username"], text))
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
    })
}
