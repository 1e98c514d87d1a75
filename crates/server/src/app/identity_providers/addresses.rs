//! Our own addresses that a provider needs.

use rolecall_core::identity::{Provider, ProviderKind};

/// Our addresses for one provider. They come from the public URL alone, whatever a request says.
#[derive(Debug)]
pub struct Addresses {
    /// Where the provider sends people back with its answer: the redirect URI, or the assertion consumer service.
    pub answer: String,
    /// Our SAML metadata.
    pub metadata: String,
    /// Where an OpenID Connect provider sends people back whom it signed out.
    pub signed_out: String,
    /// Where an OpenID Connect provider says whom it signed out.
    pub back_channel_log_out: String,
    /// Where a SAML provider sends messages about signing out.
    pub log_out: String,
}

impl Addresses {
    /// The addresses for that provider.
    #[must_use]
    pub fn new(public_url: &str, provider: &Provider) -> Self {
        let base = format!("{public_url}/sso/{}", provider.alias);
        let answer = match provider.kind {
            ProviderKind::Oidc | ProviderKind::OpenShiftV4 => format!("{base}/callback"),
            ProviderKind::Saml => format!("{base}/acs"),
        };
        Self {
            answer,
            metadata: format!("{base}/metadata"),
            signed_out: format!("{base}/signed-out"),
            back_channel_log_out: format!("{base}/backchannel-logout"),
            log_out: format!("{base}/slo"),
        }
    }
}
