//! The practice server, asked by hand and by the model that asks real servers, in virtual time.

use std::cell::RefCell;
use std::num::NonZeroU32;
use std::rc::Rc;
use std::sync::Arc;

use fanout::engine::call::{Model, Prompt};
use fanout::engine::clock::{Clock, SECOND, VirtualClock};
use fanout::engine::draw::fold;
use fanout::engine::limiter::bucket::Rate;
use fanout::engine::limiter::core::Limits;
use fanout::engine::limiter::requests::RequestRate;
use fanout::engine::patterns::map_reduce::{Document, MapReduce};
use fanout::engine::patterns::sectioning::{Section, Sectioning};
use fanout::engine::patterns::voting::Voting;
use fanout::engine::patterns::{Outcome, Pattern};
use fanout::engine::retry::RetryPolicy;
use fanout::engine::run::{Run, Setup};
use fanout::providers::endpoint::Target;
use fanout::providers::practice::course::Course;
use fanout::providers::practice::{BASE_URL, MODEL, Practice};
use fanout::providers::protocol::Protocol;
use fanout::providers::remote::Remote;
use fanout::providers::simulated::answers::Opinion;
use fanout::providers::simulated::latency::Speed;
use fanout::providers::simulated::{Simulated, Simulation};
use fanout::providers::transport::{Head, HttpReply, HttpRequest, Transport, TransportError};
use futures::StreamExt;
use futures::future::LocalBoxFuture;
use serde_json::{Value, json};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const OPTIONS: [&str; 3] = ["Rome", "Oslo", "Lima"];
const RIGHT: &str = "Oslo";

/// A provider without limits or faults whose voters are as often right as is said.
fn simulation(accuracy: f64) -> Simulation {
    Simulation {
        speed: Speed::Small,
        requests: None,
        tokens: None,
        fault_percent: 0,
        opinion: Opinion { accuracy, shared_error: 0.6 },
        texts: true,
    }
}

fn limited(simulation: Simulation) -> Simulation {
    let nz = |n| NonZeroU32::new(n).expect("not zero");
    let rate = Rate { per_minute: nz(60), burst: nz(4) };
    Simulation { requests: Some(RequestRate::Bucket(rate)), ..simulation }
}

fn prompt(user: &str) -> Prompt {
    Prompt { system: "Be short.".to_string(), user: user.to_string() }
}

fn voting(votes: u32) -> Arc<Pattern> {
    Arc::new(Pattern::Voting(Voting {
        question: "Which city?".into(),
        options: OPTIONS.map(String::from).into(),
        correct: Some(1),
        votes,
        prompt: prompt("{question}"),
        max_tokens: 200,
        ..Voting::default()
    }))
}

fn patterns() -> Vec<Arc<Pattern>> {
    let section = |name: &str, brief: &str| Section { name: name.into(), brief: brief.into(), after: vec![] };
    let sectioning = Sectioning {
        topic: "Rivers".into(),
        sections: vec![section("Alps", "Snow melts in May."), section("Alps and sea", "Deltas grow.")],
        section_prompt: prompt("Write {section}\nOn {topic}. Mind {after}"),
        ..Sectioning::default()
    };
    let map_reduce = MapReduce {
        documents: vec![Document::new("one", "The weir broke. The weir was old.")],
        ..MapReduce::default()
    };
    vec![Arc::new(Pattern::Sectioning(sectioning)), voting(15), Arc::new(Pattern::MapReduce(map_reduce))]
}

fn server(simulation: Simulation, seed: u64) -> (Practice, VirtualClock) {
    let clock = VirtualClock::default();
    (Practice::open(simulation, patterns(), seed, Rc::new(clock.clone())), clock)
}

/// A request that asks for a shape, or for none.
fn body(shape: Option<&str>, options: &[&str], user: &str) -> Value {
    let messages = json!([{"role": "system", "content": "Be short."}, {"role": "user", "content": user}]);
    let mut body = json!({"model": "m", "messages": messages, "max_tokens": 300, "stream": false});
    if let Some(name) = shape {
        let schema = json!({"properties": {"answer": {"enum": options}}});
        body["response_format"] =
            json!({"type": "json_schema", "json_schema": {"name": name, "schema": schema}});
    }
    body
}

fn vote() -> String {
    body(Some("vote"), &OPTIONS, "Which city?").to_string()
}

/// What a whole reply says.
fn content(course: &Course) -> String {
    let value: Value = serde_json::from_str(&course.chunks[0].text).expect("JSON");
    value["choices"][0]["message"]["content"].as_str().expect("a text").to_string()
}

/// Guards against an answer that is not about what was asked, or not in the shape that was asked for.
#[test]
fn the_task_is_read_from_the_request() {
    let check = |shape: Option<&str>, options: &[&str], user: &str, pointer: &str, expected: &str| {
        let (server, _) = server(simulation(1.0), 7);
        let said = content(&server.answer(&body(shape, options, user).to_string()));
        let found = match pointer {
            "" => said.clone(),
            pointer => {
                let value: Value = serde_json::from_str(&said).expect("JSON");
                value.pointer(pointer).map(Value::to_string).unwrap_or_default()
            }
        };
        assert!(found.contains(expected), "{user:?}: {said}");
    };
    check(Some("vote"), &OPTIONS, "Which city?", "/answer", RIGHT);
    // Options of another vote: nobody knows which is right, so the first is.
    check(Some("vote"), &["Bonn", "Kyiv"], "Which city?", "/answer", "Bonn");
    check(Some("vote"), &["A", "B"], "Choose.\nA. Rome\nB. Oslo", "/answer", "B");
    check(Some("points"), &[], "Write Alps: Snow melts in May.\nOn Rivers. Mind ", "/content", "Snow melts");
    // A name that another one begins with, and results that stand in the prompt of a section.
    let longer = "Write Alps and sea: Deltas grow.\nOn Rivers. Mind ### Alps\nSnow melts.";
    check(Some("points"), &[], longer, "/content", "Deltas grow");
    check(Some("points"), &[], "Bees dance. Bees sleep.", "/content", "Bees dance.");
    let merged = "Merge.\n### Alps\nSnow melts.\n\n### Sea\nDeltas grow.\n\nMissing, because the call for it brought nothing: Air";
    check(Some("points"), &[], merged, "/content", "Alps: Snow melts.");
    check(Some("points"), &[], merged, "/key_points/1", "Deltas grow.");
    check(Some("summary"), &[], "Sum up in one line.\nThe weir broke. The weir was old.", "/summary", "weir");
    check(Some("summary"), &[], "Larks sing.", "/summary", "Larks sing.");
    check(Some("summary"), &[], merged, "/summary", "Snow melts. Deltas grow.");
    check(None, &[], "Larks sing.", "", "Larks sing.");
}

/// Guards against a stream that readers take for cut off, or that comes all at once.
#[test]
fn a_stream_comes_bit_by_bit_and_says_that_it_is_over() {
    for wants_usage in [true, false] {
        let mut asked = body(Some("summary"), &[], &"Larks sing over the café. ".repeat(20));
        asked["stream"] = json!(true);
        asked["stream_options"] = json!({"include_usage": wants_usage});
        let course = server(simulation(1.0), 7).0.answer(&asked.to_string());
        assert_eq!(course.status, 200);
        assert!(course.headers[0].1.starts_with("text/event-stream"), "{:?}", course.headers);
        let at: Vec<u64> = course.chunks.iter().map(|chunk| chunk.at_us).collect();
        assert!(at.len() > 5 && at.is_sorted() && at[0] == course.head_us && at[0] < at[at.len() - 1]);
        let text: String = course.chunks.iter().map(|chunk| chunk.text.as_str()).collect();
        let records: Vec<&str> = text.split_terminator("\n\n").collect();
        let (done, records) = records.split_last().expect("records");
        assert_eq!(*done, "data: [DONE]");
        let values = records.iter().map(|record| {
            serde_json::from_str::<Value>(record.strip_prefix("data: ").expect("data")).expect("JSON")
        });
        let values: Vec<Value> = values.collect();
        let said: String =
            values.iter().filter_map(|value| value["choices"][0]["delta"]["content"].as_str()).collect();
        assert!(said.contains("Larks sing over the café."), "{said}");
        let reasons = values.iter().filter(|value| value["choices"][0]["finish_reason"] == "stop").count();
        assert_eq!(reasons, 1);
        let usage = values.last().expect("a record")["usage"]["completion_tokens"].as_u64();
        assert_eq!(usage.is_some(), wants_usage);
    }
}

/// Guards against a panic or a made-up answer where nothing was asked.
#[test]
fn a_body_that_asks_nothing_gets_a_400() {
    for body in ["", "{", "[]", "{}", r#"{"messages": []}"#, r#"{"messages": [{"role": "user"}]}"#] {
        let course = server(simulation(1.0), 7).0.answer(body);
        assert_eq!(course.status, 400, "{body}");
        assert!(course.chunks[0].text.contains("no request"), "{}", course.chunks[0].text);
    }
}

/// Guards against a wait that a header cannot say, and against refusals that use up a draw.
#[test]
fn beyond_the_burst_requests_are_refused_for_whole_seconds() {
    let (free, _) = server(simulation(0.5), 7);
    let (server, clock) = server(limited(simulation(0.5)), 7);
    let courses: Vec<Course> = (0..15).map(|_| server.answer(&vote())).collect();
    let refused: Vec<&Course> = courses.iter().filter(|course| course.status == 429).collect();
    assert_eq!(refused.len(), 11);
    for course in refused {
        let wait = course.headers.iter().find(|(name, _)| *name == "retry-after").map(|(_, value)| value);
        assert_eq!(wait.map(String::as_str), Some("1"));
        assert!(course.chunks[0].text.contains("rate_limit_exceeded"));
    }
    let unrefused: Vec<String> = (0..5).map(|_| content(&free.answer(&vote()))).collect();
    assert!(clock.advance(Some(clock.now_us() + SECOND)));
    assert_eq!(content(&server.answer(&vote())), unrefused[4], "the fifth that is served");
}

/// Guards against a server that always says the same, and against one that cannot be repeated.
#[test]
fn draws_differ_between_equal_requests_and_between_runs() {
    let votes = |seed| -> Vec<String> {
        let (server, _) = server(simulation(0.5), seed);
        (0..15).map(|_| content(&server.answer(&vote()))).collect()
    };
    assert_eq!(votes(1), votes(1));
    assert_ne!(votes(1), votes(2));
    let first = votes(1);
    assert!(first.iter().any(|vote| *vote != first[0]), "{first:?}");
}

/// Guards against faults that come out as answers.
#[test]
fn faults_are_5xx() {
    let (server, _) = server(Simulation { fault_percent: 100, ..simulation(0.5) }, 7);
    let statuses: Vec<u16> = (0..30).map(|_| server.answer(&vote()).status).collect();
    assert!(statuses.iter().all(|status| [500, 503, 529].contains(status)), "{statuses:?}");
}

/// A network with nothing but the practice server in it, in virtual time.
struct Network {
    practice: Practice,
    clock: VirtualClock,
    statuses: RefCell<Vec<u16>>,
}

impl Transport for Network {
    fn send(&self, request: HttpRequest) -> LocalBoxFuture<'static, Result<HttpReply, TransportError>> {
        assert_eq!(request.url, "practice/v1/chat/completions");
        let Course { status, headers, head_us, chunks } = self.practice.answer(&request.body);
        self.statuses.borrow_mut().push(status);
        let clock = self.clock.clone();
        Box::pin(async move {
            clock.sleep_until(head_us).await;
            let body = futures::stream::iter(chunks).then(move |chunk| {
                let clock = clock.clone();
                async move {
                    clock.sleep_until(chunk.at_us).await;
                    Ok(chunk.text.into_bytes())
                }
            });
            Ok(HttpReply { head: Head { status, headers, ..Head::default() }, body: body.boxed_local() })
        })
    }
}

/// How many of so many voters are right, and the statuses they got.
fn practised(simulation: Simulation, votes: u32, seed: u64, streaming: bool) -> (u32, Vec<u16>) {
    let (practice, clock) = server(simulation, seed);
    let network = Rc::new(Network { practice, clock: clock.clone(), statuses: RefCell::default() });
    let target = Target {
        protocol: Protocol::ChatCompletions,
        base_url: BASE_URL.to_string(),
        model: MODEL.to_string(),
        api_key: None,
        streaming,
    };
    let n_right = n_right(Rc::new(Remote::new(target, network.clone())), clock, votes, seed);
    let statuses = network.statuses.borrow().clone();
    (n_right, statuses)
}

fn n_right(model: Rc<dyn Model>, clock: VirtualClock, votes: u32, seed: u64) -> u32 {
    let limits = Limits::concurrent(NonZeroU32::new(50).expect("not zero"));
    let retry = RetryPolicy { max_refusals: 100, budgeted: false, ..RetryPolicy::STANDARD };
    let mut run = Run::new(Setup { retry, ..Setup::new(Rc::new(clock.clone()), model, limits) });
    let outcome = voting(votes).add_to(&mut run, seed);
    run.finish(&clock).expect("the run comes to an end");
    let Some(Outcome::Voted(voted)) = outcome.get() else { panic!("no vote: {:?}", outcome.get()) };
    let ballots = voted.tally.buckets.iter().map(|bucket| bucket.voters.len()).sum::<usize>();
    assert_eq!(ballots, votes as usize, "every voter is heard");
    let right = voted.tally.buckets.iter().find(|bucket| bucket.answer == RIGHT);
    right.map_or(0, |bucket| bucket.voters.len()) as u32
}

/// Guards against refusals that the client does not read, and votes that get lost in them.
#[test]
fn fifteen_voters_get_through_a_limit_of_sixty_a_minute() {
    for streaming in [true, false] {
        let (_, statuses) = practised(limited(simulation(0.6)), 15, 7, streaming);
        assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 15);
        assert!(statuses.iter().filter(|status| **status == 429).count() >= 11, "{statuses:?}");
    }
}

/// Guards against practice that flatters: over runs its voters are right as often as the
/// simulator's, and as often wrong together.
#[test]
fn forty_runs_are_right_as_often_as_the_simulators() {
    const RUNS: u32 = 40;
    const VOTES: u32 = 15;
    let accuracy = 0.6;
    let simulated = |seed| {
        let clock = VirtualClock::default();
        let model = Simulated::new(simulation(accuracy), Rc::new(clock.clone()));
        n_right(Rc::new(model), clock, VOTES, seed)
    };
    let shares = |n_right: &dyn Fn(u64) -> u32| -> (f64, f64) {
        let shares: Vec<f64> =
            (0..u64::from(RUNS)).map(|run| f64::from(n_right(fold(&[42, run]))) / f64::from(VOTES)).collect();
        let mean = shares.iter().sum::<f64>() / f64::from(RUNS);
        let squares = shares.iter().map(|share| (share - mean).powi(2)).sum::<f64>();
        (mean, squares / f64::from(RUNS - 1))
    };
    let (practised, variance) = shares(&|seed| practised(simulation(accuracy), VOTES, seed, true).0);
    let (simulated, _) = shares(&simulated);
    // Voters of one question agree more than chance: the correlation is 0.3.
    let binomial = accuracy * (1.0 - accuracy) / f64::from(VOTES);
    let error = (binomial * (1.0 + 0.3 * f64::from(VOTES - 1)) / f64::from(RUNS)).sqrt();
    assert!((practised - accuracy).abs() <= 4.0 * error, "{practised} of {accuracy}, error {error}");
    assert!((practised - simulated).abs() <= 4.0 * error * 2_f64.sqrt(), "{practised}, {simulated}");
    assert!(variance > 2.0 * binomial, "voters share a question: {variance}, {binomial}");
}

/// Guards against a cost that nobody knows, and tokens that are guessed.
#[test]
fn practice_says_its_tokens_and_that_they_cost_nothing() {
    let (practice, _) = server(simulation(0.6), 7);
    let reply = practice.answer(&vote());
    let value: Value = serde_json::from_str(&reply.chunks[0].text).expect("JSON");
    assert_eq!(value["usage"]["cost"], 0);
    assert!(value["usage"]["prompt_tokens"].as_u64() > Some(0));
    assert!(value["usage"]["completion_tokens"].as_u64() > Some(0));
}
