//! The fan-out as a picture: every call a node, every result a line, all within the frame.

use std::collections::HashSet;

use fanout::engine::patterns::Pattern;
use fanout::engine::patterns::map_reduce::{Combine, Document, MapReduce};
use fanout::engine::patterns::sectioning::{Section, Sectioning};
use fanout::engine::patterns::voting::Voting;
use fanout::timeline::fan::{Fan, HEIGHT, WIDTH, What, fan};

fn sectioning(n: usize) -> Pattern {
    Pattern::Sectioning(Sectioning { sections: vec![Section::default(); n], ..Sectioning::default() })
}

fn voting(n: usize) -> Pattern {
    Pattern::Voting(Voting { votes: n as u32, ..Voting::default() })
}

fn map_reduce(n: usize) -> Pattern {
    Pattern::MapReduce(MapReduce {
        documents: vec![Document::default(); n],
        fan_in: 4,
        ..MapReduce::default()
    })
}

/// So many nodes and lines, all within the frame, every line between two nodes, and upwards never.
fn check(pattern: Pattern, n_nodes: usize, n_edges: usize) -> Fan {
    let fan = fan(&pattern.plan(), matches!(pattern, Pattern::Voting(_)));
    assert_eq!((fan.nodes.len(), fan.edges.len()), (n_nodes, n_edges));
    for node in &fan.nodes {
        assert!(node.x - node.width / 2 >= 0 && node.x + node.width / 2 <= WIDTH, "{node:?}");
        assert!(node.y - fan.half >= 0 && node.y + fan.half <= HEIGHT, "{node:?}");
        assert!(node.width > 0);
    }
    let tops: HashSet<(i32, i32)> = fan.nodes.iter().map(|node| (node.x, node.y - fan.half)).collect();
    let bottoms: HashSet<(i32, i32)> = fan.nodes.iter().map(|node| (node.x, node.y + fan.half)).collect();
    for edge in &fan.edges {
        assert!(bottoms.contains(&edge.from) && tops.contains(&edge.to), "{edge:?}");
        assert!(edge.from.1 <= edge.to.1, "{edge:?}");
    }
    let calls: Vec<u32> = fan
        .nodes
        .iter()
        .filter_map(|node| if let What::Call(call) = node.what { Some(call) } else { None })
        .collect();
    assert_eq!(calls.len(), calls.iter().collect::<HashSet<_>>().len(), "each call once");
    fan
}

#[test]
fn sectioning_has_an_input_its_sections_and_a_synthesis() {
    for n in [1, 2, 6, 40, 200] {
        let drawn = n.min(40);
        check(sectioning(n), drawn + 2, 2 * drawn);
    }
}

#[test]
fn voting_has_an_input_its_voters_and_a_count_that_is_no_call() {
    for n in [1, 5, 40, 200] {
        let drawn = n.min(40);
        let fan = check(voting(n), drawn + 2, 2 * drawn);
        assert_eq!(fan.nodes.iter().filter(|node| node.what == What::Count).count(), 1);
    }
}

#[test]
fn map_reduce_has_a_node_for_every_reduce() {
    check(map_reduce(1), 2, 1);
    check(map_reduce(4), 6, 4 + 4);
    check(map_reduce(12), 1 + 12 + 3 + 1, 12 + 12 + 3);
    check(map_reduce(13), 1 + 13 + 3 + 1, 13 + 13 + 3);
    check(map_reduce(40), 1 + 40 + 10 + 3 + 1, 40 + 40 + 10 + 3);
}

/// Guards against a picture that grows with the input.
#[test]
fn calls_beyond_forty_share_places_and_lines() {
    let fan = fan(&map_reduce(200).plan(), false);
    assert_eq!(fan.nodes.len(), 1 + 40 + 40 + 13 + 3 + 1);
    check(map_reduce(200), fan.nodes.len(), fan.edges.len());
    // From the input to the workers, at least one to each reduce and one from each but the last.
    assert!((40 + 40 + 40 + 13 + 3..200).contains(&fan.edges.len()), "{}", fan.edges.len());
}

#[test]
fn up_to_forty_workers_stand_side_by_side() {
    for n in [2, 9, 40] {
        let fan = check(sectioning(n), n + 2, 2 * n);
        let mut workers: Vec<_> = fan.nodes[1..=n].iter().collect();
        workers.sort_by_key(|node| node.x);
        for pair in workers.windows(2) {
            assert!(pair[0].x + pair[0].width / 2 < pair[1].x - pair[1].width / 2, "{pair:?}");
        }
    }
}

/// Guards against levels of a long chain that lie on each other.
#[test]
fn a_long_chain_has_room() {
    for n in [2, 6, 16] {
        let documents = vec![Document::default(); n];
        let chain = MapReduce { documents, combine: Combine::Refine, ..MapReduce::default() };
        let fan = fan(&Pattern::MapReduce(chain).plan(), false);
        let mut levels: Vec<i32> = fan.nodes.iter().map(|node| node.y).collect();
        levels.sort_unstable();
        assert!(levels.windows(2).all(|pair| pair[0] == pair[1] || pair[1] - pair[0] > 2 * fan.half));
    }
}

#[test]
fn an_empty_plan_is_drawn_too() {
    check(voting(0), 2, 0);
}
