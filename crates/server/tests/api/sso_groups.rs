//! How far a provider's word about groups is believed.

use std::time::Duration;

use serde_json::{Value, json};

use rolecall::app::sso::forget_old_groups;

use crate::harness::{Answer, Provider, Server, on_both_databases};

on_both_databases!(
    no_word_about_groups_is_refused_or_keeps_the_known_ones,
    another_person_keeps_no_groups_of_the_one_before,
    a_word_that_is_too_old_stops_counting,
    a_word_that_is_forgotten_during_a_sign_in_is_not_lost,
    groups_of_many_people_do_not_vanish_at_once,
);

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

async fn provider(server: &Server) -> Provider {
    let provider = Provider::start().await;
    provider.script(|script| script.userinfo = json!({}));
    server.post(&server.root, "/api/v1/idps", provider.settings()).await.created();
    provider
}

async fn sign_in(server: &Server, provider: &Provider, name: &str, groups: Value) -> Answer {
    let person = json!({ "sub": name, "email": format!("{name}@example.org"), "groups": groups });
    provider.script(|script| script.userinfo = json!({ "sub": name }));
    server.sign_in_with(provider, person).await
}

async fn groups(server: &Server, session: &str) -> Value {
    server.ask("GET", "/api/v1/session").header("cookie", session).send().await.ok()["groups"].clone()
}

async fn no_word_about_groups_is_refused_or_keeps_the_known_ones(server: Server) {
    let provider = provider(&server).await;
    sign_in(&server, &provider, "nia", json!(["a"])).await.session();
    assert_eq!(sign_in(&server, &provider, "nia", json!(null)).await.problem(), "groups-absent");
    let mut settings = provider.settings();
    settings["groupsAbsent"] = json!("keep");
    server.put(&server.root, "/api/v1/idps/oidc", settings).await.done();
    // A client that knows nothing of it leaves it as it is.
    server.put(&server.root, "/api/v1/idps/oidc", provider.settings()).await.done();
    assert_eq!(server.get(&server.root, "/api/v1/idps/oidc").await.ok()["groupsAbsent"], "keep");
    let head = server.head().await;
    let nia = sign_in(&server, &provider, "nia", json!(null)).await.session();
    assert_eq!(groups(&server, &nia).await, json!(["a"]));
    assert_eq!(server.head().await, head, "nothing changed");
    let newcomer = sign_in(&server, &provider, "max", json!(null)).await.session();
    assert_eq!(groups(&server, &newcomer).await, json!([]));
    // Leaving empty lists out is not leaving out what is too much.
    let mut settings = provider.settings();
    settings["groupsAbsent"] = json!("none");
    server.put(&server.root, "/api/v1/idps/oidc", settings).await.done();
    provider.script(|script| script.userinfo = json!({ "sub": "nia" }));
    let many = json!({ "sub": "nia", "email": "nia@example.org", "_claim_names": { "groups": "src1" } });
    assert_eq!(server.sign_in_with(&provider, many).await.problem(), "groups-absent");
    let nia = sign_in(&server, &provider, "nia", json!(null)).await.session();
    assert_eq!(groups(&server, &nia).await, json!([]));
    let mut wrong = provider.settings();
    wrong["groupsAbsent"] = json!("guess");
    server.put(&server.root, "/api/v1/idps/oidc", wrong).await.refused(400).names("groupsAbsent");
}

async fn another_person_keeps_no_groups_of_the_one_before(server: Server) {
    let provider = provider(&server).await;
    let mut settings = provider.settings();
    settings["groupsAbsent"] = json!("keep");
    server.put(&server.root, "/api/v1/idps/oidc", settings).await.done();
    sign_in(&server, &provider, "nia", json!(["admins"])).await.session();
    let id = server.id_of("nia@example.org").await;
    server.delete(&server.root, &format!("/api/v1/users/{id}/binding")).await.done();
    provider.script(|script| script.userinfo = json!({ "sub": "other" }));
    let other = json!({ "sub": "other", "email": "nia@example.org", "groups": null });
    let session = server.sign_in_with(&provider, other).await.session();
    assert_eq!(groups(&server, &session).await, json!([]));
}

async fn a_word_that_is_too_old_stops_counting(server: Server) {
    let provider = provider(&server).await;
    let mut settings = provider.settings();
    settings["groupsAbsent"] = json!("keep");
    server.put(&server.root, "/api/v1/idps/oidc", settings).await.done();
    let berlin = server.cluster("berlin").await;
    server.grant_to("group", "a", 5, &berlin).await;
    sign_in(&server, &provider, "nia", json!(["a"])).await.session();
    server.later(6 * DAY).await;
    assert_eq!(forget_old_groups(&server.app).await.unwrap(), 0);
    // No word is none.
    let nia = sign_in(&server, &provider, "nia", json!(null)).await.session();
    let sees = || server.ask("GET", "/api/v1/clusters").header("cookie", &nia);
    assert_eq!(sees().send().await.ok().as_array().unwrap().len(), 1);
    server.later(DAY + Duration::from_secs(1)).await;
    let nia = sign_in(&server, &provider, "nia", json!(null)).await.session();
    assert_eq!(forget_old_groups(&server.app).await.unwrap(), 1);
    assert_eq!(forget_old_groups(&server.app).await.unwrap(), 0);
    assert_eq!(groups(&server, &nia).await, json!([]), "also in the running session");
    let nia = sign_in(&server, &provider, "nia", json!(["a"])).await.session();
    assert_eq!(groups(&server, &nia).await, json!(["a"]));
    // Records of users whom nobody has described yet are not forgotten, however old.
    server.later(30 * DAY).await;
    assert_eq!(forget_old_groups(&server.app).await.unwrap(), 1, "of that user alone");
}

async fn a_word_that_is_forgotten_during_a_sign_in_is_not_lost(server: Server) {
    let provider = provider(&server).await;
    sign_in(&server, &provider, "nia", json!(["a"])).await.session();
    let replica = server.replica().await;
    server.later(8 * DAY).await;
    // The other server forgets, and this one has not heard of it: it does not open a session without the groups.
    replica.later(8 * DAY).await;
    assert_eq!(forget_old_groups(&replica.app).await.unwrap(), 1);
    assert_eq!(sign_in(&server, &provider, "nia", json!(["a"])).await.problem(), "changed-meanwhile");
    server.later(Duration::from_secs(1)).await;
    let session = sign_in(&server, &provider, "nia", json!(["a"])).await.session();
    assert_eq!(groups(&server, &session).await, json!(["a"]));
}

async fn groups_of_many_people_do_not_vanish_at_once(server: Server) {
    let provider = provider(&server).await;
    let names = ["p0", "p1", "p2", "p3", "p4", "p5"];
    for name in names {
        sign_in(&server, &provider, name, json!(["a"])).await.session();
    }
    let held = async || server.get(&server.root, "/api/v1/idps/oidc").await.ok()["groupsHeld"].clone();
    assert_eq!(held().await, false);
    let mut kept = Vec::new();
    for name in names {
        let session = sign_in(&server, &provider, name, json!([])).await.session();
        kept.push(groups(&server, &session).await == json!(["a"]));
    }
    assert_eq!(kept, [false, false, false, false, true, true]);
    assert_eq!(held().await, true);
    let metrics = server.ask("GET", "/metrics").send().await.text();
    assert!(metrics.contains("rolecall_sign_ins_with_held_groups_total 2"), "{metrics}");
    // One group less is no reason.
    let session = sign_in(&server, &provider, "p0", json!(["b"])).await.session();
    assert_eq!(groups(&server, &session).await, json!(["b"]));
    // Where it is meant, an administrator saves the provider again.
    server.put(&server.root, "/api/v1/idps/oidc", provider.settings()).await.done();
    assert_eq!(held().await, false);
    let session = sign_in(&server, &provider, "p5", json!([])).await.session();
    assert_eq!(groups(&server, &session).await, json!([]));
    // An hour later those before count no more.
    server.later(Duration::from_secs(3601)).await;
    let session = sign_in(&server, &provider, "p4", json!([])).await.session();
    assert_eq!(groups(&server, &session).await, json!([]));
}
