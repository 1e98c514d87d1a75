//! What a provider sent, of either form. Owns how a claim is found.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// Maximum number of steps of a dotted name.
const MAX_STEPS: usize = 8;

/// Claims (OpenID Connect, `OpenShift`) or attributes (SAML), from a verified message.
#[derive(Debug, Clone, Copy)]
pub enum Received<'a> {
    /// A JSON object.
    Claims(&'a Map<String, Value>),
    /// Names with any number of values.
    Attributes(&'a BTreeMap<String, Vec<String>>),
}

impl<'a> Received<'a> {
    /// Whether it was sent with a value.
    #[must_use]
    pub fn has(self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// The value of a claim. `null` is no value. An attribute is the list of its values.
    pub(super) fn get(self, name: &str) -> Option<Cow<'a, Value>> {
        match self {
            Self::Claims(claims) => match claims.get(name) {
                Some(value) => Some(value),
                None => at_path(claims, name),
            }
            .filter(|value| !value.is_null())
            .map(Cow::Borrowed),
            Self::Attributes(attributes) => {
                attributes.get(name).map(|values| Cow::Owned(Value::from(values.as_slice())))
            }
        }
    }

    /// The names of what was received, for messages.
    pub(super) fn names(self) -> Vec<&'a str> {
        match self {
            Self::Claims(claims) => claims.keys().map(String::as_str).collect(),
            Self::Attributes(attributes) => attributes.keys().map(String::as_str).collect(),
        }
    }
}

/// `a.b.c`: objects within objects. Reached only when no claim has the whole name: names that are addresses contain dots.
fn at_path<'a>(claims: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    let (first, rest) = name.split_once('.')?;
    let mut value = claims.get(first)?;
    for (number, step) in rest.split('.').enumerate() {
        if number >= MAX_STEPS {
            return None;
        }
        value = value.as_object()?.get(step)?;
    }
    Some(value)
}
