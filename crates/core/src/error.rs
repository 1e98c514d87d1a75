//! The one taxonomy of what can go wrong. It knows nothing of HTTP: a status is made of it at the last step.

use std::fmt;
use std::time::Duration;

/// What kind of thing went wrong; decides what the caller can do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// The request makes no sense; change it.
    Invalid,
    /// Nobody, or nobody known, asks; sign in.
    Unauthenticated,
    /// Known, visible, but not permitted.
    Forbidden,
    /// Does not exist, or not for this caller.
    NotFound,
    /// Contradicts what is there.
    Conflict,
    /// Meant for something as it was before somebody else changed it; read it again.
    Outdated,
    /// More than is accepted.
    TooLarge,
    /// Too many attempts by this caller; try again later.
    TooMany,
    /// Too much at once, or not up to date; try again later.
    Overloaded,
    /// Our fault.
    Internal,
}

/// Something that went wrong, told twice: once for who asked, once for the log.
#[derive(Debug)]
pub struct Error {
    /// What kind of thing.
    pub kind: ErrorKind,
    /// For the caller: what is wrong, with the value, and what to do next.
    pub message: String,
    /// A word that programs can compare, where the kind alone does not say enough.
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

    /// The request makes no sense.
    #[must_use]
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Invalid, message)
    }

    /// Nobody known asks.
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

    /// Contradicts what is there.
    #[must_use]
    pub fn conflict(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Conflict, message)
    }

    /// Meant for something as it was before somebody else changed it.
    #[must_use]
    pub fn outdated(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Outdated, message)
    }

    /// More than is accepted.
    #[must_use]
    pub fn too_large(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::TooLarge, message)
    }

    /// Too many attempts by this caller.
    #[must_use]
    pub fn too_many(message: impl Into<String>, retry_after: Duration) -> Self {
        Self { retry_after: Some(retry_after), ..Self::new(ErrorKind::TooMany, message) }
    }

    /// Too much at once.
    #[must_use]
    pub fn overloaded(message: impl Into<String>, retry_after: Duration) -> Self {
        Self { retry_after: Some(retry_after), ..Self::new(ErrorKind::Overloaded, message) }
    }

    /// Our fault; `cause` goes to the log, the caller learns only that it was not his.
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

/// What a fallible step of the house returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;
