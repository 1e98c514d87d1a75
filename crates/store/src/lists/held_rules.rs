//! The rules of several users, by name and through their groups, as far as the caller may see them.

use rolecall_core::identity::{Email, SubjectKind, UserId};
use rolecall_core::{Error, Result};

use super::rules::{JOIN_WANTED, WANTED, push_found, record};
use super::{RuleRecord, Visibility};
use crate::Store;
use crate::sql::{Row, Sql};
use crate::stored;

/// Maximum rules listed for each user, by the number of requested users: 50, and at most 500 in all.
#[must_use]
pub fn most_held_rules(users: usize) -> usize {
    500_usize.checked_div(users).unwrap_or_default().clamp(1, 50)
}

/// A user with their rules. A rule through a group names the group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldRules {
    /// Their id.
    pub id: UserId,
    /// Their email.
    pub email: Email,
    /// Number of their rules.
    pub total: u64,
    /// The first rules, the widest scope first, then direct ones, then by id; at most [`most_held_rules`].
    pub rules: Vec<RuleRecord>,
}

impl Store {
    /// The rules of these users, in the given order, from one snapshot. Unknown users are left out.
    ///
    /// # Errors
    /// `Overloaded` or `Internal` when the database fails.
    pub async fn held_rules(&self, visible: &Visibility, users: &[UserId]) -> Result<Vec<HeldRules>> {
        if users.is_empty() {
            return Ok(Vec::new());
        }
        let answers = self.read_together(vec![names(users), rules(visible, users)?]).await?;
        let [names, rules] = answers.as_slice() else {
            return Err(Error::internal("two statements had another number of answers"));
        };
        let mut found = names.iter().map(nothing_held).collect::<Result<Vec<_>>>()?;
        found.sort_by_key(|held| users.iter().position(|id| *id == held.id));
        for row in rules {
            let email = row.text(HOLDER)?;
            let held = found.iter_mut().find(|held| held.email.as_str() == email);
            let held = held.ok_or_else(|| Error::internal(format!("nobody asked for the rules of {email:?}")))?;
            held.total = u64::try_from(row.int(TOTAL)?).map_err(Error::internal)?;
            held.rules.push(record(row)?);
        }
        Ok(found)
    }
}

/// The level of a rule's scope, the widest first. Scopes are stored as in `scope_key.rs`.
const LEVEL: &str = "CASE substr(held.scope, 1, 1) WHEN 't' THEN 0 WHEN 'c' THEN 1 WHEN 'd' THEN 2 ELSE 3 END";

/// Position of the user's email and number of rules in a row, after the columns of a rule's record.
const HOLDER: usize = 13;
const TOTAL: usize = 14;

fn nothing_held(row: &Row) -> Result<HeldRules> {
    let (id, email) = (stored::user_id(row.text(0)?)?, stored::email(row.text(1)?)?);
    Ok(HeldRules { id, email, total: 0, rules: Vec::new() })
}

fn names(users: &[UserId]) -> Sql {
    let mut sql = Sql::new("SELECT u.id, u.email FROM users u WHERE u.id IN ");
    sql.bind_all(users.iter().map(UserId::to_string));
    sql
}

fn rules(visible: &Visibility, users: &[UserId]) -> Result<Sql> {
    // Both are computed first: SQLite would otherwise start with the rules of all groups.
    let mut sql = Sql::new("WITH asked AS MATERIALIZED (SELECT u.email FROM users u WHERE u.id IN ");
    sql.bind_all(users.iter().map(UserId::to_string));
    sql.push("), members AS MATERIALIZED (SELECT g.group_name, g.email FROM user_groups g ");
    sql.push("WHERE g.email IN (SELECT a.email FROM asked a)) SELECT ").push(WANTED);
    sql.push(", h.email, h.total FROM (SELECT held.email, held.id, ");
    sql.push("count(*) OVER (PARTITION BY held.email) AS total, ");
    sql.push("row_number() OVER (PARTITION BY held.email ORDER BY ").push(LEVEL);
    sql.push(", held.through, held.id) AS place FROM (");
    let wanted = "r.subject AS email, r.id AS id, r.scope AS scope, 0 AS through";
    push_found(&mut sql, &visible.of_kind(SubjectKind::User), wanted, "", |sql| {
        push_live(sql, SubjectKind::User);
        sql.push(" AND r.subject IN (SELECT a.email FROM asked a)");
        Ok(())
    })?;
    sql.push(" UNION ALL ");
    let wanted = "m.email AS email, r.id AS id, r.scope AS scope, 1 AS through";
    let groups = " JOIN members m ON m.group_name = r.subject";
    push_found(&mut sql, &visible.of_kind(SubjectKind::Group), wanted, groups, |sql| {
        push_live(sql, SubjectKind::Group);
        Ok(())
    })?;
    sql.push(") held) h JOIN access_rules r ON r.id = h.id").push(JOIN_WANTED);
    sql.push(" WHERE h.place <= ")
        .bind(i64::try_from(most_held_rules(users.len())).map_err(Error::internal)?)
        .push(" ORDER BY h.email, h.place");
    Ok(sql)
}

fn push_live(sql: &mut Sql, kind: SubjectKind) {
    sql.push(" AND r.deleted_at IS NULL AND r.subject_type = ").bind(kind.as_str());
}
