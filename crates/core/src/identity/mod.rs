//! Identities: the names in access rules, and what the world knows of their holders.

mod binding;
mod domain;
mod email;
mod ids;
mod names;
mod person_names;
mod provider;
mod service_account;
mod subject;
#[cfg(test)]
mod tests;
mod user;

pub use binding::Binding;
pub use domain::EmailDomain;
pub use email::Email;
pub(crate) use ids::uuid_ids;
pub use ids::{ProviderId, ServiceAccountId, SessionId, UserId};
pub use names::{ClientId, GroupName, ServiceAccountName};
pub use person_names::{PersonName, PersonNames};
pub use provider::{Provider, ProviderAlias, ProviderKind};
pub use service_account::ServiceAccount;
pub use subject::{Subject, SubjectKind};
pub use user::{Credential, User};
