//! Any text as `filterBy` of each list: it is read without a loss, or refused in its place.
//!
//! An input is a digit that chooses the list, and then the values of the parameter with a byte 0xFF between them, which no
//! text holds.
#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};
use rolecall_core::filter::{
    Comparison, Condition, Field, Filter, FilterError, Kind, MOST_CHARACTERS, MOST_CONDITIONS, Problem, Search, Test,
    Value, parse,
};
use rolecall_store::{CLUSTER_FIELDS, DEPARTMENT_FIELDS, PROJECT_FIELDS, RULE_FIELDS, USER_FIELDS};

const LISTS: [&[Field]; 5] = [USER_FIELDS, RULE_FIELDS, CLUSTER_FIELDS, DEPARTMENT_FIELDS, PROJECT_FIELDS];

const OPERATORS: [&str; 8] = ["==", "!=", "<=", ">=", "=@", "!@", "=^", "=$"];

fuzz_target!(|data: &[u8]| -> Corpus {
    let Some((list, rest)) = data.split_first() else { return Corpus::Reject };
    let Some(fields) = LISTS.get(usize::from(list.wrapping_sub(b'0'))) else { return Corpus::Reject };
    let inputs: Vec<_> = rest.split(|byte| *byte == 0xFF).map(String::from_utf8_lossy).collect();
    let inputs: Vec<&str> = inputs.iter().map(AsRef::as_ref).collect();
    match parse(&inputs, fields) {
        Ok(filter) => is_all_that_was_written(&filter, &inputs, fields),
        Err(error) => is_refused_in_its_place(&error, &inputs),
    }
    Corpus::Keep
});

fn is_all_that_was_written(filter: &Filter, inputs: &[&str], fields: &[Field]) {
    assert!(filter.conditions.len() <= MOST_CONDITIONS);
    for (number, input) in inputs.iter().enumerate() {
        assert!(input.chars().count() <= MOST_CHARACTERS && !input.chars().any(char::is_control));
        let conditions = filter.conditions.iter().filter(|condition| condition.input == number);
        let written: Vec<_> = conditions.map(|condition| text_of(condition, input, fields)).collect();
        assert_eq!(written.join(","), *input, "nothing of it is lost, and nothing is read twice");
    }
    for condition in &filter.conditions {
        assert_eq!(read_again(&condition.to_string(), fields), [(condition.field, condition.test.clone())]);
    }
    let printed = filter.to_string();
    // A date is printed longer than it may be written, so a filter near the limit can print as one beyond it.
    if printed.chars().count() <= MOST_CHARACTERS {
        let tests: Vec<_> =
            filter.conditions.iter().map(|condition| (condition.field, condition.test.clone())).collect();
        assert_eq!(read_again(&printed, fields), tests);
    }
}

/// The condition as it stands in the input: its value is of its field's kind, and no other condition hides in it.
fn text_of(condition: &Condition, input: &str, fields: &[Field]) -> String {
    let field = fields.iter().find(|field| field.name == condition.field).expect("a field of the list");
    let value = input.get(condition.span.clone()).expect("a span on boundaries of characters");
    assert!(!value.is_empty());
    for field in fields {
        for operator in OPERATORS {
            assert!(!value.contains(&format!(",{}{operator}", field.name)), "{condition:?} swallowed another one");
        }
    }
    let operator = match (&condition.test, field.kind) {
        (Test::Compare(comparison, Value::Text(text)), Kind::Text) => {
            assert_eq!(text, value);
            symbol(*comparison)
        }
        (Test::Search(search, text), Kind::Text) => {
            assert_eq!(text, value);
            match search {
                Search::Contains => "=@",
                Search::NotContains => "!@",
                Search::StartsWith => "=^",
                Search::EndsWith => "=$",
            }
        }
        (Test::Compare(comparison, Value::Date(_)), Kind::Date) => symbol(*comparison),
        (Test::Compare(comparison, Value::Integer(_)), Kind::Integer) => symbol(*comparison),
        (Test::Compare(comparison @ (Comparison::Equal | Comparison::NotEqual), Value::Bool(_)), Kind::Bool)
        | (Test::Compare(comparison @ (Comparison::Equal | Comparison::NotEqual), Value::Scope(..)), Kind::Scope) => {
            symbol(*comparison)
        }
        _ => panic!("{condition:?} does not fit {field:?}"),
    };
    format!("{}{operator}{value}", condition.field)
}

fn symbol(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Equal => "==",
        Comparison::NotEqual => "!=",
        Comparison::AtMost => "<=",
        Comparison::AtLeast => ">=",
    }
}

fn read_again(text: &str, fields: &[Field]) -> Vec<(&'static str, Test)> {
    let again = parse(&[text], fields).unwrap_or_else(|e| panic!("{text:?}, which was printed, is refused: {e}"));
    again.conditions.into_iter().map(|condition| (condition.field, condition.test)).collect()
}

fn is_refused_in_its_place(error: &FilterError, inputs: &[&str]) {
    let input = inputs.get(error.input).expect("one of the inputs");
    let from = input.get(error.position..).expect("a boundary of characters within the input");
    match error.problem {
        Problem::ControlCharacter => assert!(from.starts_with(char::is_control)),
        _ => assert!(from.starts_with(error.part.trim_end_matches('…')), "{error:?}"),
    }
    let message = error.to_string();
    assert!(message.len() < 1000 && !message.contains(char::is_control), "{message}");
}
