//! Maps database errors to kinds, for both databases.

use std::fmt;
use std::time::Duration;

use rolecall_core::Error;

/// When an operator has to act first.
const LATER: Duration = Duration::from_secs(5);

/// The database is unreachable, busy or overloaded: retrying helps.
pub(super) fn unavailable(cause: impl fmt::Display) -> Error {
    Error::overloaded("the database does not answer; try again", Duration::from_secs(1)).with_cause(cause)
}

/// The reason that programs compare when the database cannot be written.
pub const NOT_WRITABLE: &str = "database-not-writable";

/// The database answers but cannot be written. `why` is a clause for every caller, such as "its disk is full".
pub(crate) fn not_writable(why: &str) -> Error {
    still_not_writable(format!("the database cannot be written: {why}; try again later"))
}

/// The error of [`not_writable`] again, from its message.
pub(super) fn still_not_writable(message: String) -> Error {
    Error::overloaded(message, LATER).with_reason(NOT_WRITABLE)
}

/// For every unique index: its name in the databases' errors (PostgreSQL by name; SQLite by the columns, or by name for
/// an index over an expression), and the message for callers.
const TAKEN: &[(&str, &str, &str)] = &[
    ("users_email", "users.email", "a user with this email already exists"),
    ("users_pkey", "users.id", "a user with this id already exists"),
    ("access_rules_once", "access_rules.subject_type", "this access rule already exists"),
    ("nodes_pkey", "nodes.scope", "a cluster, department or project with this id already exists"),
    (
        "service_accounts_client_id",
        "service_accounts.client_id",
        "a service account with this client id already exists",
    ),
    ("service_accounts_name", "service_accounts.name", "a service account with this name already exists"),
    ("service_accounts_pkey", "service_accounts.id", "a service account with this id already exists"),
];

/// A unique index rejected a row; `cause` is the database's message. A conflict is a normal answer and logs no cause.
pub(super) fn taken(cause: &str) -> Error {
    match TAKEN.iter().find(|(index, columns, _)| cause.contains(index) || cause.contains(columns)) {
        Some((_, _, words)) => Error::conflict(*words),
        None => Error::internal(cause),
    }
}
