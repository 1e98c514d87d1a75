//! Settings of a server, from the command line, the environment and a file.
//!
//! [`Given`] is what the operator wrote, as text and with gaps. It becomes [`Settings`] once, at startup, which are
//! valid: their users check nothing. A wrong value is refused with the setting's name and the value, unless that may
//! contain a secret.

mod file;
mod given;
mod lifetime;
mod postgres_url;
mod proxies;
mod public_url;
mod settings;

pub use given::{Given, GivenStorage};
pub use lifetime::Lifetime;
pub use postgres_url::PostgresUrl;
pub use public_url::PublicUrl;
pub use settings::{FirstAdministrator, Settings, Storage, TlsFiles};
