//! Which part of a list is asked for, and in which order.

use rolecall_core::filter::Order;
use rolecall_core::{Error, Result};

use crate::sql::{Row, Sql};

/// A part of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// How many records are left out before it.
    pub offset: u64,
    /// The most records it has.
    pub limit: u32,
}

impl Page {
    pub(super) fn push(self, sql: &mut Sql) {
        sql.push(" LIMIT ").bind(self.rows()).push(" OFFSET ").bind(self.first());
    }

    /// The limit, as a value.
    pub(super) fn rows(self) -> i64 {
        i64::from(self.limit)
    }

    /// The offset, as a value.
    pub(super) fn first(self) -> i64 {
        i64::try_from(self.offset).unwrap_or(i64::MAX)
    }
}

/// The order of a list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sort {
    /// The field, one of the list's sorts; the list's own order when there is none.
    pub by: Option<&'static str>,
    /// Which way.
    pub order: Order,
}

/// The number that a `SELECT count(*)` returned.
pub(super) fn total(rows: &[Row]) -> Result<u64> {
    let row = rows.first().ok_or_else(|| Error::internal("count(*) returned no row"))?;
    u64::try_from(row.int(0)?).map_err(Error::internal)
}
