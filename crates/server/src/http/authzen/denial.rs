//! Denials, for programs and in words.

use rolecall_core::access::Denial;
use rolecall_core::org::Scope;
use rolecall_core::text::quoted;

use super::request::evaluation::Asked;
use super::view::{DecisionAnswer, MissingRule};
use crate::app::decisions::{Asking, Unknown};

/// A denial, with what the caller may know of it.
pub fn explained<'a>(
    denial: &Denial<'a>,
    scope: Scope,
    asking: &'a Asking<'a, '_>,
    asked: Asked<'a>,
) -> DecisionAnswer<'a> {
    let (world, about) = (asking.caller().world(), asking.subject());
    // The name in its stored form.
    let subject = about.map_or(asked.subject, |subject| subject.name());
    match denial {
        Denial::NoSuchScope => {
            let reason = format!("there is no scope {} that you can ask about", quoted(asked.resource));
            DecisionAnswer::denied("no-such-scope", reason)
        }
        Denial::Withheld => DecisionAnswer::denied("withheld", "denied; you may not see why"),
        Denial::Disabled(ways) => {
            DecisionAnswer::denied("subject-disabled", format!("{subject} is disabled")).with(ways, about, world)
        }
        Denial::NoRule { disabled, fixes } => {
            let name = world.name_of(scope).unwrap_or_default();
            let Asked { resource_type, action, .. } = asked;
            // The most frequent denial, and `concat` is faster than `format!`.
            let reason =
                ["no access rule permits ", resource_type, ":", action, " to ", subject, " in ", name].concat();
            let mut answer = DecisionAnswer::denied("no-rule", reason);
            answer.context.disabled = disabled.then_some(true);
            answer.context.fixes = Some(fixes.iter().map(|fix| MissingRule::of(fix, scope, name, world)).collect());
            answer
        }
    }
}

/// A denial because a word of the question has no meaning.
pub fn unknown(word: Unknown, asked: Asked<'_>) -> DecisionAnswer<'_> {
    match word {
        Unknown::SubjectType => {
            let reason = format!("{} is not one of user, group, service-account", quoted(asked.subject_type));
            DecisionAnswer::denied("unknown-subject-type", reason)
        }
        Unknown::SubjectName => {
            let reason = format!("{} is not a valid name of a {}", quoted(asked.subject), asked.subject_type);
            DecisionAnswer::denied("unknown-subject", reason)
        }
        Unknown::ResourceType => {
            let reason = format!("there is no resource type {}", quoted(asked.resource_type));
            DecisionAnswer::denied("unknown-resource-type", reason)
        }
        Unknown::Action => {
            let reason = format!("{} is not one of create, read, update, delete, sync", quoted(asked.action));
            DecisionAnswer::denied("unknown-action", reason)
        }
    }
}
