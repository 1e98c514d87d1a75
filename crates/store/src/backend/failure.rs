//! What database trouble means to the rest of the house, in one place for both databases.

use std::fmt;
use std::time::Duration;

use rolecall_core::Error;

/// A person has to do something first.
const LATER: Duration = Duration::from_secs(5);

/// The database is away, busy or full of work: trying again helps.
pub(super) fn unavailable(cause: impl fmt::Display) -> Error {
    Error::overloaded("the database does not answer; try again", Duration::from_secs(1)).with_cause(cause)
}

/// The word by which programs know that the database cannot be written.
pub const NOT_WRITABLE: &str = "database-not-writable";

/// The database answers and cannot be written. `why` is a half-sentence for everybody, such as "its disk is full".
pub(crate) fn not_writable(why: &str) -> Error {
    still_not_writable(format!("the database cannot be written: {why}; try again later"))
}

/// The error of [`not_writable`] once more, from its message.
pub(super) fn still_not_writable(message: String) -> Error {
    Error::overloaded(message, LATER).with_reason(NOT_WRITABLE)
}

/// For every unique index: how the databases name it when it is violated (PostgreSQL by its name, SQLite by the columns,
/// or by its name where it is over an expression), and what that means to a reader.
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

/// A unique index refused a row; `cause` is the database's message. A conflict is an answer like any other and leaves no cause
/// in the log.
pub(super) fn taken(cause: &str) -> Error {
    match TAKEN.iter().find(|(index, columns, _)| cause.contains(index) || cause.contains(columns)) {
        Some((_, _, words)) => Error::conflict(*words),
        None => Error::internal(cause),
    }
}
