//! Any text as a query string: what is read is what a naive reading finds, within the limits, or is refused by name.
#![no_main]

use std::borrow::Cow;

use libfuzzer_sys::fuzz_target;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use rolecall::http::extract::Query;
use rolecall::http::{limits, list};
use rolecall_core::Error;
use rolecall_core::error::ErrorKind;
use rolecall_store::{RULE_FIELDS, RULE_SORTS, USER_FIELDS, USER_SORTS};

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let query = Query::parse(&text);
    let expected = naively(&text);
    for (name, _) in &expected {
        check_parameter(&query, name, &expected);
    }
    // Those that a list reads, whether they are there or not.
    if let Ok(page) = named(&["limit", "offset"], list::page(&query, list::USUAL)) {
        assert!((1..=list::MOST).contains(&page.limit) && i64::try_from(page.offset).is_ok());
    }
    if let Ok(Some(search)) = named(&["search"], list::search(&query)) {
        assert!(search.chars().count() <= 255 && !search.contains(char::is_control));
    }
    for (fields, sorts) in [(USER_FIELDS, USER_SORTS), (RULE_FIELDS, RULE_SORTS)] {
        drop(named(&["filterBy"], list::filter(&query, fields)));
        if let Ok(sort) = named(&["sortBy", "sortOrder"], list::sort(&query, sorts)) {
            assert!(sort.by.is_none_or(|name| sorts.contains(&name)));
        }
    }
});

/// A name and its value; a value that is no UTF-8 is none.
type Pair = (String, Option<String>);

/// The pairs of a query string, read byte by byte. A pair whose name is no UTF-8 has no name to be asked for.
fn naively(text: &str) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for pair in text.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = match pair.find('=') {
            Some(at) => (&pair[..at], &pair[at + 1..]),
            None => (pair, ""),
        };
        if let Some(name) = decoded(name) {
            pairs.push((name, decoded(value)));
        }
    }
    pairs
}

fn decoded(text: &str) -> Option<String> {
    let digit =
        |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16)).and_then(|d| u8::try_from(d).ok());
    let (bytes, mut read, mut at) = (text.as_bytes(), Vec::new(), 0);
    while let Some(byte) = bytes.get(at) {
        match (byte, digit(bytes.get(at + 1)), digit(bytes.get(at + 2))) {
            (b'%', Some(high), Some(low)) => {
                read.push(high * 16 + low);
                at += 2;
            }
            (b'+', ..) => read.push(b' '),
            (other, ..) => read.push(*other),
        }
        at += 1;
    }
    String::from_utf8(read).ok()
}

fn check_parameter(query: &Query, name: &str, expected: &[Pair]) {
    let expected: Vec<_> =
        expected.iter().filter(|(other, _)| other == name).map(|(_, value)| value.as_deref()).collect();
    let all: Option<Vec<&str>> = expected.into_iter().collect();
    let many = query.many(name, usize::MAX);
    assert_eq!(many.as_ref().ok(), all.as_ref(), "{name:?}");
    let Ok(many) = named(&[name], many) else { return };

    let pairs: Vec<_> = many.iter().map(|value| format!("{}={}", encoded(name), encoded(value))).collect();
    assert_eq!(
        Query::parse(&pairs.join("&")).many(name, usize::MAX).ok(),
        Some(many.clone()),
        "{name:?} does not survive"
    );

    let given: Vec<_> = many.into_iter().filter(|value| !value.is_empty()).collect();
    let one = named(&[name], query.one_of_length(name, usize::MAX));
    assert_eq!(one.as_ref().ok().copied(), if given.len() > 1 { None } else { Some(given.first().copied()) });
    let Ok(one) = one else { return };
    if one.is_some_and(|text| text.chars().nth(limits::NAME).is_some()) {
        assert!(query.one(name).is_err(), "{name:?} is too long");
        return;
    }
    if let Ok(text) = named(&[name], query.text(name)) {
        assert_eq!(text, one);
    }
    let number = named(&[name], query.parsed::<i32>(name, "a number"));
    assert_eq!(number.ok().flatten(), one.and_then(|text| text.parse().ok()));
    if let Ok(Some(truth)) = named(&[name], query.truth(name)) {
        assert!(one.is_some_and(|text| text.eq_ignore_ascii_case(&truth.to_string())));
    }
    if let Ok(Some(date)) = named(&[name], query.date(name)) {
        let printed = format!("{}={}", encoded(name), encoded(&date.to_string()));
        assert_eq!(Query::parse(&printed).date(name).ok(), Some(Some(date)), "{date} is not read as itself");
    }
}

fn encoded(text: &str) -> Cow<'_, str> {
    utf8_percent_encode(text, NON_ALPHANUMERIC).into()
}

/// Passes the result on; a refusal is the caller's fault, starts with the name of one of these parameters, and is short
/// whatever was sent.
fn named<T>(names: &[&str], result: Result<T, Error>) -> Result<T, Error> {
    if let Err(error) = &result {
        assert_eq!(error.kind, ErrorKind::Invalid, "{error:?}");
        let rest = names.iter().find_map(|name| error.message.strip_prefix(name));
        assert!(rest.is_some_and(|rest| rest.starts_with(": ") && rest.len() < 1000), "{}", error.message);
    }
    result
}
