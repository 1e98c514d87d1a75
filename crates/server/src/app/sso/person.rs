//! From verified claims to the person who asks to come in.

use std::sync::Arc;

use rolecall_core::World;
use rolecall_core::acts::Admission;
use rolecall_core::identity::{Binding, Email, GroupName};
use rolecall_core::text::{quoted, unseen};
use rolecall_signin::mapping::{self, Groups, Received, Verified};
use serde::{Deserialize, Serialize};

use super::claim_settings::Terms;
use super::{Failure, groups};
use crate::app::identity_providers::Doubt;

/// What was made of claims, as far as it came.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Reading {
    /// The email, as the provider wrote it.
    pub email: Option<String>,
    /// Whether the provider says that it verified the email; `None` when it does not say.
    pub email_verified: Option<bool>,
    /// The names of the groups, or the first of them; `None` when the provider does not say.
    pub groups: Option<Vec<String>>,
    /// How many groups there are.
    #[serde(default)]
    pub groups_total: usize,
    /// The first name.
    pub first_name: Option<String>,
    /// The last name.
    pub last_name: Option<String>,
    /// The Linux user id.
    pub uid: Option<u32>,
    /// The Linux group id.
    pub gid: Option<u32>,
    /// The Linux supplementary groups.
    pub supplementary_groups: Vec<u32>,
    /// What was left out, or is worth a look.
    pub warnings: Vec<String>,
}

impl Reading {
    /// No more of it than people read.
    #[must_use]
    pub fn shortened(mut self) -> Self {
        if let Some(groups) = &mut self.groups {
            self.groups_total = groups.len();
            groups.truncate(MOST);
        }
        let more = self.warnings.len().saturating_sub(MOST);
        self.warnings.truncate(MOST);
        if more > 0 {
            self.warnings.push(format!("{more} more like these"));
        }
        self.supplementary_groups.truncate(MOST);
        self
    }
}

/// Maximum names in a list that people read.
const MOST: usize = 100;

/// The person that these claims describe, if they may come in as far as the claims decide that. What was read of them is
/// in `reading`, also where they may not.
///
/// # Errors
/// When the claims lack the mandatory claim, an email that the provider may assert, or any word about groups.
pub(super) fn admission(
    world: &World,
    terms: &Terms,
    binding: Arc<Binding>,
    received: Received<'_>,
    reading: &mut Reading,
) -> Result<Admission, Failure> {
    let mapped = mapping::map(received, &terms.mappers).map_err(|error| Failure::new(error.code(), error))?;
    *reading = Reading {
        email: mapped.email.as_deref().map(seen),
        email_verified: match mapped.email_verified {
            Verified::Yes => Some(true),
            Verified::No => Some(false),
            Verified::Absent => None,
        },
        groups: match &mapped.groups {
            Groups::Present(names) => Some(names.clone()),
            Groups::Absent { .. } => None,
        },
        groups_total: 0,
        first_name: mapped.first_name,
        last_name: mapped.last_name,
        uid: mapped.uid,
        gid: mapped.gid,
        supplementary_groups: mapped.supplementary_groups,
        warnings: mapped.warnings.iter().map(ToString::to_string).collect(),
    };
    if let Some(mandatory) = &terms.mandatory {
        mandatory.check(received).map_err(|error| Failure::new(error.code(), error))?;
    }
    let email = mapped.email.ok_or_else(|| {
        let claim = quoted(&terms.mappers.email);
        Failure::new("email-missing", format!("the identity provider sent no email (claim {claim})"))
    })?;
    let email = Email::parse("email", &email).map_err(|error| Failure::new("email-invalid", error))?;
    terms.emails.check(&email, mapped.email_verified).map_err(|doubt| doubted(&email, doubt))?;
    let names = groups::said(mapped.groups, terms, reading)?;
    let groups = names.map(|names| usable(&names, reading));
    let admission = Admission { binding, changed: terms.provider.changed, email, groups };
    ensure_covered(world, &admission, terms, reading)?;
    Ok(admission)
}

/// The text with a mark for each character that nobody sees: the record is read by people.
fn seen(text: &str) -> String {
    let mark = |char: char| if unseen(char.encode_utf8(&mut [0; 4])).is_some() { '\u{fffd}' } else { char };
    text.chars().map(mark).collect()
}

/// The names that can be groups here, in one order, so that the same groups in another are no change.
fn usable(names: &[String], reading: &mut Reading) -> Arc<[GroupName]> {
    let mut groups: Vec<GroupName> = Vec::with_capacity(names.len());
    for name in names {
        match GroupName::parse("group", name) {
            Ok(group) => groups.push(group),
            Err(error) => reading.warnings.push(format!("a group was left out: {error}")),
        }
    }
    groups.sort();
    groups.dedup();
    reading.groups = Some(groups.iter().map(ToString::to_string).collect());
    groups.into()
}

/// Refuses a known person whose user's email the provider may not assert, whatever email it asserts now.
fn ensure_covered(world: &World, admission: &Admission, terms: &Terms, reading: &mut Reading) -> Result<(), Failure> {
    let Some(user) = world.user_bound_to(&admission.binding) else { return Ok(()) };
    if user.email != admission.email {
        reading.warnings.push(format!(
            "the identity provider reports {}, but this user is {} here: they and their access rules keep that email until an administrator changes it",
            admission.email, user.email
        ));
    }
    if terms.emails.cover(&user.email) { Ok(()) } else { Err(doubted(&user.email, Doubt::Domain)) }
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
