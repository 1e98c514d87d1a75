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
    /// The path of the page that the person wanted, if that is known.
    pub return_path: Option<String>,
    /// What an administrator finds it by among the recent sign-ins, if it is there.
    pub reference: Option<String>,
}

impl Failure {
    /// With that code and these details.
    #[must_use]
    pub fn new(code: &'static str, detail: impl fmt::Display) -> Self {
        Self { code, detail: detail.to_string(), return_path: None, reference: None }
    }

    /// The same, on the way to that page.
    pub(super) fn on_the_way_to(self, return_path: &str) -> Self {
        Self { return_path: Some(return_path.to_owned()), ..self }
    }

    /// The same, kept under that reference.
    pub(super) fn kept_as(self, reference: Option<String>) -> Self {
        Self { reference, ..self }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let code = error.reason.unwrap_or(match error.kind {
            ErrorKind::Overloaded | ErrorKind::TooMany => "busy",
            _ => "internal",
        });
        Self::new(code, error.cause.unwrap_or(error.message))
    }
}
