//! An error in a JSON value, in words for the client.

use std::fmt;

use rolecall_core::Error;
use rolecall_core::text::{quoted, shortened};
use serde::de::{Expected, Unexpected};

use super::Tree;

/// An error and its path.
#[derive(Debug)]
pub struct Wrong {
    /// From the innermost step outwards.
    path: Vec<Step>,
    problem: String,
}

#[derive(Debug)]
enum Step {
    Member(String),
    Item(usize),
}

impl Wrong {
    fn new(problem: impl Into<String>) -> Self {
        Self { path: Vec::new(), problem: problem.into() }
    }

    /// Another value was found than expected.
    pub fn expected(what: impl fmt::Display, came: &Tree<'_>) -> Self {
        Self::new(format!("expected {what}, got {came}"))
    }

    /// The same, in the member with that name.
    pub fn in_member(mut self, name: &str) -> Self {
        self.path.push(Step::Member(shortened(name)));
        self
    }

    /// The same, in the item with that index, from 0.
    pub fn in_item(mut self, number: usize) -> Self {
        self.path.push(Step::Item(number));
        self
    }

    /// As the server's error.
    pub fn into_error(self) -> Error {
        Error::invalid(self.to_string())
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() {
            f.write_str("the body")?;
        }
        for (depth, step) in self.path.iter().rev().enumerate() {
            match step {
                Step::Member(name) if depth == 0 => f.write_str(name)?,
                Step::Member(name) => write!(f, ".{name}")?,
                Step::Item(number) => write!(f, "[{number}]")?,
            }
        }
        write!(f, ": {}", self.problem)
    }
}

impl std::error::Error for Wrong {}

impl serde::de::Error for Wrong {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(message.to_string())
    }

    // The reader checks the type before a visitor does. These two are for visitors that accept any type and then reject
    // it.
    fn invalid_type(came: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::new(format!("expected {expected}, got {came}"))
    }

    fn invalid_value(came: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::invalid_type(came, expected)
    }

    fn unknown_variant(word: &str, known: &'static [&'static str]) -> Self {
        Self::new(format!("{} is not one of {}", quoted(word), known.join(", ")))
    }

    fn missing_field(name: &'static str) -> Self {
        Self::new("missing").in_member(name)
    }

    fn duplicate_field(name: &'static str) -> Self {
        Self::new("given more than once").in_member(name)
    }
}
