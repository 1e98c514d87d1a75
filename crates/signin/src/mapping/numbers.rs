//! Linux user and group ids: whole numbers from 0 to 4294967295, or texts of their digits.

use serde_json::Value;

use super::error::MappingError;
use super::received::Received;
use crate::shown::{json as shown, quoted};

/// Maximum number of supplementary groups.
pub const MAX_SUPPLEMENTARY_GROUPS: usize = 2000;

/// One number, also as the only item of a list. An empty text or list is none: providers send it for people without.
pub(super) fn one(received: Received<'_>, claim: &str) -> Result<Option<u32>, MappingError> {
    let Some(value) = received.get(claim) else { return Ok(None) };
    let refused = || MappingError::Number { claim: quoted(claim), came: shown(&value) };
    let item = match &*value {
        Value::Array(items) => match items.as_slice() {
            [] => return Ok(None),
            [item] => item,
            _ => return Err(refused()),
        },
        item => item,
    };
    if item.as_str() == Some("") {
        return Ok(None);
    }
    number(item).map(Some).ok_or_else(refused)
}

/// A list of numbers, or one. Each is kept once, in the order received.
pub(super) fn list(received: Received<'_>, claim: &str) -> Result<Vec<u32>, MappingError> {
    let Some(value) = received.get(claim) else { return Ok(Vec::new()) };
    let items = match &*value {
        Value::Array(items) => items.as_slice(),
        Value::String(text) if text.is_empty() => &[],
        item => std::slice::from_ref(item),
    };
    if items.len() > MAX_SUPPLEMENTARY_GROUPS {
        return Err(MappingError::TooManyNumbers { claim: quoted(claim), count: items.len() });
    }
    let mut seen = std::collections::BTreeSet::new();
    let mut numbers = Vec::with_capacity(items.len());
    for item in items {
        let number = number(item).ok_or_else(|| MappingError::Number { claim: quoted(claim), came: shown(item) })?;
        if seen.insert(number) {
            numbers.push(number);
        }
    }
    Ok(numbers)
}

fn number(value: &Value) -> Option<u32> {
    match value {
        Value::Number(number) => number.as_u64().and_then(|number| u32::try_from(number).ok()),
        // `parse` alone would accept `+5`.
        Value::String(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse().ok(),
        _ => None,
    }
}
