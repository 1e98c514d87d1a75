//! From a sort to SQL: what comes first, and what decides between equals.

use rolecall_core::Result;
use rolecall_core::filter::Order;

use super::Sort;
use super::column::{Column, Holds, find};

/// What a list is sorted by, as SQL.
#[derive(Debug, Clone, Copy)]
pub(super) struct Key {
    /// The expression; none for the list's own order.
    pub(super) expression: Option<&'static str>,
    /// What must be joined for it.
    pub(super) join: &'static str,
    may_be_null: bool,
    descending: bool,
}

impl Key {
    /// # Errors
    /// Internal, when the sort was made for another list.
    pub(super) fn new(columns: &'static [Column], sort: Sort) -> Result<Self> {
        let descending = sort.order == Order::Descending;
        let own = Self { expression: None, join: "", may_be_null: false, descending };
        let Some(by) = sort.by else { return Ok(own) };
        let (expression, join, may_be_null) = match find(columns, by)?.holds {
            Holds::Text(sql) | Holds::LowerText(sql) | Holds::Number(sql) => (sql, "", false),
            Holds::TextOrNull(sql) | Holds::NumberOrNull(sql) => (sql, "", true),
            Holds::Words { order, .. } => (order, "", false),
            Holds::Elsewhere { text, join, .. } => (text, join, false),
        };
        Ok(Self { expression: Some(expression), join, may_be_null, descending })
    }

    /// ` ORDER BY` the key under that name, then the tie-breakers.
    // One direction for all: so an index can be walked either way. On NULLs the databases differ unless told.
    pub(super) fn order_by(self, key: &str, ties: &[&str]) -> String {
        let direction = if self.descending { " DESC" } else { "" };
        let nulls = match (self.may_be_null, self.descending) {
            (false, _) => "",
            (true, false) => " NULLS LAST",
            (true, true) => " NULLS FIRST",
        };
        let mut text = String::from(" ORDER BY ");
        if self.expression.is_some() && !ties.contains(&key) {
            text.push_str(&format!("{key}{direction}{nulls}, "));
        }
        let ties: Vec<_> = ties.iter().map(|tie| format!("{tie}{direction}")).collect();
        text.push_str(&ties.join(", "));
        text
    }
}
