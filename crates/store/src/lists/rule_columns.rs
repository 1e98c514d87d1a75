//! The filter and sort fields of access rules. The rule is `r`.

use rolecall_core::filter::Field;

use super::column::{Column, fields, names};

pub(super) const COLUMNS: [Column; 13] = [
    Column::integer("id", "r.id"),
    Column::text("subjectId", "r.subject", "r.subject_key"),
    Column::words(
        "subjectType",
        "r.subject_type",
        &[
            ("user", "r.subject_type = 'user'"),
            ("group", "r.subject_type = 'group'"),
            (SERVICE_ACCOUNT, "r.subject_type = 'service-account'"),
        ],
    ),
    Column::integer("roleId", "r.role"),
    Column::elsewhere("scopeId", ("n.id", "n.id"), IN_NODES, JOIN_NODES),
    Column::words(
        "scopeType",
        "CASE WHEN r.scope < 'department:' THEN 1 WHEN r.scope < 'project:' THEN 2 WHEN r.scope < 'tenant' THEN 3 ELSE 4 END",
        // Keys start with the kind, and `;` sorts after `:`.
        &[
            ("tenant", "r.scope = 'tenant'"),
            ("cluster", "r.scope >= 'cluster:' AND r.scope < 'cluster;'"),
            ("department", "r.scope >= 'department:' AND r.scope < 'department;'"),
            ("project", "r.scope >= 'project:' AND r.scope < 'project;'"),
        ],
    ),
    Column::elsewhere(
        "roleName",
        ("o.name", "o.name_key"),
        "r.role IN (SELECT o.id FROM roles o WHERE ",
        " JOIN roles o ON o.id = r.role",
    ),
    Column::elsewhere("scopeName", ("n.name", "n.name_key"), IN_NODES, JOIN_NODES),
    Column::date("createdAt", "r.created_at"),
    Column::date_or_null("deletedAt", "r.deleted_at"),
    Column::text("createdBy", "r.created_by", "lower(r.created_by)"),
    Column::words(
        "phase",
        "CASE WHEN r.deleted_at IS NULL THEN 2 ELSE 1 END",
        &[("Ready", "r.deleted_at IS NULL"), ("Deleting", "r.deleted_at IS NOT NULL")],
    ),
    Column::date("updatedAt", "r.updated_at"),
];

const IN_NODES: &str = "r.scope IN (SELECT n.scope FROM nodes n WHERE ";
const JOIN_NODES: &str = " JOIN nodes n ON n.scope = r.scope";

/// The filter's words for service accounts: `app` is the old one.
pub(super) const SERVICE_ACCOUNT: &str = "service-account";

/// What access rules can be filtered by.
pub const RULE_FIELDS: &[Field] = &fields(&COLUMNS);

/// What access rules can be sorted by.
pub const RULE_SORTS: &[&str] = &names(&COLUMNS);
