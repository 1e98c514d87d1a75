//! The order of a list: `sortBy` and `sortOrder`.

use crate::error::{Error, Result};
use crate::text::quoted;

/// A sort order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Order {
    /// `asc`: the smallest first.
    #[default]
    Ascending,
    /// `desc`: the largest first.
    Descending,
}

/// Finds a sortable field by name; matched exactly.
///
/// # Errors
/// `Invalid`, with the value and the known names.
pub fn parse_sort(name: &str, known: &[&'static str]) -> Result<&'static str> {
    known
        .iter()
        .copied()
        .find(|known| *known == name)
        .ok_or_else(|| Error::invalid(format!("sortBy: {} is not one of {}", quoted(name), known.join(", "))))
}

/// Reads `asc` or `desc`.
///
/// # Errors
/// `Invalid`, with the value.
pub fn parse_order(text: &str) -> Result<Order> {
    match text {
        "asc" => Ok(Order::Ascending),
        "desc" => Ok(Order::Descending),
        _ => Err(Error::invalid(format!("sortOrder: {} is neither asc nor desc", quoted(text)))),
    }
}
