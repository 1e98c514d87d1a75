//! The fields by which each list is filtered and sorted. A test compares the console's with these.

use rolecall_core::filter::Field;
use rolecall_core::lists::{ROLE_FIELDS, ROLE_SORTS};
use rolecall_store::{
    CLUSTER_FIELDS, CLUSTER_SORTS, DEPARTMENT_FIELDS, DEPARTMENT_SORTS, PROJECT_FIELDS, PROJECT_SORTS, RULE_FIELDS,
    RULE_SORTS, USER_FIELDS, USER_SORTS,
};

/// The fields of a list.
pub trait Vocabulary {
    /// What `filterBy` takes.
    const FIELDS: &'static [Field];
    /// What `sortBy` takes.
    const SORTS: &'static [&'static str];
    /// More about `filterBy`, for the document.
    const NOTE: &'static str = "";
    /// An example of `filterBy`, for the document.
    const EXAMPLE: &'static str;
    /// What `search` looks through.
    const SEARCHED: &'static str;
    /// The order without `sortBy`.
    const USUAL_ORDER: &'static str = "by name";
}

/// Users.
#[derive(Debug, Clone, Copy)]
pub enum Users {}

impl Vocabulary for Users {
    const FIELDS: &'static [Field] = USER_FIELDS;
    const SORTS: &'static [&'static str] = USER_SORTS;
    const NOTE: &'static str = "`accessRules` is the number of access rules that the user holds, by name and through their \
        groups, among those that the caller sees. `roleId`, `roleName` and `accessIn` find users who hold such an access rule, \
        by name or through a group, among the rules that the caller sees. `accessIn==department:7` (a scope's type and id) is a \
        rule in that scope or above it; no user has access in a scope that the caller does not see. Several of these three, such \
        as `roleName==Viewer,accessIn==department:7`, must be true of one and the same rule. With `!=` or `!@` a condition \
        stands alone and is the exact opposite: users who hold no such rule.";
    const EXAMPLE: &'static str = "username=@ana,isLocal==true";
    const SEARCHED: &'static str = "the email, or the first and last name with a space between them";
}

/// Access rules.
#[derive(Debug, Clone, Copy)]
pub enum Rules {}

impl Vocabulary for Rules {
    const FIELDS: &'static [Field] = RULE_FIELDS;
    const SORTS: &'static [&'static str] = RULE_SORTS;
    const EXAMPLE: &'static str = "roleName=@administrator,createdAt>=2026-01-01";
    const SEARCHED: &'static str = "the subject, the role's name or the scope's name";
    const USUAL_ORDER: &'static str = "by id";
}

/// Roles.
#[derive(Debug, Clone, Copy)]
pub enum Roles {}

impl Vocabulary for Roles {
    const FIELDS: &'static [Field] = ROLE_FIELDS;
    const SORTS: &'static [&'static str] = ROLE_SORTS;
    const NOTE: &'static str = "Every role may be granted in scopes of every type, so `scopeType` is each of them.";
    const EXAMPLE: &'static str = "custom==true";
    const SEARCHED: &'static str = "the name";
    const USUAL_ORDER: &'static str = "by id";
}

/// Clusters.
#[derive(Debug, Clone, Copy)]
pub enum Clusters {}

impl Vocabulary for Clusters {
    const FIELDS: &'static [Field] = CLUSTER_FIELDS;
    const SORTS: &'static [&'static str] = CLUSTER_SORTS;
    const EXAMPLE: &'static str = "name=@east";
    const SEARCHED: &'static str = "the name";
}

/// What departments and projects have elsewhere and not here.
const NO_QUOTAS: &str = "Rolecall keeps no quotas and no use of GPUs: `totalGpuQuota`, `gpuAllocated` and the averages are \
    not supported, neither here nor in `sortBy`.";

/// Departments.
#[derive(Debug, Clone, Copy)]
pub enum Departments {}

impl Vocabulary for Departments {
    const FIELDS: &'static [Field] = DEPARTMENT_FIELDS;
    const SORTS: &'static [&'static str] = DEPARTMENT_SORTS;
    const NOTE: &'static str = NO_QUOTAS;
    const EXAMPLE: &'static str = "name=@research";
    const SEARCHED: &'static str = "the name";
}

/// Projects.
#[derive(Debug, Clone, Copy)]
pub enum Projects {}

impl Vocabulary for Projects {
    const FIELDS: &'static [Field] = PROJECT_FIELDS;
    const SORTS: &'static [&'static str] = PROJECT_SORTS;
    const NOTE: &'static str = NO_QUOTAS;
    const EXAMPLE: &'static str = "parentId==7";
    const SEARCHED: &'static str = "the name";
}
