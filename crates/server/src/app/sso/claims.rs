//! What a provider said of a person, in either form, and as it is kept.

use std::collections::BTreeMap;

use rolecall_core::identity::ProviderKind;
use rolecall_core::{Error, Result};
use rolecall_signin::mapping::Received;
use serde_json::{Map, Value};

/// What a provider said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// In OpenID Connect and OpenShift.
    Claims(Map<String, Value>),
    /// In SAML.
    Attributes(BTreeMap<String, Vec<String>>),
}

impl Said {
    /// What a provider of that kind said, from JSON.
    ///
    /// # Errors
    /// `Invalid` when it is no object, or attributes of SAML are not texts.
    pub fn from_json(kind: ProviderKind, json: Value) -> Result<Self> {
        let Value::Object(claims) = json else {
            return Err(Error::invalid("claims: not an object; it has the names of the claims with their values"));
        };
        if kind != ProviderKind::Saml {
            return Ok(Self::Claims(claims));
        }
        let attributes = claims.into_iter().map(|(name, value)| {
            let values = match value {
                Value::Array(values) => values.into_iter().map(text).collect(),
                one => text(one).map(|text| vec![text]),
            };
            match values {
                Some(values) => Ok((name, values)),
                None => Err(Error::invalid(format!(
                    "claims.{name}: neither a text nor a list of texts, as attributes of SAML are"
                ))),
            }
        });
        attributes.collect::<Result<_>>().map(Self::Attributes)
    }

    /// For mappers.
    #[must_use]
    pub const fn received(&self) -> Received<'_> {
        match self {
            Self::Claims(claims) => Received::Claims(claims),
            Self::Attributes(attributes) => Received::Attributes(attributes),
        }
    }
}

fn text(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        _ => None,
    }
}
