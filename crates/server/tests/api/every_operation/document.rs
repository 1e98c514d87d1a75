//! The API document, and whether a response matches it.

use serde_json::{Map, Value, json};

use super::table::Operation;
use crate::harness::Answer;

/// The document of the routes.
#[derive(Debug)]
pub struct Document(Value);

impl Document {
    pub fn of_the_routes() -> Self {
        Self(serde_json::to_value(rolecall::http::router::document()).unwrap())
    }

    /// The checked-in file.
    pub fn checked_in() -> Self {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi.json");
        Self(serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap())
    }

    pub fn json(&self) -> &Value {
        &self.0
    }

    /// Method and path of every operation.
    pub fn operations(&self) -> Vec<String> {
        let paths = self.0["paths"].as_object().unwrap();
        let of_path = |(path, methods): (&String, &Value)| -> Vec<_> {
            methods.as_object().unwrap().keys().map(|method| format!("{method} {path}")).collect()
        };
        paths.iter().flat_map(of_path).collect()
    }

    fn described(&self, operation: &Operation) -> &Value {
        let (method, path) = operation.name.split_once(' ').unwrap();
        &self.0["paths"][path][method]
    }

    /// Whether the document says that it needs no token.
    pub fn is_public(&self, operation: &Operation) -> bool {
        self.described(operation)["security"] == json!([{}])
    }

    fn responses(&self, operation: &Operation) -> &Map<String, Value> {
        self.described(operation)["responses"].as_object().unwrap()
    }

    /// Its single success status; signing out has another for people who go on to their identity provider.
    pub fn success(&self, operation: &Operation) -> u16 {
        let elsewhere = if operation.name == "delete /api/v1/session" { "200" } else { "" };
        let statuses =
            self.responses(operation).keys().filter(|status| status.starts_with('2') && *status != elsewhere);
        let statuses: Vec<_> = statuses.collect();
        let [status] = statuses[..] else { panic!("{}: succeeds with {statuses:?}", operation.name) };
        status.parse().unwrap()
    }

    /// Asserts that the response is documented for the operation, with the documented body.
    #[track_caller]
    pub fn has(&self, operation: &Operation, answer: &Answer) {
        let (status, class) = (answer.status.to_string(), format!("{}XX", answer.status / 100));
        let responses = self.responses(operation);
        let response = responses.get(&status).or_else(|| responses.get(&class));
        let response = response.unwrap_or_else(|| panic!("{}: {status} is not in the document", operation.name));
        match response.get("content").and_then(Value::as_object) {
            None => assert!(answer.body.is_empty(), "{}: no body is documented: {}", operation.name, answer.text()),
            Some(content) => {
                let told = answer.header("content-type").unwrap_or_default();
                let documented = content.iter().find(|(media_type, _)| told.starts_with(media_type.as_str()));
                let (media_type, body) =
                    documented.unwrap_or_else(|| panic!("{}: {told}, not {content:?}", operation.name));
                if media_type == "application/json" {
                    self.fits(&body["schema"], &answer.json(), operation.name);
                }
            }
        }
    }

    /// Asserts that a value matches the schema with that name.
    #[track_caller]
    pub fn describes(&self, schema: &str, value: &Value) {
        self.fits(&json!({ "$ref": format!("#/components/schemas/{schema}") }), value, schema);
    }

    /// Whether a value has the types and members of the schema, and no unknown members.
    #[track_caller]
    fn fits(&self, schema: &Value, value: &Value, at: &str) {
        if let Some(wrong) = self.misfit(schema, value, at) {
            panic!("{wrong}");
        }
    }

    /// The first thing that does not fit; `None` where all does.
    fn misfit(&self, schema: &Value, value: &Value, at: &str) -> Option<String> {
        let schema = &self.resolved(schema);
        if let Some(several) = schema["oneOf"].as_array() {
            let misfits: Vec<_> = several.iter().filter_map(|one| self.misfit(one, value, at)).collect();
            let fitting = several.len() - misfits.len();
            return (fitting != 1).then(|| format!("{at}: {value} fits {fitting} of the schemas: {misfits:?}"));
        }
        let types = match &schema["type"] {
            Value::String(one) => vec![one.as_str()],
            Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
            // Any value.
            _ => return None,
        };
        let its_type = match value {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(_) => "integer",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        };
        if !types.contains(&its_type) {
            return Some(format!("{at}: is to be {types:?} and is {value}"));
        }
        if let (Some(words), false) = (schema["enum"].as_array(), value.is_null())
            && !words.contains(value)
        {
            return Some(format!("{at}: {value} is not one of {words:?}"));
        }
        for (number, item) in value.as_array().into_iter().flatten().enumerate() {
            let wrong = self.misfit(&schema["items"], item, &format!("{at}[{number}]"));
            if wrong.is_some() {
                return wrong;
            }
        }
        let members = value.as_object()?;
        for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            if !members.contains_key(name) {
                return Some(format!("{at}: {name} is required and is not in {value}"));
            }
        }
        members.iter().find_map(|(name, member)| match schema["properties"].get(name) {
            Some(known) => self.misfit(known, member, &format!("{at}.{name}")),
            None => Some(format!("{at}: {name} is in no schema")),
        })
    }

    /// The schema itself, where this is a reference to one or is made of several.
    pub fn resolved(&self, schema: &Value) -> Value {
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            let known = self.0.pointer(reference.trim_start_matches('#'));
            return self.resolved(known.unwrap_or_else(|| panic!("{reference} leads nowhere")));
        }
        let Some(parts) = schema.get("allOf").and_then(Value::as_array) else { return schema.clone() };
        let (mut required, mut properties) = (Vec::new(), Map::new());
        for part in parts.iter().map(|part| self.resolved(part)) {
            required.extend(part["required"].as_array().into_iter().flatten().cloned());
            properties.extend(part["properties"].as_object().cloned().unwrap_or_default());
        }
        json!({ "type": "object", "required": required, "properties": properties })
    }
}
