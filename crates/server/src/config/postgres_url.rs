//! The address of a PostgreSQL database.

use std::fmt;

/// A URL as given. It may contain a password, so it does not print.
#[derive(Clone, PartialEq, Eq)]
pub struct PostgresUrl(String);

impl PostgresUrl {
    /// The URL, to connect with.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for PostgresUrl {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Debug for PostgresUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PostgresUrl(***)")
    }
}

#[cfg(test)]
mod tests {
    use crate::config::Given;

    #[test]
    fn a_password_does_not_print() {
        let url = Some("postgres://me:hush@db/roles".to_owned().into());
        let given = Given { database_url: url, ..Given::default() };
        assert!(!format!("{given:?}").contains("hush"));
    }
}
