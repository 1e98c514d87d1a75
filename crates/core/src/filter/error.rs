//! Errors in a filter, in words for its author.

use std::fmt;

use super::Kind;
use super::parse::{MOST_CHARACTERS, MOST_CONDITIONS, Operator};
use crate::text::quoted;

/// The first part of a filter that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilterError {
    /// Index of the input, from 0.
    pub input: usize,
    /// Byte offset of the part in that input; always a character boundary.
    pub position: usize,
    /// The part itself, shortened.
    pub part: String,
    /// What is wrong with it.
    pub problem: Problem,
}

/// What is wrong with a part of a filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// A condition should begin here, but no known field does.
    UnknownField {
        /// The fields that are known.
        known: Vec<&'static str>,
    },
    /// A known field that no operator follows.
    NoOperator {
        /// The field.
        field: &'static str,
        /// What it holds.
        kind: Kind,
    },
    /// An operator that the field does not take.
    WrongOperator {
        /// The field.
        field: &'static str,
        /// What it holds.
        kind: Kind,
    },
    /// Nothing follows the operator.
    EmptyValue,
    /// The value is not of the field's kind.
    WrongValue {
        /// The field.
        field: &'static str,
        /// What it holds.
        kind: Kind,
    },
    /// A control character.
    ControlCharacter,
    /// More than [`MOST_CONDITIONS`].
    TooMany,
    /// More than [`MOST_CHARACTERS`].
    TooLong,
}

impl fmt::Display for FilterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.problem {
            _ if self.part.is_empty() => write!(f, "the empty text after the comma")?,
            _ => write!(f, "{}", quoted(&self.part))?,
        }
        write!(f, " at byte {}", self.position)?;
        if self.input > 0 {
            write!(f, " of value {}", self.input + 1)?;
        }
        match &self.problem {
            Problem::UnknownField { known } if known.is_empty() => {
                write!(f, " is not a known field; this list has none to filter by")
            }
            Problem::UnknownField { known } => write!(
                f,
                " is not a known field; a filter is field, operator, value, and the fields are {}",
                known.join(", ")
            ),
            Problem::NoOperator { field, kind } => {
                write!(f, " lacks an operator; {field} holds {} and takes {}", noun(*kind), operators(*kind))
            }
            Problem::WrongOperator { field, kind } => {
                write!(f, " does not suit {field}, which holds {} and takes {}", noun(*kind), operators(*kind))
            }
            Problem::EmptyValue => write!(f, " lacks a value after the operator"),
            Problem::WrongValue { field, kind } => {
                write!(f, " is not a value for {field}, which holds {}", noun(*kind))
            }
            Problem::ControlCharacter => write!(f, " is a control character; remove it"),
            Problem::TooMany => write!(f, " is one condition too many; a filter has at most {MOST_CONDITIONS}"),
            Problem::TooLong => {
                write!(f, " starts a filter that is too long; one value has at most {MOST_CHARACTERS} characters")
            }
        }
    }
}

impl std::error::Error for FilterError {}

/// What a field of that kind holds, with an example of how it is written.
const fn noun(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "text",
        Kind::Date => "an ISO 8601 date (2026-01-31T09:30:00Z or 2026-01-31)",
        Kind::Bool => "true or false",
        Kind::Integer => "a whole number of at most 64 bits",
        Kind::Scope => "a scope: tenant, cluster, department or project, a colon and its id (department:7)",
    }
}

/// The operators that fields of that kind take.
fn operators(kind: Kind) -> String {
    let symbols: Vec<_> =
        Operator::ALL.into_iter().filter(|operator| operator.suits(kind)).map(Operator::symbol).collect();
    symbols.join(" ")
}
