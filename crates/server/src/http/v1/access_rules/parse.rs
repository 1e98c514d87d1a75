//! Reading the words and ids by which requests speak of access rules.

use rolecall_core::access::RuleId;
use rolecall_core::identity::SubjectKind;
use rolecall_core::org::{AccountId, ClusterId, DepartmentId, ProjectId, Scope, ScopeKind};
use rolecall_core::text::quoted;
use rolecall_core::{Error, Result};

/// The old word for a service account. A client that uses it is answered with it.
pub const APP: &str = "app";

/// The level above all accounts, which is the vendor's own.
pub const SYSTEM: &str = "system";

/// The id in the path.
pub fn rule_id(text: &str) -> Result<RuleId> {
    RuleId::parse(text).ok_or_else(|| {
        Error::invalid(format!("accessRuleId: {} is not the number of an access rule, such as 32", quoted(text)))
    })
}

/// A kind of subject.
///
/// # Errors
/// The kinds that there are.
pub fn subject_kind(text: &str) -> Result<SubjectKind, String> {
    SubjectKind::parse(text)
        .ok_or_else(|| format!("{} is not one of user, group, service-account (or app, its old name)", quoted(text)))
}

/// A level of the tree.
///
/// # Errors
/// The levels that there are.
pub fn scope_kind(text: &str) -> Result<ScopeKind, String> {
    ScopeKind::parse(text).ok_or_else(|| {
        format!("{} is not one of tenant, cluster, department, project; for the whole account use tenant", quoted(text))
    })
}

/// The value of that field.
///
/// # Errors
/// `Invalid`, with the field's name.
pub fn field<T>(name: &str, read: Result<T, String>) -> Result<T> {
    read.map_err(|problem| Error::invalid(format!("{name}: {problem}")))
}

/// A scope of that level; whether there is one is not for here to say.
pub fn scope(kind: ScopeKind, id: &str, account: AccountId) -> Result<Scope> {
    node(kind, id, account).ok_or_else(|| {
        let form = form(kind, account);
        Error::invalid(format!("scopeId: {} is not {form}; scopeType is {}", quoted(id), kind.as_str()))
    })
}

/// A scope in one word, `<scopeType>:<scopeId>`, as the parameter `name` has it.
pub fn scope_word(name: &str, text: &str, account: AccountId) -> Result<Scope> {
    let parts = text.split_once(':').and_then(|(kind, id)| Some((ScopeKind::parse(kind)?, id)));
    let (kind, id) = parts.ok_or_else(|| {
        Error::invalid(format!(
            "{name}: {} is not a scopeType (tenant, cluster, department, project), a colon and a scopeId, such as \
             department:7",
            quoted(text)
        ))
    })?;
    node(kind, id, account).ok_or_else(|| {
        let form = form(kind, account);
        Error::invalid(format!("{name}: {} is not {form}; its scopeType is {}", quoted(id), kind.as_str()))
    })
}

/// A scope in one word; `None` where it is none.
pub fn node_word(text: &str, account: AccountId) -> Option<Scope> {
    let (kind, id) = text.split_once(':')?;
    node(ScopeKind::parse(kind)?, id, account)
}

fn node(kind: ScopeKind, id: &str, account: AccountId) -> Option<Scope> {
    match kind {
        ScopeKind::Account => (id == account.to_string()).then_some(Scope::Account),
        ScopeKind::Cluster => ClusterId::parse(id).map(Scope::Cluster),
        ScopeKind::Department => DepartmentId::parse(id).map(Scope::Department),
        ScopeKind::Project => ProjectId::parse(id).map(Scope::Project),
    }
}

/// What the id of a node of that level looks like.
fn form(kind: ScopeKind, account: AccountId) -> String {
    match kind {
        ScopeKind::Account => format!("the account's id, which is {account}"),
        ScopeKind::Cluster => "a cluster's id, which is a UUID".to_owned(),
        ScopeKind::Department => "a department's id, which is a number such as 7".to_owned(),
        ScopeKind::Project => "a project's id, which is a number such as 7".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACCOUNT: AccountId = AccountId::new(1001);

    #[test]
    fn an_id_is_read_as_its_scope_type_says() {
        let cluster = "71f69d83-ba66-4822-adf5-55ce55efd210";
        assert_eq!(scope(ScopeKind::Account, "1001", ACCOUNT).unwrap(), Scope::Account);
        assert_eq!(scope(ScopeKind::Cluster, cluster, ACCOUNT).unwrap().kind(), ScopeKind::Cluster);
        assert_eq!(scope(ScopeKind::Department, "7", ACCOUNT).unwrap(), Scope::Department(DepartmentId::new(7)));
        assert_eq!(scope(ScopeKind::Project, "7", ACCOUNT).unwrap(), Scope::Project(ProjectId::new(7)));
    }

    #[test]
    fn an_id_of_another_form_is_refused_with_both_fields_named() {
        for (kind, id) in [
            (ScopeKind::Account, "1"),
            (ScopeKind::Account, "71f69d83-ba66-4822-adf5-55ce55efd210"),
            (ScopeKind::Cluster, "7"),
            (ScopeKind::Department, "71f69d83-ba66-4822-adf5-55ce55efd210"),
            (ScopeKind::Project, "+7"),
            (ScopeKind::Project, "99999999999999999999"),
        ] {
            let message = scope(kind, id, ACCOUNT).unwrap_err().message;
            assert!(message.contains("scopeId") && message.contains("scopeType") && message.contains(id), "{message}");
        }
    }

    #[test]
    fn a_scope_in_one_word_is_a_type_a_colon_and_an_id() {
        let cluster = "71f69d83-ba66-4822-adf5-55ce55efd210";
        assert_eq!(scope_word("scope", "tenant:1001", ACCOUNT).unwrap(), Scope::Account);
        assert_eq!(scope_word("scope", "project:7", ACCOUNT).unwrap(), Scope::Project(ProjectId::new(7)));
        let found = scope_word("scope", &format!("cluster:{cluster}"), ACCOUNT).unwrap();
        assert_eq!(found.kind(), ScopeKind::Cluster);
        for text in ["", ":", "7", "tenant", "tenant:", "tenant:1", "system:1001", "department:-7", "project:7:8"] {
            let message = scope_word("grantableIn", text, ACCOUNT).unwrap_err().message;
            assert!(message.starts_with("grantableIn: "), "{text}: {message}");
        }
    }

    #[test]
    fn the_scope_type_of_the_vendor_itself_is_refused() {
        assert!(scope_kind("system").unwrap_err().starts_with("\"system\" is not one of tenant, "));
    }

    #[test]
    fn ids_beyond_32_bits_are_refused_by_name() {
        for id in ["2147483648", "-1", "007", "x", ""] {
            assert!(rule_id(id).unwrap_err().message.starts_with("accessRuleId: "), "{id}");
        }
        assert_eq!(rule_id("2147483647").unwrap(), RuleId::new(i32::MAX));
    }
}
