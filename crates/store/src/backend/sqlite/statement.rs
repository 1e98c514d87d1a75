//! Statements on a SQLite connection: parameters, rows, errors.

use std::num::NonZeroU16;

use rolecall_core::{Error, Result};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, ErrorCode, ffi};
use tokio::runtime::Handle;

use super::STEPS;
use crate::backend::Done;
use crate::backend::failure::{not_writable, taken, unavailable};
use crate::backend::stream::{Abandoned, Source};
use crate::sql::{Row, Sql, Value};

pub(super) fn read_together(connection: &Connection, statements: &[Sql]) -> Result<Vec<Vec<Row>>> {
    if let [one] = statements {
        return Ok(vec![run(connection, one)?.rows]);
    }
    let snapshot = connection.unchecked_transaction().map_err(|error| failure(&error))?;
    statements.iter().map(|sql| run(&snapshot, sql).map(|done| done.rows)).collect()
}

pub(super) fn run(connection: &Connection, sql: &Sql) -> Result<Done> {
    run_raw(connection, sql).map_err(|error| failure(&error))
}

fn run_raw(connection: &Connection, sql: &Sql) -> rusqlite::Result<Done> {
    let mut statement = connection.prepare_cached(&in_its_words(sql))?;
    bind(&mut statement, sql)?;
    let columns = statement.column_count();
    if columns == 0 {
        let touched = statement.raw_execute()?;
        return Ok(Done { rows: Vec::new(), touched: u64::try_from(touched).unwrap_or(u64::MAX) });
    }
    let mut rows = Vec::new();
    let mut cursor = statement.raw_query();
    while let Some(row) = cursor.next()? {
        rows.push(values_of(row, columns)?);
    }
    let touched = u64::try_from(rows.len()).unwrap_or(u64::MAX);
    Ok(Done { rows, touched })
}

/// Sends the rows of the statements as they are received.
pub(super) fn send_all(
    connection: &mut Connection,
    statements: &[Sql],
    part: NonZeroU16,
    source: &Source,
    runtime: &Handle,
) -> Result<()> {
    let failed = |error: rusqlite::Error| failure(&error);
    connection.progress_handler(STEPS, Some(source.is_abandoned())).map_err(failed)?;
    let snapshot = connection.unchecked_transaction().map_err(failed)?;
    let most = usize::from(part.get());
    for (place, sql) in statements.iter().enumerate() {
        let send = |rows| {
            let sent = runtime.block_on(source.send(place, rows));
            sent.map_err(|Abandoned| unavailable("nobody takes the rows"))
        };
        let mut statement = snapshot.prepare(&in_its_words(sql)).map_err(failed)?;
        bind(&mut statement, sql).map_err(failed)?;
        let columns = statement.column_count();
        let mut cursor = statement.raw_query();
        let mut rows = Vec::new();
        while let Some(row) = cursor.next().map_err(failed)? {
            rows.push(values_of(row, columns).map_err(failed)?);
            if rows.len() == most {
                send(std::mem::take(&mut rows))?;
            }
        }
        send(rows)?;
    }
    Ok(())
}

/// The text of a statement. It contains `$` only in parameters, since all input of callers is bound as values.
fn in_its_words(sql: &Sql) -> String {
    sql.text().replace('$', "?")
}

fn bind(statement: &mut rusqlite::Statement<'_>, sql: &Sql) -> rusqlite::Result<()> {
    sql.values().iter().enumerate().try_for_each(|(at, value)| statement.raw_bind_parameter(at + 1, bound(value)))
}

fn bound(value: &Value) -> rusqlite::types::ToSqlOutput<'_> {
    rusqlite::types::ToSqlOutput::Borrowed(match value {
        Value::Null => ValueRef::Null,
        Value::Int(value) => ValueRef::Integer(*value),
        Value::Text(value) => ValueRef::Text(value.as_bytes()),
        Value::Bytes(value) => ValueRef::Blob(value),
    })
}

fn values_of(row: &rusqlite::Row<'_>, columns: usize) -> rusqlite::Result<Row> {
    let values = (0..columns).map(|column| row.get_ref(column).and_then(|value| value_of(column, value)));
    values.collect::<rusqlite::Result<_>>().map(Row::new)
}

fn value_of(column: usize, value: ValueRef<'_>) -> rusqlite::Result<Value> {
    Ok(match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(value) => Value::Int(value),
        ValueRef::Text(_) => Value::Text(value.as_str()?.to_owned()),
        ValueRef::Blob(value) => Value::Bytes(value.to_vec()),
        ValueRef::Real(_) => {
            return Err(rusqlite::Error::InvalidColumnType(column, String::new(), rusqlite::types::Type::Real));
        }
    })
}

pub(super) fn failure(error: &rusqlite::Error) -> Error {
    if let rusqlite::Error::SqliteFailure(code, message) = error {
        let message = message.as_deref().unwrap_or_default();
        match (code.code, code.extended_code) {
            (_, ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY) => return taken(message),
            (ErrorCode::DiskFull, _) => return not_writable("its disk is full").with_cause(error),
            (ErrorCode::ReadOnly, _) => return not_writable("it is read-only").with_cause(error),
            (_, ffi::SQLITE_IOERR_READ | ffi::SQLITE_IOERR_SHORT_READ) => return unavailable(error),
            (ErrorCode::SystemIoFailure, _) => return not_writable("its disk reports an error").with_cause(error),
            (ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::OperationInterrupted, _) => {
                return unavailable(error);
            }
            _ => {}
        }
    }
    Error::internal(format!("SQLite: {error}"))
}
