//! The naive evaluation: filters and sorts over rows in memory, as simple as possible.

use std::cmp::Ordering;

use rolecall_core::Timestamp;
use rolecall_core::filter::{self, Comparison, Field, Filter, Kind, Order, Search, Test, Value};
use rolecall_core::text::folded;
use rolecall_store::{Page, Sort};

/// A row's value in a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    Text(Option<String>),
    Number(Option<i64>),
    Bool(bool),
}

pub fn text(text: &str) -> Cell {
    Cell::Text(Some(text.to_owned()))
}

pub fn date(date: Timestamp) -> Cell {
    Cell::Number(Some(date.millis()))
}

/// The filter of this text.
pub fn parsed(text: &str, fields: &[Field]) -> Filter {
    filter::parse(&[text], fields).unwrap()
}

pub fn passes(filter: &Filter, cell: impl Fn(&str) -> Cell) -> bool {
    filter.conditions.iter().all(|condition| holds(&cell(condition.field), &condition.test))
}

fn holds(cell: &Cell, test: &Test) -> bool {
    match (cell, test) {
        (
            Cell::Text(None) | Cell::Number(None),
            Test::Compare(Comparison::NotEqual, _) | Test::Search(Search::NotContains, _),
        ) => true,
        (Cell::Text(None) | Cell::Number(None), _) => false,
        (Cell::Text(Some(text)), Test::Compare(comparison, Value::Text(value))) => match comparison {
            Comparison::Equal => folded(text) == folded(value),
            Comparison::NotEqual => folded(text) != folded(value),
            Comparison::AtMost => folded(text).as_bytes() <= folded(value).as_bytes(),
            Comparison::AtLeast => folded(text).as_bytes() >= folded(value).as_bytes(),
        },
        (Cell::Text(Some(text)), Test::Search(search, value)) => match search {
            Search::Contains => folded(text).contains(&folded(value)),
            Search::NotContains => !folded(text).contains(&folded(value)),
            Search::StartsWith => folded(text).starts_with(&folded(value)),
            Search::EndsWith => folded(text).ends_with(&folded(value)),
        },
        (Cell::Number(Some(number)), Test::Compare(comparison, value)) => {
            let value = match value {
                Value::Date(date) => date.millis(),
                Value::Integer(integer) => *integer,
                other => panic!("{other:?} is no number"),
            };
            match comparison {
                Comparison::Equal => *number == value,
                Comparison::NotEqual => *number != value,
                Comparison::AtMost => *number <= value,
                Comparison::AtLeast => *number >= value,
            }
        }
        (Cell::Bool(bool), Test::Compare(Comparison::Equal, Value::Bool(value))) => bool == value,
        (Cell::Bool(bool), Test::Compare(Comparison::NotEqual, Value::Bool(value))) => bool != value,
        (cell, test) => panic!("{cell:?} is asked {test:?}"),
    }
}

/// The rows in that order; `tie` breaks ties and must be unique.
pub fn sorted<R, T: Ord>(
    mut rows: Vec<&R>,
    sort: Sort,
    cell: impl Fn(&R, &str) -> Cell,
    tie: impl Fn(&R) -> T,
) -> Vec<&R> {
    rows.sort_by(|a, b| {
        let key = sort.by.map_or(Ordering::Equal, |by| compare(&cell(a, by), &cell(b, by)));
        key.then_with(|| tie(a).cmp(&tie(b)))
    });
    if sort.order == Order::Descending {
        rows.reverse();
        // Empty values come last in both directions; the sort is stable.
        let is_empty =
            |row: &&R| sort.by.is_some_and(|by| matches!(cell(row, by), Cell::Text(None) | Cell::Number(None)));
        rows.sort_by_key(is_empty);
    }
    rows
}

/// By the compared form, then by the text. Empty values come last.
fn compare(a: &Cell, b: &Cell) -> Ordering {
    match (a, b) {
        (Cell::Text(a), Cell::Text(b)) => {
            let keys = (a.as_deref().map(folded), b.as_deref().map(folded));
            (a.is_none(), keys.0, a).cmp(&(b.is_none(), keys.1, b))
        }
        (Cell::Number(a), Cell::Number(b)) => (a.is_none(), a).cmp(&(b.is_none(), b)),
        (Cell::Bool(a), Cell::Bool(b)) => a.cmp(b),
        other => panic!("{other:?} cannot be compared"),
    }
}

/// Each field with each of its operators, and with values that some rows have, that are parts of those, or that no row
/// has.
pub fn conditions<R>(fields: &[Field], rows: &[R], cell: impl Fn(&R, &str) -> Cell) -> Vec<String> {
    let mut conditions = Vec::new();
    for field in fields {
        let mut values = match field.kind {
            Kind::Text => vec!["zzz-none".to_owned(), "%".to_owned(), "_".to_owned(), "\\".to_owned(), "'".to_owned()],
            Kind::Date => vec!["2001-01-01".to_owned(), "2199-01-01".to_owned()],
            Kind::Integer => vec!["0".to_owned(), "-9223372036854775808".to_owned(), "9223372036854775807".to_owned()],
            Kind::Bool => vec!["true".to_owned(), "FALSE".to_owned()],
            Kind::Scope => panic!("{} is a matter of places, not of cells", field.name),
        };
        for row in rows.iter().step_by(rows.len().div_ceil(8)) {
            match cell(row, field.name) {
                Cell::Text(Some(text)) => {
                    values.extend([text.to_uppercase(), text.to_lowercase(), text.to_ascii_uppercase()]);
                    values.extend([text.chars().skip(1).collect(), text.chars().take(3).collect()]);
                    values.push(text);
                }
                Cell::Number(Some(number)) if field.kind == Kind::Date => {
                    values.push(Timestamp::from_millis(number).to_string());
                }
                Cell::Number(Some(number)) => values.push(number.to_string()),
                _ => {}
            }
        }
        values.retain(|value| !value.is_empty());
        values.sort();
        values.dedup();
        let operators: &[&str] = match field.kind {
            Kind::Text => &["==", "!=", "<=", ">=", "=@", "!@", "=^", "=$"],
            Kind::Date | Kind::Integer => &["==", "!=", "<=", ">="],
            Kind::Bool | Kind::Scope => &["==", "!="],
        };
        for operator in operators {
            conditions.extend(values.iter().map(|value| format!("{}{operator}{value}", field.name)));
        }
    }
    conditions
}

/// The parameters of every list, drawn at random.
#[derive(Debug, Clone)]
pub struct Drawn {
    pub filter: Filter,
    pub search: Option<String>,
    pub sort: Sort,
    pub page: Page,
}

/// Draws conditions that mostly match this row, so that something is bootstrapped, a search for a part of one of its names, an
/// order and a page.
pub fn drawn(
    dice: &mut Dice,
    (conditions, fields, sorts): (&[String], &[Field], &[&'static str]),
    cell: impl Fn(&str) -> Cell,
    names: &[&str],
) -> Drawn {
    let mut filter = Filter::default();
    for _ in 0..dice.roll(4) {
        let stray = dice.roll(12) == 0;
        let tried =
            (0..30).map(|_| parsed(dice.pick(conditions).as_str(), fields)).find(|one| stray || passes(one, &cell));
        filter.conditions.extend(tried.into_iter().flat_map(|one| one.conditions));
    }
    let search = (dice.roll(3) == 0).then(|| {
        let name: Vec<char> = dice.pick(names).chars().collect();
        let part: String = name.iter().skip(dice.roll(name.len().max(1))).take(1 + dice.roll(3)).collect();
        if dice.roll(2) == 0 { part.to_uppercase() } else { part }
    });
    let order = *dice.pick(&[Order::Ascending, Order::Descending]);
    let sort = Sort { by: (dice.roll(4) > 0).then(|| *dice.pick(sorts)), order };
    let offset = if dice.roll(2) == 0 { 0 } else { u64::try_from(dice.roll(30)).unwrap() };
    let page = Page { offset, limit: u32::try_from(1 + dice.roll(20)).unwrap() };
    Drawn { filter, search, sort, page }
}

/// Whether one of the names contains the text, in any case.
pub fn found_in(search: Option<&str>, names: &[&str]) -> bool {
    search.is_none_or(|text| names.iter().any(|name| folded(name).contains(&folded(text))))
}

/// The part of the whole on a page.
pub fn shown<T>(whole: &[T], page: Page) -> &[T] {
    let from = usize::try_from(page.offset).unwrap().min(whole.len());
    let to = (from + usize::try_from(page.limit).unwrap()).min(whole.len());
    &whole[from..to]
}

/// All pages of that size for that many rows, and an empty one after them.
pub fn pages(rows: usize, limit: u32) -> impl Iterator<Item = Page> {
    let size = usize::try_from(limit).unwrap();
    (0..=rows / size + 1).map(move |n| Page { offset: u64::try_from(n * size).unwrap(), limit })
}

/// Pseudorandom numbers that are the same on every run.
pub struct Dice(u64);

impl Dice {
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// One of `0..sides`.
    pub fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.roll(of.len())]
    }

    /// Some of them.
    pub fn some<T: Clone>(&mut self, of: &[T], most: usize) -> Vec<T> {
        (0..self.roll(most + 1)).map(|_| self.pick(of).clone()).collect()
    }
}

/// Texts with a special meaning to a database, a pattern or a person.
pub const HOSTILE: &[&str] = &[
    "Ana",
    "ana",
    "ANA",
    "100%",
    "100_",
    "1000",
    "back\\slash",
    "\\%",
    "O'Brien",
    "\"quoted\"",
    "'; DROP TABLE users; --",
    "' OR '1'='1",
    "$1",
    "?1",
    ":name",
    "@name",
    "Zoë",
    "ZOË",
    "Zoe\u{308}",
    "örchid",
    "ÖRCHID",
    "straße",
    "STRASSE",
    "ı",
    "İ",
    "日本",
    "😀",
    "a b",
    "{text}",
    "NULL",
    "\\",
    "%",
    "_",
];

/// Those that can be the name of a creator: such names are ASCII.
pub fn makers() -> Vec<&'static str> {
    HOSTILE.iter().copied().filter(|text| text.is_ascii()).collect()
}

/// The text as a literal of SQL.
pub fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

pub fn or_null(number: Option<i64>) -> String {
    number.map_or_else(|| "NULL".to_owned(), |number| number.to_string())
}
