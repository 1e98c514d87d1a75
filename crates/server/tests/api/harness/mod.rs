//! The harness: a fresh server for each test, on each database, called in-process over its real router.
//!
//! It sends requests and parses responses; the tests assert their contents.

mod answer;
mod database;
mod held;
mod organisation;
pub mod people;
mod provider;
mod request;
pub mod saml;
pub mod saml_out;
mod server;
mod token;

pub use answer::Answer;
pub use database::{with_postgres, with_sqlite};
pub use organisation::TestScope;
pub use people::{GIA, PLATFORM, ROOT, ROOTS_PASSWORD, RULES, SOL, rule};
pub use provider::{Provider, parameters};
pub use request::query;
pub use saml::{SamlProvider, Says};
pub use server::{Options, Server};
pub use token::{Token, Tokens, claims, forged, resigned};

/// Makes two tests of each function, one per database. A function takes a [`Server`], or after `databases:` a
/// `Database` that is not open yet.
macro_rules! on_both_databases {
    (databases: $($name:ident),* $(,)?) => {
        mod databases_sqlite { $(
            #[tokio::test]
            async fn $name() { crate::harness::with_sqlite(super::$name).await; }
        )* }
        mod databases_postgres { $(
            #[tokio::test]
            async fn $name() { crate::harness::with_postgres(super::$name).await; }
        )* }
    };
    ($($name:ident),* $(,)?) => {
        mod sqlite { $(
            #[tokio::test]
            async fn $name() {
                crate::harness::with_sqlite(|it| crate::harness::Server::run(it, super::$name)).await;
            }
        )* }
        mod postgres { $(
            #[tokio::test]
            async fn $name() {
                crate::harness::with_postgres(|it| crate::harness::Server::run(it, super::$name)).await;
            }
        )* }
    };
}
pub(crate) use on_both_databases;
