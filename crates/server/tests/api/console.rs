//! The console's addresses: pages, files, and those of the API. It does not matter here whether a console was built:
//! without one, a page that says so replaces it.

use crate::harness::{Answer, Server, on_both_databases};

on_both_databases!(every_address_of_the_console_is_its_page, what_is_no_page_is_not_found);

const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

async fn open(server: &Server, path: &str) -> Answer {
    server.ask("GET", path).header("accept", BROWSER).send().await
}

async fn every_address_of_the_console_is_its_page(server: Server) {
    for path in ["/", "/sign-in", "/access/users?filterBy=username=@ana", "/no/such/page", "/apiary"] {
        let page = open(&server, path).await;
        assert_eq!(page.status, 200, "{path}");
        assert!(page.header("content-type").unwrap().starts_with("text/html"), "{path}");
        assert!(page.text().contains("<title>Rolecall</title>"), "{path}");
        assert_eq!(page.header("cache-control"), Some("no-cache"), "{path}");
        assert_eq!(page.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(page.header("referrer-policy"), Some("no-referrer"), "{path}");
        let policy = page.header("content-security-policy").unwrap();
        assert!(policy.contains("default-src 'none'; script-src 'self'; style-src 'self';"), "{policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
    }
    let page = open(&server, "/").await;
    let again = server.ask("GET", "/").header("if-none-match", page.header("etag").unwrap()).send().await;
    assert_eq!(again.status, 304);
    assert!(again.body.is_empty());
}

async fn what_is_no_page_is_not_found(server: Server) {
    for path in ["/api", "/api/", "/api/v1/nothing", "/assets/gone-4f2a.js", "/assets/../index.html"] {
        open(&server, path).await.refused(404).names(path);
    }
    // A script with a wrong address gets an error; it did not request a page.
    server.ask("GET", "/acess/v1/evaluation").header("accept", "application/json").send().await.refused(404);
    server.ask("GET", "/access/users").send().await.refused(404);
    server.ask("POST", "/access/users").header("accept", BROWSER).send().await.refused(404);
}

/// If a console was built, the tests above use it.
#[test]
fn the_page_in_its_place_is_one_that_the_policy_lets_be() {
    let page = include_str!("../../src/http/console/absent.html");
    assert!(page.contains("<title>Rolecall</title>"));
    assert!(!page.contains("<script") && !page.contains("<style") && !page.contains("style="), "{page}");
}
