//! Writes answers from the world directly into one buffer.

use rolecall_core::access::{Denial, Explanation, Fix, Way, Ways};
use rolecall_core::org::Scope;
use rolecall_core::text::quoted;
use rolecall_core::{Error, World};

use super::json::Json;
use crate::app::decisions::{Answer, Asking, Unknown};
use crate::http::{error, limits};

/// The words of a question, for its answer.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// As given.
    pub subject_type: &'a str,
    /// As given.
    pub subject: &'a str,
    /// As given.
    pub action: &'a str,
    /// As given.
    pub resource_type: &'a str,
    /// As given.
    pub resource: &'a str,
}

/// Writes an answer, and returns whether it is allowed; writes nothing and returns the refusal when the caller may not
/// ask.
pub fn write(json: &mut Json, answer: Answer<'_>, asking: &Asking<'_, '_>, asked: Asked<'_>) -> Result<bool, Error> {
    let world = asking.caller().world();
    match answer {
        Answer::Refused(refusal) => return Err(refusal),
        Answer::Unknown(unknown) => {
            write_unknown(json, unknown, asked);
            json.raw("}}");
        }
        Answer::Explained(Explanation::Allowed(ways), _) => {
            json.raw(r#"{"decision":true,"context":{"#);
            write_ways(json, &ways, asking, world);
            json.raw("}}");
            return Ok(true);
        }
        Answer::Explained(Explanation::Denied(denial), scope) => {
            // The name in its stored form.
            let asked = Asked { subject: asking.subject().map_or(asked.subject, |subject| subject.name()), ..asked };
            write_denial(json, &denial, scope.unwrap_or(Scope::Account), asking, asked);
            json.raw("}}");
        }
    }
    Ok(false)
}

/// Writes the answer to an evaluation in a batch that is wrong or may not be asked.
pub fn write_failed(json: &mut Json, refusal: &Error) {
    error::log(refusal);
    json.raw(r#"{"decision":false,"context":{"error":{"status":"#);
    json.number(error::status(refusal.kind).as_u16());
    json.raw(r#","message":"#);
    json.string([&refusal.message]);
    json.raw("}}}");
}

/// The scope in one word, as in `resource.id`.
pub fn scope_word(scope: Scope, world: &World) -> String {
    format!("{}:{}", scope.kind().as_str(), world.id_of(scope))
}

fn write_denial(json: &mut Json, denial: &Denial<'_>, scope: Scope, asking: &Asking<'_, '_>, asked: Asked<'_>) {
    let world = asking.caller().world();
    match denial {
        Denial::NoSuchScope => {
            begin(json, r#""no-such-scope""#);
            json.text(format_args!("there is no scope {} that you can ask about", quoted(asked.resource)));
        }
        Denial::Withheld => {
            begin(json, r#""withheld""#);
            json.string(["denied; you may not see why"]);
        }
        Denial::Disabled(ways) => {
            begin(json, r#""subject-disabled""#);
            json.string([asked.subject, " is disabled"]);
            json.raw(",");
            write_ways(json, ways, asking, world);
        }
        Denial::NoRule { disabled, fixes } => {
            begin(json, r#""no-rule""#);
            let name = world.name_of(scope).unwrap_or_default();
            let Asked { resource_type, action, subject, .. } = asked;
            json.string(["no access rule permits ", resource_type, ":", action, " to ", subject, " in ", name]);
            if *disabled {
                json.raw(r#","disabled":true"#);
            }
            json.raw(r#","fixes":["#);
            for (number, fix) in fixes.iter().enumerate() {
                json.raw(if number > 0 { "," } else { "" });
                write_fix(json, fix, scope, name, world);
            }
            json.raw("]");
        }
    }
}

fn write_unknown(json: &mut Json, unknown: Unknown, asked: Asked<'_>) {
    match unknown {
        Unknown::SubjectType => {
            begin(json, r#""unknown-subject-type""#);
            let word = quoted(asked.subject_type);
            json.text(format_args!("{word} is not one of user, group, service-account"));
        }
        Unknown::SubjectName => {
            begin(json, r#""unknown-subject""#);
            json.text(format_args!("{} is not a valid name of a {}", quoted(asked.subject), asked.subject_type));
        }
        Unknown::ResourceType => {
            begin(json, r#""unknown-resource-type""#);
            json.text(format_args!("there is no resource type {}", quoted(asked.resource_type)));
        }
        Unknown::Action => {
            begin(json, r#""unknown-action""#);
            let word = quoted(asked.action);
            json.text(format_args!("{word} is not one of create, read, update, delete, sync"));
        }
    }
}

/// A denial, up to its reason for people. `code` is JSON.
fn begin(json: &mut Json, code: &'static str) {
    json.raw(r#"{"decision":false,"context":{"code":"#);
    json.raw(code);
    json.raw(r#","reason":"#);
}

fn write_ways(json: &mut Json, ways: &Ways<'_>, asking: &Asking<'_, '_>, world: &World) {
    json.raw(r#""rules":["#);
    for (number, way) in ways.shown.iter().take(limits::REASONS).enumerate() {
        json.raw(if number > 0 { "," } else { "" });
        write_way(json, way, asking, world);
    }
    json.raw("]");
    let more = ways.hidden.saturating_add(ways.shown.len().saturating_sub(limits::REASONS));
    if more > 0 {
        json.raw(r#","hiddenRules":"#);
        json.number(more);
    }
}

fn write_way(json: &mut Json, way: &Way<'_>, asking: &Asking<'_, '_>, world: &World) {
    let (subject_type, subject_id) = match (way.group(), asking.subject()) {
        (Some(group), _) => ("group", group.as_str()),
        (None, Some(subject)) => (subject.kind().as_str(), subject.name()),
        (None, None) => ("", ""),
    };
    json.raw(r#"{"id":"#);
    json.number(way.rule().number());
    json.raw(r#","subjectType":"#);
    json.string([subject_type]);
    json.raw(r#","subjectId":"#);
    json.string([subject_id]);
    json.raw(r#","roleId":"#);
    json.number(way.role().id.number());
    json.raw(r#","roleName":"#);
    json.string([way.role().name()]);
    write_scope(json, way.scope(), world.name_of(way.scope()).unwrap_or_default(), world);
    json.raw(r#","inherited":"#);
    json.boolean(way.is_inherited());
    json.raw(r#","viaGroup":"#);
    json.boolean(way.group().is_some());
    json.raw("}");
}

fn write_fix(json: &mut Json, fix: &Fix<'_>, scope: Scope, name: &str, world: &World) {
    json.raw(r#"{"roleId":"#);
    json.number(fix.role.id.number());
    json.raw(r#","roleName":"#);
    json.string([fix.role.name()]);
    write_scope(json, scope, name, world);
    json.raw(r#","permitted":"#);
    json.boolean(fix.yours);
    json.raw("}");
}

/// The three members that name a scope, after others.
fn write_scope(json: &mut Json, scope: Scope, name: &str, world: &World) {
    json.raw(r#","scopeType":"#);
    json.string([scope.kind().as_str()]);
    json.raw(r#","scopeId":"#);
    match scope {
        Scope::Account => json.number_string(world.account().id.number()),
        Scope::Cluster(id) => json.text(id),
        Scope::Department(id) => json.number_string(id.number()),
        Scope::Project(id) => json.number_string(id.number()),
    }
    json.raw(r#","scopeName":"#);
    json.string([name]);
}
