//! From verified claims to the person who asks to come in.

use std::sync::Arc;

use rolecall_core::access::Admission;
use rolecall_core::identity::{Binding, Email, GroupName, Provider};
use rolecall_core::text::quoted;
use rolecall_signin::mapping::{self, Groups, MandatoryClaim, Mappers, Received, Verified};

use super::Failure;

/// The person that these claims describe.
///
/// # Errors
/// When they lack the mandatory claim, an email that the provider verified, or any word about groups.
pub(super) fn admission(
    provider: &Provider,
    binding: Arc<Binding>,
    received: Received<'_>,
    mappers: &Mappers,
    mandatory: Option<&MandatoryClaim>,
) -> Result<Admission, Failure> {
    if let Some(mandatory) = mandatory {
        mandatory.check(received).map_err(|error| Failure::new(error.code(), error))?;
    }
    let mapped = mapping::map(received, mappers).map_err(|error| Failure::new(error.code(), error))?;
    for warning in &mapped.warnings {
        tracing::warn!(provider = %provider.alias, subject = binding.subject(), "{warning}");
    }
    let email = mapped.email.ok_or_else(|| {
        let claim = quoted(&mappers.email);
        Failure::new("email-missing", format!("the identity provider sent no email (claim {claim})"))
    })?;
    let email = Email::parse("email", &email).map_err(|error| Failure::new("email-invalid", error))?;
    if mapped.email_verified != Verified::Yes {
        let detail = format!("the identity provider does not say that it verified {email} (claim \"email_verified\")");
        return Err(Failure::new("email-unverified", detail));
    }
    let names = match mapped.groups {
        Groups::Present(names) => names,
        // INVARIANT: no word about groups is not the word that there are none.
        Groups::Absent { why } => return Err(Failure::new("groups-absent", why)),
    };
    let mut groups: Vec<GroupName> = Vec::with_capacity(names.len());
    for name in &names {
        match GroupName::parse("group", name) {
            Ok(group) => groups.push(group),
            Err(error) => tracing::warn!(provider = %provider.alias, %email, "a group was left out: {error}"),
        }
    }
    // In one order, so that the same groups in another are no change.
    groups.sort();
    groups.dedup();
    Ok(Admission { binding, changed: provider.changed, email, groups: groups.into() })
}
