//! What all lists take: paging, order, filters, search.

use rolecall_core::filter::{self, Field, Filter};
use rolecall_core::text::shortened;
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

/// The most rows that one answer holds.
pub const MOST: u32 = 500;

/// How many rows an answer holds where the list says nothing else.
pub const USUAL: u32 = 50;

/// The limit of a list that is told as a whole unless a limit is given.
pub const ALL: u32 = u32::MAX;

/// `limit` (1 to 500) and `offset` (from 0).
///
/// # Errors
/// Invalid, with the parameter's name and value.
pub fn page(query: &Query, default_limit: u32) -> Result<Page> {
    let limit = match query.one("limit")? {
        None => default_limit,
        Some(text) => text
            .parse()
            .ok()
            .filter(|limit| (1..=MOST).contains(limit))
            .ok_or_else(|| wrong("limit", text, "a number from 1 to 500"))?,
    };
    let offset = match query.one("offset")? {
        None => 0,
        Some(text) => text
            .parse::<u64>()
            .ok()
            .filter(|offset| i64::try_from(*offset).is_ok())
            .ok_or_else(|| wrong("offset", text, "a number from 0"))?,
    };
    Ok(Page { offset, limit })
}

fn wrong(name: &str, value: &str, range: &str) -> Error {
    Error::invalid(format!("{name}: {:?} is not {range}", shortened(value)))
}

/// `sortBy` (one of `known`) and `sortOrder` (asc, desc).
///
/// # Errors
/// Invalid, with the value and what is known.
pub fn sort(query: &Query, known: &[&'static str]) -> Result<Sort> {
    let by = query.one("sortBy")?.map(|name| filter::parse_sort(name, known)).transpose()?;
    let order = query.one("sortOrder")?.map(filter::parse_order).transpose()?.unwrap_or_default();
    Ok(Sort { by, order })
}

/// `filterBy`, given once with commas or several times.
///
/// # Errors
/// Invalid, with the part that is wrong.
pub fn filter(query: &Query, fields: &[Field]) -> Result<Filter> {
    Ok(filter::parse(&query.many("filterBy", filter::MOST_CHARACTERS)?, fields)?)
}

/// `search`.
///
/// # Errors
/// Invalid when it holds control characters or is too long.
pub fn search(query: &Query) -> Result<Option<String>> {
    Ok(query.text("search")?.map(str::to_owned))
}
