//! Answers: nothing that a model wrote is lost.

use fanout::engine::call::{Answer, Task};
use fanout::json::{object, write};
use fanout::providers::answer::read_answer;

/// One task of each shape.
pub fn tasks() -> [Task; 3] {
    [
        Task::Section { name: "".into(), brief: "".into() },
        Task::Vote { options: [].into(), correct: None },
        Task::Summary { document: "".into() },
    ]
}

pub fn check(task: &Task, reply: &str) {
    let is_said = |text: &str| !text.is_empty() && text == text.trim();
    match read_answer(task, reply) {
        Answer::Text(text) => {
            let mut tags = reply.match_indices("</think>");
            let behind_thinking = is_said(&text)
                && tags.any(|(at, tag)| reply.get(at + tag.len()..).is_some_and(|rest| rest.trim() == text));
            assert!(text == reply.trim() || behind_thinking, "{text:?} of {reply:?}");
        }
        Answer::Points { content, key_points } => {
            assert!(is_said(&content) && key_points.iter().all(|point| is_said(point)), "{key_points:?}");
        }
        Answer::Vote { answer, confidence, .. } => {
            assert!(is_said(&answer) && confidence.is_none_or(|share| (0.0..=1.0).contains(&share)));
        }
        Answer::Summary { summary } => assert!(is_said(&summary)),
    }
}

/// What a model says in the fields it was asked for comes back, with thinking before it or without.
pub fn check_fields(task: &Task, said: &str, thinking: &str) {
    let said = said.trim();
    if said.is_empty() || thinking.contains("</think>") {
        return;
    }
    let text = said.to_string();
    let (field, expected) = match task {
        Task::Vote { .. } => {
            ("answer", Answer::Vote { answer: text, confidence: None, reasoning: String::new() })
        }
        Task::Section { .. } | Task::Synthesis { .. } => {
            ("content", Answer::Points { content: text, key_points: Vec::new() })
        }
        Task::Summary { .. } | Task::Reduce { .. } => ("summary", Answer::Summary { summary: text }),
    };
    let fields = write(&object(vec![(field, said.into())]));
    for reply in
        [fields.clone(), format!("```json\n{fields}\n```"), format!("<think>{thinking}</think>{fields}")]
    {
        assert_eq!(read_answer(task, &reply), expected, "{reply}");
    }
}
