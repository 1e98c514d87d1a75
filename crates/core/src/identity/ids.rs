//! Ids of identities and sessions. Never given twice, never reused, and without meaning.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! uuid_ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// The id with that value.
            #[must_use]
            pub const fn new(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The value.
            #[must_use]
            pub const fn uuid(self) -> Uuid {
                self.0
            }

            /// Reads the hyphenated form; `None` when it is no UUID.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                // Only the form that we print ourselves: the others (braces, urn:) would be second names of one thing.
                (text.len() == 36).then(|| Uuid::try_parse(text).ok()).flatten().map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

pub(crate) use uuid_ids;

uuid_ids! {
    /// The id of a user.
    UserId;
    /// The id of a service account.
    ServiceAccountId;
    /// The id of a session: what one sign-in began.
    SessionId;
}
