//! Users as the administrator sees them.

use rolecall_core::filter::{Condition, Field, Filter, Order};
use rolecall_core::identity::{Email, GroupName, UserId};
use rolecall_core::{Error, Result, Revision, Timestamp};

use super::column::{Column, fields, joined, names};
use super::condition::{push_filter, push_search};
use super::holders::{AccessIn, HOLDER_FIELDS, Holding};
use super::order::Key;
use super::rule_counts::{RULE_COUNT, push_count_conditions, push_counts};
use super::stream::Stream;
use super::{Page, Sort, Visible};
use crate::Store;
use crate::backend::Kept;
use crate::sql::{Row, Sql};
use crate::stored;

const COLUMNS: [Column; 10] = [
    Column::lower_text("username", "u.email"),
    Column::text("createdBy", "u.created_by"),
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
    pub revision: Revision,
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

impl UserQuery {
    /// Whether it leaves out anybody.
    const fn narrows(&self) -> bool {
        !self.filter.conditions.is_empty() || !self.access_in.is_empty() || self.search.is_some()
    }
}

impl Store {
    /// A page of users.
    ///
    /// # Errors
    /// Overloaded or internal, when the database fails.
    pub async fn users(&self, query: &UserQuery) -> Result<Vec<UserRecord>> {
        let sql = if query.sort.by == Some(RULE_COUNT.name) { by_rules(query)? } else { by_column(query)? };
        self.read(sql).await?.iter().map(record).collect()
    }

    /// All users on all pages, in their order, from one moment, with how many rules each holds of those that exist for the
    /// asker. The page of the query narrows nothing. `kept` is dropped once the database is not read for them any more.
    ///
    /// # Errors
    /// Overloaded or internal, when the database fails.
    pub async fn all_users(&self, query: &UserQuery, kept: Kept) -> Result<Stream<(UserRecord, u64)>> {
        let rows = self.backend.stream(all(query)?, kept).await?;
        Ok(Stream::new(rows, |row| Ok((record(row)?, u64::try_from(row.int(COUNT)?).map_err(Error::internal)?))))
    }

    /// How many users there are on all pages.
    ///
    /// # Errors
    /// Overloaded or internal, when the database fails.
    pub async fn count_users(&self, query: &UserQuery) -> Result<u64> {
        let mut sql = counted(query)?;
        sql.push("SELECT count(*) FROM users u");
        push_conditions(&mut sql, query)?;
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
const WANTED: &str = "u.id, u.email, u.kind, u.enabled, u.credential, u.group_names, u.created_by, u.created_at, \
                      u.updated_at, u.last_login, u.revision";

/// A page in the order of one of the columns, or of the names.
fn by_column(query: &UserQuery) -> Result<Sql> {
    let key = Key::new(&COLUMNS, query.sort)?;
    let order = key.order_by(key.expression.unwrap_or_default(), &["u.email"]);
    // The offset walks an index of names; only the page's own rows are fetched.
    let mut sql = counted(query)?;
    sql.push("SELECT ").push(WANTED).push(" FROM users u WHERE u.email IN (SELECT u.email FROM users u");
    push_conditions(&mut sql, query)?;
    sql.push(&order);
    query.page.push(&mut sql);
    sql.push(")").push(&order);
    Ok(sql)
}

/// A page in the order of how many rules the users hold.
fn by_rules(query: &UserQuery) -> Result<Sql> {
    let direction = if query.sort.order == Order::Descending { " DESC" } else { "" };
    let mut sql = counted(query)?;
    sql.push("SELECT ").push(WANTED).push(" FROM (SELECT c.email, c.rules FROM rule_counts c");
    if query.narrows() {
        sql.push(" WHERE c.email IN (SELECT u.email FROM users u");
        push_conditions(&mut sql, query)?;
        sql.push(")");
    }
    sql.push(&format!(" ORDER BY c.rules{direction}, c.email{direction}"));
    query.page.push(&mut sql);
    sql.push(") p JOIN users u ON u.email = p.email");
    sql.push(&format!(" ORDER BY p.rules{direction}, p.email{direction}"));
    Ok(sql)
}

/// Where a row has the number of rules, behind what a user's record needs.
const COUNT: usize = 11;

/// All pages as one, with the numbers of rules.
fn all(query: &UserQuery) -> Result<Sql> {
    let mut sql = Sql::default();
    push_counts(&mut sql, &query.visible)?;
    sql.push("SELECT ").push(WANTED);
    sql.push(", c.rules FROM users u JOIN rule_counts c ON c.email = u.email");
    push_conditions(&mut sql, query)?;
    if query.sort.by == Some(RULE_COUNT.name) {
        let direction = if query.sort.order == Order::Descending { " DESC" } else { "" };
        sql.push(&format!(" ORDER BY c.rules{direction}, u.email{direction}"));
    } else {
        let key = Key::new(&COLUMNS, query.sort)?;
        sql.push(&key.order_by(key.expression.unwrap_or_default(), &["u.email"]));
    }
    Ok(sql)
}

/// The beginning of a statement, with the numbers of rules where they are asked for.
fn counted(query: &UserQuery) -> Result<Sql> {
    let mut sql = Sql::default();
    let UserQuery { visible, filter, sort, .. } = query;
    if sort.by == Some(RULE_COUNT.name) || filter.conditions.iter().any(|it| it.field == RULE_COUNT.name) {
        push_counts(&mut sql, visible)?;
    }
    Ok(sql)
}

fn push_conditions(sql: &mut Sql, query: &UserQuery) -> Result<()> {
    let UserQuery { visible, filter, access_in, search, sort: _, page: _ } = query;
    if !query.narrows() {
        return Ok(());
    }
    sql.push(" WHERE 1 = 1");
    let of_rules = |condition: &Condition| HOLDER_FIELDS.iter().any(|field| field.name == condition.field);
    let (on_rules, own): (Vec<_>, Vec<_>) = filter.conditions.iter().cloned().partition(of_rules);
    let (on_counts, own) = own.into_iter().partition(|condition| condition.field == RULE_COUNT.name);
    push_filter(sql, &COLUMNS, &Filter { conditions: own })?;
    push_count_conditions(sql, on_counts)?;
    Holding::new(visible, access_in, &on_rules).push(sql)?;
    search.as_deref().map_or(Ok(()), |text| push_search(sql, &COLUMNS, &["username"], text))
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
        revision: Revision::new(row.int(10)?),
    })
}
