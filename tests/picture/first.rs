//! The finished run of the first scenario, as it stands in `src/first.html` and so in the page.
//! `FANOUT_DRAW=1 cargo test --test picture` draws it anew.

use std::fs;
use std::path::Path;

use fanout::analysis::metrics::metrics;
use fanout::analysis::moment::{Census, census};
use fanout::analysis::recording::Recording;
use fanout::analysis::rehearsal::{one_by_one_us, rehearse_all};
use fanout::analysis::story::Stories;
use fanout::analysis::verdict::study::Study;
use fanout::analysis::words::{makeup, moment};
use fanout::engine::price::Price;
use fanout::engine::run::Progress;
use fanout::picture::controls::controls;
use fanout::picture::header::{Bar, header};
use fanout::picture::markup::{Markup, element};
use fanout::picture::metrics::list;
use fanout::picture::room::lanes;
use fanout::picture::sign::{Sign, with_sign};
use fanout::picture::transport::{self, Place};
use fanout::picture::verdict::line;
use fanout::picture::{fan, layout, legend, waterfall};
use fanout::providers::settings::Settings;
use fanout::scenario::draft::Draft;
use fanout::scenario::file;
use fanout::scenario::gallery::FIRST;
use fanout::scenario::{ArmKind, Scenario};
use fanout::timeline::axis::Axis;
use fanout::timeline::fan::{HEIGHT, WIDTH};

use crate::html::html;

fn first() -> Draft {
    let name = format!("public/scenarios/{}.json", FIRST.name);
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).expect("it is there");
    file::read(&text).expect("it opens").draft
}

fn arms(
    scenario: &Scenario,
    recordings: [Recording; 3],
    length_us: u64,
    price: Option<Price>,
) -> Vec<Markup> {
    let axis = Axis::new(length_us);
    let arm = |(kind, recording): (ArmKind, Recording)| {
        let stories = Stories::of(&recording.events, recording.plan.len(), recording.last_us());
        let fan_out = fanout::timeline::fan::fan(&recording.plan, kind == ArmKind::Voting);
        let sequential_us = one_by_one_us(scenario, kind).unwrap_or(0);
        let numbers = metrics(&recording, Some(sequential_us), price);
        let head = element("div").class("arm-head").children(vec![
            element("h2").text(kind.title()),
            element("p").class("makeup").text(makeup(&recording.plan)),
            element("span").class("badge").text("simulated"),
            with_sign(Sign::Play, element("button").class("button").text("Run")),
        ]);
        let picture = element("svg").class("fan").with("viewBox", format!("0 0 {WIDTH} {HEIGHT}"));
        let track = element("div").class("axis-track").children(waterfall::ticks(&axis));
        let calls = waterfall::calls(&recording.plan, &stories, &axis, None, |_| String::new());
        let rows = element("div").class("waterfall-rows").with("role", "list").children(calls);
        element("section").class("arm").with("data-arm", kind.as_str()).children(vec![
            head,
            element("div").class("problems"),
            picture.with("aria-hidden", "true").children(fan::picture(fan_out, &stories, None)),
            element("div").class("waterfall").with("data-dense", "false").children(vec![
                element("div").class("axis").with("aria-hidden", "true").children(vec![track]),
                element("div").children(lanes(&recording.events, scenario, &[], true, &axis)),
                rows,
                element("div").children(waterfall::ghost(sequential_us, &axis)),
            ]),
            element("dl").class("metrics").children(list(Some(&numbers), None)),
        ])
    };
    ArmKind::ALL.into_iter().zip(recordings).map(arm).collect()
}

/// What of the picture the page then makes anew says and does only then.
/// Names among it: of two radios with one name only one can be chosen, and the page's own are there already.
const LATER: &[&str] = &["title", "data-act", "data-takes", "tabindex", "aria-expanded", "name"];

/// The picture without what it says and does only later.
fn still(markup: Markup, later: &[&str]) -> Markup {
    match markup {
        Markup::Element { tag, mut attributes, children } => {
            attributes.retain(|(name, _)| !later.contains(name));
            // Nothing in it is pressed before the program is there, and nothing looks different then.
            if ["button", "input", "select", "summary"].contains(&tag) {
                attributes.push(("inert", String::new()));
            }
            Markup::Element {
                tag,
                attributes,
                children: children.into_iter().map(|child| still(child, later)).collect(),
            }
        }
        text => text,
    }
}

/// The page, and the rules of its styles: its Content-Security-Policy allows none in HTML.
fn drawn() -> [String; 2] {
    let draft = first();
    let (scenario, _) = draft.check();
    let intro = element("div").class("intro").children(vec![
        element("h1").text(&draft.title),
        element("p").class("note").text(&draft.note),
        element("button").class("button button-quiet note-more").text("Read all"),
    ]);
    let price = Settings::default().price_of(&draft.model);
    let mut study = Study::new(&scenario, price);
    while study.step() == Progress::More {}
    let part = |class: &'static str, drawn| element("div").class(class).children(drawn);
    let header = element("header").class("bar").with("data-menu", "closed").children(header(Bar::default()));
    let recordings = rehearse_all(&scenario, price).map(|recording| recording.expect("it does not stall"));
    let length_us = recordings.iter().map(|recording| recording.last_us()).max().unwrap_or(0);
    let calls = recordings.iter().map(|arm| census(&arm.events, arm.plan.len(), u64::MAX));
    let replay = Place {
        is_playing: false,
        at_us: length_us,
        length_us,
        words: moment(length_us, calls.fold(Census::default(), Census::and)),
        paces: &[("all in 4 s", "all in 4 s")],
        pace: "",
        changed_us: Vec::new(),
    };
    let verdict = part("verdict-line", line(study.verdict(), false, None)).with("data-verdict", "");
    let above = [element("noscript").children(vec![element("p").class("notice").text(NO_SCRIPT)]), intro];
    let below = [
        part("controls", controls(&draft, true, false)),
        part("layout-bar", layout::bar(0, 0, false)),
        part("arms", arms(&scenario, recordings, length_us, price)).with("data-layout", "columns"),
        element("ul").class("legend").children(legend::keys()),
        part("transport", transport::bar(&replay)),
    ];
    // The page keeps the verdict; its own header and main part take the place of all else.
    let passing = |part: Markup| html(&still(part, LATER));
    let [above, below] = [above.map(passing).join("\n"), below.map(passing).join("\n")];
    let verdict = html(&still(verdict, &[]));
    let html = format!("{}\n<main>\n{above}\n{verdict}\n{below}\n</main>\n", passing(header));
    let mut pieces = html.split(" data-put=\"");
    let mut page = pieces.next().unwrap_or_default().to_string();
    let mut rules: Vec<&str> = Vec::new();
    for piece in pieces {
        let (style, rest) = piece.split_once('"').expect("an end");
        let known = rules.iter().position(|known| *known == style);
        let number = known.unwrap_or_else(|| {
            rules.push(style);
            rules.len() - 1
        });
        page.push_str(&format!(" data-put=\"{number}\"{rest}"));
    }
    let rule = |(i, style): (usize, &&str)| format!("[data-put=\"{i}\"] {{ {style} }}\n");
    let rules: String = rules.iter().enumerate().map(rule).collect();
    [page, format!("/* Where the bars of src/first.html are; drawn with it. */\n{rules}")]
}

const NO_SCRIPT: &str = "This is a picture of a run. To change it, to run others and to use real models, allow \
    scripts: Fanout runs in your browser as WebAssembly.";

/// Guards against a first picture that is not what the page then shows.
#[test]
fn what_stands_in_the_page_first_is_the_run_it_shows_then() {
    for (name, drawn) in ["src/first.html", "src/first.css"].into_iter().zip(drawn()) {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
        if std::env::var_os("FANOUT_DRAW").is_some() {
            fs::write(&path, &drawn).expect("it can be written");
        }
        let there = fs::read_to_string(&path).unwrap_or_default();
        assert!(there == drawn, "{name} is of another run: FANOUT_DRAW=1 cargo test --test picture");
    }
}
