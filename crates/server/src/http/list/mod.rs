//! Parameters that lists share: filter and search, order, page. Each list has a [`Vocabulary`], from which parser and
//! document are made.

mod filtering;
mod paging;
mod sorting;
mod vocabulary;

use serde::Serialize;
use utoipa::ToSchema;

pub use filtering::{FilterBy, Filtering};
pub use paging::{ALL, Limit, MOST, Offset, Paging, USUAL};
pub use sorting::Sorting;
pub use vocabulary::{Clusters, Departments, Projects, Roles, Rules, Users, Vocabulary};

/// How many there are.
#[derive(Debug, Serialize, ToSchema)]
pub struct Count {
    /// How many match.
    pub count: u64,
}
