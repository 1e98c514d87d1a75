//! Whether one row matches a filter.

use std::cmp::Ordering;

use crate::filter::{Comparison, Condition, Filter, Search, Test, Value};
use crate::text::folded;
use crate::time::Timestamp;

/// What a row has in a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell<'r> {
    /// A text.
    Text(&'r str),
    /// Several texts: it is all of them.
    Texts(&'r [&'r str]),
    /// A point in time.
    Date(Timestamp),
    /// True or false.
    Bool(bool),
}

impl Filter {
    /// Whether all conditions hold for the row with these cells. A condition on a field that the row does not have, or that
    /// has another type there, never holds.
    pub fn matches<'r>(&self, cell: impl Fn(&str) -> Option<Cell<'r>>) -> bool {
        self.conditions.iter().all(|condition| cell(condition.field).is_some_and(|cell| condition.holds(cell)))
    }
}

impl Condition {
    fn holds(&self, cell: Cell<'_>) -> bool {
        match (&self.test, cell) {
            (test, Cell::Text(text)) => text_holds(test, &[text]),
            (test, Cell::Texts(texts)) => text_holds(test, texts),
            (Test::Compare(how, Value::Date(with)), Cell::Date(date)) => how.holds(date.cmp(with)),
            (Test::Compare(how, Value::Bool(with)), Cell::Bool(is)) => how.holds(is.cmp(with)),
            _ => false,
        }
    }
}

/// A negated test holds when it holds for each text, any other when it holds for one.
fn text_holds(test: &Test, texts: &[&str]) -> bool {
    let mut folded_texts = texts.iter().map(|text| folded(text));
    match test {
        Test::Compare(how, Value::Text(with)) => {
            let with = folded(with);
            let holds = |text: String| how.holds(text.cmp(&with));
            if *how == Comparison::NotEqual { folded_texts.all(holds) } else { folded_texts.any(holds) }
        }
        Test::Search(how, part) => {
            let part = folded(part);
            match how {
                Search::Contains => folded_texts.any(|text| text.contains(&part)),
                Search::NotContains => folded_texts.all(|text| !text.contains(&part)),
                Search::StartsWith => folded_texts.any(|text| text.starts_with(&part)),
                Search::EndsWith => folded_texts.any(|text| text.ends_with(&part)),
            }
        }
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
