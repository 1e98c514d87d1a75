//! SQL that both databases understand: text with `$1`-style parameters, values, and rows.
//!
//! Every statement is written once. The schema has three column types only (text, 64-bit integers, bytes); truth values
//! are the integers 0 and 1, times are milliseconds since the epoch, ids and lists are text. So a value means the same
//! in both databases, and nothing above this module knows which one answers.

use rolecall_core::{Error, Result, Timestamp};

/// A parameter or column of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    /// No value.
    Null,
    /// A 64-bit integer.
    Int(i64),
    /// Text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
}

impl Value {
    /// Its type, for messages: values may be secrets.
    pub(crate) const fn kind(&self) -> &'static str {
        match self {
            Self::Null => "NULL",
            Self::Int(_) => "an integer",
            Self::Text(_) => "text",
            Self::Bytes(_) => "bytes",
        }
    }
}

macro_rules! value_from {
    ($($from:ty, $value:ident => $to:expr;)*) => {$(
        impl From<$from> for Value {
            fn from($value: $from) -> Self {
                $to
            }
        }
    )*};
}

value_from! {
    i64, value => Self::Int(value);
    i32, value => Self::Int(i64::from(value));
    bool, value => Self::Int(i64::from(value));
    &str, value => Self::Text(value.to_owned());
    String, value => Self::Text(value);
    &[u8], value => Self::Bytes(value.to_vec());
    Vec<u8>, value => Self::Bytes(value);
    Timestamp, value => Self::Int(value.millis());
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// A statement under construction: text and the values of its parameters.
// INVARIANT: input of API clients enters as values, never as text; text comes from string literals and from ids that
// are numbers or UUIDs by type.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sql {
    text: String,
    values: Vec<Value>,
}

impl Sql {
    /// A statement that starts with this text.
    pub(crate) fn new(text: &str) -> Self {
        Self { text: text.to_owned(), values: Vec::new() }
    }

    /// Adds text.
    pub(crate) fn push(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// Adds a parameter with its value.
    pub(crate) fn bind(&mut self, value: impl Into<Value>) -> &mut Self {
        self.values.push(value.into());
        self.text.push('$');
        self.text.push_str(&self.values.len().to_string());
        self
    }

    /// Adds parameters separated by commas, in parentheses: for `IN` and `VALUES`.
    pub(crate) fn bind_all<V: Into<Value>>(&mut self, values: impl IntoIterator<Item = V>) -> &mut Self {
        self.push("(");
        let mut separator = "";
        for value in values {
            self.push(separator).bind(value);
            separator = ", ";
        }
        self.push(")")
    }

    /// The text so far, with `$1`-style parameters.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The values so far, in the order of their parameters.
    pub(crate) fn values(&self) -> &[Value] {
        &self.values
    }
}

/// A row of a result.
#[derive(Debug, Clone)]
pub(crate) struct Row(Vec<Value>);

impl Row {
    pub(crate) fn new(values: Vec<Value>) -> Self {
        Self(values)
    }

    fn at(&self, column: usize) -> Result<&Value> {
        self.0.get(column).ok_or_else(|| Error::internal(format!("a row has no column {column}")))
    }

    /// An integer; an error where the column is NULL.
    pub(crate) fn int(&self, column: usize) -> Result<i64> {
        match self.at(column)? {
            Value::Int(value) => Ok(*value),
            other => Err(unexpected(column, "an integer", other)),
        }
    }

    /// Text; an error where the column is NULL.
    pub(crate) fn text(&self, column: usize) -> Result<&str> {
        match self.at(column)? {
            Value::Text(value) => Ok(value),
            other => Err(unexpected(column, "text", other)),
        }
    }

    /// Bytes; an error where the column is NULL.
    pub(crate) fn bytes(&self, column: usize) -> Result<&[u8]> {
        match self.at(column)? {
            Value::Bytes(value) => Ok(value),
            other => Err(unexpected(column, "bytes", other)),
        }
    }

    /// A truth value.
    pub(crate) fn bool(&self, column: usize) -> Result<bool> {
        self.int(column).map(|value| value != 0)
    }

    /// A point in time.
    pub(crate) fn time(&self, column: usize) -> Result<Timestamp> {
        self.int(column).map(Timestamp::from_millis)
    }

    /// Whether the column is NULL.
    pub(crate) fn is_null(&self, column: usize) -> bool {
        matches!(self.0.get(column), Some(Value::Null))
    }

    /// Text, or `None` where the column is NULL.
    pub(crate) fn text_or_null(&self, column: usize) -> Result<Option<&str>> {
        if self.is_null(column) { Ok(None) } else { self.text(column).map(Some) }
    }

    /// Bytes, or `None` where the column is NULL.
    pub(crate) fn bytes_or_null(&self, column: usize) -> Result<Option<&[u8]>> {
        if self.is_null(column) { Ok(None) } else { self.bytes(column).map(Some) }
    }

    /// A point in time, or `None` where the column is NULL.
    pub(crate) fn time_or_null(&self, column: usize) -> Result<Option<Timestamp>> {
        if self.is_null(column) { Ok(None) } else { self.time(column).map(Some) }
    }
}

fn unexpected(column: usize, wanted: &str, got: &Value) -> Error {
    Error::internal(format!("column {column} should hold {wanted} and holds {}", got.kind()))
}
