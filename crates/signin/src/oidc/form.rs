//! `application/x-www-form-urlencoded`: the query of an address and the body of a token request.

use std::collections::BTreeMap;

/// `name=value&…`. Everything but unreserved characters (RFC 3986, section 2.3) is percent-encoded, so that the result
/// is the same in a query and in a body.
pub(super) fn write(pairs: &[(&str, &str)]) -> String {
    let mut text = String::new();
    for (name, value) in pairs {
        if !text.is_empty() {
            text.push('&');
        }
        push_encoded(&mut text, name);
        text.push('=');
        push_encoded(&mut text, value);
    }
    text
}

/// The text, percent-encoded.
pub(super) fn encoded(text: &str) -> String {
    let mut to = String::with_capacity(text.len());
    push_encoded(&mut to, text);
    to
}

fn push_encoded(to: &mut String, text: &str) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            to.push(char::from(byte));
        } else {
            to.push_str(&format!("%{byte:02X}"));
        }
    }
}

/// The parameters of a query. `Err` holds the name of one that occurs twice (RFC 6749, section 3.1) or is not UTF-8.
pub(super) fn read(query: &str) -> Result<BTreeMap<String, String>, String> {
    let mut parameters = BTreeMap::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let name = decoded(name).ok_or_else(|| name.to_owned())?;
        let value = decoded(value).ok_or_else(|| name.clone())?;
        if parameters.contains_key(&name) {
            return Err(name);
        }
        parameters.insert(name, value);
    }
    Ok(parameters)
}

fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => match after {
                [high, low, after @ ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                    let digit = |digit: u8| char::from(digit).to_digit(16).and_then(|it| u8::try_from(it).ok());
                    bytes.push(digit(*high)?.wrapping_mul(16).wrapping_add(digit(*low)?));
                    rest = after;
                }
                _ => bytes.push(b'%'),
            },
            other => bytes.push(*other),
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_parameter_may_occur_once() {
        assert_eq!(read("a=1&b=2&a=1"), Err("a".to_owned()));
        assert_eq!(read("a=1&%61=1"), Err("a".to_owned()));
        assert_eq!(read("a=%FF"), Err("a".to_owned()));
        let read = read("&a=b+c%2B&d&e=%zz%4").unwrap();
        assert_eq!(read.get("a").unwrap(), "b c+");
        assert_eq!(read.get("d").unwrap(), "");
        assert_eq!(read.get("e").unwrap(), "%zz%4");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(name: String, value: String) {
            let read = read(&write(&[(&name, &value)])).unwrap();
            prop_assert_eq!(read.get(&name), Some(&value));
        }

        #[test]
        fn no_query_panics(query: String) {
            let _ = read(&query);
        }
    }
}
