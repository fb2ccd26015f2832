//! The waterfall as elements.

use fanout::analysis::story::Stories;
use fanout::engine::patterns::{Planned, Role};
use fanout::picture::markup::Markup;
use fanout::picture::waterfall::calls;
use fanout::timeline::axis::Axis;

use crate::html::html;

fn planned(i: usize) -> Planned {
    Planned {
        key: format!("document-{i}"),
        label: format!("Document {i}"),
        role: Role::Worker,
        feeds: None,
        needs: Vec::new(),
    }
}

/// The rows to which the Tab key comes, and those that are open, by their numbers.
fn stops(n_calls: usize, open: Option<usize>) -> (Vec<usize>, Vec<usize>) {
    let plan: Vec<Planned> = (0..n_calls).map(planned).collect();
    let stories = Stories::of(&[], n_calls, 0);
    let rows: Vec<Markup> =
        calls(&plan, &stories, &Axis::new(1_000_000), open, |call| format!("inspect {call}"));
    let rows: Vec<String> = rows.iter().map(html).collect();
    let with = |words: &str| (0..rows.len()).filter(|i| rows[*i].contains(words)).collect();
    (with("tabindex=\"0\""), with("aria-expanded=\"true\""))
}

/// Guards against a keyboard that has to pass every row, or that loses its place.
#[test]
fn the_tab_key_comes_to_one_row() {
    assert_eq!(stops(5, None), (vec![0], vec![]));
    assert_eq!(stops(5, Some(3)), (vec![3], vec![3]));
}
