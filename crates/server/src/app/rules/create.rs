//! Creates an access rule.

use rolecall_core::access::Principal;
use rolecall_core::acts::CreateRule;
use rolecall_core::catalogue::RoleId;
use rolecall_core::identity::SubjectKind;
use rolecall_core::org::{ClusterId, Scope};
use rolecall_core::{Error, ErrorKind, Result, World};
use rolecall_store::RuleRecord;

use super::subject;
use crate::app::change::naming;
use crate::app::{Call, Changed};

/// A requested rule.
#[derive(Debug)]
pub struct NewRule {
    /// The subject's kind.
    pub subject_kind: SubjectKind,
    /// The subject's name, or the id of a user or a service account.
    pub subject: String,
    /// The role.
    pub role: RoleId,
    /// The scope.
    pub scope: Scope,
    /// The cluster of the scope, if the caller gives one.
    pub cluster: Option<ClusterId>,
}

/// Creates an access rule.
///
/// # Errors
/// `Invalid` or `NotFound` for a subject, role or scope that is invalid or not visible to the caller; `Forbidden`
/// without `access_rules:create` and every permission of the role in the scope; `Conflict` when the rule exists.
pub async fn create(call: &Call, new: &NewRule) -> Result<Changed<RuleRecord>> {
    let mut change = call.open_change().await?;
    let act = act(&change.tx.world().principal(&call.actor)?, new)?;
    let subject = act.subject.clone();
    let permit = change.authorize_naming("scopeId", act).await?;
    // After the permit, which shows that the caller sees the scope and its ancestors.
    ensure_in(change.tx.world(), new)?;
    let id = change.tx.create_rule(&permit).await?;

    // A permit's role and scope exist.
    let role = change.tx.world().role(new.role);
    let role = role.ok_or_else(|| Error::internal("a permit for a role that does not exist"))?;
    let path = change.tx.world().scope_path(new.scope);
    let record = RuleRecord {
        id,
        subject_type: subject.kind(),
        subject: subject.name().to_owned(),
        role: role.id,
        role_name: role.name().to_owned(),
        scope: new.scope,
        scope_id: change.tx.world().id_of(new.scope),
        scope_name: change.tx.world().name_of(new.scope).unwrap_or_default().to_owned(),
        cluster: path.and_then(|path| path.cluster),
        created_at: change.tx.now(),
        updated_at: change.tx.now(),
        deleted_at: None,
        created_by: call.actor.name().to_owned(),
    };
    change.commit(permit, record).await
}

/// The act that a request for a rule means.
///
/// # Errors
/// `Invalid` or `NotFound` for a subject that is invalid or not visible to the caller.
pub(in crate::app) fn act(caller: &Principal<'_>, new: &NewRule) -> Result<CreateRule> {
    let subject = match subject::find(caller, "subjectId", new.subject_kind, &new.subject) {
        // Before the subject is looked up: whether a name exists is not public.
        Err(unknown) if unknown.kind == ErrorKind::NotFound => {
            caller.ensure_may_make_rules(new.scope).map_err(|unseen| naming("scopeId", unseen))?;
            return Err(unknown);
        }
        found => found?,
    };
    Ok(CreateRule { subject, role: new.role, scope: new.scope })
}

/// Refuses a cluster that does not contain the scope: the caller means another scope, perhaps a larger one.
pub(in crate::app) fn ensure_in(world: &World, new: &NewRule) -> Result<()> {
    let Some(said) = new.cluster else { return Ok(()) };
    let is = world.scope_path(new.scope).and_then(|path| path.cluster);
    if is == Some(said) {
        return Ok(());
    }
    let is = is.map_or_else(|| "is in no cluster".to_owned(), |is| format!("is in cluster {is}"));
    Err(Error::invalid(format!(
        "clusterId: {} {is}, not in {said}; correct the scope or leave clusterId out",
        new.scope
    )))
}
