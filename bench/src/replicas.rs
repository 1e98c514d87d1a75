//! How soon a change is seen, by the server that made it and by another one on the same PostgreSQL.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::measure::Spread;
use crate::report::{Report, time};
use crate::server::{Server, took};

/// A change that is not seen for so long never will be.
const NEVER: Duration = Duration::from_secs(10);

/// Makes so many changes on one server and asks both until they decide by them. `url` is an empty database.
pub fn measure(rolecall: &Path, url: &str, count: usize, report: &mut Report) {
    eprintln!("two servers on PostgreSQL: {count} changes");
    let storage = ["--database-url".as_ref(), url.as_ref()];
    let (here, there) = (Server::start(rolecall, storage, None), Server::start(rolecall, storage, None));
    let token = here.sign_in();
    let cluster = here.post("/api/v1/clusters", Some(&token), &json!({ "name": "berlin" }).to_string());
    let cluster = cluster["uuid"].as_str().expect("an id").to_owned();
    let question = json!({
        "subject": { "type": "user", "id": "ana@example.com" },
        "action": { "name": "read" },
        "resource": { "type": "workloads", "id": format!("cluster:{cluster}") },
    });
    let question = question.to_string();
    let rule = json!({
        "subjectId": "ana@example.com",
        "subjectType": "user",
        "roleId": viewer(),
        "scopeId": cluster,
        "scopeType": "cluster",
    });
    let decides = |server: &Server| {
        server.post("/access/v1/evaluation", Some(&token), &question)["decision"] == Value::Bool(true)
    };
    seen(&there, decides, false);

    let (mut changing, mut lag) = (Vec::new(), Vec::new());
    let mut made = None;
    for n in 0..count {
        let wanted = n % 2 == 0;
        let (change, answer) = took(|| match made.take() {
            None => here.post("/api/v1/authorization/access-rules", Some(&token), &rule.to_string()),
            Some(id) => here.delete(&format!("/api/v1/authorization/access-rules/{id}"), &token),
        });
        let answered = Instant::now();
        assert_eq!(decides(&here), wanted, "the server that made the change decides by it from then on");
        seen(&there, decides, wanted);
        lag.push(answered.elapsed());
        changing.push(change);
        if wanted {
            made = Some(answer["id"].clone());
        }
    }
    let (changing, lag) = (Spread::of(changing), Spread::of(lag));
    report.heading("How soon a change is seen");
    report.line(&format!(
        "{count} rules made and removed on one of two servers on one PostgreSQL, from its answer until a decision shows it; \
         asking takes part of that."
    ));
    report.table(&["", "median", "p99"]);
    report.row(&["on the server that made it", "at once", "at once"]);
    report.row(&["on the other one", &time(lag.median), &time(lag.p99)]);
    report.row(&["the change itself, until its answer", &time(changing.median), &time(changing.p99)]);
}

fn seen(server: &Server, decides: impl Fn(&Server) -> bool, wanted: bool) {
    let began = Instant::now();
    while decides(server) != wanted {
        assert!(began.elapsed() < NEVER, "the other server has not seen the change for {NEVER:?}");
    }
}

/// A role that may see workloads and little else.
fn viewer() -> i32 {
    let roles = rolecall_core::catalogue::PredefinedRole::all();
    roles.iter().find(|role| role.name == "Viewer").expect("a role").id.number()
}
