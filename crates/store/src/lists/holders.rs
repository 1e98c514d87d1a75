//! Users with a matching rule, by name or through a group: conditions on a list of users.
//!
//! Only rules that the caller may see count, so the conditions reveal no others.

use rolecall_core::Result;
use rolecall_core::filter::{Comparison, Condition, Field, Filter, Kind, Search, Test};
use rolecall_core::identity::SubjectKind;
use rolecall_core::org::ScopePath;

use super::Visibility;
use super::condition::{NEVER, push_any, push_filter};
use super::rule_columns::COLUMNS;
use super::rules::push_found;
use crate::scope_key::scope_key;
use crate::sql::Sql;

/// What users can be filtered by about their rules.
pub(super) const HOLDER_FIELDS: [Field; 3] = [
    Field { name: "roleId", kind: Kind::Integer },
    Field { name: "roleName", kind: Kind::Text },
    Field { name: "accessIn", kind: Kind::Scope },
];

/// Whether a user has access in a scope: whether one of their rules applies there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessIn {
    /// The scope; `None` where the caller sees no such scope, and then no user has access.
    pub path: Option<ScopePath>,
    /// Whether the user must have access, or must not.
    pub wanted: bool,
}

/// The conditions on users' rules.
// Positive conditions apply to one and the same rule. A negative condition is the exact opposite of a positive one: no
// rule matches that. So one query covers all negative ones: whether any rule matches what one of them negates.
pub(super) struct Holding<'q> {
    visible: &'q Visibility,
    access_in: &'q [AccessIn],
    such: Filter,
    none_such: Filter,
}

impl<'q> Holding<'q> {
    pub(super) fn new(visible: &'q Visibility, access_in: &'q [AccessIn], conditions: &[Condition]) -> Self {
        let (mut such, mut none_such) = (Filter::default(), Filter::default());
        for condition in conditions {
            match denied(&condition.test) {
                Some(test) => none_such.conditions.push(Condition { test, ..condition.clone() }),
                None => such.conditions.push(condition.clone()),
            }
        }
        Self { visible, access_in, such, none_such }
    }

    /// Adds ` AND …` for the conditions, if any. The user is `u`.
    ///
    /// # Errors
    /// `Internal` when a condition is not one on rules.
    pub(super) fn push(&self, sql: &mut Sql) -> Result<()> {
        if !self.such.conditions.is_empty() || self.paths(true).next().is_some() {
            sql.push(" AND u.email IN (");
            self.push_holders(sql, |sql| {
                push_filter(sql, &COLUMNS, &self.such)?;
                for path in self.paths(true) {
                    sql.push(" AND ");
                    push_counts_in(sql, path);
                }
                Ok(())
            })?;
            sql.push(")");
        }
        if !self.none_such.conditions.is_empty() || self.paths(false).next().is_some() {
            // Not `NOT IN`: PostgreSQL evaluates that row by row once it expects the result to exceed its memory.
            sql.push(" AND u.email IN (SELECT o.email FROM users o EXCEPT SELECT h.email FROM (");
            self.push_holders(sql, |sql| {
                sql.push(" AND (");
                push_any(sql, &COLUMNS, &self.none_such)?;
                for path in self.paths(false) {
                    sql.push(" OR ");
                    push_counts_in(sql, path);
                }
                sql.push(")");
                Ok(())
            })?;
            sql.push(") h)");
        }
        Ok(())
    }

    fn paths(&self, wanted: bool) -> impl Iterator<Item = Option<ScopePath>> {
        self.access_in.iter().filter(move |access| access.wanted == wanted).map(|access| access.path)
    }

    /// Adds a query for the emails of users with a matching rule, some repeated.
    fn push_holders(&self, sql: &mut Sql, conditions: impl Fn(&mut Sql) -> Result<()>) -> Result<()> {
        push_subjects(sql, self.visible, SubjectKind::User, "r.subject AS email", &conditions)?;
        sql.push(" UNION ALL SELECT g.email FROM user_groups g WHERE g.group_name IN (");
        push_subjects(sql, self.visible, SubjectKind::Group, "r.subject AS group_name", &conditions)?;
        sql.push(")");
        Ok(())
    }
}

/// Adds a query for columns of the matching rules about that kind of subject.
fn push_subjects(
    sql: &mut Sql,
    visible: &Visibility,
    kind: SubjectKind,
    wanted: &str,
    conditions: impl Fn(&mut Sql) -> Result<()>,
) -> Result<()> {
    push_found(sql, &visible.of_kind(kind), wanted, "", |sql| {
        sql.push(" AND r.deleted_at IS NULL AND r.subject_type = ").bind(kind.as_str());
        conditions(sql)
    })
}

/// Adds the condition that a rule applies in that scope.
fn push_counts_in(sql: &mut Sql, path: Option<ScopePath>) {
    match path {
        Some(path) => sql.push("r.scope IN ").bind_all(path.scopes().map(scope_key)),
        None => sql.push(NEVER),
    };
}

/// The test that a negative test negates.
fn denied(test: &Test) -> Option<Test> {
    match test {
        Test::Compare(Comparison::NotEqual, value) => Some(Test::Compare(Comparison::Equal, value.clone())),
        Test::Search(Search::NotContains, text) => Some(Test::Search(Search::Contains, text.clone())),
        _ => None,
    }
}
