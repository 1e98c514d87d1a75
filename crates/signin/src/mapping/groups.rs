//! SSO groups. Owns which forms are read, and which names are left out.

use std::collections::BTreeSet;
use std::fmt;

use serde_json::Value;

use super::error::{MappingError, Warning};
use super::received::Received;
use crate::shown::{json as shown, quoted};

/// Maximum number of groups of a person.
pub const MAX_GROUPS: usize = 2000;

/// Maximum length of a group name: the longest that an access rule can name.
pub const MAX_GROUP_CHARACTERS: usize = 255;

/// Number of examples in a warning.
const EXAMPLES: usize = 3;

/// The groups of a person, as far as the provider says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Groups {
    /// It says nothing. Known groups may be kept.
    Absent {
        /// Why.
        why: NoGroups,
    },
    /// Exactly these, in the order received, each once. May be empty.
    Present(Vec<String>),
}

/// Why a provider says nothing of groups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoGroups {
    /// There is no such claim.
    Missing {
        /// Its name.
        claim: String,
    },
    /// Entra ID leaves the groups out when a person has more than 200, and refers to Microsoft Graph.
    Overage {
        /// The name of the claim.
        claim: String,
    },
}

impl fmt::Display for NoGroups {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { claim } => write!(f, "the identity provider sent no claim {}", quoted(claim)),
            Self::Overage { claim } => write!(
                f,
                "the person has more groups than Entra ID puts into a token (claim {}); assign the groups to the application and have it send only these",
                quoted(claim)
            ),
        }
    }
}

/// Why a received name is not a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unusable {
    /// Empty, or only spaces.
    Empty,
    /// Contains control characters.
    Control,
    /// Begins or ends with a space.
    Spaces,
    /// Over 255 characters: no access rule can name it.
    TooLong,
    /// Begins with `system:` in any case: kube-apiserver would honor it.
    System,
}

pub(super) fn groups(received: Received<'_>, claim: &str, warnings: &mut Vec<Warning>) -> Result<Groups, MappingError> {
    let Some(value) = received.get(claim) else { return Ok(Groups::Absent { why: why_absent(received, claim) }) };
    let refused = || MappingError::Groups { claim: quoted(claim), came: shown(&value) };
    let names: Option<Vec<&str>> = match &*value {
        // Never split: a group's name may contain commas, as every name of LDAP does.
        Value::String(name) => Some(vec![name]),
        Value::Array(names) => names.iter().map(Value::as_str).collect(),
        Value::Object(names) => names.values().map(Value::as_str).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    };
    let mut seen = BTreeSet::new();
    let (mut usable, mut left_out) = (Vec::new(), Vec::new());
    for name in names.ok_or_else(refused)? {
        if seen.insert(name) {
            match unusable(name) {
                None => usable.push(name.to_owned()),
                Some(why) => left_out.push((why, name)),
            }
        }
    }
    if seen.len() > MAX_GROUPS {
        return Err(MappingError::TooManyGroups { claim: quoted(claim), count: seen.len() });
    }
    for why in [Unusable::Empty, Unusable::Control, Unusable::Spaces, Unusable::TooLong, Unusable::System] {
        let names: Vec<&str> = left_out.iter().filter(|(other, _)| *other == why).map(|(_, name)| *name).collect();
        if !names.is_empty() {
            let examples = names.iter().take(EXAMPLES).map(|name| quoted(name)).collect();
            warnings.push(Warning::Groups { claim: quoted(claim), why, count: names.len(), examples });
        }
    }
    Ok(Groups::Present(usable))
}

fn unusable(name: &str) -> Option<Unusable> {
    let trimmed = name.trim();
    if trimmed.is_empty() {
        Some(Unusable::Empty)
    } else if name.chars().any(char::is_control) {
        Some(Unusable::Control)
    } else if trimmed != name {
        Some(Unusable::Spaces)
    } else if name.chars().count() > MAX_GROUP_CHARACTERS {
        Some(Unusable::TooLong)
    } else if name.to_ascii_lowercase().starts_with("system:") {
        Some(Unusable::System)
    } else {
        None
    }
}

/// Entra ID's overage: `_claim_names` names the claims that are kept elsewhere (OpenID Connect Core 1.0, section 5.6.2),
/// or `hasgroups` is true.
fn why_absent(received: Received<'_>, claim: &str) -> NoGroups {
    let claim_name = claim.to_owned();
    let Received::Claims(claims) = received else { return NoGroups::Missing { claim: claim_name } };
    let elsewhere = claims.get("_claim_names").is_some_and(|names| names.get(claim).is_some());
    let too_many = claims.get("hasgroups").is_some_and(|it| *it == true || it.as_str() == Some("true"));
    if elsewhere || too_many {
        NoGroups::Overage { claim: claim_name }
    } else {
        NoGroups::Missing { claim: claim_name }
    }
}
