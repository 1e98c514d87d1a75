//! Whether one row matches a filter.

use std::borrow::Cow;
use std::cmp::Ordering;

use crate::filter::{Comparison, Condition, Filter, Search, Test, Value};
use crate::text::folded;
use crate::time::Timestamp;

/// What a row has in a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell<'r> {
    /// A text, and the form in which it is compared.
    Text {
        /// The text.
        text: &'r str,
        /// Its folded form.
        key: Cow<'r, str>,
    },
    /// Several words, each its own folded form: it is all of them.
    Words(&'r [&'r str]),
    /// A point in time.
    Date(Timestamp),
    /// True or false.
    Bool(bool),
}

/// A filter that is ready to be compared with many rows: its texts are folded once.
#[derive(Debug, Clone)]
pub struct Matcher(Vec<Condition>);

impl Filter {
    /// The filter, ready to be compared with rows.
    #[must_use]
    pub fn matcher(&self) -> Matcher {
        let mut conditions = self.conditions.clone();
        for condition in &mut conditions {
            if let Test::Compare(_, Value::Text(text)) | Test::Search(_, text) = &mut condition.test {
                *text = folded(text);
            }
        }
        Matcher(conditions)
    }
}

impl Matcher {
    /// Whether all conditions hold for the row with these cells. A condition on a field that the row does not have, or that
    /// has another type there, never holds.
    pub fn matches<'r>(&self, cell: impl Fn(&str) -> Option<Cell<'r>>) -> bool {
        self.0.iter().all(|condition| cell(condition.field).is_some_and(|cell| holds(&condition.test, &cell)))
    }
}

fn holds(test: &Test, cell: &Cell<'_>) -> bool {
    match (test, cell) {
        (test, Cell::Text { key, .. }) => text_holds(test, &[key]),
        (test, Cell::Words(words)) => text_holds(test, words),
        (Test::Compare(how, Value::Date(with)), Cell::Date(date)) => how.holds(date.cmp(with)),
        (Test::Compare(how, Value::Bool(with)), Cell::Bool(is)) => how.holds(is.cmp(with)),
        _ => false,
    }
}

/// A negated test holds when it holds for each key, any other when it holds for one.
fn text_holds(test: &Test, keys: &[&str]) -> bool {
    let mut keys = keys.iter();
    match test {
        Test::Compare(how, Value::Text(with)) => {
            let holds = |key: &&str| how.holds((*key).cmp(with.as_str()));
            if *how == Comparison::NotEqual { keys.all(holds) } else { keys.any(holds) }
        }
        Test::Search(how, part) => match how {
            Search::Contains => keys.any(|key| key.contains(part)),
            Search::NotContains => keys.all(|key| !key.contains(part)),
            Search::StartsWith => keys.any(|key| key.starts_with(part)),
            Search::EndsWith => keys.any(|key| key.ends_with(part)),
        },
        Test::Compare(..) => false,
    }
}

impl Comparison {
    fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Equal => order.is_eq(),
            Self::NotEqual => order.is_ne(),
            Self::AtMost => order.is_le(),
            Self::AtLeast => order.is_ge(),
        }
    }
}
