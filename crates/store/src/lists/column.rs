//! The database columns of a list's fields.

use rolecall_core::filter::{Field, Kind};
use rolecall_core::{Error, Result};

/// A field of a list, with its column.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column {
    /// As clients know it.
    pub(super) field: Field,
    pub(super) holds: Holds,
}

/// The column of a field, in SQL. Text has a key, the form in which it is compared
/// ([`folded`](rolecall_core::text::folded)): a column that is written with the text, since no database can compute it,
/// or `lower(…)` of text that is always ASCII.
#[derive(Debug, Clone, Copy)]
pub(super) enum Holds {
    /// Text and its key.
    Text { text: &'static str, key: &'static str },
    /// Text and its key, or nothing.
    TextOrNull { text: &'static str, key: &'static str },
    /// A number: an integer, or a point in time.
    Number(&'static str),
    /// A number or nothing.
    NumberOrNull(&'static str),
    /// One of a few words, each with its condition.
    Words {
        /// The expression to sort by.
        order: &'static str,
        words: &'static [(&'static str, &'static str)],
    },
    /// Text of a row that many rows refer to: conditions find those rows first, sorting joins them.
    Elsewhere {
        /// The text.
        text: &'static str,
        /// Its key.
        key: &'static str,
        /// Everything of `<key> IN (SELECT … WHERE ` before the condition on `key`.
        within: &'static str,
        /// A join that makes `text` available to an `ORDER BY`, without adding or removing rows.
        join: &'static str,
    },
}

impl Column {
    pub(super) const fn text(name: &'static str, text: &'static str, key: &'static str) -> Self {
        Self { field: Field { name, kind: Kind::Text }, holds: Holds::Text { text, key } }
    }

    pub(super) const fn text_or_null(name: &'static str, text: &'static str, key: &'static str) -> Self {
        Self { field: Field { name, kind: Kind::Text }, holds: Holds::TextOrNull { text, key } }
    }

    /// Text that is its own key: ASCII without uppercase letters.
    pub(super) const fn lower_text(name: &'static str, text: &'static str) -> Self {
        Self::text(name, text, text)
    }

    pub(super) const fn date(name: &'static str, sql: &'static str) -> Self {
        Self { field: Field { name, kind: Kind::Date }, holds: Holds::Number(sql) }
    }

    pub(super) const fn date_or_null(name: &'static str, sql: &'static str) -> Self {
        Self { field: Field { name, kind: Kind::Date }, holds: Holds::NumberOrNull(sql) }
    }

    pub(super) const fn integer(name: &'static str, sql: &'static str) -> Self {
        Self { field: Field { name, kind: Kind::Integer }, holds: Holds::Number(sql) }
    }

    pub(super) const fn words(
        name: &'static str,
        order: &'static str,
        words: &'static [(&'static str, &'static str)],
    ) -> Self {
        Self { field: Field { name, kind: Kind::Text }, holds: Holds::Words { order, words } }
    }

    /// True or false; the words are `true` and `false`.
    pub(super) const fn bool(
        name: &'static str,
        order: &'static str,
        words: &'static [(&'static str, &'static str)],
    ) -> Self {
        Self { field: Field { name, kind: Kind::Bool }, holds: Holds::Words { order, words } }
    }

    /// `text` is the text and its key.
    pub(super) const fn elsewhere(
        name: &'static str,
        text: (&'static str, &'static str),
        within: &'static str,
        join: &'static str,
    ) -> Self {
        let (text, key) = text;
        Self { field: Field { name, kind: Kind::Text }, holds: Holds::Elsewhere { text, key, within, join } }
    }
}

/// The column of that field.
pub(super) fn find(columns: &'static [Column], field: &str) -> Result<&'static Column> {
    columns.iter().find(|column| column.field.name == field).ok_or_else(|| {
        Error::internal(format!("this list has no field {field:?}; parse against the list's own fields"))
    })
}

/// The fields that a list can be filtered by.
#[expect(clippy::indexing_slicing, reason = "const fn has no iterators; the loop stops at the length")]
pub(super) const fn fields<const N: usize>(columns: &[Column; N]) -> [Field; N] {
    let mut fields = [Field { name: "", kind: Kind::Text }; N];
    let mut i = 0;
    while i < N {
        fields[i] = columns[i].field;
        i += 1;
    }
    fields
}

/// Several lists of fields, concatenated; `ALL` is their total.
#[expect(clippy::indexing_slicing, reason = "const fn has no iterators; the loops stop at the lengths")]
pub(super) const fn joined<const ALL: usize>(lists: &[&[Field]]) -> [Field; ALL] {
    let mut all = [Field { name: "", kind: Kind::Text }; ALL];
    let (mut list, mut at, mut i) = (0, 0, 0);
    while i < ALL {
        if at < lists[list].len() {
            all[i] = lists[list][at];
            (at, i) = (at + 1, i + 1);
        } else {
            (list, at) = (list + 1, 0);
        }
    }
    all
}

/// The names of the fields, all of which a list can be sorted by.
#[expect(clippy::indexing_slicing, reason = "const fn has no iterators; the loop stops at the length")]
pub(super) const fn names<const N: usize>(columns: &[Column; N]) -> [&'static str; N] {
    let mut names = [""; N];
    let mut i = 0;
    while i < N {
        names[i] = columns[i].field.name;
        i += 1;
    }
    names
}
