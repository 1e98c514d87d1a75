//! Reads values of `core` from columns.
//!
//! Stored values were checked when they were written, so an invalid one is an internal error.

use std::sync::Arc;

use rolecall_core::access::{Role, RoleDefinition, RoleName, Rule, RuleId};
use rolecall_core::catalogue::RoleId;
use rolecall_core::identity::{
    Binding, Credential, Email, GroupName, Provider, ProviderAlias, ProviderId, ProviderKind, ServiceAccountId,
    SessionId, Subject, SubjectKind, User, UserId,
};
use rolecall_core::{Error, Result, Revision, RevisionId, RevisionStamp};

use crate::scope_key::parse_scope_key;
use crate::sql::Row;

/// A revision: its number in that column, and its id in the next one.
pub(crate) fn stamp(row: &Row, column: usize) -> Result<RevisionStamp> {
    let id = RevisionId::new(row.int(column + 1)?.cast_unsigned());
    Ok(RevisionStamp { revision: Revision::new(row.int(column)?), id })
}

/// The columns that [`user`] reads, in its order.
pub(crate) const USER_COLUMNS: &str =
    "id, email, enabled, credential, group_names, provider, issuer, subject, email_there";

pub(crate) fn user(row: &Row) -> Result<User> {
    Ok(User {
        id: user_id(row.text(0)?)?,
        email: email(row.text(1)?)?,
        enabled: row.bool(2)?,
        credential: credential(row.text(3)?)?,
        groups: groups(row.text(4)?)?.into(),
        binding: binding(row, 5)?.map(Arc::new),
        email_there: row.text_or_null(8)?.map(email).transpose()?,
    })
}

/// Who a user is at an identity provider: provider, issuer and subject from that column on; NULL for those who are bound
/// to nobody.
pub(crate) fn binding(row: &Row, column: usize) -> Result<Option<Binding>> {
    let Some(provider) = row.text_or_null(column)? else { return Ok(None) };
    Binding::new(provider_id(provider)?, row.text(column + 1)?, row.text(column + 2)?)
        .map(Some)
        .map_err(Error::internal)
}

/// The columns that [`provider`] reads, in its order.
pub(crate) const PROVIDER_COLUMNS: &str = "id, alias, kind, enabled, revision, revision_id";

pub(crate) fn provider(row: &Row) -> Result<Provider> {
    let (id, kind) = (row.text(0)?, row.text(2)?);
    Ok(Provider {
        id: provider_id(id)?,
        alias: ProviderAlias::parse("alias", row.text(1)?).map_err(Error::internal)?,
        kind: ProviderKind::parse(kind).ok_or_else(|| unknown("a kind of identity provider", kind))?,
        enabled: row.bool(3)?,
        changed: stamp(row, 4)?.revision,
    })
}

/// The columns that [`role`] reads, in its order.
pub(crate) const ROLE_COLUMNS: &str = "id, name, description, custom, enabled, permissions, presets, kubernetes, created_by, \
                                       created_at, updated_at";

pub(crate) fn role(row: &Row) -> Result<Role> {
    Ok(Role {
        id: RoleId::new(i32::try_from(row.int(0)?).map_err(Error::internal)?),
        definition: RoleDefinition {
            name: RoleName::parse("name", row.text(1)?).map_err(Error::internal)?,
            description: row.text(2)?.to_owned(),
            permissions: serde_json::from_str(row.text(5)?).map_err(Error::internal)?,
            presets: serde_json::from_str(row.text(6)?).map_err(Error::internal)?,
            kubernetes: row.text_or_null(7)?.map(str::to_owned),
        },
        custom: row.bool(3)?,
        enabled: row.bool(4)?,
        created_by: row.text(8)?.to_owned(),
        created_at: row.time(9)?,
        updated_at: row.time(10)?,
    })
}

/// The columns that [`rule`] reads, in its order.
pub(crate) const RULE_COLUMNS: &str = "id, subject_type, subject, role, scope";

pub(crate) fn rule(row: &Row) -> Result<Rule> {
    let kind = row.text(1)?;
    let kind = SubjectKind::parse(kind).ok_or_else(|| unknown("a kind of subject", kind))?;
    Ok(Rule {
        id: rule_id(row.int(0)?)?,
        subject: Subject::known("subject", kind, row.text(2)?).map_err(Error::internal)?,
        role: RoleId::new(i32::try_from(row.int(3)?).map_err(Error::internal)?),
        scope: parse_scope_key(row.text(4)?)?,
    })
}

pub(crate) fn provider_id(text: &str) -> Result<ProviderId> {
    ProviderId::parse(text).ok_or_else(|| unknown("the id of an identity provider", text))
}

pub(crate) fn user_id(text: &str) -> Result<UserId> {
    UserId::parse(text).ok_or_else(|| unknown("the id of a user", text))
}

pub(crate) fn service_account_id(text: &str) -> Result<ServiceAccountId> {
    ServiceAccountId::parse(text).ok_or_else(|| unknown("the id of a service account", text))
}

pub(crate) fn session_id(text: &str) -> Result<SessionId> {
    SessionId::parse(text).ok_or_else(|| unknown("the id of a session", text))
}

pub(crate) fn rule_id(number: i64) -> Result<RuleId> {
    i32::try_from(number).map(RuleId::new).map_err(|_| unknown("the id of an access rule", &number.to_string()))
}

pub(crate) fn email(text: &str) -> Result<Email> {
    Email::known("email", text).map_err(Error::internal)
}

pub(crate) fn groups(text: &str) -> Result<Vec<GroupName>> {
    serde_json::from_str(text).map_err(Error::internal)
}

pub(crate) fn groups_text(groups: &[GroupName]) -> Result<String> {
    serde_json::to_string(groups).map_err(Error::internal)
}

pub(crate) fn credential(word: &str) -> Result<Credential> {
    [Credential::External, Credential::Own, Credential::Temporary, Credential::LastingTemporary]
        .into_iter()
        .find(|credential| credential_word(*credential) == word)
        .ok_or_else(|| unknown("a kind of credential", word))
}

pub(crate) const fn credential_word(credential: Credential) -> &'static str {
    match credential {
        Credential::External => "external",
        Credential::Own => "own",
        Credential::Temporary => "temporary",
        Credential::LastingTemporary => "lasting-temporary",
    }
}

fn unknown(what: &str, value: &str) -> Error {
    Error::internal(format!("the database holds {value:?} as {what}"))
}
