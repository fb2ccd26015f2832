//! What fields take. Like acts, an attribute says in a few words what becomes of what is typed,
//! chosen or switched on, and the page has one listener for all of them.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlInputElement};

use super::replay::Pace;
use super::workspace::{Mode, Workspace};
use crate::picture::field::TAKES;
use crate::scenario::gallery::READY;
use crate::scenario::passage::Passage;
use crate::scenario::setting::{Setting, Takes};

/// Listens as long as the page is there.
pub fn listen(workspace: Workspace) {
    let typed = window_event_listener(ev::input, move |event| {
        take(&event, |field, words| type_into(workspace, field, words));
    });
    let set = window_event_listener(ev::change, move |event| {
        take(&event, |field, words| set(workspace, field, words));
    });
    on_cleanup(move || {
        typed.remove();
        set.remove();
    });
}

/// The words of a field: what it takes, and two numbers.
struct Words {
    verb: String,
    first: usize,
    second: usize,
}

fn take(event: &Event, carry_out: impl FnOnce(&HtmlInputElement, &Words)) {
    let element = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let Some((field, words)) = element.and_then(|field| Some((field.clone(), field.get_attribute(TAKES)?)))
    else {
        return;
    };
    // A select and a text area have what is asked of the field, too.
    let field: HtmlInputElement = field.unchecked_into();
    let mut words = words.split(' ');
    let verb = words.next().unwrap_or_default().to_string();
    let mut number = || words.next().and_then(|word| word.parse().ok()).unwrap_or(0);
    carry_out(&field, &Words { verb, first: number(), second: number() });
}

/// What follows each letter and each step of a slider.
fn type_into(workspace: Workspace, field: &HtmlInputElement, words: &Words) {
    let Words { verb, first, second } = words;
    let typed = field.value();
    let slider = || match Setting::at(*first)?.field().takes {
        Takes::Slider(steps) => Some(steps),
        _ => None,
    };
    match verb.as_str() {
        "slide" => {
            if let (Some(steps), Ok(place)) = (slider(), typed.parse()) {
                change(workspace, *first, steps.value(place));
            }
        }
        "type" => match typed.trim().parse() {
            Ok(number) => change(workspace, *first, Some(number)),
            Err(_) if typed.trim().is_empty() && slider().is_some_and(|steps| steps.may_be_none()) => {
                change(workspace, *first, None);
            }
            // Not a number yet: the draft keeps its value until it is one.
            Err(_) => {}
        },
        "text" => {
            if let Some(passage) = Passage::at(*first, *second) {
                workspace.edit(|draft| passage.write(draft, typed));
            }
        }
        "trial" => {
            let trial = workspace.trials.get(*first);
            trial.into_iter().for_each(|trial| trial.update(|trial| trial.typed = typed.clone()));
        }
        "scrub" => typed.parse::<u64>().into_iter().for_each(|ms| workspace.go_to(ms.saturating_mul(1000))),
        "price" => workspace.type_price(*first, *second, typed),
        "leave-in" => workspace.sharing.typed.set(Some(typed)),
        "base-url" | "model" | "key" | "ask-above" => workspace.type_setting(verb, typed),
        _ => {}
    }
}

/// What is done once: a choice, a switch, a number that is complete.
fn set(workspace: Workspace, field: &HtmlInputElement, words: &Words) {
    let Words { verb, first, .. } = words;
    let (value, is_on) = (field.value(), field.checked());
    match verb.as_str() {
        "count" => change(workspace, *first, value.trim().parse().ok()),
        "check" => change(workspace, *first, Some(is_on.into())),
        "choose" => {
            if let Some(Takes::Choice(options)) = Setting::at(*first).map(|setting| setting.field().takes) {
                let place = options.iter().position(|(name, _)| *name == value);
                change(workspace, *first, place.map(|place| place as u32));
            }
        }
        "correct" => workspace.edit(|draft| draft.voting.correct = value.parse().ok()),
        "mode" => workspace.mode.set(if *first == 0 { Mode::Simulated } else { Mode::Live }),
        "pace" => {
            let chosen = Pace::ALL.iter().find(|(_, name)| *name == value);
            chosen.into_iter().for_each(|(pace, _)| workspace.pace.set(*pace));
        }
        "ready" => {
            READY
                .into_iter()
                .filter(|ready| ready.name == value)
                .for_each(|ready| workspace.open_ready(ready));
            // Back to the heading, so that the same one can be chosen again.
            field.set_value("");
        }
        "open" | "documents" => {
            let chosen = field.files();
            let files = chosen.iter().flat_map(|files| (0..files.length()).filter_map(|i| files.get(i)));
            match verb.as_str() {
                "open" => files.take(1).for_each(|file| workspace.open_file(file)),
                _ => workspace.add_documents(files.collect()),
            }
            // So that the same file can be chosen again after a change.
            field.set_value("");
        }
        "name" => field.set_value(&workspace.rename_run(*first, &value)),
        "provider" => workspace.type_setting(verb, value),
        "shortcuts" => workspace.has_shortcuts.set(is_on),
        "view" => workspace.sharing.view.set(is_on),
        "streaming" => workspace.change_settings(|settings| settings.streaming = is_on),
        "remember" => workspace
            .change_settings(|settings| settings.keys.set_remembered(&settings.base_url.clone(), is_on)),
        _ => {}
    }
}

fn change(workspace: Workspace, number: usize, value: Option<u32>) {
    if let Some(setting) = Setting::at(number) {
        workspace.edit(|draft| setting.write(draft, value));
    }
}
