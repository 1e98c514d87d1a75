//! Parameters of lists: page, order, filters, search.

use rolecall_core::filter::{self, Field, Filter};
use rolecall_core::text::quoted;
use rolecall_core::{Error, Result};
use rolecall_store::{Page, Sort};
use serde::Serialize;
use utoipa::ToSchema;

use super::extract::Query;

/// How many there are.
#[derive(Debug, Serialize, ToSchema)]
pub struct Count {
    /// How many match.
    pub count: u64,
}

/// Maximum rows of a response.
pub const MOST: u32 = 500;

/// Default rows of a response.
pub const USUAL: u32 = 50;

/// The limit of a list that is returned whole by default.
pub const ALL: u32 = u32::MAX;

/// `limit` (1 to 500) and `offset` (from 0).
///
/// # Errors
/// `Invalid`, with the parameter's name and value.
pub fn page(query: &Query, default_limit: u32) -> Result<Page> {
    let limit = match query.one("limit")? {
        None => default_limit,
        Some(text) => text
            .parse()
            .ok()
            .filter(|limit| (1..=MOST).contains(limit))
            .ok_or_else(|| wrong("limit", text, "a whole number from 1 to 500"))?,
    };
    let offset = match query.one("offset")? {
        None => 0,
        Some(text) => text
            .parse::<u64>()
            .ok()
            .filter(|offset| i64::try_from(*offset).is_ok())
            .ok_or_else(|| wrong("offset", text, "a whole number of 0 or more"))?,
    };
    Ok(Page { offset, limit })
}

fn wrong(name: &str, value: &str, range: &str) -> Error {
    Error::invalid(format!("{name}: {} is not {range}", quoted(value)))
}

/// `sortBy` (one of `known`) and `sortOrder` (asc, desc).
///
/// # Errors
/// `Invalid`, with the value and the known names.
pub fn sort(query: &Query, known: &[&'static str]) -> Result<Sort> {
    let by = query.one("sortBy")?.map(|name| filter::parse_sort(name, known)).transpose()?;
    let order = query.one("sortOrder")?.map(filter::parse_order).transpose()?.unwrap_or_default();
    Ok(Sort { by, order })
}

/// `filterBy`, given once with commas or several times.
///
/// # Errors
/// `Invalid`, with the wrong part.
pub fn filter(query: &Query, fields: &[Field]) -> Result<Filter> {
    Ok(filter::parse(&query.many("filterBy", filter::MOST_CHARACTERS)?, fields)?)
}

/// `search`.
///
/// # Errors
/// `Invalid` when it contains control characters or is too long.
pub fn search(query: &Query) -> Result<Option<String>> {
    Ok(query.text("search")?.map(str::to_owned))
}
