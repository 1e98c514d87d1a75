//! The filter and sort fields of clusters, departments and projects. The node is `n`.
//!
//! For a node that is visible by name only, other fields are read through the `open_…` columns, which are empty for it:
//! a filter must not reveal a hidden date.

use rolecall_core::filter::Field;
use rolecall_core::org::ScopeKind;

use super::column::{Column, fields, names};

const NAME: Column = Column::text("name", "n.name", "n.name_key");
const CLUSTER: Column = Column::lower_text("clusterId", "n.cluster");
const CREATED_AT: Column = Column::date_or_null("createdAt", "n.open_created_at");
const UPDATED_AT: Column = Column::date_or_null("updatedAt", "n.open_updated_at");
const CREATED_BY: Column = Column::text_or_null("createdBy", "n.open_created_by", "lower(n.open_created_by)");

pub(super) const CLUSTERS: [Column; 5] =
    [NAME, Column::lower_text("uuid", "n.cluster"), CREATED_AT, UPDATED_AT, CREATED_BY];
pub(super) const DEPARTMENTS: [Column; 5] = [NAME, CLUSTER, CREATED_AT, UPDATED_AT, CREATED_BY];
pub(super) const PROJECTS: [Column; 9] = [
    NAME,
    CLUSTER,
    CREATED_AT,
    UPDATED_AT,
    CREATED_BY,
    Column::elsewhere("departmentId", ("p.id", "p.id"), IN_PARENTS, JOIN_PARENTS),
    Column::elsewhere("parentId", ("p.id", "p.id"), IN_PARENTS, JOIN_PARENTS),
    Column::elsewhere("parentName", ("p.name", "p.name_key"), IN_PARENTS, JOIN_PARENTS),
    Column::words(
        "phase",
        "n.deleted_at",
        &[("Ready", "n.deleted_at IS NULL"), ("Deleting", "n.deleted_at IS NOT NULL")],
    ),
];

/// The columns of that level.
pub(super) const fn columns(kind: ScopeKind) -> &'static [Column] {
    match kind {
        ScopeKind::Account | ScopeKind::Cluster => &CLUSTERS,
        ScopeKind::Department => &DEPARTMENTS,
        ScopeKind::Project => &PROJECTS,
    }
}

const IN_PARENTS: &str = "n.parent IN (SELECT p.scope FROM nodes p WHERE ";
const JOIN_PARENTS: &str = " JOIN nodes p ON p.scope = n.parent";

/// What clusters can be filtered by.
pub const CLUSTER_FIELDS: &[Field] = &fields(&CLUSTERS);
/// What clusters can be sorted by.
pub const CLUSTER_SORTS: &[&str] = &names(&CLUSTERS);
/// What departments can be filtered by.
pub const DEPARTMENT_FIELDS: &[Field] = &fields(&DEPARTMENTS);
/// What departments can be sorted by.
pub const DEPARTMENT_SORTS: &[&str] = &names(&DEPARTMENTS);
/// What projects can be filtered by.
pub const PROJECT_FIELDS: &[Field] = &fields(&PROJECTS);
/// What projects can be sorted by.
pub const PROJECT_SORTS: &[&str] = &names(&PROJECTS);
