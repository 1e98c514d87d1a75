//! Any text as a query string: what is read is what a naive reading finds, within the limits, or is refused by name.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rolecall::http::extract::Text;
use rolecall::http::extract::query::read;
use rolecall::http::limits;
use rolecall::http::list::{Filtering, MOST, Paging, Rules, Sorting, USUAL, Users, Vocabulary};
use rolecall_core::Error;
use rolecall_core::error::ErrorKind;
use serde::Deserialize;

/// A parameter that is given once, and one that may be repeated.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Given {
    search: Option<Text<{ limits::NAME }>>,
    columns: Vec<String>,
}

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    check_given(&text);
    if let Ok(paging) = refused(read::<Paging<USUAL>>(&text)) {
        let page = paging.page();
        assert!((1..=MOST).contains(&page.limit) && i64::try_from(page.offset).is_ok());
    }
    check_list::<Users>(&text);
    check_list::<Rules>(&text);
});

fn check_list<L: Vocabulary>(text: &str) {
    if let Ok(filtering) = refused(read::<Filtering<L>>(text)) {
        let (filter, search) = filtering.parts();
        assert!(filter.conditions.iter().all(|it| L::FIELDS.iter().any(|field| field.name == it.field)));
        assert!(search.is_none_or(|text| text.chars().count() <= limits::NAME && !text.contains(char::is_control)));
    }
    if let Ok(sorting) = refused(read::<Sorting<L>>(text)) {
        assert!(sorting.sort().by.is_none_or(|name| L::SORTS.contains(&name)));
    }
}

fn check_given(text: &str) {
    let read = refused(read::<Given>(text));
    let Some(pairs) = naively(text) else {
        assert!(read.is_err(), "it is not UTF-8");
        return;
    };
    let values = |name: &str| -> Vec<&str> {
        pairs.iter().filter(|(other, _)| other == name).map(|(_, value)| value.as_str()).collect()
    };
    let (search, columns) = (values("search"), values("columns"));
    let is_good = match search.as_slice() {
        [] => true,
        [one] => one.chars().count() <= limits::NAME,
        _ => false,
    };
    assert_eq!(read.is_ok(), is_good, "{read:?}");
    let Ok(given) = read else { return };
    assert_eq!(given.search.as_ref().map(Text::as_str), search.first().copied());
    assert_eq!(given.columns, columns);
}

/// A name and its value.
type Pair = (String, String);

/// The pairs of a query string that have a value, read byte by byte; `None` when one of them is not UTF-8.
fn naively(text: &str) -> Option<Vec<Pair>> {
    let pairs = text.split('&').filter_map(|pair| {
        let at = pair.find('=')?;
        let (name, value) = (&pair[..at], &pair[at + 1..]);
        (!value.is_empty()).then(|| Some((decoded(name)?, decoded(value)?)))
    });
    pairs.collect()
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

/// Passes the result on; a refusal is the caller's fault, begins with a name, and is short whatever was sent.
fn refused<T>(result: Result<T, Error>) -> Result<T, Error> {
    if let Err(error) = &result {
        assert_eq!(error.kind, ErrorKind::Invalid, "{error:?}");
        assert!(error.message.contains(": ") && error.message.len() < 1000, "{}", error.message);
    }
    result
}
