//! The page and the order of a list.

use rolecall_core::filter::Order;
use rolecall_core::{Error, Result};

use crate::sql::{Row, Sql};

/// A page of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// Records before it.
    pub offset: u64,
    /// Maximum records in it.
    pub limit: u32,
}

impl Page {
    pub(super) fn push(self, sql: &mut Sql) {
        sql.push(" LIMIT ").bind(self.rows()).push(" OFFSET ").bind(self.first());
    }

    /// The limit, as a value.
    pub(crate) fn rows(self) -> i64 {
        i64::from(self.limit)
    }

    /// The offset, as a value.
    pub(crate) fn first(self) -> i64 {
        i64::try_from(self.offset).unwrap_or(i64::MAX)
    }
}

/// The order of a list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sort {
    /// The field, one of the list's sorts; `None` for the list's default order.
    pub by: Option<&'static str>,
    /// The direction.
    pub order: Order,
}

/// The number from a `SELECT count(*)`.
pub(super) fn total(rows: &[Row]) -> Result<u64> {
    let row = rows.first().ok_or_else(|| Error::internal("count(*) returned no row"))?;
    u64::try_from(row.int(0)?).map_err(Error::internal)
}
