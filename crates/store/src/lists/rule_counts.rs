//! Number of a user's rules that the caller may see, to sort and filter users by it.
//!
//! For a caller who sees all rules it is in the table `rule_counts`, which has a row for each user and is updated by
//! every write of rules. For any other caller the statement counts the visible rules: `held` has the users with such
//! rules, who are few where the caller sees few rules. So nothing here makes a row for every user.

use rolecall_core::access::Subtrees;
use rolecall_core::filter::{Comparison, Condition, Field, Filter, Kind, Test, Value};
use rolecall_core::identity::SubjectKind;
use rolecall_core::{Error, Result};

use super::Visibility;
use super::column::Column;
use super::condition::push_filter;
use super::rules::push_found;
use crate::sql::Sql;

/// The field, for lists of users.
pub(super) const RULE_COUNT: Field = Field { name: "accessRules", kind: Kind::Integer };

const COUNTED: [Column; 1] = [Column::integer(RULE_COUNT.name, "c.rules")];
const COUNTED_OR_NONE: [Column; 1] = [Column::integer(RULE_COUNT.name, "coalesce(c.rules, 0)")];

/// Whether the table has the numbers for this caller.
pub(super) fn are_in_table(visible: &Visibility) -> bool {
    visible.subtrees == Subtrees::Everything
}

/// Starts a statement with the query `held`, where the table does not apply.
///
/// # Errors
/// None.
pub(super) fn push_held(sql: &mut Sql, visible: &Visibility) -> Result<()> {
    if are_in_table(visible) {
        return Ok(());
    }
    sql.push("WITH held AS MATERIALIZED (SELECT h.email, h.rules FROM (SELECT a.email, count(*) AS rules FROM (");
    push_holders(sql, visible, SubjectKind::User, "r.subject AS email", "")?;
    sql.push(" UNION ALL ");
    push_holders(
        sql,
        visible,
        SubjectKind::Group,
        "g.email AS email",
        " JOIN user_groups g ON g.group_name = r.subject",
    )?;
    // A rule may name a user who does not exist yet.
    sql.push(") a GROUP BY a.email) h JOIN users u ON u.email = h.email) ");
    Ok(())
}

/// Adds a query for the emails of users with rules about that kind of subject, once for each rule.
fn push_holders(sql: &mut Sql, visible: &Visibility, kind: SubjectKind, wanted: &str, join: &str) -> Result<()> {
    push_found(sql, &visible.of_kind(kind), wanted, join, |sql| {
        sql.push(" AND r.deleted_at IS NULL AND r.subject_type = ").bind(kind.as_str());
        Ok(())
    })
}

/// The join that adds the numbers to the users `u`, and the resulting expression.
pub(super) fn joined(visible: &Visibility) -> (&'static str, &'static str) {
    if are_in_table(visible) {
        (" JOIN rule_counts c ON c.email = u.email", "c.rules")
    } else {
        (" LEFT JOIN held c ON c.email = u.email", "coalesce(c.rules, 0)")
    }
}

/// Conditions on the number of rules.
#[derive(Debug)]
pub(super) struct CountFilter(Filter);

impl CountFilter {
    pub(super) const fn new(conditions: Vec<Condition>) -> Self {
        Self(Filter { conditions })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.conditions.is_empty()
    }

    /// Whether they hold for a user without rules.
    ///
    /// # Errors
    /// `Internal` when a condition is on another field.
    pub(super) fn hold_for_none(&self) -> Result<bool> {
        self.0.conditions.iter().try_fold(true, |all, condition| match condition.test {
            Test::Compare(comparison, Value::Integer(number)) => Ok(all
                && match comparison {
                    Comparison::Equal => number == 0,
                    Comparison::NotEqual => number != 0,
                    Comparison::AtMost => 0 <= number,
                    Comparison::AtLeast => 0 >= number,
                }),
            _ => Err(Error::internal(format!("a number is asked {:?}", condition.test))),
        })
    }

    /// Adds ` AND …` for each, on the row `c`.
    ///
    /// # Errors
    /// `Internal` when a condition is on another field.
    pub(super) fn push(&self, sql: &mut Sql) -> Result<()> {
        push_filter(sql, &COUNTED, &self.0)
    }

    /// Adds ` AND …` for each, on users that are [`joined`].
    ///
    /// # Errors
    /// `Internal` when a condition is on another field.
    pub(super) fn push_on_joined(&self, sql: &mut Sql, visible: &Visibility) -> Result<()> {
        push_filter(sql, if are_in_table(visible) { &COUNTED } else { &COUNTED_OR_NONE }, &self.0)
    }

    /// The join that [`push_on_users`](Self::push_on_users) needs for the users `u`.
    ///
    /// # Errors
    /// `Internal` when a condition is on another field.
    pub(super) fn join(&self, visible: &Visibility) -> Result<&'static str> {
        let left = !self.is_empty() && !are_in_table(visible) && self.hold_for_none()?;
        Ok(if left { joined(visible).0 } else { "" })
    }

    /// Adds ` AND …` for all of them, if there are any, on the users `u`.
    ///
    /// # Errors
    /// `Internal` when a condition is on another field.
    pub(super) fn push_on_users(&self, sql: &mut Sql, visible: &Visibility) -> Result<()> {
        if self.is_empty() {
            return Ok(());
        }
        // Matching users are found among the few with rules, unless users without rules match: then almost all users
        // do.
        if !self.join(visible)?.is_empty() {
            return self.push_on_joined(sql, visible);
        }
        let from = if are_in_table(visible) { "rule_counts" } else { "held" };
        sql.push(&format!(" AND u.email IN (SELECT c.email FROM {from} c WHERE 1 = 1"));
        self.push(sql)?;
        sql.push(")");
        Ok(())
    }
}
