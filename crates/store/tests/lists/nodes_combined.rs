//! Clusters, departments and projects with everything at once: conditions, a search, an order and a page, for a caller.

use rolecall_core::access::{Sight, Subtrees};
use rolecall_store::{Database, NodeQuery};

use crate::common::on_both_databases;
use crate::naive::{Dice, conditions, drawn, found_in, pages, passes, shown, sorted};
use crate::nodes::{LEVELS, by_name, cell, of_level, query, tie};
use crate::organisation::{Node, organisation};

on_both_databases!(databases: nodes_are_listed_as_a_naive_reading_does_whatever_is_asked_together);

const SEED: u64 = 107;

async fn nodes_are_listed_as_a_naive_reading_does_whatever_is_asked_together(database: Database) {
    let organisation = organisation();
    let store = organisation.filled(&database).await;
    let mut dice = Dice::new(SEED);
    for (kind, fields, sorts) in LEVELS {
        let nodes = of_level(&organisation.nodes, kind);
        let conditions = conditions(fields, &nodes, |node, field| cell(node, &Subtrees::Everything, field));
        let mut found_some = 0;
        for case in 0..200 {
            let mut subtrees = || match dice.roll(4) {
                0 => Subtrees::Everything,
                1 => Subtrees::NOTHING,
                _ => organisation.some_subtrees(&mut dice),
            };
            let (full, names) = (subtrees(), subtrees());
            let likely = dice.pick(&nodes);
            let asked =
                drawn(&mut dice, (&conditions, fields, sorts), |field| cell(likely, &full, field), &[&likely.name]);
            let fits = |node: &&Node| {
                !node.deleted
                    && names.includes(&node.path)
                    && passes(&asked.filter, |field| cell(node, &full, field))
                    && found_in(asked.search.as_deref(), &[&node.name])
            };
            let expected = nodes.iter().filter(fits).collect();
            let expected = sorted(expected, by_name(asked.sort), |node, field| cell(node, &full, field), tie);
            let expected: Vec<_> = expected.iter().map(|node| (node.scope, full.includes(&node.path))).collect();
            found_some += u32::from(!expected.is_empty());
            let query = NodeQuery {
                filter: asked.filter.clone(),
                search: asked.search.clone(),
                sort: asked.sort,
                page: Some(asked.page),
                ..query(kind, names.clone(), full.clone())
            };
            let what = format!("case {case} of seed {SEED}: {query:?}");
            let (page, total) = store.nodes(&query).await.unwrap();
            let page: Vec<_> = page.iter().map(|node| (node.scope, node.sight == Sight::Full)).collect();
            assert_eq!(page, shown(&expected, asked.page), "{what}");
            assert_eq!(total, u64::try_from(expected.len()).unwrap(), "{what}");
            assert_eq!(store.count_nodes(&query).await.unwrap(), total, "{what}");
            if case % 4 == 0 {
                let mut paged = Vec::new();
                for page in pages(expected.len(), asked.page.limit) {
                    let (nodes, _) = store.nodes(&NodeQuery { page: Some(page), ..query.clone() }).await.unwrap();
                    paged.extend(nodes.iter().map(|node| (node.scope, node.sight == Sight::Full)));
                }
                assert_eq!(paged, expected, "{what}");
            }
        }
        assert!(found_some > 50, "only {found_some} cases found a {}", kind.as_str());
    }
    store.close().await;
}
