//! Email and names. Owns that each is one text, and whose word an email is.

use serde_json::Value;

use super::error::{MappingError, Warning};
use super::received::Received;
use crate::shown::{json as shown, quoted};

/// Maximum length of an email or a name.
pub const MAX_TEXT_CHARACTERS: usize = 255;

/// What the provider says of the email (OpenID Connect Core 1.0, section 5.1, `email_verified`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verified {
    /// It verified that the person receives mail there.
    Yes,
    /// It does not say. Entra ID, ADFS and SAML providers never do.
    Absent,
    /// It says that it did not.
    No,
}

const EMAIL: &str = "email";
const EMAIL_VERIFIED: &str = "email_verified";

pub(super) fn email(received: Received<'_>, claim: &str) -> Result<Option<String>, MappingError> {
    one(received, claim).map_err(|came| MappingError::Email { claim: quoted(claim), came })
}

/// `email_verified` is about the claim `email`, and about no other address: a mapper to `upn` must not borrow it.
pub(super) fn email_verified(received: Received<'_>, claim: &str, email: Option<&str>) -> Verified {
    let Some(email) = email else { return Verified::Absent };
    if claim != EMAIL && one(received, EMAIL).ok().flatten().as_deref() != Some(email) {
        return Verified::Absent;
    }
    let Some(value) = received.get(EMAIL_VERIFIED) else { return Verified::Absent };
    let said = match &*value {
        Value::Array(items) if items.len() == 1 => items.first().unwrap_or(&Value::Null),
        other => other,
    };
    // Some providers write the boolean as a text.
    let yes = *said == true || said.as_str().is_some_and(|text| text.eq_ignore_ascii_case("true"));
    if yes { Verified::Yes } else { Verified::No }
}

/// A name for display: an unusable one is left out, and stops no sign-in.
pub(super) fn name(
    received: Received<'_>,
    mapped: Option<&str>,
    usual: [&str; 2],
    warnings: &mut Vec<Warning>,
) -> Option<String> {
    let claims = match &mapped {
        Some(claim) => std::slice::from_ref(claim),
        None => &usual[..],
    };
    for claim in claims {
        match one(received, claim) {
            Ok(Some(name)) => return Some(name),
            Ok(None) => {}
            Err(came) => warnings.push(Warning::Name { claim: quoted(claim), came }),
        }
    }
    None
}

/// One text, also as the only item of a list; an empty one is none. `Err` holds what came instead, shortened.
fn one(received: Received<'_>, claim: &str) -> Result<Option<String>, String> {
    let Some(value) = received.get(claim) else { return Ok(None) };
    let item = match &*value {
        Value::Array(items) => match items.as_slice() {
            [] => return Ok(None),
            [item] => item,
            _ => return Err(shown(&value)),
        },
        item => item,
    };
    let Value::String(text) = item else { return Err(shown(&value)) };
    if text.chars().count() > MAX_TEXT_CHARACTERS || text.chars().any(char::is_control) {
        return Err(shown(&value));
    }
    Ok((!text.trim().is_empty()).then(|| text.clone()))
}
