//! Access tokens: signed with RS256, so that anyone with the published keys can verify them (RFC 7519, RFC 7515). Owns
//! their claims, how they are written and signed ([`signing`]), and which are refused ([`verifying`]).
//!
//! Only Rolecall's own tokens are read here, and only those for its own API. Tokens of other providers (OIDC sign-in)
//! never reach this code. After every verification the server checks that the session is open and the identity enabled.

mod ascii_json;
pub mod jwks;
pub mod signing;
pub mod verifying;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::time::UnixSeconds;

/// The purpose of an access token. Each purpose has its own audience, so that a relying party that requires one does
/// not accept a token of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// The API, and relying parties such as kube-apiserver.
    Api,
    /// Changing a temporary password. It carries no groups, and no relying party knows its audience.
    PasswordChange,
}

impl Purpose {
    /// The `aud` of its tokens.
    #[must_use]
    pub const fn audience(self) -> &'static str {
        match self {
            Self::Api => "runai",
            Self::PasswordChange => "rolecall:password-change",
        }
    }

    fn of_audience(audience: &str) -> Option<Self> {
        [Self::Api, Self::PasswordChange].into_iter().find(|purpose| purpose.audience() == audience)
    }
}

/// Maximum length of a token, in bytes. Longer ones are neither signed (servers on the way reject such headers) nor
/// read.
pub const MAX_TOKEN_BYTES: usize = 16 * 1024;

/// The kind of a token's principal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PrincipalKind {
    /// A user, local or from an identity provider.
    User,
    /// A service account.
    ServiceAccount,
}

/// The claims of an access token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessClaims {
    /// `aud`: its purpose.
    pub purpose: Purpose,
    /// `iss`: the public URL of this instance.
    pub issuer: String,
    /// `sub`: the email of a user, the client id of a service account.
    pub subject: String,
    /// `iat`: when it was signed.
    pub issued_at: UnixSeconds,
    /// `exp`: it is refused from this second on.
    pub expires_at: UnixSeconds,
    /// `sid`: its session; the token ends with it.
    pub session: Uuid,
    /// `uid`: the identity's id, which stays the same when its name goes to another identity.
    pub identity: Uuid,
    /// `kind`: what the subject is.
    pub kind: PrincipalKind,
    /// `groups`: exact names; empty for a service account.
    pub groups: Vec<String>,
}

/// The protected header (RFC 7515, section 4). Unknown members are refused: Rolecall writes none, and several standard
/// ones (`jwk`, `jku`, `x5u`, `crit`) have fooled verifiers.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    alg: String,
    kid: String,
    typ: String,
}

const ALGORITHM: &str = "RS256";
const TYPE: &str = "JWT";

/// The payload as written. Reading has its own type, because an audience may be read in two forms.
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
