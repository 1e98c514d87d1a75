//! Whom a known person would be taken for with other settings: the provider behind a name may become another one, or name people
//! by something else.

use std::sync::Arc;

use rolecall_core::Result;
use rolecall_core::identity::Binding;
use rolecall_signin::oidc::discovery::issuer_at;
use rolecall_signin::oidc::openshift::issuer;

use super::claims::Said;
use super::saml::{NAME_ID, subject_of_kind};
use crate::app::identity_providers::{MetadataSource, Settings};

/// How people are named with settings, compared to those before.
pub(super) struct Renaming {
    issuer: Issuer,
    /// The attribute that names people from now on.
    subject: Option<String>,
}

/// Who speaks.
enum Issuer {
    /// The same one as before.
    Same,
    /// This one, perhaps with a slash at its end.
    At(String),
    /// Nobody knows before the provider was asked.
    Unknown,
}

impl Renaming {
    /// What changes from some settings to others.
    pub(super) fn between(before: &Settings, after: &Settings) -> Self {
        let issuer = match after {
            _ if before.speaker() == after.speaker() => Issuer::Same,
            Settings::Oidc(oidc) => Issuer::At(issuer_at(&oidc.discovery_url).to_owned()),
            Settings::OpenShift(openshift) => Issuer::At(issuer(&openshift.base_url).to_owned()),
            Settings::Saml(saml) if matches!(saml.metadata, MetadataSource::Url { .. }) => Issuer::Unknown,
            Settings::Saml(_) => after.speaker().map_or(Issuer::Unknown, |it| Issuer::At(it.into_owned())),
        };
        let subject = match (before, after) {
            (Settings::Saml(before), Settings::Saml(after)) if before.subject_attribute != after.subject_attribute => {
                Some(after.subject_attribute.clone().unwrap_or_else(|| NAME_ID.to_owned()))
            }
            _ => None,
        };
        Self { issuer, subject }
    }

    /// Who would come, where that person did; `None` where it cannot be known.
    pub(super) fn of(&self, known: &Arc<Binding>, said: &Said) -> Result<Option<Arc<Binding>>> {
        let without_slash = |text: &str| text.strip_suffix('/').unwrap_or(text).to_owned();
        let issuer = match &self.issuer {
            Issuer::Unknown => return Ok(None),
            Issuer::At(other) if without_slash(other) != without_slash(known.issuer()) => other,
            Issuer::Same | Issuer::At(_) => known.issuer(),
        };
        let subject = match (&self.subject, said) {
            (Some(attribute), Said::Attributes(attributes)) => {
                let value = attributes.get(attribute).and_then(|values| values.first());
                subject_of_kind(attribute, value.map_or("", String::as_str))
            }
            _ => known.subject().to_owned(),
        };
        if issuer == known.issuer() && subject == known.subject() {
            return Ok(Some(known.clone()));
        }
        Binding::new(known.provider(), issuer, &subject).map(|binding| Some(Arc::new(binding)))
    }
}
