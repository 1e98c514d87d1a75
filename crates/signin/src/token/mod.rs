//! Access tokens: signed with RS256, so that anybody with the published keys can verify them (RFC 7519, RFC 7515). Owns
//! their claims, how they are written and signed ([`signing`]), and what is refused ([`verifying`]).
//!
//! Only our own tokens are read here, and only those for our own API. Tokens of other providers (OIDC sign-in) are
//! somebody else's job and never reach this code. Whether the session is still open and the identity enabled, the server
//! asks after every verification.

mod ascii_json;
pub mod jwks;
pub mod signing;
pub mod verifying;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::time::UnixSeconds;

/// The one audience of an access token.
pub const AUDIENCE: &str = "runai";

/// The longest token, in bytes. Longer ones are neither signed (servers on the way refuse such headers) nor read.
pub const MAX_TOKEN_BYTES: usize = 16 * 1024;

/// What kind of principal a token speaks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PrincipalKind {
    /// A person, local or from an identity provider.
    User,
    /// A service account.
    ServiceAccount,
}

/// What an access token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessClaims {
    /// `iss`: the public URL of this instance.
    pub issuer: String,
    /// `sub`: the e-mail of a user, the client id of a service account.
    pub subject: String,
    /// `iat`: when it was signed.
    pub issued_at: UnixSeconds,
    /// `exp`: from this second on it is refused.
    pub expires_at: UnixSeconds,
    /// `sid`: the session it belongs to, and ends with.
    pub session: Uuid,
    /// `uid`: the identity, which keeps its id when its name changes hands.
    pub identity: Uuid,
    /// `kind`: what the subject is.
    pub kind: PrincipalKind,
    /// `groups`: exact names; empty for a service account.
    pub groups: Vec<String>,
}

/// The protected header (RFC 7515, section 4). Unknown members are refused: we write none, and several of those that exist
/// (`jwk`, `jku`, `x5u`, `crit`) have fooled verifiers.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    alg: String,
    kid: String,
    typ: String,
}

const ALGORITHM: &str = "RS256";
const TYPE: &str = "JWT";

/// The payload as it is written. Reading has its own type, because an audience may be read in two forms.
#[derive(Debug, Serialize)]
struct Payload<'a> {
    iss: &'a str,
    aud: &'static str,
    sub: &'a str,
    iat: UnixSeconds,
    exp: UnixSeconds,
    sid: Uuid,
    uid: Uuid,
    kind: PrincipalKind,
    groups: &'a [String],
}

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod tests;
