//! Sessions: signing in and out, access tokens, refresh tokens, and finding out who asks.
//!
//! A session is what one sign-in began. A browser holds it as a cookie, a client as an access token that names it and a
//! refresh token; when it ends, all of them count for nothing at once.

mod cookie_session;
mod gate;
mod issue;
mod password;
mod refresh;
mod service_account;
mod sign_out;

pub use cookie_session::{BrowserSession, actor_of_cookie, open_for_browser};
pub use gate::Gate;
pub(in crate::app) use gate::SIGNING_KEY;
pub use issue::Tokens;
pub use password::{open_for_client, verify_own_password};
pub use refresh::refresh;
pub use service_account::sign_in_service_account;
pub use sign_out::sign_out;
