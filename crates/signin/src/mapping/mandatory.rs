//! The mandatory claim: only people who carry it may sign in with this provider.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::error::MappingError;
use super::received::Received;
use crate::shown::{json as shown, quoted};

/// Number of accepted values and received names that a message shows.
const SHOWN: usize = 10;

/// A claim that a person must carry, with one of these values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MandatoryClaim {
    /// Its name, looked up as [`super::Mappers`] are.
    pub claim: String,
    /// The accepted values, compared exactly.
    pub values: Vec<String>,
}

impl MandatoryClaim {
    /// Checks that the claim is one of the values, or a list that contains one.
    ///
    /// # Errors
    /// `MandatoryClaim` otherwise, with what was needed and what came.
    pub fn check(&self, received: Received<'_>) -> Result<(), MappingError> {
        let value = received.get(&self.claim);
        let accepted = |value: &Value| value.as_str().is_some_and(|text| self.values.iter().any(|it| it == text));
        let carried = match value.as_deref() {
            Some(Value::Array(items)) => items.iter().any(accepted),
            Some(other) => accepted(other),
            None => false,
        };
        if carried {
            return Ok(());
        }
        let came = match value.as_deref() {
            Some(value) => format!("it is {}", shown(value)),
            None => format!("it is missing; what came is {}", list(&received.names())),
        };
        let needed = match self.values.as_slice() {
            [value] => format!("the value {}", quoted(value)),
            values => format!("one of the values {}", list(values)),
        };
        Err(MappingError::MandatoryClaim { claim: quoted(&self.claim), needed, came })
    }
}

fn list(texts: &[impl AsRef<str>]) -> String {
    if texts.is_empty() {
        return "nothing".to_owned();
    }
    let mut list: Vec<_> = texts.iter().take(SHOWN).map(|text| quoted(text.as_ref())).collect();
    if texts.len() > SHOWN {
        list.push("…".to_owned());
    }
    list.join(", ")
}
