//! Schemas of the API document that several bodies share: closed vocabularies, each a schema of its own, and the forms of
//! names, emails and ids. They describe; what reads requests is beside each handler.

use std::borrow::Cow;

use rolecall_core::catalogue;
use rolecall_core::identity::{ProviderKind, SubjectKind};
use rolecall_core::org::ScopeKind;
use serde_json::json;
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, SchemaFormat, Type};
use utoipa::{PartialSchema, ToSchema};

use super::limits;
use super::v1::access_rules::APP;
use crate::app::sso::Step;

/// The id of a department or project: a number in decimal digits.
const NUMBER: &str = "^(0|[1-9][0-9]{0,18})$";

/// A UUID with hyphens, or such a number.
const SCOPE_ID: &str = "^(0|[1-9][0-9]{0,18}|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$";

/// Words with single spaces between them, without a slash.
const NODE_NAME: &str = r"^[^\s/]+( [^\s/]+)*$";

/// The alias of an identity provider.
pub const ALIAS: &str = "^[a-z0-9]([a-z0-9-]*[a-z0-9])?$";

const SERVICE_ACCOUNT_NAME: &str = "^[a-z][a-z0-9_-]{0,61}[a-z0-9]$";

/// Types that stand for a schema where a member is described: `#[schema(value_type = SubjectType)]`.
macro_rules! schemas {
    ($($(#[doc = $doc:literal])+ $name:ident = $schema:expr;)*) => {$(
        $(#[doc = $doc])+
        #[derive(Debug)]
        pub enum $name {}

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let schema: ObjectBuilder = $schema;
                schema.description(Some([$($doc.trim()),+].join(" "))).into()
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                stringify!($name).into()
            }
        }
    )*};
}

schemas! {
    /// A kind of subject. `app` is the older name of `service-account`: it is understood everywhere, and answered to clients
    /// that use it.
    SubjectType = words(subject_types());
    /// A level of the tree; `tenant` is the account.
    ScopeType = words(scope_types());
    /// What can be done to a resource.
    Action = words(catalogue::Action::ALL.iter().map(|it| it.as_str()));
    /// An action that is asked for in scopes: every action but `sync`.
    ScopedAction = words(["create", "read", "update", "delete"]);
    /// What a permission is about.
    ResourceType = words(catalogue::ResourceType::ALL.iter().map(|it| it.as_str()));
    /// The group under which resource types are shown.
    ResourceGroup = words(catalogue::ResourceGroup::ALL.iter().map(|it| it.as_str()));
    /// The state of an access rule. A deleted rule is `Deleting` for ever.
    RulePhase = words(["Ready", "Deleting"]);
    /// How a client signs in at `/api/v1/token`.
    GrantType = words(["app_token", "client_credentials", "password", "refresh_token"]);
    /// How a client signs in at `/api/v2/token` (RFC 6749).
    OAuthGrantType = words(["client_credentials", "password", "refresh_token"]);
    /// An error of the token endpoint (RFC 6749, section 5.2).
    OAuthErrorCode = words([
        "invalid_request", "invalid_client", "invalid_grant", "unsupported_grant_type", "temporarily_unavailable", "server_error",
    ]);
    /// The type of an access token (RFC 6750).
    TokenType = words(["Bearer"]);
    /// Which of several evaluations are answered (AuthZEN 1.0).
    EvaluationsSemantic = words(["execute_all", "deny_on_first_deny", "permit_on_first_permit"]);
    /// Why a decision is a denial.
    DenialCode = words([
        "no-rule", "subject-disabled", "no-such-scope", "withheld", "unknown-subject-type", "unknown-subject",
        "unknown-resource-type", "unknown-action",
    ]);
    /// The protocol of an identity provider.
    ProviderType = words(ProviderKind::ALL.iter().map(|it| it.as_str()));
    /// Where the metadata of a SAML provider comes from.
    MetadataType = words(["url", "file"]);
    /// What becomes of a sign-in when the provider does not say which groups the person is in.
    GroupsAbsent = words(["refuse", "keep", "none"]);
    /// A step of a sign-in with an identity provider.
    SignInStep = words(Step::ALL.map(Step::as_str));
    /// The name of a security setting.
    SecuritySettingKey = words(["autoRedirectSSO"]);
    /// The state of a server.
    HealthStatus = words(["ok", "unavailable"]);

    /// The id of the account, a department or a project (a number), or of a cluster (a UUID).
    ScopeId = text(limits::ID).pattern(Some(SCOPE_ID)).examples([json!("7")]);
    /// The id of a department or project: a number, as text.
    NodeNumber = text(19).pattern(Some(NUMBER)).examples([json!("7")]);
    /// The name of a cluster, department or project: words with single spaces between them, no slash, no characters that
    /// cannot be seen. Stored in normalization form C.
    NodeName = text(limits::NAME).min_length(Some(1)).pattern(Some(NODE_NAME)).examples([json!("vision")]);
    /// A scope to request from an identity provider, or several with spaces between them.
    RequestedScope = text(limits::NAME).examples([json!("profile")]);
    /// A domain of email addresses, in any case and script; shown in lower case and punycode.
    EmailDomain = text(limits::NAME).min_length(Some(1)).examples([json!("example.com")]);
    /// A value of a claim.
    ClaimValue = text(limits::NAME).min_length(Some(1)).examples([json!("research")]);
    /// The name of a service account: lower-case letters, digits, `-` and `_`; a letter first, a letter or digit last.
    ServiceAccountName = text(limits::SERVICE_ACCOUNT)
        .min_length(Some(2))
        .pattern(Some(SERVICE_ACCOUNT_NAME))
        .examples([json!("nightly-report")]);
    /// The email of a user, in lower case. An internationalized domain is punycode (`ana@xn--bcher-kva.example`).
    Email = text(limits::EMAIL)
        .format(Some(SchemaFormat::Custom("email".to_owned())))
        .examples([json!("ana@example.com")]);
    /// The email of a new user, in any case. The domain may be internationalized.
    NewEmail = text(limits::EMAIL)
        .min_length(Some(5))
        .format(Some(SchemaFormat::Custom("idn-email".to_owned())))
        .examples([json!("ana@example.com")]);
    /// The email of a user who signs in, in any case.
    SignInEmail = text(limits::NAME)
        .format(Some(SchemaFormat::Custom("idn-email".to_owned())))
        .examples([json!("ana@example.com")]);
}

/// The words for kinds of subjects, the older one for service accounts included.
pub fn subject_types() -> impl Iterator<Item = &'static str> {
    SubjectKind::ALL.into_iter().map(SubjectKind::as_str).chain([APP])
}

/// The words for levels of the tree.
pub fn scope_types() -> impl Iterator<Item = &'static str> {
    ScopeKind::ALL.into_iter().map(ScopeKind::as_str)
}

/// A string.
pub fn string() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String)
}

/// One of these words.
pub fn words(words: impl IntoIterator<Item = &'static str>) -> ObjectBuilder {
    string().enum_values(Some(words))
}

/// A string of at most so many characters.
fn text(most: usize) -> ObjectBuilder {
    string().max_length(Some(most))
}
