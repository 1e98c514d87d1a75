//! Signing in and staying signed in: what is looked up, opened, kept alive and forgotten.
//!
//! Nothing here changes access, so nothing here takes a revision. *Ending* a session does, and goes through a
//! [`ChangeTx`](crate::ChangeTx). Secrets arrive as hashes; whether a password fits is decided elsewhere.

mod credentials;
mod open;
mod record;
mod refresh;
mod wrong_password;

pub use credentials::{ServiceAccountCredentials, UserCredentials};
pub use open::{NewRefresh, NewSession, SessionOwner, SignInAudit};
pub use record::{SessionOwnerId, SessionRecord};
pub use refresh::{Rotation, UsedRefresh};
