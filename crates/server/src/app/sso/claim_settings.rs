//! What administrators decided about the claims of a provider: which count, and for what.

use rolecall_core::identity::Provider;
use rolecall_signin::mapping::{MandatoryClaim, Mappers};

use crate::app::identity_providers::{Emails, GroupsAbsent, Settings};

/// The terms on which someone comes in with a provider.
#[derive(Debug, Clone)]
pub struct Terms {
    /// The provider.
    pub provider: Provider,
    /// Which claims hold what.
    pub mappers: Mappers,
    /// Which emails it may assert.
    pub emails: Emails,
    /// What becomes of a sign-in without a word about groups.
    pub groups_absent: GroupsAbsent,
    /// The claim that everybody must carry.
    pub mandatory: Option<MandatoryClaim>,
}

impl Terms {
    /// The terms in these settings.
    #[must_use]
    pub fn new(
        provider: Provider,
        settings: &Settings,
        mappers: Mappers,
        emails: Emails,
        groups_absent: GroupsAbsent,
    ) -> Self {
        let mandatory = match settings {
            Settings::Oidc(oidc) => oidc.mandatory_claim.clone(),
            Settings::Saml(_) | Settings::OpenShift(_) => None,
        };
        Self { provider, mappers, emails, groups_absent, mandatory }
    }
}
