//! Writes answers. INVARIANT: what serde would write of the same structs, which the document describes; a test compares.
//!
//! Every struct is taken apart whole, so that a new member does not compile until it is written.

use super::json::Json;
use super::view::{AllowingRule, DecisionAnswer, DecisionContext, EvaluationError, Id, MissingRule};

impl DecisionAnswer<'_> {
    /// Appends it.
    pub fn write(&self, json: &mut Json) {
        let Self { decision, context } = self;
        json.raw(r#"{"decision":"#);
        json.boolean(*decision);
        json.raw(r#","context":{"#);
        context.write(json);
        json.raw("}}");
    }
}

impl DecisionContext<'_> {
    fn write(&self, json: &mut Json) {
        let Self { code, reason, rules, hidden_rules, disabled, fixes, error } = self;
        let mut comma = "";
        let mut member = |json: &mut Json, name| {
            json.raw(comma);
            json.raw(name);
            comma = ",";
        };
        if let Some(code) = code {
            member(json, r#""code":"#);
            json.string(code);
        }
        if let Some(reason) = reason {
            member(json, r#""reason":"#);
            json.string(reason);
        }
        if let Some(rules) = rules {
            member(json, r#""rules":"#);
            list(json, rules, AllowingRule::write);
        }
        if let Some(hidden) = hidden_rules {
            member(json, r#""hiddenRules":"#);
            json.number(*hidden);
        }
        if let Some(disabled) = disabled {
            member(json, r#""disabled":"#);
            json.boolean(*disabled);
        }
        if let Some(fixes) = fixes {
            member(json, r#""fixes":"#);
            list(json, fixes, MissingRule::write);
        }
        if let Some(EvaluationError { status, message }) = error {
            member(json, r#""error":{"status":"#);
            json.number(*status);
            json.raw(r#","message":"#);
            json.string(message);
            json.raw("}");
        }
    }
}

impl AllowingRule<'_> {
    fn write(&self, json: &mut Json) {
        let Self {
            id,
            subject_type,
            subject_id,
            role_id,
            role_name,
            scope_type,
            scope_id,
            scope_name,
            inherited,
            via_group,
        } = self;
        json.raw(r#"{"id":"#);
        json.number(*id);
        json.raw(r#","subjectType":"#);
        json.string(subject_type);
        json.raw(r#","subjectId":"#);
        json.string(subject_id);
        json.raw(r#","roleId":"#);
        json.number(*role_id);
        json.raw(r#","roleName":"#);
        json.string(role_name);
        scope(json, scope_type, *scope_id, scope_name);
        json.raw(r#","inherited":"#);
        json.boolean(*inherited);
        json.raw(r#","viaGroup":"#);
        json.boolean(*via_group);
        json.raw("}");
    }
}

impl MissingRule<'_> {
    fn write(&self, json: &mut Json) {
        let Self { role_id, role_name, scope_type, scope_id, scope_name, permitted } = self;
        json.raw(r#"{"roleId":"#);
        json.number(*role_id);
        json.raw(r#","roleName":"#);
        json.string(role_name);
        scope(json, scope_type, *scope_id, scope_name);
        json.raw(r#","permitted":"#);
        json.boolean(*permitted);
        json.raw("}");
    }
}

fn list<T>(json: &mut Json, items: &[T], write: impl Fn(&T, &mut Json)) {
    json.raw("[");
    for (number, item) in items.iter().enumerate() {
        json.raw(if number > 0 { "," } else { "" });
        write(item, json);
    }
    json.raw("]");
}

/// The three members that name a scope, after others.
fn scope(json: &mut Json, kind: &str, id: Id, name: &str) {
    json.raw(r#","scopeType":"#);
    json.string(kind);
    json.raw(r#","scopeId":"#);
    match id {
        Id::Number(number) => json.number_string(number),
        Id::Cluster(id) => json.string(&id.to_string()),
    }
    json.raw(r#","scopeName":"#);
    json.string(name);
}

#[cfg(test)]
mod tests {
    use rolecall_core::org::ClusterId;
    use serde::{Serialize, Serializer};

    use super::*;

    impl Serialize for Id {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            match self {
                Self::Number(number) => serializer.collect_str(number),
                Self::Cluster(id) => serializer.collect_str(id),
            }
        }
    }

    fn allowing(id: i32, scope_id: Id) -> AllowingRule<'static> {
        AllowingRule {
            id,
            subject_type: "group",
            subject_id: "ml \"team\" \\ \u{e9}",
            role_id: 7,
            role_name: "L1 researcher",
            scope_type: "cluster",
            scope_id,
            scope_name: "austin-h100",
            inherited: id % 2 == 0,
            via_group: id % 2 == 1,
        }
    }

    fn missing(role_id: i32, scope_id: Id) -> MissingRule<'static> {
        let (role_name, scope_name) = ("ML \"engineer\"", "vision \u{e9}");
        MissingRule { role_id, role_name, scope_type: "project", scope_id, scope_name, permitted: role_id == 1 }
    }

    #[test]
    fn every_answer_is_written_as_serde_writes_it() {
        let cluster = Id::Cluster(ClusterId::parse("71f69d83-ba66-4822-adf5-55ce55efd210").unwrap());
        let (lowest, highest) = (Id::Number(i64::MIN), Id::Number(i64::MAX));
        let error = || EvaluationError { status: 400, message: "subject: \"missing\"" };
        // Each member is there or not.
        for members in 0..1_u8 << 7 {
            let has = |member: u8| members & (1 << member) != 0;
            let context = DecisionContext {
                code: has(0).then_some("no-rule"),
                reason: has(1).then(|| "no access rule permits \"it\"".into()),
                rules: has(2).then(|| vec![allowing(1, cluster), allowing(2, lowest)]),
                hidden_rules: has(3).then_some(usize::MAX),
                disabled: has(4).then_some(has(0)),
                fixes: has(5).then(|| if has(1) { vec![] } else { vec![missing(1, highest), missing(2, cluster)] }),
                error: has(6).then(error),
            };
            let answer = DecisionAnswer { decision: has(0), context };
            let mut json = Json::with_capacity(0);
            answer.write(&mut json);
            let written = String::from_utf8(json.into_bytes()).unwrap();
            assert_eq!(written, serde_json::to_string(&answer).unwrap());
        }
    }
}
