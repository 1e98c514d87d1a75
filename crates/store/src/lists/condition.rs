//! SQL conditions for a filter, or for a text search.
//!
//! Text is compared and searched by its key: after full case folding, and bytewise for `<=` and `>=`. An empty field
//! neither equals nor contains anything, so only `!=` and `!@` hold for it.

use rolecall_core::filter::{Comparison, Filter, Search, Test, Value};
use rolecall_core::text::folded;
use rolecall_core::{Error, Result};

use super::column::{Column, Holds, find};
use crate::sql::Sql;

/// Adds ` AND …` for each condition of the filter.
///
/// # Errors
/// `Internal` when the filter was made for another list.
pub(super) fn push_filter(sql: &mut Sql, columns: &'static [Column], filter: &Filter) -> Result<()> {
    for condition in &filter.conditions {
        sql.push(" AND ");
        push(sql, find(columns, condition.field)?, &condition.test)?;
    }
    Ok(())
}

/// Adds a condition that holds when any of the filter's does; never when it has none.
///
/// # Errors
/// `Internal` when the filter was made for another list.
pub(super) fn push_any(sql: &mut Sql, columns: &'static [Column], filter: &Filter) -> Result<()> {
    sql.push("(").push(NEVER);
    for condition in &filter.conditions {
        sql.push(" OR ");
        push(sql, find(columns, condition.field)?, &condition.test)?;
    }
    sql.push(")");
    Ok(())
}

/// Adds ` AND …`: the text is in one of these fields.
///
/// # Errors
/// `Internal` when a field is not one of the list's, or cannot be searched.
pub(super) fn push_search(sql: &mut Sql, columns: &'static [Column], fields: &[&str], text: &str) -> Result<()> {
    push_searches(sql, columns, &fields.iter().map(|field| (*field, text)).collect::<Vec<_>>())
}

/// Adds ` AND …`: one of these fields contains its text.
///
/// # Errors
/// As [`push_search`].
pub(super) fn push_searches(sql: &mut Sql, columns: &'static [Column], wanted: &[(&str, &str)]) -> Result<()> {
    let mut separator = " AND (";
    for (field, text) in wanted {
        sql.push(separator);
        push(sql, find(columns, field)?, &Test::Search(Search::Contains, (*text).to_owned()))?;
        separator = " OR ";
    }
    sql.push(")");
    Ok(())
}

/// Maximum bytes of a search text: longer than any searched field. SQLite rejects patterns over 50,000 bytes, and
/// escaping may double a text.
const LONGEST_FINDABLE: usize = 8 * 1024;

/// Whether a text can occur in the database. PostgreSQL rejects NUL, SQLite a pattern that is too long.
pub(super) fn findable(text: &str) -> bool {
    text.len() <= LONGEST_FINDABLE && !text.contains('\0')
}

/// A condition that never holds.
pub(super) const NEVER: &str = "1 = 0";

fn push(sql: &mut Sql, column: &Column, test: &Test) -> Result<()> {
    match (column.holds, test) {
        (Holds::Words { words, .. }, test) => push_words(sql, words, test),
        (Holds::Text { key, .. } | Holds::TextOrNull { key, .. }, test) => push_text(sql, column, key, test)?,
        (Holds::Elsewhere { key, within, .. }, test) => {
            sql.push(within);
            push_text(sql, column, key, test)?;
            sql.push(")");
        }
        (Holds::Number(number) | Holds::NumberOrNull(number), Test::Compare(comparison, Value::Date(date))) => {
            push_comparison(sql, number, *comparison, date.millis());
        }
        (Holds::Number(number) | Holds::NumberOrNull(number), Test::Compare(comparison, Value::Integer(integer))) => {
            push_comparison(sql, number, *comparison, *integer);
        }
        (Holds::Number(_) | Holds::NumberOrNull(_), test) => return Err(misfit(column, test)),
    }
    Ok(())
}

fn misfit(column: &Column, test: &Test) -> Error {
    Error::internal(format!("{} is asked {test:?}, which does not fit it", column.field.name))
}

fn push_text(sql: &mut Sql, column: &Column, key: &str, test: &Test) -> Result<()> {
    match test {
        Test::Compare(_, Value::Text(text)) | Test::Search(_, text) if !findable(text) => {
            sql.push(NEVER);
        }
        Test::Compare(comparison, Value::Text(text)) => push_comparison(sql, key, *comparison, folded(text)),
        Test::Search(search, text) => push_like(sql, key, *search, text),
        Test::Compare(..) => return Err(misfit(column, test)),
    }
    Ok(())
}

fn push_comparison(sql: &mut Sql, expression: &str, comparison: Comparison, value: impl Into<crate::sql::Value>) {
    match comparison {
        Comparison::Equal => sql.push(expression).push(" = ").bind(value),
        Comparison::AtMost => sql.push(expression).push(" <= ").bind(value),
        Comparison::AtLeast => sql.push(expression).push(" >= ").bind(value),
        Comparison::NotEqual => {
            sql.push("(").push(expression).push(" IS NULL OR ").push(expression).push(" <> ").bind(value).push(")")
        }
    };
}

fn push_like(sql: &mut Sql, key: &str, search: Search, text: &str) {
    let text = literal(&folded(text));
    match search {
        Search::Contains => push_pattern(sql, key, &format!("%{text}%")),
        Search::StartsWith => push_pattern(sql, key, &format!("{text}%")),
        Search::EndsWith => push_pattern(sql, key, &format!("%{text}")),
        Search::NotContains => {
            sql.push("(").push(key).push(" IS NULL OR NOT ");
            push_pattern(sql, key, &format!("%{text}%"));
            sql.push(")");
        }
    }
}

/// The condition that a column, which holds folded text, contains that text.
pub(crate) fn push_contains(sql: &mut Sql, key: &str, text: &str) {
    if findable(text) {
        push_like(sql, key, Search::Contains, text);
    } else {
        sql.push(NEVER);
    }
}

fn push_pattern(sql: &mut Sql, key: &str, pattern: &str) {
    sql.push(key).push(" LIKE ").bind(pattern).push(r" ESCAPE '\'");
}

/// The text as a pattern without wildcards.
fn literal(text: &str) -> String {
    let mut literal = String::with_capacity(text.len());
    for char in text.chars() {
        if matches!(char, '%' | '_' | '\\') {
            literal.push('\\');
        }
        literal.push(char);
    }
    literal
}

/// A few words need no text in the database: the matching ones are known here.
fn push_words(sql: &mut Sql, words: &[(&str, &str)], test: &Test) {
    let mut separator = "(";
    for (_, condition) in words.iter().filter(|(word, _)| passes(word, test)) {
        sql.push(separator).push(condition);
        separator = " OR ";
    }
    sql.push(if separator == "(" { NEVER } else { ")" });
}

fn passes(word: &str, test: &Test) -> bool {
    let word = folded(word);
    match test {
        Test::Compare(comparison, value) => {
            let value = folded(&value.to_string());
            match comparison {
                Comparison::Equal => word == value,
                Comparison::NotEqual => word != value,
                Comparison::AtMost => word <= value,
                Comparison::AtLeast => word >= value,
            }
        }
        Test::Search(search, text) => {
            let text = folded(text);
            match search {
                Search::Contains => word.contains(&text),
                Search::NotContains => !word.contains(&text),
                Search::StartsWith => word.starts_with(&text),
                Search::EndsWith => word.ends_with(&text),
            }
        }
    }
}
