//! Parses the text of `filterBy` into a [`Filter`]. Reads from left to right, once; never guesses what was meant.

use super::error::{FilterError, Problem};
use super::{Comparison, Condition, Field, Filter, Kind, Search, Test, Value};
use crate::org::ScopeKind;
use crate::text::shortened;
use crate::time::Timestamp;

/// Maximum conditions of a filter, over all its inputs.
pub const MOST_CONDITIONS: usize = 32;

/// Maximum characters of one input.
pub const MOST_CHARACTERS: usize = 8 * 1024;

/// Parses a filter. Each input is one value of the parameter, already percent-decoded. An input may hold several
/// conditions, or none if it is empty.
///
/// # Errors
/// The first wrong part, with its position and what is expected.
pub fn parse(inputs: &[&str], fields: &[Field]) -> Result<Filter, FilterError> {
    let mut conditions = Vec::new();
    for (input, text) in inputs.iter().copied().enumerate().filter(|(_, text)| !text.is_empty()) {
        Reader { input, text, fields }.read(&mut conditions)?;
    }
    Ok(Filter { conditions })
}

/// An operator of either sort, as the grammar sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Compare(Comparison),
    Search(Search),
}

impl Operator {
    pub(super) const ALL: [Self; 8] = [
        Self::Compare(Comparison::Equal),
        Self::Compare(Comparison::NotEqual),
        Self::Compare(Comparison::AtMost),
        Self::Compare(Comparison::AtLeast),
        Self::Search(Search::Contains),
        Self::Search(Search::NotContains),
        Self::Search(Search::StartsWith),
        Self::Search(Search::EndsWith),
    ];

    pub(super) const fn symbol(self) -> &'static str {
        match self {
            Self::Compare(comparison) => comparison.symbol(),
            Self::Search(search) => search.symbol(),
        }
    }

    /// Whether fields of that kind take it.
    pub(super) const fn suits(self, kind: Kind) -> bool {
        match kind {
            Kind::Text => true,
            Kind::Date | Kind::Integer => matches!(self, Self::Compare(_)),
            Kind::Bool | Kind::Scope => matches!(self, Self::Compare(Comparison::Equal | Comparison::NotEqual)),
        }
    }
}

/// The beginning of a condition.
struct Head<'a> {
    field: Field,
    operator: Operator,
    /// Everything behind the operator.
    after: &'a str,
}

/// Reads one input.
struct Reader<'a> {
    input: usize,
    text: &'a str,
    fields: &'a [Field],
}

// INVARIANT: every `rest` and `after` below is a tail of `text`, so its length gives its position.
impl<'a> Reader<'a> {
    fn read(&self, conditions: &mut Vec<Condition>) -> Result<(), FilterError> {
        if self.text.chars().nth(MOST_CHARACTERS).is_some() {
            return Err(self.error(self.text, self.text, Problem::TooLong));
        }
        // No field contains one, and PostgreSQL rejects NUL.
        if let Some((position, control)) = self.text.char_indices().find(|(_, char)| char.is_control()) {
            let part = control.to_string();
            return Err(FilterError { input: self.input, position, part, problem: Problem::ControlCharacter });
        }
        let mut next = Some(self.text);
        while let Some(rest) = next {
            let Some(head) = self.head(rest) else { return Err(self.no_head(rest)) };
            if conditions.len() >= MOST_CONDITIONS {
                return Err(self.error(rest, rest, Problem::TooMany));
            }
            let (value, following) = self.value_and_following(head.after);
            conditions.push(self.condition(&head, rest, value)?);
            next = following;
        }
        Ok(())
    }

    /// The field and the operator at the beginning of `rest`, where both are.
    fn head(&self, rest: &'a str) -> Option<Head<'a>> {
        let (name, behind) = split_name(rest);
        let field = *self.fields.iter().find(|field| field.name == name)?;
        Operator::ALL.into_iter().find_map(|operator| {
            let after = behind.strip_prefix(operator.symbol())?;
            Some(Head { field, operator, after })
        })
    }

    /// The value at the beginning of `after`, and the next condition if one follows.
    fn value_and_following(&self, after: &'a str) -> (&'a str, Option<&'a str>) {
        after
            .match_indices(',')
            .filter_map(|(comma, _)| split_at_comma(after, comma))
            .find(|(_, following)| self.head(following).is_some())
            .map_or((after, None), |(value, following)| (value, Some(following)))
    }

    /// The condition that starts with `head` at the beginning of `rest` and has that value.
    fn condition(&self, head: &Head<'a>, rest: &'a str, value: &'a str) -> Result<Condition, FilterError> {
        let Field { name, kind } = head.field;
        let operator = head.operator;
        if !operator.suits(kind) {
            let (_, at_operator) = split_name(rest);
            return Err(self.error(at_operator, operator.symbol(), Problem::WrongOperator { field: name, kind }));
        }
        if value.is_empty() {
            let part = format!("{name}{}", operator.symbol());
            return Err(self.error(rest, &part, Problem::EmptyValue));
        }
        let Some(typed) = typed(kind, value) else { return Err(self.wrong_value(head, value)) };
        let test = match (operator, typed) {
            (Operator::Compare(comparison), typed) => Test::Compare(comparison, typed),
            (Operator::Search(search), _) => Test::Search(search, value.to_owned()),
        };
        let start = self.position(head.after);
        Ok(Condition { field: name, test, input: self.input, span: start..start + value.len() })
    }

    /// Why `rest` does not start a condition.
    fn no_head(&self, rest: &'a str) -> FilterError {
        let (name, _) = split_name(rest);
        let piece = rest.split_once(',').map_or(rest, |(piece, _)| piece);
        if let Some(field) = self.fields.iter().find(|field| field.name == name) {
            return self.error(rest, piece, Problem::NoOperator { field: field.name, kind: field.kind });
        }
        let known = self.fields.iter().map(|field| field.name).collect();
        self.error(rest, if name.is_empty() { piece } else { name }, Problem::UnknownField { known })
    }

    /// Why a value of another kind than text cannot be parsed. If it can be parsed up to a comma, the wrong part
    /// follows the comma: a condition was meant there, but no known field starts it.
    fn wrong_value(&self, head: &Head<'a>, value: &'a str) -> FilterError {
        let Field { name, kind } = head.field;
        let comma = value.find(',').and_then(|comma| split_at_comma(head.after, comma));
        match comma {
            Some((before, following)) if typed(kind, before).is_some() => self.no_head(following),
            _ => self.error(head.after, value, Problem::WrongValue { field: name, kind }),
        }
    }

    fn position(&self, rest: &str) -> usize {
        self.text.len() - rest.len()
    }

    fn error(&self, rest: &str, part: &str, problem: Problem) -> FilterError {
        FilterError { input: self.input, position: self.position(rest), part: shortened(part), problem }
    }
}

/// The value parsed as its kind, if possible.
fn typed(kind: Kind, value: &str) -> Option<Value> {
    match kind {
        Kind::Text => Some(Value::Text(value.to_owned())),
        Kind::Date => Timestamp::parse(value).ok().map(Value::Date),
        Kind::Bool if value.eq_ignore_ascii_case("true") => Some(Value::Bool(true)),
        Kind::Bool if value.eq_ignore_ascii_case("false") => Some(Value::Bool(false)),
        Kind::Bool => None,
        Kind::Integer => value.parse().ok().map(Value::Integer),
        Kind::Scope => scope(value),
    }
}

fn scope(text: &str) -> Option<Value> {
    let (kind, id) = text.split_once(':')?;
    (!id.is_empty()).then_some(Value::Scope(ScopeKind::parse(kind)?, id.to_owned()))
}

/// A possible field name at the beginning, and the rest. It ends before any operator, so a name is never confused with
/// one that starts or ends like it.
fn split_name(rest: &str) -> (&str, &str) {
    let end =
        rest.find(|char: char| !(char.is_alphanumeric() || matches!(char, '_' | '-' | '.'))).unwrap_or(rest.len());
    rest.split_at_checked(end).unwrap_or((rest, ""))
}

/// The texts before and after the comma at that position.
fn split_at_comma(text: &str, comma: usize) -> Option<(&str, &str)> {
    let (before, from_comma) = text.split_at_checked(comma)?;
    Some((before, from_comma.strip_prefix(',')?))
}
