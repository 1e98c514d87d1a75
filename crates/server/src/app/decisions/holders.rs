//! Everybody who can do something in a scope, with the rules that allow it.

use std::num::NonZeroUsize;
use std::time::Duration;

use futures_util::stream;
use rolecall_core::access::{Explanation, Principal, Way};
use rolecall_core::catalogue::Permission;
use rolecall_core::identity::{Subject, SubjectKind};
use rolecall_core::org::Scope;
use rolecall_core::{Error, Result, World};
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::time::timeout;

use crate::app::Call;
use crate::app::exports::{Export, LATER, UnderWay};

/// Subjects of a part. Finding a part looks at the rules in the scope and above it once.
const AT_ONCE: NonZeroUsize = NonZeroUsize::new(1000).expect("it is not 0");

/// Maximum rules that are named for a subject: the names in a part take some megabytes at most.
const MOST_RULES: usize = 20;

/// Maximum time in which nothing is taken.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// A subject that can.
#[derive(Debug)]
pub struct Holder {
    /// Its name.
    pub subject: Subject,
    /// The rules that allow it and that the caller sees, oldest first, at most 20.
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
    let (parts, received) = channel(1);
    tokio::spawn(send_all(call.clone(), question, parts, under_way));
    let received = stream::try_unfold(received, |mut received: Receiver<Result<Option<Vec<Holder>>>>| async move {
        // INVARIANT: a channel that closes without an end is an error. Some of them must not look like all.
        let stopped = || Error::overloaded("the export stopped, since nothing was taken; try again", LATER);
        let part = received.recv().await.unwrap_or_else(|| Err(stopped()))?;
        Ok(part.map(|part| (part, received)))
    });
    Ok(Export::new(call, received))
}

/// Sends them in parts, and the end. The slot is free again once nothing is sent any more, also when nothing is taken: an HTTP/2
/// client can leave a response unread for as long as its connection lives.
async fn send_all(call: Call, question: WhoCanDo, parts: Sender<Result<Option<Vec<Holder>>>>, under_way: UnderWay) {
    let mut after = Some(String::new());
    while let Some(name) = after {
        let (part, next) = match holders(&call, question.clone(), name).await {
            Ok((part, next)) => (Ok(Some(part)), next),
            Err(error) => (Err(error), None),
        };
        let failed = part.is_err();
        if !matches!(timeout(LONGEST_PAUSE, parts.send(part)).await, Ok(Ok(()))) || failed {
            return;
        }
        after = next;
    }
    drop(under_way);
    let _ = timeout(LONGEST_PAUSE, parts.send(Ok(None))).await;
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
