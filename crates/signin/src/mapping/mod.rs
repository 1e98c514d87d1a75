//! From received claims to a person: which claim holds what, and what it must look like. Pure, and the same for OpenID
//! Connect, `OpenShift` and SAML.
//!
//! What it leaves to the caller: whether an email is well-formed and may sign in (`rolecall-core` parses it, and the
//! server decides what an unverified one may do), and invisible characters in names (`rolecall-core::text::unseen`, which
//! this crate does not depend on). A group name that passes here can still be refused by `GroupName::parse`.

mod error;
mod groups;
mod mandatory;
mod numbers;
mod received;
mod texts;

use serde::{Deserialize, Serialize};

pub use error::{MappingError, Warning};
pub use groups::{Groups, MAX_GROUP_CHARACTERS, MAX_GROUPS, NoGroups, Unusable};
pub use mandatory::MandatoryClaim;
pub use numbers::MAX_SUPPLEMENTARY_GROUPS;
pub use received::Received;
pub use texts::{MAX_TEXT_CHARACTERS, Verified};

/// The names of the claims. Each is looked up exactly; only where there is none of that name, dots lead into objects
/// (`realm_access.roles`). SAML attributes are looked up exactly and nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Mappers {
    /// SSO groups. Default: `GROUPS`.
    pub groups: String,
    /// Linux user id. Default: `UID`.
    pub uid: String,
    /// Linux group id. Default: `GID`.
    pub gid: String,
    /// Linux supplementary groups. Default: `SUPPLEMENTARYGROUPS`.
    pub supplementary_groups: String,
    /// Default: `email`.
    pub email: String,
    /// `None`: `firstName`, or `given_name` without it.
    pub first_name: Option<String>,
    /// `None`: `lastName`, or `family_name` without it.
    pub last_name: Option<String>,
}

impl Default for Mappers {
    fn default() -> Self {
        Self {
            groups: "GROUPS".to_owned(),
            uid: "UID".to_owned(),
            gid: "GID".to_owned(),
            supplementary_groups: "SUPPLEMENTARYGROUPS".to_owned(),
            email: "email".to_owned(),
            first_name: None,
            last_name: None,
        }
    }
}

/// A person, as a provider describes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapped {
    /// As received, at most 255 characters, not empty. The caller parses it.
    pub email: Option<String>,
    /// What the provider says of that email.
    pub email_verified: Verified,
    /// The SSO groups. An empty list is present: the person is in no group.
    pub groups: Groups,
    /// Linux user id.
    pub uid: Option<u32>,
    /// Linux group id.
    pub gid: Option<u32>,
    /// Linux supplementary groups, each once.
    pub supplementary_groups: Vec<u32>,
    /// First name, for display.
    pub first_name: Option<String>,
    /// Last name, for display.
    pub last_name: Option<String>,
    /// What was left out, for the log and the administrator.
    pub warnings: Vec<Warning>,
}

/// Makes a person of what was received. Claims that no mapper names are ignored.
///
/// # Errors
/// When a claim is of a kind that cannot hold what it is mapped to, or a limit is exceeded.
pub fn map(received: Received<'_>, mappers: &Mappers) -> Result<Mapped, MappingError> {
    let mut warnings = Vec::new();
    let email = texts::email(received, &mappers.email)?;
    Ok(Mapped {
        email_verified: texts::email_verified(received, &mappers.email, email.as_deref()),
        email,
        groups: groups::groups(received, &mappers.groups, &mut warnings)?,
        uid: numbers::one(received, &mappers.uid)?,
        gid: numbers::one(received, &mappers.gid)?,
        supplementary_groups: numbers::list(received, &mappers.supplementary_groups)?,
        first_name: texts::name(received, mappers.first_name.as_deref(), ["firstName", "given_name"], &mut warnings),
        last_name: texts::name(received, mappers.last_name.as_deref(), ["lastName", "family_name"], &mut warnings),
        warnings,
    })
}

#[cfg(test)]
mod tests;
