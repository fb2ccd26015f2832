//! The run file: whole, as its schema describes it, and without secrets.

use fanout::analysis::fork::Past;
use fanout::analysis::measure::{MEASURES, figures};
use fanout::analysis::metrics::metrics;
use fanout::analysis::recording::Recording;
use fanout::analysis::rehearsal::rehearse_single;
use fanout::runs::kept::Answered;
use fanout::runs::run_file::{Arm, Asked, write};
use fanout::scenario::draft::Draft;
use fanout::scenario::{ArmKind, file};
use serde_json::{Value, json};

use crate::described::{check, schema};
use crate::sample::{PRICE, draft, recordings, troubled};

fn written(draft: &Draft, answered: &Answered, past: &[Past], recordings: &[Recording; 3]) -> Value {
    let single = rehearse_single(&draft.check().0, ArmKind::Voting, Some(PRICE)).expect("it does not stall");
    let arms: Vec<Arm> = ArmKind::ALL
        .into_iter()
        .zip(recordings)
        .map(|(kind, recording)| Arm {
            kind,
            recording,
            figures: figures(&metrics(recording, Some(7_000_500), Some(PRICE))),
            single: (kind == ArmKind::Voting).then_some(&single),
        })
        .collect();
    let text = write(&Asked { answered, draft, past, price: Some(PRICE) }, &arms);
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error} in {text:.300}"))
}

/// Guards against a file that others read by a description that is no longer true.
#[test]
fn a_run_is_written_as_the_schema_describes_it() {
    let draft = draft(troubled);
    let recordings = recordings(&draft);
    let (scenario, _) = draft.check();
    let past = [Past { until_us: 2_000_001, limits: scenario.limits, simulation: scenario.simulation }];
    let answered = Answered::Live { provider: "Somebody".into(), model: "a-model".into() };
    let mut stopped = recordings.clone();
    stopped[0].outcome = None;
    stopped[0].texts[0].result = None;
    for (answered, recordings) in
        [(&Answered::Simulated, &recordings), (&Answered::Practice, &stopped), (&answered, &recordings)]
    {
        check(&schema("run"), "run", &written(&draft, answered, &past, recordings));
    }
}

#[test]
fn all_of_the_run_is_in_it() {
    let draft = draft(troubled);
    let recordings = recordings(&draft);
    let run = written(&draft, &Answered::Simulated, &[], &recordings);
    assert_eq!(run["scenario"], file::value(&draft));
    for (kind, recording) in ArmKind::ALL.iter().zip(&recordings) {
        let arm = &run["arms"][kind.as_str()];
        let events = arm["events"].as_array().expect("events");
        assert_eq!(events.len(), recording.events.len());
        for (written, event) in events.iter().zip(&recording.events) {
            assert_eq!(written["at_us"], event.at_us);
            assert_eq!(written["call"].as_u64(), event.what.call().map(|call| call.0.into()));
        }
        assert_eq!(arm["plan"].as_array().map(Vec::len), Some(recording.plan.len()));
        let answered = recording.texts.iter().filter(|text| text.result.is_some()).count();
        let answers = arm["answers"].as_array().expect("answers");
        assert_eq!(answers.len(), answered);
        for answer in answers {
            let call = answer["call"].as_u64().expect("a call") as usize;
            let expected = recording.texts[call].result.as_ref().and_then(|result| result.as_ref().ok());
            assert_eq!(answer["text"].as_str(), expected.map(|reply| reply.text.as_str()));
            assert_eq!(answer["problem"].is_string(), expected.is_none(), "{answer}");
            assert_eq!(answer["key"], recording.plan[call].key.as_str());
        }
        let metrics = arm["metrics"].as_object().expect("metrics");
        assert_eq!(metrics.len(), MEASURES.len());
        assert_eq!(metrics["sequential"]["value"].to_string(), "7000.500");
    }
    let retries = run["arms"]["voting"]["metrics"]["retries"]["value"].as_u64();
    assert!(retries > Some(0), "there was trouble");
    assert!(run["arms"]["voting"]["single"]["answers"][0]["text"].is_string());
}

/// Guards against simulated text that is taken for a model's.
#[test]
fn simulated_text_is_marked_wherever_it_stands() {
    let draft = draft(|_| {});
    let recordings = recordings(&draft);
    let live = Answered::Live { provider: "Somebody".into(), model: "a-model".into() };
    for (answered, simulated) in [(Answered::Simulated, true), (Answered::Practice, true), (live, false)] {
        let run = written(&draft, &answered, &[], &recordings);
        assert_eq!(run["simulated"], simulated);
        for kind in ArmKind::ALL {
            let arm = &run["arms"][kind.as_str()];
            assert_eq!(arm["outcome"]["simulated"], simulated, "{kind:?}");
            let answers = arm["answers"].as_array().expect("answers");
            let texts = answers.iter().filter(|answer| answer["text"].is_string());
            assert!(texts.clone().count() > 2);
            texts.for_each(|answer| assert_eq!(answer["simulated"], simulated, "{answer}"));
        }
    }
}

#[test]
fn changes_on_the_way_are_in_it_in_the_words_of_the_scenario() {
    let now = draft(|draft| draft.limits.concurrency = 2);
    let (then, _) = draft(|draft| draft.limits.concurrency = 9).check();
    let past = [Past { until_us: 1_500_000, limits: then.limits, simulation: then.simulation }];
    let run = written(&now, &Answered::Simulated, &past, &recordings(&now));
    assert_eq!(run["changes"][0]["until_us"], 1_500_000);
    assert_eq!(run["changes"][0]["limits"]["concurrency"], 9);
    assert_eq!(run["scenario"]["limits"]["concurrency"], 2);
}

#[test]
fn an_unknown_number_is_null_and_a_price_nobody_knows_too() {
    let draft = draft(|_| {});
    let [sectioning, ..] = recordings(&draft);
    let figures = figures(&metrics(&sectioning, None, None));
    let arm = Arm { kind: ArmKind::Sectioning, recording: &sectioning, figures, single: None };
    let asked = Asked { answered: &Answered::Simulated, draft: &draft, past: &[], price: None };
    let run: Value = serde_json::from_str(&write(&asked, &[arm])).expect("JSON");
    let cost = &run["arms"]["sectioning"]["metrics"]["cost"];
    assert_eq!(cost, &json!({"value": null, "unit": "USD", "certainty": "unknown"}));
    assert_eq!((&run["nano_usd_per_token"], &run["arms"]["voting"]), (&Value::Null, &Value::Null));
}
