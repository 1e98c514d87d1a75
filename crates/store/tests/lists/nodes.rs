//! Clusters, departments and projects: which ones a caller sees, by name or in full, and what conditions reveal.

use rolecall_core::access::{Sight, Subtrees};
use rolecall_core::filter::{Field, Filter, Order};
use rolecall_core::org::{ClusterId, DepartmentId, Scope, ScopeKind};
use rolecall_core::text::folded;
use rolecall_store::{
    CLUSTER_FIELDS, CLUSTER_SORTS, DEPARTMENT_FIELDS, DEPARTMENT_SORTS, Database, NodeQuery, PROJECT_FIELDS,
    PROJECT_SORTS, Page, Sort,
};

use crate::common::on_both_databases;
use crate::naive::{Cell, Dice, HOSTILE, conditions, date, parsed, passes, sorted, text};
use crate::organisation::{Node, organisation};

on_both_databases!(databases:
    nodes_are_listed_as_a_naive_reading_does,
    every_filter_and_sort_of_nodes_works_and_finds_out_nothing_hidden,
    a_search_for_nodes_is_taken_literally,
    a_node_is_found_by_its_scope_while_it_lives,
);

pub const LEVELS: [(ScopeKind, &[Field], &[&str]); 3] = [
    (ScopeKind::Cluster, CLUSTER_FIELDS, CLUSTER_SORTS),
    (ScopeKind::Department, DEPARTMENT_FIELDS, DEPARTMENT_SORTS),
    (ScopeKind::Project, PROJECT_FIELDS, PROJECT_SORTS),
];

pub fn query(kind: ScopeKind, names: Subtrees, full: Subtrees) -> NodeQuery {
    NodeQuery { kind, names, full, filter: Filter::default(), search: None, sort: Sort::default(), page: None }
}

/// What a caller sees of a node, in a field.
pub fn cell(node: &Node, full: &Subtrees, field: &str) -> Cell {
    let open = full.includes(&node.path);
    match field {
        "name" => text(&node.name),
        "clusterId" | "uuid" => text(&node.path.cluster.unwrap().to_string()),
        "departmentId" | "parentId" => text(&node.path.department.unwrap().to_string()),
        "parentName" => text(&node.parent_name),
        "phase" => text("Ready"),
        "createdBy" if open => text(&node.created_by),
        "createdAt" | "updatedAt" if open => date(node.created_at),
        "createdBy" => Cell::Text(None),
        "createdAt" | "updatedAt" => Cell::Number(None),
        other => panic!("the naive reading knows no {other}"),
    }
}

pub fn tie(node: &Node) -> (Option<ClusterId>, i64) {
    match node.scope {
        Scope::Cluster(id) => (Some(id), 0),
        _ => (None, node.id.parse().unwrap()),
    }
}

/// By name by default, as in the store.
pub fn by_name(sort: Sort) -> Sort {
    Sort { by: sort.by.or(Some("name")), ..sort }
}

async fn nodes_are_listed_as_a_naive_reading_does(database: Database) {
    let organisation = organisation();
    let store = organisation.filled(&database).await;
    let mut dice = Dice::new(31);
    for round in 0..150 {
        let (kind, fields, sorts) = *dice.pick(&LEVELS);
        let (names, full) = (organisation.some_subtrees(&mut dice), organisation.some_subtrees(&mut dice));
        let conditions = conditions(fields, &of_level(&organisation.nodes, kind), |node, field| {
            cell(node, &Subtrees::Everything, field)
        });
        let filter = parsed(&dice.some(&conditions, 1).join(","), fields);
        let order = *dice.pick(&[Order::Ascending, Order::Descending]);
        let sort = Sort { by: (dice.roll(3) > 0).then(|| *dice.pick(sorts)), order };
        let passing = organisation
            .nodes
            .iter()
            .filter(|node| node.scope.kind() == kind && !node.deleted && names.includes(&node.path))
            .filter(|node| passes(&filter, |field| cell(node, &full, field)))
            .collect();
        let expected = sorted(passing, by_name(sort), |node, field| cell(node, &full, field), tie);
        let expected: Vec<_> = expected.iter().map(|node| (node.scope, full.includes(&node.path))).collect();
        let query = NodeQuery { filter, sort, ..query(kind, names, full) };
        let (whole, total) = store.nodes(&query).await.unwrap();
        let listed: Vec<_> = whole.iter().map(|node| (node.scope, node.sight == Sight::Full)).collect();
        assert_eq!(listed, expected, "round {round}: {query:?}");
        assert_eq!(total, u64::try_from(expected.len()).unwrap());
        assert_eq!(store.count_nodes(&query).await.unwrap(), total);
        let mut paged = Vec::new();
        for offset in (0..24).step_by(3) {
            let page = Some(Page { offset, limit: 3 });
            let (nodes, total_here) = store.nodes(&NodeQuery { page, ..query.clone() }).await.unwrap();
            assert_eq!(total_here, total);
            paged.extend(nodes);
        }
        assert_eq!(paged, whole, "round {round}: {query:?}");
    }
    store.close().await;
}

pub fn of_level(nodes: &[Node], kind: ScopeKind) -> Vec<Node> {
    nodes.iter().filter(|node| node.scope.kind() == kind).cloned().collect()
}

async fn every_filter_and_sort_of_nodes_works_and_finds_out_nothing_hidden(database: Database) {
    let organisation = organisation();
    let store = organisation.filled(&database).await;
    for (kind, fields, sorts) in LEVELS {
        let nodes = of_level(&organisation.nodes, kind);
        let first = Subtrees::Below {
            clusters: vec![nodes[0].path.cluster.unwrap()],
            departments: Vec::new(),
            projects: Vec::new(),
        };
        for full in [Subtrees::Everything, Subtrees::NOTHING, first] {
            for said in conditions(fields, &nodes, |node, field| cell(node, &Subtrees::Everything, field)) {
                let filter = parsed(&said, fields);
                let mut expected: Vec<_> = nodes
                    .iter()
                    .filter(|node| !node.deleted && passes(&filter, |field| cell(node, &full, field)))
                    .map(|node| node.scope)
                    .collect();
                expected.sort();
                let query = NodeQuery { filter, ..query(kind, Subtrees::Everything, full.clone()) };
                let mut listed: Vec<_> = store.nodes(&query).await.unwrap().0.iter().map(|node| node.scope).collect();
                listed.sort();
                assert_eq!(listed, expected, "{said} with {full:?}");
            }
            for by in sorts {
                for order in [Order::Ascending, Order::Descending] {
                    let sort = Sort { by: Some(by), order };
                    let live = nodes.iter().filter(|node| !node.deleted).collect();
                    let expected = sorted(live, sort, |node, field| cell(node, &full, field), tie);
                    let query = NodeQuery { sort, ..query(kind, Subtrees::Everything, full.clone()) };
                    let listed = store.nodes(&query).await.unwrap().0;
                    let expected: Vec<_> = expected.iter().map(|node| node.scope).collect();
                    assert_eq!(listed.iter().map(|node| node.scope).collect::<Vec<_>>(), expected, "{sort:?}");
                }
            }
        }
    }
    store.close().await;
}

async fn a_search_for_nodes_is_taken_literally(database: Database) {
    let organisation = organisation();
    let store = organisation.filled(&database).await;
    for (kind, ..) in LEVELS {
        for wanted in HOSTILE.iter().copied().chain(["VISION", "a_b", "A%B", "", "a\0"]) {
            let query = NodeQuery {
                search: Some(wanted.to_owned()),
                ..query(kind, Subtrees::Everything, Subtrees::Everything)
            };
            let (listed, total) = store.nodes(&query).await.unwrap();
            let low = folded(wanted);
            let live = of_level(&organisation.nodes, kind).into_iter().filter(|node| !node.deleted);
            let expected = live.filter(|node| folded(&node.name).contains(&low)).count();
            assert_eq!((listed.len(), total), (expected, u64::try_from(expected).unwrap()), "{wanted:?}");
        }
    }
    store.close().await;
}

async fn a_node_is_found_by_its_scope_while_it_lives(database: Database) {
    let organisation = organisation();
    let store = organisation.filled(&database).await;
    assert!(organisation.nodes.iter().any(|node| node.deleted));
    for node in organisation.nodes.iter().filter(|node| node.scope != Scope::Account) {
        let Some(found) = store.node(node.scope).await.unwrap() else {
            assert!(node.deleted, "{node:?} is missing");
            continue;
        };
        assert!(!node.deleted);
        assert_eq!((found.scope, &found.name, found.sight), (node.scope, &node.name, Sight::Full));
        assert_eq!((found.cluster, found.department), (node.path.cluster, node.path.department));
        assert_eq!((found.created_at, &found.created_by), (node.created_at, &node.created_by));
    }
    let account = store.node(Scope::Account).await.unwrap().unwrap();
    assert_eq!((account.scope, account.name.as_str()), (Scope::Account, "account"));
    assert!(store.node(Scope::Department(DepartmentId::new(999))).await.unwrap().is_none());
    store.close().await;
}
