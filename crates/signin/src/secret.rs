//! Text that must not be printed. Owns [`Secret`], whatever the secret is for.

use std::fmt;

use serde::Deserialize;
use zeroize::Zeroizing;

/// A password, token or other secret text. Dropping it wipes its memory. `Debug` prints `***`, and there is no
/// `Display` and no `Serialize`: sending it needs an explicit [`expose`](Self::expose).
///
/// There is no `PartialEq` either: compare hashes in constant time ([`crate::opaque::SecretHash`]) or verify
/// ([`crate::password::hash::Hasher::verify`]).
#[derive(Clone, Deserialize)]
#[serde(from = "String")]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// The secret text, for the code that has to pass it on.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self::from(text.to_owned())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    struct Form {
        password: Secret,
    }

    #[test]
    fn debug_prints_stars_also_inside_a_form_read_from_json() {
        let form: Form = serde_json::from_str(r#"{"password":"correct horse"}"#).unwrap();

        assert_eq!(form.password.expose(), "correct horse");
        assert_eq!(format!("{form:?}"), "Form { password: *** }");
        assert!(!format!("{form:#?}").contains("horse"));
    }
}
