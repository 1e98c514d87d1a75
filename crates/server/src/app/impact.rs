//! Previews: who would gain and who would lose what by acts that are not done. The acts are decided as if they were.

use std::sync::Arc;

use rolecall_core::access::{Actor, Impact, RuleId, SubjectImpact};
use rolecall_core::acts::{AnyAct, DeleteRule, Drawn, NewCluster};
use rolecall_core::catalogue::RoleId;
use rolecall_core::identity::{ClientId, Credential, ProviderId, ServiceAccountId, UserId};
use rolecall_core::org::{ClusterId, DepartmentId, NodeName, ProjectId};
use rolecall_core::{Change, Result, Timestamp, World};
use rolecall_store::Page;
use uuid::Uuid;

use super::change::naming;
use super::rules::{NewRule, act_of_new, ensure_in, own_last};
use crate::app::Call;

/// An act to preview.
#[derive(Debug)]
pub enum Wanted {
    /// Create an access rule.
    CreateRule(NewRule),
    /// Any other act.
    Act(AnyAct),
}

/// What would come of the acts, as far as the caller may know.
#[derive(Debug)]
pub struct Preview {
    /// The world before.
    pub before: Arc<World>,
    /// The world after.
    pub after: World,
    /// The subjects of the page.
    pub subjects: Vec<SubjectImpact>,
    /// Number of subjects that gain or lose something.
    pub affected: u64,
    /// Number of subjects that gain something.
    pub gaining: u64,
    /// Number of subjects that lose something.
    pub losing: u64,
    /// Whether there is more that the caller may not know.
    pub is_partial: bool,
}

/// Previews acts, one after the other. Where all of them delete rules, own rules go last, as when they are deleted.
///
/// # Errors
/// Those of the acts, in the words in which they would be refused; `Overloaded` when too many searches run.
pub async fn preview(call: &Call, wanted: Vec<Wanted>, page: Page) -> Result<Preview> {
    let (before, actor) = (call.world.clone(), call.actor.clone());
    let work = move |is_wanted: &dyn Fn() -> bool| {
        let (changes, after) = rehearsed(&before, &actor, wanted, is_wanted)?;
        let caller = before.principal(&actor)?;
        let mut preview = Preview {
            before: before.clone(),
            after,
            subjects: Vec::new(),
            affected: 0,
            gaining: 0,
            losing: 0,
            is_partial: false,
        };
        let impact = Impact::of(&before, &changes, &preview.after, is_wanted);
        let impact = impact.known_to(&caller);
        preview.is_partial = impact.is_partial();
        let last = page.offset.saturating_add(page.limit.into());
        let mut subjects = Vec::new();
        for subject in impact.subjects().take_while(|_| is_wanted()) {
            let Some(known) = impact.on(subject) else { continue };
            preview.gaining += u64::from(known.gains());
            preview.losing += u64::from(known.loses());
            if (page.offset..last).contains(&preview.affected) {
                subjects.push(known);
            }
            preview.affected += 1;
        }
        preview.subjects = subjects;
        Ok(preview)
    };
    call.app.searches.run(&call.actor, work).await?
}

fn rehearsed(
    before: &World,
    actor: &Actor,
    wanted: Vec<Wanted>,
    is_wanted: &dyn Fn() -> bool,
) -> Result<(Vec<Change>, World)> {
    let caller = before.principal(actor)?;
    let act = |wanted: Wanted| match wanted {
        Wanted::CreateRule(new) => act_of_new(&caller, &new).map(|act| (AnyAct::from(act), Some(new))),
        Wanted::Act(act) => Ok((act, None)),
    };
    let mut acts = wanted.into_iter().map(act).collect::<Result<Vec<_>>>()?;
    let deleted = |(act, _): &(AnyAct, _)| match act {
        AnyAct::DeleteRule(DeleteRule(id)) => Some(*id),
        _ => None,
    };
    // Only deletions of rules can be done together, and then they are done in this order.
    if acts.iter().all(|act| deleted(act).is_some()) {
        own_last(before, actor, &mut acts, deleted);
    }
    let (mut changes, mut world) = (Vec::new(), before.clone());
    for (number, (act, new_rule)) in (0..).zip(acts).take_while(|_| is_wanted()) {
        let rehearsal = act.rehearse(&world, actor, &drawn(number)?);
        let rehearsal = match new_rule {
            Some(new) => {
                let rehearsal = rehearsal.map_err(|error| naming("scopeId", error))?;
                ensure_in(&world, &new)?;
                rehearsal
            }
            None => rehearsal?,
        };
        changes.extend(rehearsal.changes);
        world = rehearsal.after;
    }
    Ok((changes, world))
}

/// Ids that nothing has, for what would be new: no two acts have the same.
fn drawn(number: i32) -> Result<Drawn> {
    let nothing = Uuid::from_u128(u128::MAX - u128::from(number.unsigned_abs()));
    let last = i64::MAX - 2 * i64::from(number);
    Ok(Drawn {
        user: UserId::new(nothing),
        credential: Credential::Temporary,
        role: RoleId::new(i32::MAX - number),
        now: Timestamp::from_millis(0),
        rule: RuleId::new(i32::MAX - number),
        cluster: NewCluster {
            id: ClusterId::new(nothing),
            default: DepartmentId::new(last),
            default_name: NodeName::parse("name", "default")?,
        },
        department: DepartmentId::new(last - 1),
        project: ProjectId::new(last - 1),
        machine: (ServiceAccountId::new(nothing), ClientId::parse("clientId", &format!("new-{number}"))?),
        provider: ProviderId::new(nothing),
        enabled: None,
    })
}
