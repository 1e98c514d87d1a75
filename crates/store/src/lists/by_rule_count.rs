//! A page of users ordered by the number of rules that they have and the caller may see.
//!
//! A caller who sees all rules reads an index with that order. For any other caller, the users who have visible rules
//! are sorted: they are few where the caller sees few rules. All other users have none, and come before or after them
//! by name, which an index provides.

use rolecall_core::Result;
use rolecall_core::filter::Order;

use super::rule_counts::{are_in_table, push_held};
use super::users::{UserFilter, UserQuery, WANTED};
use crate::sql::Sql;

/// # Errors
/// `Internal` when the query was made for another list.
pub(super) fn page(query: &UserQuery) -> Result<Sql> {
    let direction = if query.sort.order == Order::Descending { " DESC" } else { "" };
    let mut sql = Sql::default();
    if are_in_table(&query.visible) {
        push_begin(&mut sql);
        push_of_table(&mut sql, query, direction)?;
    } else {
        push_held(&mut sql, &query.visible)?;
        push_counted(&mut sql, query, direction)?;
    }
    sql.push(") p JOIN users u ON u.email = p.email");
    sql.push(&format!(" ORDER BY p.rules{direction}, p.email{direction}"));
    Ok(sql)
}

fn push_begin(sql: &mut Sql) {
    sql.push("SELECT ").push(WANTED).push(" FROM (");
}

fn push_of_table(sql: &mut Sql, query: &UserQuery, direction: &str) -> Result<()> {
    let conditions = UserFilter::of(query);
    sql.push("SELECT c.email, c.rules FROM rule_counts c WHERE 1 = 1");
    conditions.counts.push(sql)?;
    if conditions.narrow() {
        sql.push(" AND c.email IN (SELECT u.email FROM users u WHERE 1 = 1");
        conditions.push(sql)?;
        sql.push(")");
    }
    sql.push(&format!(" ORDER BY c.rules{direction}, c.email{direction}"));
    query.page.push(sql);
    Ok(())
}

/// Adds the rest of a statement that starts with `held`, up to the end of the page.
fn push_counted(sql: &mut Sql, query: &UserQuery, direction: &str) -> Result<()> {
    let conditions = UserFilter::of(query);
    sql.push(", holders AS MATERIALIZED (SELECT c.email, c.rules FROM held c");
    sql.push(if conditions.narrow() { " JOIN users u ON u.email = c.email WHERE 1 = 1" } else { " WHERE 1 = 1" });
    conditions.push(sql)?;
    conditions.counts.push(sql)?;
    sql.push(") ");
    let with_others = conditions.counts.hold_for_none()?;
    if with_others {
        push_others(sql, query, &conditions)?;
    }
    push_begin(sql);
    sql.push(&format!(
        "SELECT a.email, a.rules FROM (SELECT email, rules FROM holders ORDER BY rules{direction}, email{direction}"
    ));
    sql.push(" LIMIT ").bind(query.page.rows());
    if with_others && query.sort.order == Order::Ascending {
        sql.push(" OFFSET CASE WHEN (SELECT count(*) FROM others) > 0 THEN 0 ELSE ")
            .bind(query.page.first())
            .push(" - (");
        push_how_many_hold_none(sql, &conditions)?;
        sql.push(") END");
    } else {
        sql.push(" OFFSET ").bind(query.page.first());
    }
    sql.push(") a");
    if with_others {
        sql.push(" UNION ALL SELECT n.email, 0 AS rules FROM others n");
        sql.push(&format!(" ORDER BY rules{direction}, email{direction} LIMIT ")).bind(query.page.rows());
    }
    Ok(())
}

/// Adds the query `others`: the users without rules that the page may need.
fn push_others(sql: &mut Sql, query: &UserQuery, conditions: &UserFilter<'_>) -> Result<()> {
    let (direction, from, before) = match query.sort.order {
        Order::Ascending => ("", ">=", "<"),
        Order::Descending => (" DESC", "<=", ">"),
    };
    // Number of these users before the page. In descending order, users with rules come before them.
    let push_offset = |sql: &mut Sql| {
        let first = query.page.first();
        match query.sort.order {
            Order::Ascending => sql.bind(first),
            Order::Descending => sql
                .push("CASE WHEN (SELECT count(*) FROM holders) < ")
                .bind(first)
                .push(" THEN ")
                .bind(first)
                .push(" - (SELECT count(*) FROM holders) ELSE 0 END"),
        };
    };
    // None of them, if users with rules fill the page.
    let push_rows = |sql: &mut Sql| {
        let rows = query.page.rows();
        match query.sort.order {
            Order::Ascending => sql.bind(rows),
            Order::Descending => sql
                .push("CASE WHEN (SELECT count(*) FROM holders) >= ")
                .bind(query.page.first().saturating_add(rows))
                .push(" THEN 0 ELSE ")
                .bind(rows)
                .push(" END"),
        };
    };
    if conditions.narrow() {
        sql.push(", others AS MATERIALIZED (SELECT u.email FROM ");
        push_holding_none(sql, conditions)?;
        sql.push(&format!(" ORDER BY u.email{direction} LIMIT "));
        push_rows(sql);
        sql.push(" OFFSET ");
        push_offset(sql);
    } else {
        // The offset walks the names alone. Users with rules are skipped there, so the walk covers as many more names.
        sql.push(&format!(
            ", start AS MATERIALIZED (SELECT u.email FROM users u ORDER BY u.email{direction} LIMIT 1 OFFSET "
        ));
        push_offset(sql);
        sql.push("), others AS MATERIALIZED (SELECT u.email FROM ");
        push_holding_none(sql, conditions)?;
        sql.push(&format!(" AND u.email {from} (SELECT email FROM start) ORDER BY u.email{direction} LIMIT "));
        push_rows(sql);
        sql.push(&format!(" OFFSET (SELECT count(*) FROM held h JOIN start s ON h.email {before} s.email)"));
    }
    sql.push(") ");
    Ok(())
}

/// Adds `users u … WHERE …`: matching users without rules.
fn push_holding_none(sql: &mut Sql, conditions: &UserFilter<'_>) -> Result<()> {
    sql.push("users u LEFT JOIN held c ON c.email = u.email WHERE c.email IS NULL");
    conditions.push(sql)
}

/// Adds a query for their number.
fn push_how_many_hold_none(sql: &mut Sql, conditions: &UserFilter<'_>) -> Result<()> {
    if conditions.narrow() {
        sql.push("SELECT count(*) FROM ");
        push_holding_none(sql, conditions)
    } else {
        sql.push("SELECT (SELECT count(*) FROM users) - (SELECT count(*) FROM held)");
        Ok(())
    }
}
