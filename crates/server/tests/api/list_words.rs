//! The words of each list: what the API document names is what the server reads, and nothing else.

use serde_json::{Value, json};

use crate::harness::{Server, on_both_databases, query};

on_both_databases!(every_documented_field_filters, every_documented_order_sorts);

/// The parameter of that name of each list that has one.
fn lists_with(name: &str) -> Vec<(String, Value)> {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi.json");
    let document: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let found: Vec<_> = paths
        .iter()
        .flat_map(|(path, item)| {
            let parameters = item["get"]["parameters"].as_array().into_iter().flatten();
            parameters.filter(|it| it["name"] == name).map(|it| (path.clone(), it["schema"].clone()))
        })
        .collect();
    assert!(found.len() >= 8, "{name}: {found:?}");
    found
}

async fn every_documented_field_filters(server: Server) {
    for (path, schema) in lists_with("filterBy") {
        let Some(fields) = schema["x-filter-fields"].as_object() else {
            assert_eq!(path, "/api/v1/users-minimal", "only this one takes fewer operators than its field has");
            continue;
        };
        for (field, kind) in fields {
            let (right, wrong) = match kind.as_str().unwrap() {
                "text" => ("=@a", "=~a"),
                "date" => (">=2026-01-01", "==soon"),
                "bool" => ("==true", "==maybe"),
                "integer" => ("<=7", "==seven"),
                "scope" => ("==tenant:1001", "==tenant"),
                other => panic!("{path}: {field} holds {other}"),
            };
            let ask = |test: &str| query(&path, &[("filterBy", format!("{field}{test}").as_str())]);
            assert_eq!(server.get(&server.root, &ask(right)).await.status, 200, "{path} {field}{right}");
            server.get(&server.root, &ask(wrong)).await.refused(400).names("filterBy").names(field);
        }
        let unknown = query(&path, &[("filterBy", "colour==red")]);
        let refused = server.get(&server.root, &unknown).await.refused(400);
        for field in fields.keys() {
            refused.names(field);
        }
    }
}

async fn every_documented_order_sorts(server: Server) {
    for (path, schema) in lists_with("sortBy") {
        for by in schema["enum"].as_array().unwrap() {
            for order in ["asc", "desc"] {
                let ask = query(&path, &[("sortBy", by.as_str().unwrap()), ("sortOrder", order)]);
                assert_eq!(server.get(&server.root, &ask).await.status, 200, "{ask}");
            }
        }
        let refused = server.get(&server.root, &query(&path, &[("sortBy", "colour")])).await.refused(400);
        for by in schema["enum"].as_array().unwrap() {
            refused.names(by.as_str().unwrap());
        }
        assert_ne!(schema["enum"], json!([]), "{path}");
    }
}
