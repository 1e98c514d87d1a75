//! Ids of the tree's nodes.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

crate::identity::uuid_ids! {
    /// The id of a cluster.
    ClusterId;
}

macro_rules! number_ids {
    ($($(#[$doc:meta])* $name:ident $number:ty;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name($number);

        impl $name {
            /// The id with that number.
            #[must_use]
            pub const fn new(number: $number) -> Self {
                Self(number)
            }

            /// The number.
            #[must_use]
            pub const fn number(self) -> $number {
                self.0
            }

            /// Parses the decimal form that Rolecall prints (no sign, no leading zeros).
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                let plain = text == "0" || text.starts_with(|c: char| matches!(c, '1'..='9'));
                if plain { text.parse().ok().map(Self) } else { None }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

pub(crate) use number_ids;

number_ids! {
    /// The id of the account, which clients know as the tenant id.
    AccountId i32;
    /// The id of a department. Departments and projects share one counter, so no number is ever both.
    DepartmentId i64;
    /// The id of a project.
    ProjectId i64;
}
