//! Drafts to test with, and the ready files.

use std::fs;
use std::path::Path;

use fanout::engine::call::Prompt;
use fanout::scenario::dial::Dial;
use fanout::scenario::draft::{DocumentDraft, Draft, SectionDraft};
use fanout::scenario::file;
use serde_json::Value;

/// The name and text of every file under `public/scenarios`, by name.
pub fn ready_files() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("public/scenarios");
    let mut files: Vec<(String, String)> = fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| {
            let path = entry.expect("an entry").path();
            let name = path.file_stem().and_then(|stem| stem.to_str()).expect("a name").to_string();
            (name, fs::read_to_string(&path).expect("UTF-8"))
        })
        .collect();
    files.sort();
    files
}

/// Small, complete, without problems.
pub fn small() -> Draft {
    let mut draft = Draft { title: "Small".into(), ..Draft::default() };
    draft.sectioning.topic = "Rivers".into();
    draft.sectioning.sections = ["Source", "Mouth"]
        .map(|name| SectionDraft {
            name: name.into(),
            brief: "It is wet. It is cold.".into(),
            ..SectionDraft::default()
        })
        .to_vec();
    draft.voting.question = "Is water wet?".into();
    draft.voting.options = ["yes", "no", "at times"].map(String::from).to_vec();
    draft.voting.correct = Some(0);
    draft.map_reduce.documents = ["a", "b", "c"]
        .map(|id| DocumentDraft { id: id.into(), text: format!("Text {id} begins. Text {id} ends.") })
        .to_vec();
    draft
}

/// `small` in Japanese.
pub fn japanese() -> Draft {
    let mut draft = small();
    draft.title = "並列化の三つの型".into();
    draft.note = "一つの質問を何人かに聞いて、多数決を取る。".into();
    draft.sectioning.topic = "日本の川".into();
    draft.sectioning.sections[0] = SectionDraft {
        name: "源流".into(),
        brief: "山から始まる。雪解けの水が多い。".into(),
        ..SectionDraft::default()
    };
    draft.voting.question = "水は濡れているか？".into();
    draft.voting.options = ["はい", "いいえ"].map(String::from).to_vec();
    draft.map_reduce.documents[1].text = "吾輩は猫である。名前はまだ無い。".into();
    draft
}

/// `small` with signs beyond the basic plane, of which some are joined from several.
pub fn emoji() -> Draft {
    let mut draft = small();
    draft.title = "👩‍🔬 votes 🗳️".into();
    draft.voting.options = ["👍", "👎", "🤷🏽‍♀️"].map(String::from).to_vec();
    draft.map_reduce.documents[0].text = "🌊🌊🌊. 🏔️ and 🇯🇵!".into();
    draft
}

/// As short as a file gets, and with little that repeats.
pub fn bare() -> Draft {
    let mut draft = Draft { title: "短い 🌊".into(), ..Draft::default() };
    let Draft { sectioning, voting, map_reduce, .. } = &mut draft;
    for prompt in [
        &mut sectioning.section_prompt,
        &mut sectioning.synthesis_prompt,
        &mut voting.prompt,
        &mut map_reduce.map_prompt,
        &mut map_reduce.reduce_prompt,
    ] {
        *prompt = Prompt::default();
    }
    draft
}

/// Drafts that are complete, and those that are anything but.
pub fn odd() -> Vec<Draft> {
    let mut hostile = small();
    hostile.title = "</script><img src=x onerror=alert(1)> \"'`${x}".into();
    hostile.note = "\u{0}\u{1}\u{7f}\u{2028}\u{2029}\u{feff}\\u0000 \r\n\t".into();
    hostile.sectioning.section_prompt = Prompt { system: "{".into(), user: "{{section}} }{".into() };
    hostile.voting.question = "\u{202e}right to left, ערב ערב".into();
    hostile.map_reduce.documents[0].id = "../../etc/passwd".into();
    let mut largest = small();
    largest.seed = u64::MAX;
    largest.limits.concurrency = 1000;
    largest.limits.requests_per_minute = Some(10_000_000);
    largest.limits.tokens_per_minute = Some(1_000_000_000);
    largest.voting.votes = 101;
    largest.voting.max_tokens = 200_000;
    let mut least = Draft { seed: 0, title: String::new(), ..Draft::default() };
    least.voting.votes = 0;
    least.simulation.difficulty = 0.0;
    least.simulation.shared_error = 1.0;
    // Every dial as far as it goes, in both directions.
    let dialled = [0, u32::MAX].map(|value| {
        let mut draft = small();
        Dial::ALL.iter().for_each(|about| draft.dials.set(about.dial, Some(value)));
        draft.sectioning.sections[1].after = vec!["Source".into()];
        draft.voting.judge_prompt.user = "{candidates}".into();
        draft.map_reduce.refine_prompt = Prompt::default();
        draft
    });
    let mut none = small();
    Dial::ALL.iter().for_each(|about| none.dials.set(about.dial, None));
    let mut twice = small();
    twice.map_reduce.documents = vec![DocumentDraft { id: "a".into(), text: "a".into() }; 3];
    twice.sectioning.sections = vec![SectionDraft::default(); 2];
    let plain =
        [small(), bare(), japanese(), emoji(), Draft::default(), hostile, largest, least, twice, none];
    plain.into_iter().chain(dialled).collect()
}

/// The file of `small` with other values at some places: `/limits/burst` and so on.
pub fn small_with(changes: &[(&str, Value)]) -> String {
    let mut value: Value = serde_json::from_str(&file::write(&small())).expect("JSON");
    for (place, new) in changes {
        let (parent, name) = place.rsplit_once('/').expect("a path");
        // Groups whose settings all stand where they always do are not written.
        if value.pointer(parent).is_none() {
            value[&parent[1..]] = Value::Object(Default::default());
        }
        let parent = value.pointer_mut(parent).and_then(Value::as_object_mut).expect("an object");
        parent.insert(name.to_string(), new.clone());
    }
    value.to_string()
}
