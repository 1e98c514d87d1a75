//! The largest requests: every operation gets the maximum that the document allows, and one string at a time that is
//! longer. No small request causes a huge response, and none causes an internal error.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::stage::{Me, Stage};
use super::table::{Operation, table};
use super::{Document, ask};
use crate::harness::{Answer, Server, TestScope, on_both_databases};

on_both_databases!(
    what_is_longer_than_the_document_says_is_refused_by_its_name,
    the_largest_requests_get_answers_of_bounded_size,
    full_pages_of_the_longest_names_stay_below_the_limit,
    one_long_subject_in_many_scopes_is_refused,
);

/// Maximum size of any response, in bytes.
const LARGEST_ANSWER: usize = 2 * 1024 * 1024;

/// The longest name with the most bytes.
fn longest(first: char) -> String {
    format!("{first}{}", "🦒".repeat(254))
}

/// A string or list in a request.
#[derive(Debug, Clone)]
struct Part {
    /// Members, and `0` for the first item of a list; in a query string one name.
    path: Vec<String>,
    most: usize,
}

impl Part {
    fn name(&self) -> &str {
        self.path.iter().rev().find(|step| *step != "0").unwrap()
    }
}

/// The documented query string and body of an operation.
struct Described<'d> {
    document: &'d Document,
    operation: &'d Value,
    name: &'d str,
}

impl<'d> Described<'d> {
    fn new(document: &'d Document, name: &'d str) -> Self {
        let (method, path) = name.split_once(' ').unwrap();
        Self { document, operation: &document.json()["paths"][path][method], name }
    }

    fn parameters(&self, place: &str) -> BTreeMap<&str, &Value> {
        let all = self.operation["parameters"].as_array().into_iter().flatten();
        let here = all.filter(|parameter| parameter["in"] == place);
        here.map(|parameter| (parameter["name"].as_str().unwrap(), &parameter["schema"])).collect()
    }

    fn body(&self) -> Option<&Value> {
        let content = self.operation["requestBody"]["content"].as_object()?;
        Some(&content.values().next()?["schema"])
    }

    /// A value as large as the schema allows, with lists of that many items; every string and list in it is recorded. A
    /// string must have a limit or be one of some words, and a list must have a limit.
    fn largest(&self, schema: &Value, items: usize, path: &[String], parts: &mut Vec<Part>) -> Value {
        let schema = self.document.resolved(schema);
        let schema = match schema["oneOf"].as_array() {
            Some(several) => {
                let value = several.iter().find(|it| it["type"] != "null").expect("something besides null");
                self.document.resolved(value)
            }
            None => schema,
        };
        let at = || format!("{}: {}", self.name, path.join("."));
        let limit = |name: &str| {
            let limit = schema[name].as_u64().unwrap_or_else(|| panic!("{} has no {name} in {schema}", at()));
            usize::try_from(limit).unwrap()
        };
        let is = |kind: &str| match &schema["type"] {
            Value::Array(several) => several.iter().any(|one| one == kind),
            one => one == kind,
        };
        if let Some(words) = schema["enum"].as_array() {
            return words.last().unwrap().clone();
        }
        if is("string") {
            let most = limit("maxLength");
            parts.push(Part { path: path.to_vec(), most });
            return json!("a".repeat(most));
        }
        if is("array") {
            let most = limit("maxItems");
            let below = |step: &str| [path, &[step.to_owned()]].concat();
            let item = self.largest(&schema["items"], items, &below("0"), parts);
            return json!(vec![item; items.min(most)]);
        }
        if is("object") {
            let mut members = Map::new();
            for (name, member) in schema["properties"].as_object().into_iter().flatten() {
                let below = [path, std::slice::from_ref(name)].concat();
                members.insert(name.clone(), self.largest(member, items, &below, parts));
            }
            return Value::Object(members);
        }
        if is("integer") {
            return schema.get("maximum").cloned().unwrap_or(json!(1));
        }
        assert!(is("boolean"), "{}: {schema}", at());
        json!(true)
    }
}

/// The value with the part at the path replaced; `None` if there is no such path.
fn with(mut value: Value, path: &[String], new: Value) -> Value {
    let Some((step, rest)) = path.split_first() else { return new };
    match &mut value {
        Value::Array(items) => items[0] = with(items[0].clone(), rest, new),
        other => {
            if other.is_null() {
                *other = json!({});
            }
            let within = other.get(step).cloned().unwrap_or_else(|| match rest.first() {
                Some(next) if next == "0" => json!([{}]),
                _ => Value::Null,
            });
            other[step.as_str()] = with(within, rest, new);
        }
    }
    value
}

fn encoded(name: &str, value: &str) -> String {
    crate::harness::query("", &[(name, value)]).trim_start_matches('?').to_owned()
}

impl Operation {
    fn also_asking(&self, name: &str, value: &str) -> Self {
        let mut path = self.path.clone();
        let separator = if path.contains('?') { '&' } else { '?' };
        // The table's own values are replaced.
        if let Some((before, query)) = self.path.split_once('?') {
            let kept = query.split('&').filter(|pair| !pair.starts_with(&format!("{name}=")));
            path = format!("{before}?{}", kept.collect::<Vec<_>>().join("&"));
        }
        path = format!("{path}{separator}{}", encoded(name, value));
        Self { path, ..self.clone() }
    }
}

/// Asserts that a response is neither an internal error nor too large.
#[track_caller]
fn is_bounded(name: &str, answer: &Answer) {
    assert!(answer.status < 500, "{name}: {} {}", answer.status, answer.text());
    assert!(answer.body.len() <= LARGEST_ANSWER, "{name}: {} bytes", answer.body.len());
}

async fn what_is_longer_than_the_document_says_is_refused_by_its_name(server: Server) {
    let (stage, me) = (Stage::set(&server, 0).await, Me::administrator(&server, 0).await);
    let (document, table) = (Document::of_the_routes(), table(&stage, &me));
    let before = server.head().await;
    let mut refused = 0;
    for name in document.operations() {
        let operation = table.iter().find(|operation| operation.name == name);
        let operation = operation.unwrap_or_else(|| panic!("{name} is in no table: what is its largest request?"));
        let described = Described::new(&document, &name);
        let mut longer = Vec::new();
        for (parameter, schema) in described.parameters("query") {
            let mut parts = Vec::new();
            described.largest(schema, 1, &[parameter.to_owned()], &mut parts);
            for part in parts {
                longer.push((part.clone(), operation.also_asking(parameter, &"a".repeat(part.most + 1))));
            }
        }
        if let Some(schema) = described.body() {
            let mut parts = Vec::new();
            described.largest(schema, 1, &[], &mut parts);
            for part in parts {
                let body = with(operation.body.clone().unwrap(), &part.path, json!("a".repeat(part.most + 1)));
                longer.push((part, Operation { body: Some(body), ..operation.clone() }));
            }
        }
        for (part, operation) in longer {
            let token = (!operation.public).then_some(&me.token);
            let answer = ask(&server, &operation, token, "longer").await;
            let text = answer.text();
            let known = matches!(answer.status, 400 | 413) && text.contains(part.name());
            // A bad question of several is denied by itself.
            let alone = answer.status == 200 && text.contains("\"status\":400") && text.contains(part.name());
            assert!(known || alone, "{name}: {part:?}: {} {text}", answer.status);
            // A malformed id gets an error that describes a valid one.
            let counted = part.most <= 36 || [part.most + 1, part.most].iter().all(|it| text.contains(&it.to_string()));
            assert!(counted, "{name}: {part:?}: {text}");
            refused += 1;
        }
        // Ids in paths: a malformed id is not found.
        for parameter in described.parameters("path").keys() {
            let (_, template) = name.split_once(' ').unwrap();
            let path = template.replace(&format!("{{{parameter}}}"), &"a".repeat(10_000));
            let answer = ask(&server, &Operation { path, ..operation.clone() }, Some(&me.token), "longer").await;
            assert!(matches!(answer.status, 400 | 404), "{name}: {} {}", answer.status, answer.text());
            assert!(answer.body.len() < 1000, "{name}: an answer does not grow with the path: {}", answer.text());
        }
        if described.parameters("header").contains_key("If-Match") {
            let asked =
                server.ask(&operation.method(), &operation.path).by(&me.token).header("if-match", &"1".repeat(1001));
            let asked = asked.json(operation.body.as_ref().unwrap_or(&json!({})));
            asked.send().await.refused(400).names("If-Match").names("1001").names("1000");
        }
    }
    assert!(refused > 100, "only {refused} strings are known");
    assert_eq!(server.head().await, before, "nothing changed");
}

async fn the_largest_requests_get_answers_of_bounded_size(server: Server) {
    let document = Document::of_the_routes();
    let (stage, me) = (Stage::set(&server, 0).await, Me::administrator(&server, 0).await);
    let table = table(&stage, &me);
    for name in document.operations() {
        // It ends this session, and has no input.
        if name == "delete /api/v1/session" {
            continue;
        }
        let mut operation = table.iter().find(|operation| operation.name == name).expect("an operation").clone();
        let described = Described::new(&document, &name);
        let sized = |items| {
            let schema = described.body()?;
            Some(described.largest(schema, items, &[], &mut Vec::new()))
        };
        // As many items as fit in a body.
        operation.body = [1000, 500, 250, 125, 60, 30]
            .into_iter()
            .filter_map(sized)
            .find(|body| body.to_string().len() <= 256 * 1024);
        let token = (!operation.public).then_some(&me.token);
        is_bounded(&name, &ask(&server, &operation, token, "largest").await);
        for (parameter, schema) in described.parameters("query") {
            let value = match described.largest(schema, 1, &[], &mut Vec::new()) {
                Value::String(text) => text,
                other => other.to_string(),
            };
            operation = operation.also_asking(parameter, &value);
        }
        is_bounded(&name, &ask(&server, &operation, token, "largest").await);
    }
}

/// Rules about the longest groups, in the longest project of the longest department of the longest cluster.
async fn full_pages_of_the_longest_names_stay_below_the_limit(server: Server) {
    let cluster = server.cluster(&longest('c')).await;
    let department = server.department(&longest('d'), &cluster).await;
    let project = server.project(&longest('p'), &cluster, &department).await;
    let email =
        format!("{}@{}.example.com", "a".repeat(64), ["b".repeat(60), "c".repeat(60), "d".repeat(50)].join("."));
    let scopes: Vec<Value> = [&cluster, &department, &project, &TestScope::account()]
        .map(|place| json!({ "scopeId": place.id, "scopeType": place.kind }))
        .into();
    // 500 rules, in requests that fit.
    for part in 0..5 {
        let subjects: Vec<Value> = (0..25)
            .map(|number| {
                let name: String = longest('g').chars().skip(4).collect();
                json!({ "subjectId": format!("{:04}{name}", part * 25 + number), "subjectType": "group" })
            })
            .collect();
        let payload = json!({ "payload": { "roleId": 1710, "subjects": subjects, "scopes": scopes } });
        let answer =
            server.post(&server.root, "/api/v1/authorization/access-rules/batch-create", payload.clone()).await;
        is_bounded("batch-create", &answer);
        assert_eq!(answer.ok()["succeeded"].as_array().unwrap().len(), 100, "{}", answer.text());
        // All of them exist already, and the errors repeat all their names.
        is_bounded(
            "batch-create",
            &server.post(&server.root, "/api/v1/authorization/access-rules/batch-create", payload).await,
        );
    }
    let (user, _) = server.user(&email).await;
    for place in [&cluster, &department, &project] {
        server.grant(&email, 7, place).await;
    }
    for (path, least) in [
        ("/api/v1/authorization/access-rules?limit=500".to_owned(), 500_000),
        ("/api/v1/authorization/access-rules?limit=500&includeDeleted=true".to_owned(), 500_000),
        ("/api/v1/users?limit=500".to_owned(), 100),
        (format!("/api/v1/users/access-rules?userIds={user}"), 3000),
        ("/api/v1/clusters".to_owned(), 1000),
        ("/api/v1/org-unit/departments?limit=500".to_owned(), 1000),
        ("/api/v1/org-unit/projects?limit=500".to_owned(), 1000),
        (format!("/api/v1/authorization/effective-permissions?limit=500&subjectType=user&subjectId={email}"), 3000),
        ("/api/v1/authorization/roles".to_owned(), 1000),
        ("/api/v1/authorization/permissions".to_owned(), 1000),
    ] {
        let answer = server.get(&server.root, &path).await;
        answer.ok();
        is_bounded(&path, &answer);
        assert!(answer.body.len() > least, "{path}: {} bytes", answer.body.len());
    }
    let group = longest('g').chars().skip(4).collect::<String>();
    let who = json!({ "type": "group", "id": format!("0000{group}") });
    let what = json!({ "type": "project", "id": format!("/{}/{}/{}", longest('c'), longest('d'), longest('p')) });
    let question = json!({ "subject": who, "action": { "name": "read" }, "resource": what });
    let answer = server.post(&server.root, "/access/v1/evaluation", question.clone()).await;
    assert_eq!(answer.ok()["decision"], true, "{}", answer.text());
    let mut questions = question.clone();
    questions["evaluations"] = json!(vec![json!({}); 1000]);
    let answer = server.post(&server.root, "/access/v1/evaluations", questions).await;
    is_bounded("evaluations", &answer);
    answer.refused(413).names("fewer");
    let who = json!({ "subject": { "type": "group" }, "action": { "name": "read" }, "resource": what });
    let answer = server.post(&server.root, "/access/v1/search/subject", who).await;
    assert_eq!(answer.ok()["results"].as_array().unwrap().len(), 100);
    is_bounded("search", &answer);
}

/// A 255 KB request once got a 120 MB response.
async fn one_long_subject_in_many_scopes_is_refused(server: Server) {
    const BATCH: &str = "/api/v1/authorization/access-rules/batch-create";
    let scopes = |id: &str| json!(vec![json!({ "scopeId": id, "scopeType": "project" }); 500]);
    let about = |subject: &str, scopes: Value| json!({ "payload": { "roleId": 7, "subjects": [{ "subjectId": subject, "subjectType": "group" }], "scopes": scopes } });
    let answer = server.post(&server.root, BATCH, about(&"a".repeat(230_000), scopes("1"))).await;
    answer.refused(400).names("payload.subjects[0].subjectId").names("230000").names("255");
    assert!(answer.body.len() < 1000);
    // The maximum length, in the characters that take the most room in a response.
    let answer = server.post(&server.root, BATCH, about(&"\u{1}".repeat(255), scopes(&"\u{1}".repeat(36)))).await;
    is_bounded("batch-create", &answer);
    assert_eq!(answer.ok()["failed"].as_array().unwrap().len(), 500);
    let ids = json!({ "ids": vec![1; 501], "action": "delete" });
    let answer = server.post(&server.root, "/api/v1/authorization/access-rules/batch", ids).await;
    answer.refused(400).names("ids").names("501").names("500");
    // Other bodies are small, so a large one is not among them.
    let padded = json!({ "name": "berlin", "padding": "a".repeat(70_000) });
    server.post(&server.root, "/api/v1/clusters", padded).await.refused(413).names("64 KiB");
}
