//! OpenShift 4: the OAuth server of a cluster (RFC 6749, RFC 8414), and the user whom its API describes. It has no ID
//! token; who signs in is whom the access token acts for.

use serde_json::{Map, Value};

use super::address::{self, AddressProblem, LoopbackHttp};
use super::flow::{Client, SignIn};
use super::json::{self, NotObject};
use crate::shown::quoted;

/// Maximum size of the documents, in bytes.
pub const MAX_DOCUMENT_BYTES: usize = 256 * 1024;

/// The scope with which a token may ask whom it acts for.
const USER_INFO: &str = "user:info";

/// The OAuth server of a cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cluster {
    /// Its issuer, should it ever send one with its answers.
    pub issuer: String,
    /// Where the browser is sent.
    pub authorization_endpoint: String,
    /// Where the code is exchanged.
    pub token_endpoint: String,
}

/// The address of the document about the OAuth server of a cluster (RFC 8414, section 3).
#[must_use]
pub fn metadata_address(base: &str) -> String {
    format!("{}/.well-known/oauth-authorization-server", without_slash(base))
}

/// The address at which a token finds out whom it acts for.
#[must_use]
pub fn user_address(base: &str) -> String {
    format!("{}/apis/user.openshift.io/v1/users/~", without_slash(base))
}

/// The address of a cluster as the issuer of its users, the same with and without a slash at its end.
#[must_use]
pub fn issuer(base: &str) -> &str {
    without_slash(base)
}

fn without_slash(base: &str) -> &str {
    base.strip_suffix('/').unwrap_or(base)
}

impl Cluster {
    /// Reads the document. The OAuth server has another host than the API, so its issuer is not compared with the address.
    ///
    /// # Errors
    /// When it is no such document.
    pub fn read(document: &[u8], http: LoopbackHttp) -> Result<Self, OpenShiftError> {
        let members = json::object(document, MAX_DOCUMENT_BYTES)?;
        let text = |member| members.get(member).and_then(Value::as_str).ok_or(OpenShiftError::Missing(member));
        let checked = |member| -> Result<String, OpenShiftError> {
            let found = text(member)?;
            let refused = |why| OpenShiftError::Address { member, address: quoted(found), why };
            address::check(found, http).map_err(refused)?;
            Ok(found.to_owned())
        };
        Ok(Self {
            issuer: text("issuer")?.to_owned(),
            authorization_endpoint: checked("authorization_endpoint")?,
            token_endpoint: checked("token_endpoint")?,
        })
    }

    /// The address to send the browser to (RFC 6749, section 4.1.1; RFC 7636).
    #[must_use]
    pub fn authorization_address(&self, sign_in: &SignIn, client: &Client) -> String {
        address::with_query(
            &self.authorization_endpoint,
            &[
                ("response_type", "code"),
                ("client_id", &client.id),
                ("redirect_uri", &client.redirect_uri),
                ("scope", &client.scope(USER_INFO)),
                ("state", sign_in.state.expose()),
                ("code_challenge", &sign_in.challenge()),
                ("code_challenge_method", "S256"),
            ],
        )
    }
}

/// The user whom a token acts for.
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    /// `metadata.uid`: the same for as long as the user exists in the cluster.
    pub uid: String,
    /// The whole object, and what mappers look for by default: `email` is the name where that is an address, `name` is the
    /// name, `GROUPS` and `groups` are the groups. The cluster leaves out an empty list of groups, so absent means none.
    pub claims: Map<String, Value>,
}

impl Person {
    /// Reads the answer of the user API.
    ///
    /// # Errors
    /// When it is no user, or one without a uid, as `kube:admin` is.
    pub fn read(user: &[u8]) -> Result<Self, OpenShiftError> {
        let mut claims = json::object(user, MAX_DOCUMENT_BYTES)?;
        if claims.get("kind").and_then(Value::as_str) != Some("User") {
            return Err(OpenShiftError::NotAUser);
        }
        let of_metadata = |member: &str| claims.get("metadata")?.get(member)?.as_str().map(str::to_owned);
        let name = of_metadata("name").ok_or(OpenShiftError::Missing("metadata.name"))?;
        let uid = of_metadata("uid").filter(|uid| !uid.is_empty());
        let uid = uid.ok_or_else(|| OpenShiftError::NoUid(quoted(&name)))?;
        let groups = claims.get("groups").filter(|groups| !groups.is_null()).cloned();
        let groups = groups.unwrap_or_else(|| Value::Array(Vec::new()));
        claims.insert("groups".to_owned(), groups.clone());
        claims.insert("GROUPS".to_owned(), groups);
        if name.contains('@') {
            claims.insert("email".to_owned(), Value::from(name.as_str()));
        }
        claims.insert("name".to_owned(), Value::from(name));
        Ok(Self { uid, claims })
    }
}

/// Why an answer of a cluster is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpenShiftError {
    /// Not a JSON object, or too large.
    #[error("the answer of the cluster is refused: {0}; check the base address of its API")]
    NotJson(String),
    /// A member is missing or no text.
    #[error("the answer of the cluster has no {0:?}; check the base address of its API")]
    Missing(&'static str),
    /// An address that a browser or this server must not go to.
    #[error("{member} of the cluster is {address}, which is refused: {why}")]
    Address {
        /// The member.
        member: &'static str,
        /// The address, quoted.
        address: String,
        /// Why.
        why: AddressProblem,
    },
    /// Another kind of object.
    #[error("the cluster's answer about the user is of another kind than User; check the base address of its API")]
    NotAUser,
    /// `kube:admin`, who is nobody in the cluster.
    #[error(
        "the user {0} has no uid in the cluster; sign in there as a user of an identity provider, not as kubeadmin"
    )]
    NoUid(String),
}

impl From<NotObject> for OpenShiftError {
    fn from(problem: NotObject) -> Self {
        Self::NotJson(problem.to_string())
    }
}

impl OpenShiftError {
    /// A stable name of the error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotJson(_) => "openshift-not-json",
            Self::Missing(_) => "openshift-member-missing",
            Self::Address { .. } => "openshift-address",
            Self::NotAUser => "openshift-not-a-user",
            Self::NoUid(_) => "openshift-user-without-uid",
        }
    }
}
