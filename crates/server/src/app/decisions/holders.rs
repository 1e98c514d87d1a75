//! Everybody who can do something in a scope, with the rules that allow it.

use std::num::NonZeroUsize;

use futures_util::stream;
use rolecall_core::access::{Explanation, Principal, Way};
use rolecall_core::catalogue::Permission;
use rolecall_core::identity::{Subject, SubjectKind};
use rolecall_core::org::Scope;
use rolecall_core::{Result, World};

use crate::app::Call;
use crate::app::exports::Export;

/// Subjects of a part. Finding a part looks at the rules in the scope and above it once.
const AT_ONCE: NonZeroUsize = NonZeroUsize::new(1000).expect("it is not 0");

/// Maximum rules that are named for a subject.
const MOST_RULES: usize = 100;

/// A subject that can.
#[derive(Debug)]
pub struct Holder {
    /// Its name.
    pub subject: Subject,
    /// The rules that allow it and that the caller sees, oldest first, at most 100.
    pub rules: Vec<HoldingRule>,
    /// Number of others.
    pub further: usize,
}

/// A rule that allows it.
#[derive(Debug)]
pub struct HoldingRule {
    /// The name of its role.
    pub role: String,
    /// The name of its scope.
    pub scope: String,
    /// The group in the rule; `None` when the rule names the subject itself.
    pub group: Option<String>,
    /// Whether its scope is above the scope in question.
    pub inherited: bool,
}

/// What is asked.
#[derive(Debug, Clone)]
pub struct WhoCanDo {
    /// The kind of subject.
    pub kind: SubjectKind,
    /// A text in the name; empty for all.
    pub part: String,
    /// What.
    pub permission: Permission,
    /// Where.
    pub scope: Scope,
}

/// All of them, by name, in the world of the call.
///
/// # Errors
/// `NotFound` when there is no such scope for the caller; `Forbidden` where they may not ask about others; `Overloaded` when
/// they have an export in progress, or too many run.
pub fn export_holders(call: &Call, question: WhoCanDo) -> Result<Export<Holder>> {
    let caller = call.principal()?;
    caller.ensure_sees(question.scope)?;
    caller.may_ask_at(question.scope)?;
    let under_way = call.app.exports.begin(&call.actor)?;
    let begin = (call.clone(), question, under_way, Some(String::new()));
    let parts = stream::try_unfold(begin, |(call, question, under_way, after)| async move {
        let Some(after) = after else { return Ok(None) };
        let (part, next) = holders(&call, question.clone(), after).await?;
        Ok(Some((part, (call, question, under_way, next))))
    });
    Ok(Export::new(call, parts))
}

/// Those whose names follow `after`, and the name that others follow.
async fn holders(call: &Call, question: WhoCanDo, after: String) -> Result<(Vec<Holder>, Option<String>)> {
    let (world, actor) = (call.world.clone(), call.actor.clone());
    let search = move |wanted: &dyn Fn() -> bool| {
        let WhoCanDo { kind, part, permission, scope } = question;
        let caller = world.principal(&actor)?;
        let found = world.who_can_named((&part, wanted), kind, permission, scope, Some(&after), AT_ONCE);
        let next = found.subjects.last().filter(|_| found.more).map(|last| last.name().to_owned());
        let holders = found.subjects.into_iter().map(|subject| holder(&world, &caller, subject, permission, scope));
        Ok((holders.collect::<Result<_>>()?, next))
    };
    call.app.searches.run(&call.actor, search).await?
}

fn holder<'w>(
    world: &'w World,
    caller: &Principal<'w>,
    subject: Subject,
    permission: Permission,
    scope: Scope,
) -> Result<Holder> {
    let Explanation::Allowed(ways) = world.principal_of(&subject).explain_to(caller, permission, scope)? else {
        return Ok(Holder { subject, rules: Vec::new(), further: 0 });
    };
    let rule = |way: &Way<'_>| HoldingRule {
        role: way.role().name().to_owned(),
        scope: world.name_of(way.scope()).unwrap_or_default().to_owned(),
        group: way.group().map(ToString::to_string),
        inherited: way.is_inherited(),
    };
    let further = ways.hidden + ways.shown.len().saturating_sub(MOST_RULES);
    Ok(Holder { subject, rules: ways.shown.iter().take(MOST_RULES).map(rule).collect(), further })
}
