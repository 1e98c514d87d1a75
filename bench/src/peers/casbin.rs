//! Casbin: role-based access with domains, a domain for each scope, and roles for permissions.
//!
//! The policy is a line for each role. Who has which role where is a grouping with the place as its domain, and which
//! role has which permission is a second grouping. A group's members are in it in the domains in which it has a role,
//! since links hold within one domain. The scopes above are part of the request, so that one call decides.

use std::collections::HashMap;

use casbin::{CoreApi, DefaultModel, Enforcer, MgmtApi, NullAdapter};
use rolecall_core::catalogue::PredefinedRole;
use rolecall_core::identity::{GroupName, Subject, SubjectKind};
use rolecall_core::org::ScopeKind;
use rolecall_core::{Change, World};

use super::scope_name;
use crate::organisation::{Question, Size, changes};

pub const NAME: &str = "casbin 2.20.0";

const MODEL: &str = "
[request_definition]
r = sub, permission, account, cluster, department, project

[policy_definition]
p = role

[role_definition]
g = _, _, _
g2 = _, _

[policy_effect]
e = some(where (p.eft == allow))

[matchers]
m = g2(r.permission, p.role) && (g(r.sub, p.role, r.project) || g(r.sub, p.role, r.department) || \
g(r.sub, p.role, r.cluster) || g(r.sub, p.role, r.account))
";

pub struct Casbin(Enforcer);

/// What the request definition names.
pub type Request = [String; 6];

impl Casbin {
    pub fn load(size: Size) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let enforcer = runtime.block_on(async {
            let model = DefaultModel::from_str(MODEL).await.expect("a model");
            let mut enforcer = Enforcer::new(model, NullAdapter).await.expect("an enforcer");
            enforcer.enable_auto_save(false);
            for role in PredefinedRole::all() {
                let name = role.id.number().to_string();
                enforcer.add_policy(vec![name.clone()]).await.expect("a role");
                for permission in role.permissions.iter() {
                    let link = vec![permission.to_string(), name.clone()];
                    enforcer.add_named_grouping_policy("g2", link).await.expect("a permission");
                }
            }
            let mut members: HashMap<GroupName, Vec<String>> = HashMap::new();
            for change in changes(size) {
                match change {
                    Change::UserSet(user) => {
                        for group in user.groups.iter() {
                            members.entry(group.clone()).or_default().push(subject(&Subject::User(user.email.clone())));
                        }
                    }
                    Change::RuleSet(rule) => {
                        let (who, domain) = (subject(&rule.subject), scope_name(rule.scope));
                        if let Subject::Group(group) = &rule.subject {
                            for member in members.get(group).into_iter().flatten() {
                                let link = vec![member.clone(), who.clone(), domain.clone()];
                                enforcer.add_grouping_policy(link).await.expect("a member");
                            }
                        }
                        let link = vec![who, rule.role.number().to_string(), domain];
                        enforcer.add_grouping_policy(link).await.expect("a rule");
                    }
                    _ => {}
                }
            }
            enforcer
        });
        Self(enforcer)
    }

    pub fn decide(&self, request: &Request) -> bool {
        let [a, b, c, d, e, f] = request;
        self.0.enforce((a, b, c, d, e, f)).expect("an answer")
    }
}

pub fn request(world: &World, question: &Question) -> Request {
    let path = world.scope_path(question.scope).expect("a scope");
    let at = |kind| path.scopes().find(|scope| scope.kind() == kind).map_or_else(String::new, scope_name);
    [
        subject(&question.subject),
        question.permission.to_string(),
        at(ScopeKind::Account),
        at(ScopeKind::Cluster),
        at(ScopeKind::Department),
        at(ScopeKind::Project),
    ]
}

/// Users, groups and roles share the names of a domain, so each kind has its own.
fn subject(subject: &Subject) -> String {
    match subject.kind() {
        SubjectKind::User => subject.name().to_owned(),
        SubjectKind::Group => format!("group:{}", subject.name()),
        SubjectKind::ServiceAccount => format!("machine:{}", subject.name()),
    }
}
