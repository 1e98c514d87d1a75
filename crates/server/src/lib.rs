//! Rolecall, the server: configuration, use cases, HTTP, the in-memory engine and jobs.
//!
//! | folder | what it owns |
//! |---|---|
//! | [`cli`] | the command line: `serve`, `admin`, `doctor`, `openapi` |
//! | [`config`] | settings, from the command line, the environment and a file |
//! | [`app`] | the use cases: what happens between a parsed request and the store |
//! | [`engine`] | the world in memory, kept at the head of the change feed |
//! | [`outbound`] | requests to identity providers, with their guard |
//! | [`http`] | parsing requests, writing responses, the generated API document |
//!
//! HTTP types must not appear in `app`, SQL must not appear here at all, and only `rolecall_core` decides about access.

pub mod app;
pub mod cli;
pub mod clock;
pub mod config;
pub mod engine;
pub mod http;
pub mod outbound;
pub mod random;
