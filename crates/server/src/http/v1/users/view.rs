//! A user as the API shows them.

use rolecall_store::UserRecord;
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::schema;

/// A user.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UserView {
    /// The id.
    #[schema(format = Uuid)]
    pub id: String,
    /// The email in lower case. An internationalized domain is punycode (`ana@xn--bcher-kva.example`).
    #[schema(value_type = schema::Email)]
    pub username: String,
    /// The first name, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// The last name, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// Who created the user: a user, a service account, or the alias of an identity provider.
    pub created_by: String,
    /// When the user was created.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// When the user was last changed. Sign-ins and access rules do not count.
    #[schema(format = DateTime)]
    pub updated_at: String,
    /// When the user last signed in.
    #[schema(format = DateTime)]
    pub last_login: Option<String>,
    /// Whether the user signs in with a password here, not through an identity provider.
    pub is_local: bool,
    /// The name of the identity provider that the user signed in with; null for local users, and for others until they sign in.
    pub identity_provider: Option<String>,
    /// The email that the identity provider reported at the last sign-in, when it differs: the user keeps theirs until an
    /// administrator changes it.
    pub email_at_provider: Option<String>,
    /// The groups that the identity provider names for the user.
    pub groups: Vec<String>,
    /// Whether the user may sign in.
    pub enabled: bool,
    /// Whether the password is temporary and not yet changed.
    pub temporary_password: bool,
    /// Whether the password is a generated one that the user may keep (`resetPassword: false`) and has not changed yet.
    pub generated_password: bool,
}

impl From<UserRecord> for UserView {
    fn from(user: UserRecord) -> Self {
        Self {
            id: user.id.to_string(),
            username: user.email.to_string(),
            first_name: user.first_name,
            last_name: user.last_name,
            created_by: user.created_by,
            created_at: user.created_at.to_string(),
            updated_at: user.updated_at.to_string(),
            last_login: user.last_login.map(|at| at.to_string()),
            is_local: user.local,
            identity_provider: user.identity_provider,
            email_at_provider: user.email_there.map(|email| email.to_string()),
            groups: user.groups.iter().map(ToString::to_string).collect(),
            enabled: user.enabled,
            temporary_password: user.temporary_password,
            generated_password: user.generated_password,
        }
    }
}
