//! The query language of lists: `filterBy`, `sortBy` and `sortOrder`.
//!
//! Owns the grammar of a filter and parses its text into valid conditions. It knows no list, no column and no database:
//! the caller passes the [`Field`]s of its list, and the executor of the [`Filter`] decides what a field reads.
//!
//! ```text
//! filter    = condition *( "," condition )
//! condition = field operator value
//! operator  = "==" / "!=" / "<=" / ">=" / "=@" / "!@" / "=^" / "=$"
//! ```
//!
//! A value runs to the end of its input or to the next comma that a known field and an operator follow, so it may
//! itself hold commas, spaces, quotes and operators. Nothing is trimmed and nothing can be quoted or escaped.

mod error;
mod parse;
mod sort;
#[cfg(test)]
mod tests;

use std::fmt;
use std::ops::Range;

pub use error::{FilterError, Problem};
pub use parse::{MOST_CHARACTERS, MOST_CONDITIONS, parse};
pub use sort::Order;

use crate::org::ScopeKind;
use crate::time::Timestamp;

/// The type of a field; decides which operators it takes and how values are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Any text; takes all eight operators.
    Text,
    /// A point in time, written as ISO 8601; takes `==` `!=` `<=` `>=`.
    Date,
    /// `true` or `false`, in any case; takes `==` `!=`.
    Bool,
    /// A whole number that fits 64 bits; takes `==` `!=` `<=` `>=`.
    Integer,
    /// A scope, written as its level and its id (`department:7`); takes `==` `!=`.
    Scope,
}

/// A field that a list can be filtered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// The name as clients write it, matched exactly. It consists of letters, digits, `_`, `-` and `.`; a field with
    /// any other name is never found.
    pub name: &'static str,
    /// Its type.
    pub kind: Kind,
}

/// A comparison of the whole field with a value. Text is compared in its [folded](crate::text::folded) form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<=`
    AtMost,
    /// `>=`
    AtLeast,
}

/// A text search within a field, both in their [folded](crate::text::folded) form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Search {
    /// `=@`
    Contains,
    /// `!@`
    NotContains,
    /// `=^`
    StartsWith,
    /// `=$`
    EndsWith,
}

/// A value of the [`Kind`] that its field has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Of [`Kind::Text`]; not empty, without control characters.
    Text(String),
    /// Of [`Kind::Date`].
    Date(Timestamp),
    /// Of [`Kind::Bool`].
    Bool(bool),
    /// Of [`Kind::Integer`].
    Integer(i64),
    /// Of [`Kind::Scope`]: a level, and an id that has not been looked up; not empty, without control characters.
    Scope(ScopeKind, String),
}

/// The test of a condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    /// How the field compares with the value. A [`Value::Bool`] or [`Value::Scope`] comes with `Equal` and `NotEqual`
    /// only.
    Compare(Comparison, Value),
    /// Whether the field's text contains the given one, taken literally: `%`, `_` and `*` have no special meaning.
    Search(Search, String),
}

/// One condition of a filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// The name of one of the fields passed to [`parse`].
    pub field: &'static str,
    /// The test; fits the field's kind.
    pub test: Test,
    /// Index of the input, from 0.
    pub input: usize,
    /// Byte offset of its value in that input.
    pub span: Range<usize>,
}

/// The filter of a list: all conditions must hold. Without conditions it matches everything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// The conditions, in the order of the text.
    pub conditions: Vec<Condition>,
}

impl Comparison {
    /// The operator as it is written.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::AtMost => "<=",
            Self::AtLeast => ">=",
        }
    }
}

impl Search {
    /// The operator as it is written.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Contains => "=@",
            Self::NotContains => "!@",
            Self::StartsWith => "=^",
            Self::EndsWith => "=$",
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Date(date) => write!(f, "{date}"),
            Self::Bool(bool) => write!(f, "{bool}"),
            Self::Integer(integer) => write!(f, "{integer}"),
            Self::Scope(kind, id) => write!(f, "{}:{id}", kind.as_str()),
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.test {
            Test::Compare(comparison, value) => write!(f, "{}{}{value}", self.field, comparison.symbol()),
            Test::Search(search, text) => write!(f, "{}{}{text}", self.field, search.symbol()),
        }
    }
}

/// The filter as one text; [`parse`] reads the same conditions from it.
impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, condition) in self.conditions.iter().enumerate() {
            if index > 0 {
                f.write_str(",")?;
            }
            write!(f, "{condition}")?;
        }
        Ok(())
    }
}
