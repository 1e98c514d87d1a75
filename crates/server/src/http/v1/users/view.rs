//! A user as the API shows him.

use rolecall_store::UserRecord;
use serde::Serialize;
use utoipa::ToSchema;

/// A user.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UserView {
    /// His id.
    #[schema(format = Uuid)]
    pub id: String,
    /// The email in lower case. An internationalized domain is punycode (`ana@xn--bcher-kva.example`).
    #[schema(example = "ana@example.com")]
    pub username: String,
    /// Who made him: a user, a service account, or the alias of an identity provider.
    pub created_by: String,
    /// When he was made.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// When he was last changed. Signing in and getting rules do not count.
    #[schema(format = DateTime)]
    pub updated_at: String,
    /// When he last signed in.
    #[schema(format = DateTime)]
    pub last_login: Option<String>,
    /// Whether he signs in with a password here, not with an identity provider.
    pub is_local: bool,
    /// The groups that his identity provider put him in.
    pub groups: Vec<String>,
    /// Whether he may sign in.
    pub enabled: bool,
    /// Whether his password is a temporary one that he has not changed yet.
    pub temporary_password: bool,
    /// Whether the password is a generated one that the user may keep (`resetPassword: false`) and has not changed yet.
    pub generated_password: bool,
}

impl From<UserRecord> for UserView {
    fn from(user: UserRecord) -> Self {
        Self {
            id: user.id.to_string(),
            username: user.email.to_string(),
            created_by: user.created_by,
            created_at: user.created_at.to_string(),
            updated_at: user.updated_at.to_string(),
            last_login: user.last_login.map(|at| at.to_string()),
            is_local: user.local,
            groups: user.groups.iter().map(ToString::to_string).collect(),
            enabled: user.enabled,
            temporary_password: user.temporary_password,
            generated_password: user.generated_password,
        }
    }
}
