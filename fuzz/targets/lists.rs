//! Any query string to each list, on the real router and a real SQLite with the sample organisation: it is answered or
//! refused, and the list agrees with its count. So each filter that is understood becomes SQL that a database takes.
//!
//! An input is a digit that chooses the list, a letter that chooses who asks (`r` is root, anything else a Department
//! administrator), and the query string, where what a URL cannot hold is percent-encoded for it.
#![no_main]

mod server;

use std::sync::OnceLock;

use libfuzzer_sys::{Corpus, fuzz_target};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde_json::Value;

use server::Server;

/// The lists, and which member of the answer holds the rows; all have a count beside them.
const LISTS: [(&str, &str); 6] = [
    ("/api/v1/users", ""),
    ("/api/v1/authorization/access-rules", "/accessRules"),
    ("/api/v1/org-unit/departments", "/departments"),
    ("/api/v1/org-unit/projects", "/projects"),
    ("/api/v1/clusters", ""),
    ("/api/v1/authorization/me/access-rules", "/accessRules/accessRules"),
];

/// What the query of a URL cannot hold. Percent signs stay what they are, so that anything can be sent.
const NOT_IN_A_QUERY: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'<').add(b'>');

static SERVER: OnceLock<Server> = OnceLock::new();

// Making the server takes seconds, which no input is to be blamed for.
fuzz_target!(init: { SERVER.get_or_init(Server::start) }, |data: &[u8]| -> Corpus {
    let [list, who, query @ ..] = data else { return Corpus::Reject };
    let Some((path, rows)) = LISTS.get(usize::from(list.wrapping_sub(b'0'))) else { return Corpus::Reject };
    let server = SERVER.get_or_init(Server::start);
    let token = if *who == b'r' { &server.root } else { &server.department_administrator };
    let query = String::from_utf8_lossy(query);
    let query = utf8_percent_encode(&query, NOT_IN_A_QUERY);

    let Some((status, page)) = server.get(&format!("{path}?{query}"), token) else { return Corpus::Reject };
    if status != 200 {
        refused(status, &page);
        return Corpus::Keep;
    }
    let page = page.pointer(rows).and_then(Value::as_array).expect("a list");
    let (status, count) = server.get(&format!("{path}/count?{query}"), token).expect("the same query string");
    assert_eq!(status, 200, "a caller who may list may count: {count}");
    let count = count["count"].as_u64().expect("a number");
    assert!(page.len() <= 500 && page.len() as u64 <= count, "{} of {count}", page.len());
    Corpus::Keep
});

fn refused(status: u16, body: &Value) {
    let message = body["message"].as_str().unwrap_or_default();
    assert!(status == 400 && !message.is_empty() && message.len() < 1000, "{status} {body}");
}
