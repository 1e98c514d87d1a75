//! How many rules each user holds among those that exist for the asker, so that users can be sorted and filtered by it.
//!
//! Statements here read `rule_counts`, which has a row for each user. For whoever sees all rules that is the table, kept in
//! step by what writes rules. For anybody else it is a query of that name, made of the rules that he sees: in a statement
//! the name of such a query goes before that of a table.

use rolecall_core::Result;
use rolecall_core::access::Reach;
use rolecall_core::filter::{Condition, Field, Filter, Kind};
use rolecall_core::identity::SubjectKind;

use super::Visible;
use super::column::Column;
use super::condition::push_filter;
use super::rules::push_found;
use crate::sql::Sql;

/// The field, for lists of users.
pub(super) const RULE_COUNT: Field = Field { name: "accessRules", kind: Kind::Integer };

const COLUMNS: [Column; 1] = [Column::integer(RULE_COUNT.name, "c.rules")];

/// Begins a statement with the counts that exist for the asker, where the table has others.
///
/// # Errors
/// None of its own.
pub(super) fn push_counts(sql: &mut Sql, visible: &Visible) -> Result<()> {
    if visible.reach == Reach::Everything {
        return Ok(());
    }
    sql.push(
        "WITH rule_counts AS MATERIALIZED (SELECT u.email, coalesce(h.rules, 0) AS rules FROM users u LEFT JOIN (",
    );
    sql.push("SELECT a.email, count(*) AS rules FROM (");
    push_held(sql, visible, SubjectKind::User, "r.subject AS email", "")?;
    sql.push(" UNION ALL ");
    push_held(sql, visible, SubjectKind::Group, "g.email AS email", " JOIN user_groups g ON g.group_name = r.subject")?;
    sql.push(") a GROUP BY a.email) h ON h.email = u.email) ");
    Ok(())
}

/// Adds a query for the e-mails of those who hold rules about that kind of subject, once for each rule.
fn push_held(sql: &mut Sql, visible: &Visible, kind: SubjectKind, wanted: &str, join: &str) -> Result<()> {
    push_found(sql, &visible.of_kind(kind), wanted, join, |sql| {
        sql.push(" AND r.deleted_at IS NULL AND r.subject_type = ").bind(kind.as_str());
        Ok(())
    })
}

/// Adds ` AND …` for the conditions on the number of rules, if there are any. A user is called `u`.
///
/// # Errors
/// Internal, when a condition is on something else.
pub(super) fn push_count_conditions(sql: &mut Sql, conditions: Vec<Condition>) -> Result<()> {
    if conditions.is_empty() {
        return Ok(());
    }
    sql.push(" AND u.email IN (SELECT c.email FROM rule_counts c WHERE 1 = 1");
    push_filter(sql, &COLUMNS, &Filter { conditions })?;
    sql.push(")");
    Ok(())
}
