//! Scenario files for the tests. Each prompt begins with a word that tells its calls apart.

use serde_json::{Value as Json, json};

pub const SECTIONS: [&str; 6] = ["Alpha", "Beta", "Gamma", "Delta", "Epsilon", "Zeta"];

/// All three arms, small. A test changes what it is about.
pub fn scenario() -> Json {
    json!({
        "fanout": 1, "title": "A test of the page", "note": "", "seed": 7, "model": "suggested-model",
        "limits": {
            "concurrency": 8, "requests_per_minute": null, "burst": 4, "tokens_per_minute": null,
            "admission": "send-and-retry", "attempts": 3, "on_failure": "collect"
        },
        "simulation": {"speed": "mid", "fault_percent": 0, "difficulty": 0.6, "shared_error": 0.6},
        "sectioning": {
            "topic": "Rivers",
            "sections": SECTIONS.map(|name| json!({"name": name, "brief": ""})),
            "section_prompt": {"system": "Be short.", "user": "SECTION {section}\nTopic: {topic}"},
            "section_max_tokens": 500,
            "synthesis_prompt": {"system": "Be short.", "user": "SYNTHESIS {topic}\n{results}"},
            "synthesis_max_tokens": 900
        },
        "voting": {
            "question": "Which city?", "options": [], "correct": null, "votes": 5,
            "prompt": {"system": "Be short.", "user": "VOTE {question}"}, "max_tokens": 200
        },
        "map_reduce": {
            "documents": documents(3), "fan_in": 4,
            "map_prompt": {"system": "Be short.", "user": "MAP {id}\n{document}"}, "map_max_tokens": 300,
            "reduce_prompt": {"system": "Be short.", "user": "REDUCE\n{results}"}, "reduce_max_tokens": 600
        }
    })
}

/// Documents with distinct ids and lengths, and white space of every common kind.
pub fn documents(n: usize) -> Vec<Json> {
    (1..=n)
        .map(|i| {
            let words =
                (0..7 * i).map(|k| ["water", "falls\n", "over  ", "the\t", "café's", "—weir—"][k % 6]);
            json!({"id": format!("leaf-{i:02}"), "text": words.collect::<Vec<_>>().join(" ")})
        })
        .collect()
}

/// The name in a section's prompt: what follows `SECTION` on its first line.
pub fn section_of(user: &str) -> Option<&str> {
    user.lines().next()?.strip_prefix("SECTION ")
}

/// What the endpoint writes for a section.
pub fn section_text(name: &str) -> String {
    format!("The text on {name}.")
}
