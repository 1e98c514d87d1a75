//! Sessions: looked up, opened, kept alive and deleted.
//!
//! Nothing here changes access, so nothing here takes a revision. *Ending* a session does, and uses a
//! [`ChangeTx`](crate::ChangeTx). Secrets arrive as hashes; passwords are verified elsewhere.

mod credentials;
mod open;
mod provider_session;
mod record;
mod refresh;
mod wrong_password;

pub use credentials::{ServiceAccountCredentials, UserCredentials};
pub use open::{NewRefresh, NewSession, SessionOwner, SignInAudit};
pub use provider_session::{NAMED_AT_ONCE, NamedSessions, SessionThere, SignOutThere};
pub use record::{SessionOwnerId, SessionRecord};
pub use refresh::{Rotation, UsedRefresh};
