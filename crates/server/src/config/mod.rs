//! Settings: what a server is told, from the command line, the environment and a file.
//!
//! [`Given`] is what somebody wrote, as text and with gaps. It becomes [`Settings`] once, at the start, and those hold
//! no nonsense: what reads them need not check. A wrong value is refused with the name of its setting and the value,
//! unless that may hold a secret.

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
