//! Errors. The taxonomy knows nothing of HTTP: the last step turns a kind into a status.

use std::fmt;
use std::time::Duration;

/// The kind of an error; decides what the caller can do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// The request is invalid; change it.
    Invalid,
    /// The caller is not authenticated; sign in.
    Unauthenticated,
    /// The caller is authenticated and sees the entity, but lacks the permission.
    Forbidden,
    /// Does not exist, or not for this caller.
    NotFound,
    /// Contradicts the current state.
    Conflict,
    /// Based on a state that has changed since; read it again.
    Outdated,
    /// Larger than accepted.
    TooLarge,
    /// Too many attempts by this caller; try again later.
    TooMany,
    /// Too much load, or out of date; try again later.
    Overloaded,
    /// A bug or a broken environment.
    Internal,
}

/// An error with two texts: one for the caller, one for the log.
#[derive(Debug)]
pub struct Error {
    /// The kind.
    pub kind: ErrorKind,
    /// For the caller: what is wrong, with the value, and what to do next.
    pub message: String,
    /// A word for programs to compare, where the kind alone is not enough.
    pub reason: Option<&'static str>,
    /// For the log only: never shown to a caller.
    pub cause: Option<String>,
    /// When to try again, where waiting helps.
    pub retry_after: Option<Duration>,
}

impl Error {
    fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), reason: None, cause: None, retry_after: None }
    }

    /// The request is invalid.
    #[must_use]
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Invalid, message)
    }

    /// The caller is not authenticated.
    #[must_use]
    pub fn unauthenticated(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Unauthenticated, message)
    }

    /// Not permitted.
    #[must_use]
    pub fn forbidden(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Forbidden, message)
    }

    /// Does not exist, or not for this caller: the two must read the same.
    #[must_use]
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::NotFound, message)
    }

    /// Contradicts the current state.
    #[must_use]
    pub fn conflict(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Conflict, message)
    }

    /// Based on a state that has changed since.
    #[must_use]
    pub fn outdated(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Outdated, message)
    }

    /// Larger than accepted.
    #[must_use]
    pub fn too_large(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::TooLarge, message)
    }

    /// Too many attempts by this caller.
    #[must_use]
    pub fn too_many(message: impl Into<String>, retry_after: Duration) -> Self {
        Self { retry_after: Some(retry_after), ..Self::new(ErrorKind::TooMany, message) }
    }

    /// Too much load.
    #[must_use]
    pub fn overloaded(message: impl Into<String>, retry_after: Duration) -> Self {
        Self { retry_after: Some(retry_after), ..Self::new(ErrorKind::Overloaded, message) }
    }

    /// A bug or a broken environment. `cause` goes to the log only.
    #[must_use]
    pub fn internal(cause: impl fmt::Display) -> Self {
        Self {
            cause: Some(cause.to_string()),
            ..Self::new(ErrorKind::Internal, "internal error; the server log has the details under this request id")
        }
    }

    /// The same error with a word for programs.
    #[must_use]
    pub fn with_reason(self, reason: &'static str) -> Self {
        Self { reason: Some(reason), ..self }
    }

    /// The same error with a cause for the log.
    #[must_use]
    pub fn with_cause(self, cause: impl fmt::Display) -> Self {
        Self { cause: Some(cause.to_string()), ..self }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        match &self.cause {
            Some(cause) => write!(f, " ({cause})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Error {}

/// The result of a fallible step.
pub type Result<T, E = Error> = std::result::Result<T, E>;
