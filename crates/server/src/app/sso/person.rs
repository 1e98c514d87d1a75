//! From verified claims to the person who asks to come in.

use std::sync::Arc;

use rolecall_core::World;
use rolecall_core::access::Admission;
use rolecall_core::identity::{Binding, Email, GroupName, Provider};
use rolecall_core::text::quoted;
use rolecall_signin::mapping::{self, MandatoryClaim, Received};

use super::registered::Registered;
use super::{Failure, groups};
use crate::app::identity_providers::{Doubt, Emails};

/// The person that these claims describe.
///
/// # Errors
/// When they lack the mandatory claim, an email that the provider may assert, or any word about groups.
pub(super) fn admission(
    registered: &Registered,
    binding: Arc<Binding>,
    received: Received<'_>,
    mandatory: Option<&MandatoryClaim>,
) -> Result<Admission, Failure> {
    let Registered { provider, mappers, emails, .. } = registered;
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
    emails.check(&email, mapped.email_verified).map_err(|doubt| doubted(&email, doubt))?;
    let names = groups::said(mapped.groups, registered)?;
    let groups = names.map(|names| usable(&names, provider, &email));
    Ok(Admission { binding, changed: provider.changed, email, groups })
}

/// The names that can be groups here, in one order, so that the same groups in another are no change.
fn usable(names: &[String], provider: &Provider, email: &Email) -> Arc<[GroupName]> {
    let mut groups: Vec<GroupName> = Vec::with_capacity(names.len());
    for name in names {
        match GroupName::parse("group", name) {
            Ok(group) => groups.push(group),
            Err(error) => tracing::warn!(provider = %provider.alias, %email, "a group was left out: {error}"),
        }
    }
    groups.sort();
    groups.dedup();
    groups.into()
}

/// Refuses a known person whose user's email the provider may not assert, whatever email it asserts now.
pub(super) fn ensure_covered(world: &World, admission: &Admission, emails: &Emails) -> Result<(), Failure> {
    match world.user_bound_to(&admission.binding) {
        Some(user) if !emails.cover(&user.email) => Err(doubted(&user.email, Doubt::Domain)),
        _ => Ok(()),
    }
}

fn doubted(email: &Email, doubt: Doubt) -> Failure {
    match doubt {
        Doubt::Domain => {
            let detail = format!("{email} is in none of the email domains of the identity provider (emailDomains)");
            Failure::new("email-domain", detail)
        }
        Doubt::Unverified => {
            let detail = format!(
                "the identity provider does not say that it verified {email} (claim \"email_verified\"), and no administrator \
                 vouches for its emails (emailsVouchedFor)"
            );
            Failure::new("email-unverified", detail)
        }
    }
}
