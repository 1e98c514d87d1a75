//! Why a sign-in with a provider failed: a code for the person, and the details for the administrator.

use std::fmt;

use rolecall_core::{Error, ErrorKind};

/// A failed sign-in.
#[derive(Debug, Clone)]
pub struct Failure {
    /// A stable code, which the person sees and an administrator finds in the log.
    pub code: &'static str,
    /// What happened. It may repeat what the provider or a stranger sent.
    pub detail: String,
}

impl Failure {
    pub(super) fn new(code: &'static str, detail: impl fmt::Display) -> Self {
        Self { code, detail: detail.to_string() }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let code = error.reason.unwrap_or(match error.kind {
            ErrorKind::Overloaded | ErrorKind::TooMany => "busy",
            _ => "internal",
        });
        Self { code, detail: error.cause.unwrap_or(error.message) }
    }
}
