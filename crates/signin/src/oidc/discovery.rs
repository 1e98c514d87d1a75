//! What a provider says of itself: the document at `<issuer>/.well-known/openid-configuration` (OpenID Connect Discovery
//! 1.0, sections 3 and 4). The server fetches it; this module decides whether it can be used.

use serde_json::{Map, Value};

use super::address::{self, AddressProblem, LoopbackHttp};
use super::algorithm::{self, Algorithm};
use super::json::{self, NotObject};
use crate::shown::{json as shown, quoted};

/// Maximum size of the document, in bytes.
pub const MAX_DISCOVERY_BYTES: usize = 128 * 1024;

/// Maximum number of items that are looked at in a list of the document.
const MAX_ITEMS: usize = 1000;

const WELL_KNOWN: &str = "/.well-known/openid-configuration";

/// How the client proves itself at the token endpoint (OpenID Connect Core 1.0, section 9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ClientAuthentication {
    /// `client_secret_basic`: in the `Authorization` header.
    Basic,
    /// `client_secret_post`: in the body.
    Post,
}

/// A provider that can be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provider {
    /// `issuer`: the exact `iss` of its tokens.
    pub issuer: String,
    /// Where the browser is sent.
    pub authorization_endpoint: String,
    /// Where the code is exchanged.
    pub token_endpoint: String,
    /// Where its keys are.
    pub jwks_uri: String,
    /// Where more claims are, if it has such an endpoint.
    pub userinfo_endpoint: Option<String>,
    /// Where the browser is sent to sign out (RP-Initiated Logout 1.0).
    pub end_session_endpoint: Option<String>,
    /// The algorithms of its ID tokens that are accepted here. Never empty.
    pub algorithms: Vec<Algorithm>,
    /// How the client proves itself. Basic where both are supported.
    pub client_authentication: ClientAuthentication,
    /// Whether it announces PKCE with S256 (RFC 7636). S256 is sent in any case: servers ignore what they do not know.
    pub announces_pkce: bool,
    /// Whether it sends `iss` in every authorization response (RFC 9207).
    pub sends_issuer: bool,
    /// Whether it sends logout tokens (Back-Channel Logout 1.0).
    pub backchannel_logout: bool,
    /// Whether these name the session (`sid`).
    pub backchannel_logout_session: bool,
}

/// The address of the document of this issuer (section 4.1).
#[must_use]
pub fn address_of(issuer: &str) -> String {
    format!("{}{WELL_KNOWN}", issuer.strip_suffix('/').unwrap_or(issuer))
}

/// The issuer whose document is at this address, or whose address this is; perhaps without the slash at its end.
#[must_use]
pub fn issuer_at(address: &str) -> &str {
    address.strip_suffix(WELL_KNOWN).unwrap_or(address)
}

impl Provider {
    /// Reads the document that came from `read_from`, the address after all redirects the server chose to follow.
    ///
    /// # Errors
    /// When the document is not one, belongs to another issuer, or the provider lacks what a sign-in needs.
    pub fn read(document: &[u8], read_from: &str, http: LoopbackHttp) -> Result<Self, DiscoveryError> {
        address::check(read_from, http).map_err(|why| DiscoveryError::Address {
            member: "the discovery address",
            address: quoted(read_from),
            why,
        })?;
        if !read_from.ends_with(WELL_KNOWN) {
            return Err(DiscoveryError::NotWellKnown(quoted(read_from)));
        }
        let document = Document { members: json::object(document, MAX_DISCOVERY_BYTES)?, http };
        let issuer = document.issuer(read_from)?;
        document.can_sign_in()?;
        let algorithms = document.algorithms()?;
        Ok(Self {
            issuer,
            authorization_endpoint: document.required_address("authorization_endpoint")?,
            token_endpoint: document.required_address("token_endpoint")?,
            jwks_uri: document.required_address("jwks_uri")?,
            userinfo_endpoint: document.address("userinfo_endpoint")?,
            end_session_endpoint: document.address("end_session_endpoint")?,
            algorithms,
            client_authentication: document.client_authentication()?,
            announces_pkce: document.announces_pkce()?,
            sends_issuer: document.flag("authorization_response_iss_parameter_supported")?,
            backchannel_logout: document.flag("backchannel_logout_supported")?,
            backchannel_logout_session: document.flag("backchannel_logout_session_supported")?,
        })
    }
}

struct Document {
    members: Map<String, Value>,
    http: LoopbackHttp,
}

impl Document {
    /// Section 4.3: the issuer must be the prefix of the address that the document came from. The slash at its end, which
    /// section 4.1 removes from the address, belongs to it (Auth0 has one).
    fn issuer(&self, read_from: &str) -> Result<String, DiscoveryError> {
        let issuer = self.text("issuer")?.ok_or(DiscoveryError::Missing("issuer"))?;
        if issuer.contains(['{', '}']) {
            return Err(DiscoveryError::Template(quoted(issuer)));
        }
        let refused = |why| DiscoveryError::Address { member: "issuer", address: quoted(issuer), why };
        address::check(issuer, self.http).map_err(refused)?;
        if issuer.contains('?') || address_of(issuer) != read_from {
            return Err(DiscoveryError::OtherIssuer {
                issuer: quoted(issuer),
                read_from: quoted(read_from),
                instead: quoted(&address_of(issuer)),
            });
        }
        Ok(issuer.to_owned())
    }

    fn can_sign_in(&self) -> Result<(), DiscoveryError> {
        let lacks =
            |member, need, came: &[&str]| DiscoveryError::Lacks { member, need, came: quoted(&came.join(", ")) };
        if let Some(types) = self.list("response_types_supported")?
            && !types.contains(&"code")
        {
            return Err(lacks("response_types_supported", "code", &types));
        }
        if let Some(modes) = self.list("response_modes_supported")?
            && !modes.contains(&"query")
        {
            return Err(lacks("response_modes_supported", "query", &modes));
        }
        if self.flag("require_pushed_authorization_requests")? {
            return Err(DiscoveryError::PushedRequests);
        }
        Ok(())
    }

    /// Without the member, RS256, which every provider must support (section 3).
    fn algorithms(&self) -> Result<Vec<Algorithm>, DiscoveryError> {
        const MEMBER: &str = "id_token_signing_alg_values_supported";
        let Some(names) = self.list(MEMBER)? else { return Ok(vec![Algorithm::Rs256]) };
        let mut algorithms: Vec<_> = names.iter().filter_map(|name| Algorithm::named(name)).collect();
        algorithms.sort_by_key(|algorithm| algorithm.name());
        algorithms.dedup();
        if algorithms.is_empty() {
            let need = algorithm::list(&Algorithm::ALL);
            return Err(DiscoveryError::Algorithms { came: quoted(&names.join(", ")), need });
        }
        Ok(algorithms)
    }

    /// Without the member, `client_secret_basic` (section 3).
    fn client_authentication(&self) -> Result<ClientAuthentication, DiscoveryError> {
        const MEMBER: &str = "token_endpoint_auth_methods_supported";
        let Some(methods) = self.list(MEMBER)? else { return Ok(ClientAuthentication::Basic) };
        if methods.contains(&"client_secret_basic") {
            Ok(ClientAuthentication::Basic)
        } else if methods.contains(&"client_secret_post") {
            Ok(ClientAuthentication::Post)
        } else {
            let need = "client_secret_basic or client_secret_post";
            Err(DiscoveryError::Lacks { member: MEMBER, need, came: quoted(&methods.join(", ")) })
        }
    }

    fn announces_pkce(&self) -> Result<bool, DiscoveryError> {
        const MEMBER: &str = "code_challenge_methods_supported";
        match self.list(MEMBER)? {
            None => Ok(false),
            Some(methods) if methods.contains(&"S256") => Ok(true),
            Some(methods) => {
                Err(DiscoveryError::Lacks { member: MEMBER, need: "S256", came: quoted(&methods.join(", ")) })
            }
        }
    }

    fn required_address(&self, member: &'static str) -> Result<String, DiscoveryError> {
        self.address(member)?.ok_or(DiscoveryError::Missing(member))
    }

    fn address(&self, member: &'static str) -> Result<Option<String>, DiscoveryError> {
        let Some(address) = self.text(member)? else { return Ok(None) };
        address::check(address, self.http).map_err(|why| DiscoveryError::Address {
            member,
            address: quoted(address),
            why,
        })?;
        Ok(Some(address.to_owned()))
    }

    fn text(&self, member: &'static str) -> Result<Option<&str>, DiscoveryError> {
        match self.members.get(member) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(DiscoveryError::Kind { member, expected: "a text", came: shown(other) }),
        }
    }

    fn flag(&self, member: &'static str) -> Result<bool, DiscoveryError> {
        match self.members.get(member) {
            None | Some(Value::Null) => Ok(false),
            Some(Value::Bool(flag)) => Ok(*flag),
            Some(other) => Err(DiscoveryError::Kind { member, expected: "true or false", came: shown(other) }),
        }
    }

    fn list(&self, member: &'static str) -> Result<Option<Vec<&str>>, DiscoveryError> {
        let refused = |came| DiscoveryError::Kind { member, expected: "a list of texts", came: shown(came) };
        match self.members.get(member) {
            None | Some(Value::Null) => Ok(None),
            Some(came @ Value::Array(items)) if items.len() <= MAX_ITEMS => {
                items.iter().map(Value::as_str).collect::<Option<Vec<_>>>().map(Some).ok_or_else(|| refused(came))
            }
            Some(came) => Err(refused(came)),
        }
    }
}

/// Why a provider cannot be used. Messages are for the administrator who enters its address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DiscoveryError {
    /// An address is refused.
    #[error("{member} {address} is refused: {why}")]
    Address {
        /// The member of the document.
        member: &'static str,
        /// Its value, quoted.
        address: String,
        /// The reason.
        why: AddressProblem,
    },
    /// The address does not end as section 4 requires.
    #[error("the discovery address {0} does not end with {WELL_KNOWN}; enter the issuer's address followed by it")]
    NotWellKnown(String),
    /// Over 128 KiB.
    #[error("the discovery document has {0} bytes; at most {MAX_DISCOVERY_BYTES} are read; check the address")]
    TooLong(usize),
    /// Not a JSON object, or a member occurs twice.
    #[error("the discovery document is refused: {0}; check that the address is that of an OpenID Connect provider")]
    NotJson(String),
    /// A required member is missing.
    #[error("the discovery document has no {0:?}; check that the address is that of an OpenID Connect provider")]
    Missing(&'static str),
    /// A member is of another kind.
    #[error("{member:?} of the discovery document must be {expected}, and is {came}")]
    Kind {
        /// The member.
        member: &'static str,
        /// What it must be.
        expected: &'static str,
        /// What came, shortened.
        came: String,
    },
    /// Entra's `common` and `organizations` addresses: one document for all tenants.
    #[error(
        "the issuer {0} stands for every tenant; enter the address of your tenant, with its id in place of \"common\" or \"organizations\""
    )]
    Template(String),
    /// The document belongs to another issuer.
    #[error(
        "the document at {read_from} belongs to the issuer {issuer}; if that is your provider, enter the address {instead}"
    )]
    OtherIssuer {
        /// The issuer in the document, quoted.
        issuer: String,
        /// Where the document was read, quoted.
        read_from: String,
        /// Where that issuer's document would be, quoted.
        instead: String,
    },
    /// The provider does not support what a sign-in needs.
    #[error("the provider does not support {need} ({member} lists {came}); turn it on at the provider")]
    Lacks {
        /// The member of the document.
        member: &'static str,
        /// What is needed.
        need: &'static str,
        /// What is listed, quoted.
        came: String,
    },
    /// No accepted signature algorithm.
    #[error("the provider signs ID tokens with {came}; accepted are {need}; choose one of them at the provider")]
    Algorithms {
        /// What is listed, quoted.
        came: String,
        /// What is accepted.
        need: String,
    },
    /// `require_pushed_authorization_requests` (RFC 9126).
    #[error(
        "the provider requires pushed authorization requests, which are not supported; turn that off at the provider"
    )]
    PushedRequests,
}

impl DiscoveryError {
    /// A stable name of the error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Address { .. } => "discovery-address",
            Self::NotWellKnown(_) => "discovery-not-well-known",
            Self::TooLong(_) => "discovery-too-long",
            Self::NotJson(_) => "discovery-not-json",
            Self::Missing(_) => "discovery-member-missing",
            Self::Kind { .. } => "discovery-member-kind",
            Self::Template(_) => "discovery-tenant-template",
            Self::OtherIssuer { .. } => "discovery-other-issuer",
            Self::Lacks { .. } => "discovery-unsupported",
            Self::Algorithms { .. } => "discovery-algorithms",
            Self::PushedRequests => "discovery-pushed-requests",
        }
    }
}

impl From<NotObject> for DiscoveryError {
    fn from(problem: NotObject) -> Self {
        match problem {
            NotObject::TooLong { length, .. } => Self::TooLong(length),
            NotObject::OtherKind | NotObject::Json(_) => Self::NotJson(problem.to_string()),
        }
    }
}
