//! What is wrong with received claims. Owns the words.

use super::groups::{MAX_GROUP_CHARACTERS, MAX_GROUPS, Unusable};
use super::numbers::MAX_SUPPLEMENTARY_GROUPS;
use super::texts::MAX_TEXT_CHARACTERS;

/// Why no person can be made of what was received. Messages name the claim and show, shortened, what came.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MappingError {
    /// The groups are neither texts nor an object of texts.
    #[error(
        "the claim {claim} must hold group names (a list of texts, one text, or an object whose values are texts), and is {came}; change the mapper of the groups, or the claim at the identity provider"
    )]
    Groups {
        /// The claim, quoted.
        claim: String,
        /// What came, shortened.
        came: String,
    },
    /// More than 2000 groups.
    #[error(
        "the claim {claim} holds {count} groups; at most {MAX_GROUPS} are accepted; have the identity provider send only the groups that access rules name"
    )]
    TooManyGroups {
        /// The claim, quoted.
        claim: String,
        /// How many came.
        count: usize,
    },
    /// Not a number from 0 to 4294967295.
    #[error(
        "the claim {claim} must be a whole number from 0 to 4294967295, and is {came}; change it at the identity provider"
    )]
    Number {
        /// The claim, quoted.
        claim: String,
        /// What came, shortened.
        came: String,
    },
    /// More than 2000 supplementary groups.
    #[error("the claim {claim} holds {count} supplementary groups; at most {MAX_SUPPLEMENTARY_GROUPS} are accepted")]
    TooManyNumbers {
        /// The claim, quoted.
        claim: String,
        /// How many came.
        count: usize,
    },
    /// The email is not one text.
    #[error(
        "the claim {claim} must be one text of at most {MAX_TEXT_CHARACTERS} characters, and is {came}; change the mapper of the email, or the claim at the identity provider"
    )]
    Email {
        /// The claim, quoted.
        claim: String,
        /// What came, shortened.
        came: String,
    },
    /// The person does not carry the mandatory claim with one of its values.
    #[error(
        "signing in needs the claim {claim} with {needed}, and {came}; ask the administrator of the identity provider for it"
    )]
    MandatoryClaim {
        /// The claim, quoted.
        claim: String,
        /// The accepted values.
        needed: String,
        /// What came instead, as a clause.
        came: String,
    },
}

impl MappingError {
    /// A stable name of the error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Groups { .. } => "claim-groups",
            Self::TooManyGroups { .. } => "claim-too-many-groups",
            Self::Number { .. } => "claim-number",
            Self::TooManyNumbers { .. } => "claim-too-many-supplementary-groups",
            Self::Email { .. } => "claim-email",
            Self::MandatoryClaim { .. } => "mandatory-claim",
        }
    }
}

/// What was left out of a person that can sign in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Warning {
    /// Names that cannot be groups.
    #[error("{count} group names of the claim {claim} were left out, because they {}: {}", reason(*why), examples.join(", "))]
    Groups {
        /// The claim, quoted.
        claim: String,
        /// The reason.
        why: Unusable,
        /// How many.
        count: usize,
        /// The first three, quoted and shortened.
        examples: Vec<String>,
    },
    /// A first or last name that is not one text of at most 255 characters.
    #[error(
        "the name in the claim {claim} was left out: it must be one text of at most {MAX_TEXT_CHARACTERS} characters, and is {came}"
    )]
    Name {
        /// The claim, quoted.
        claim: String,
        /// What came, shortened.
        came: String,
    },
}

fn reason(why: Unusable) -> String {
    match why {
        Unusable::Empty => "are empty".to_owned(),
        Unusable::Control => "contain control characters".to_owned(),
        Unusable::Spaces => "begin or end with a space".to_owned(),
        Unusable::TooLong => format!("are longer than {MAX_GROUP_CHARACTERS} characters"),
        Unusable::System => "begin with \"system:\", which Kubernetes reserves".to_owned(),
    }
}
