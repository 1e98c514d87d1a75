//! Sessions: signing in and out, access tokens, refresh tokens, and authentication of requests.
//!
//! A session starts with a sign-in. A browser holds it as a cookie, a client as an access token that names it and a
//! refresh token. When it ends, all of these become invalid at once.

mod cookie_session;
mod guard;
mod issue;
mod keys;
mod lost;
mod own_password;
mod password;
mod refresh;
mod service_account;
mod sign_out;

pub use cookie_session::{BrowserSession, actor_of_cookie, open_for_browser};
pub use guard::{PasswordTurn, SignInGuard};
pub use issue::Tokens;
pub(in crate::app) use keys::SIGNING_KEY;
pub use keys::TokenKeys;
pub use lost::{NewestSession, notice_lost};
pub use own_password::{SignedIn, verify_own_password};
pub(in crate::app) use password::audit;
pub use password::open_for_client;
pub use refresh::refresh;
pub use service_account::sign_in_service_account;
use sign_out::end_session;
pub(in crate::app) use sign_out::end_sessions_of;
pub use sign_out::sign_out;
