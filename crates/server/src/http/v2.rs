//! The second version of the token endpoint.

pub mod token;
