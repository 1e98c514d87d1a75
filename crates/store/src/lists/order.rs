//! SQL for a sort, with its tie-breakers.

use rolecall_core::Result;
use rolecall_core::filter::Order;

use super::Sort;
use super::column::{Column, Holds, find};

/// A sort in SQL.
#[derive(Debug, Clone)]
pub(super) struct Key {
    /// The expressions in order; empty for the list's default order.
    expressions: Vec<String>,
    /// The joins that they need.
    pub(super) join: &'static str,
    /// Whether they may be NULL, which must come last.
    nullable: bool,
    descending: bool,
}

impl Key {
    /// # Errors
    /// `Internal` when the sort was made for another list.
    pub(super) fn new(columns: &'static [Column], sort: Sort) -> Result<Self> {
        let descending = sort.order == Order::Descending;
        let key = |expressions: &[&str], join, nullable| {
            let mut expressions: Vec<String> = expressions.iter().map(|it| (*it).to_owned()).collect();
            expressions.dedup();
            Self { expressions, join, nullable, descending }
        };
        let Some(by) = sort.by else { return Ok(key(&[], "", false)) };
        Ok(match find(columns, by)?.holds {
            Holds::Text { text, key: folded } => key(&[folded, text], "", false),
            Holds::TextOrNull { text, key: folded } => key(&[folded, text], "", true),
            Holds::Number(number) => key(&[number], "", false),
            Holds::NumberOrNull(number) if descending => key(&[&or_least(number)], "", false),
            Holds::NumberOrNull(number) => key(&[number], "", true),
            Holds::Words { order, .. } => key(&[order], "", false),
            Holds::Elsewhere { text, key: folded, join, .. } => key(&[folded, text], join, false),
        })
    }

    /// Adds them to the columns of a subquery, under the names that [`order_by_selected`](Self::order_by_selected)
    /// uses.
    pub(super) fn selected(&self) -> String {
        let with_name = |(n, key): (usize, &String)| format!(", {key} AS sort_{n}");
        self.expressions.iter().enumerate().map(with_name).collect()
    }

    /// ` ORDER BY` the key, then the tie-breakers.
    pub(super) fn order_by(&self, ties: &[&str]) -> String {
        self.order(self.expressions.iter().filter(|key| !ties.contains(&key.as_str())).cloned(), ties)
    }

    /// The same for a key from a subquery.
    pub(super) fn order_by_selected(&self, ties: &[&str]) -> String {
        self.order((0..self.expressions.len()).map(|n| format!("sort_{n}")), ties)
    }

    // One direction for all, so that an index can be walked either way. The databases' defaults for NULLs differ.
    fn order(&self, keys: impl Iterator<Item = String>, ties: &[&str]) -> String {
        let direction = if self.descending { " DESC" } else { "" };
        let nulls = if self.nullable { " NULLS LAST" } else { "" };
        let keys = keys.map(|key| format!("{key}{direction}{nulls}"));
        let ties = ties.iter().map(|tie| format!("{tie}{direction}"));
        format!(" ORDER BY {}", keys.chain(ties).collect::<Vec<_>>().join(", "))
    }
}

/// A number that stands for NULL below all others. Unlike with `NULLS LAST`, both databases find that order in an
/// index.
fn or_least(number: &str) -> String {
    format!("coalesce({number}, -9223372036854775807)")
}
