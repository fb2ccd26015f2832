//! The layers as the architecture has them: who may use whom, read from the sources.

use std::fs;
use std::path::{Path, PathBuf};

/// A source file: its path from the root, and its text without comments and line breaks.
struct Source {
    path: String,
    code: String,
}

/// Every file with this ending under a folder, or the one file.
fn sources(place: &str, ending: &str) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    let mut folders = vec![root.join(place)];
    while let Some(path) = folders.pop() {
        if path.is_dir() {
            folders
                .extend(fs::read_dir(path).expect("a folder").map(|entry| entry.expect("an entry").path()));
        } else if path.extension().is_some_and(|extension| extension == ending) {
            found.push(source(root, path));
        }
    }
    assert!(!found.is_empty(), "{place} has files");
    found
}

fn source(root: &Path, path: PathBuf) -> Source {
    let text = fs::read_to_string(&path).expect("UTF-8");
    let uncommented = text.lines().map(|line| line.split("//").next().unwrap_or(""));
    let code = uncommented.collect::<Vec<_>>().join(" ").split_whitespace().collect::<Vec<_>>().join(" ");
    let path = path.strip_prefix(root).expect("below the root").to_string_lossy().replace('\\', "/");
    Source { path, code }
}

impl Source {
    /// Every path after `crate::`, with groups in braces taken apart.
    fn uses(&self) -> Vec<String> {
        let mut found = Vec::new();
        for (at, root) in self.code.match_indices("crate::") {
            take_apart("", &self.code[at + root.len()..], &mut found);
        }
        found
    }

    /// Whether these words stand in the code, not as a part of longer ones.
    fn says(&self, words: &str) -> bool {
        let part = |c: char| c.is_alphanumeric() || c == '_';
        self.code.match_indices(words).any(|(at, _)| {
            let before = self.code[..at].chars().next_back();
            let after = self.code[at + words.len()..].chars().next();
            !before.is_some_and(part) && !after.is_some_and(part)
        })
    }
}

/// Adds the paths that `rest` begins with, each behind `prefix`; gives back what follows.
fn take_apart<'a>(prefix: &str, rest: &'a str, found: &mut Vec<String>) -> &'a str {
    let name = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
    let path = format!("{prefix}{}", &rest[..name]);
    let rest = &rest[name..];
    if let Some(rest) = rest.strip_prefix("::") {
        return take_apart(&format!("{path}::"), rest, found);
    }
    let Some(mut rest) = rest.strip_prefix('{') else {
        found.push(path);
        return rest;
    };
    while !rest.is_empty() {
        rest = take_apart(prefix, rest.trim_start(), found).trim_start();
        rest = match rest.strip_prefix(',') {
            Some(rest) => rest.trim_start(),
            None => rest,
        };
        if let Some(rest) = rest.strip_prefix('}') {
            return rest;
        }
    }
    rest
}

/// Files under `place` use, of this crate, only what begins with one of `allowed`, and no words of `never`.
fn check(place: &str, allowed: &[&str], never: &[&str]) {
    for source in sources(place, "rs") {
        for used in source.uses() {
            let fits = |allowed: &&str| used == **allowed || used.starts_with(&format!("{allowed}::"));
            assert!(allowed.iter().any(fits), "{} uses crate::{used}", source.path);
        }
        for words in never {
            assert!(!source.says(words), "{} says {words}", source.path);
        }
    }
}

const BROWSER: [&str; 7] =
    ["web_sys", "js_sys", "leptos", "gloo_net", "gloo_timers", "wasm_bindgen", "wasm_bindgen_futures"];

#[test]
fn the_engine_knows_nobody() {
    check("src/engine", &["engine", "host"], &BROWSER);
    let never = ["serde", "serde_json", "web_time", "httpdate", "base64"];
    check("src/engine", &["engine", "host"], &never);
}

/// Guards against a run that depends on the hour, the thread or the hash of the day.
#[test]
fn the_engine_reads_no_clock_and_iterates_over_no_hash() {
    let never =
        ["std::time", "Instant", "SystemTime", "HashMap", "HashSet", "thread", "rand", "spawn_local", "f32"];
    check("src/engine", &["engine", "host"], &never);
}

#[test]
fn providers_know_the_engine_only() {
    check("src/providers", &["engine", "providers", "host", "json"], &BROWSER);
}

#[test]
fn a_scenario_knows_the_engine_and_the_providers() {
    check("src/scenario", &["engine", "providers", "scenario", "json"], &BROWSER);
}

#[test]
fn analysis_knows_no_real_provider_and_no_browser() {
    let allowed =
        ["engine", "providers::simulated", "providers::prices", "scenario", "analysis", "format", "host"];
    check("src/analysis", &allowed, &BROWSER);
    check("src/analysis", &allowed, &["serde", "serde_json"]);
}

#[test]
fn the_timeline_knows_no_browser_and_no_provider() {
    check("src/timeline", &["engine", "analysis", "timeline", "format"], &BROWSER);
    check("src/format.rs", &["engine"], &BROWSER);
}

#[test]
fn a_picture_knows_no_browser() {
    let allowed = ["engine", "scenario", "analysis", "timeline", "picture", "format"];
    check("src/picture", &allowed, &BROWSER);
}

/// Guards against a setting of this browser that gets into what is kept or given out.
#[test]
fn runs_know_no_settings_and_no_browser() {
    check("src/runs", &["engine", "scenario", "analysis", "runs", "format", "json"], &BROWSER);
}

/// Guards against a leaf that grows into a layer.
#[test]
fn the_leaves_know_nobody() {
    check("src/json.rs", &[], &BROWSER);
    check("src/markdown", &[], &BROWSER);
    check(
        "src/host.rs",
        &[],
        &[
            "web_sys::window",
            "web_sys::Window",
            "web_sys::Document",
            "leptos",
            "gloo_net",
            "gloo_timers",
            "wasm_bindgen",
        ],
    );
}

#[test]
fn the_platform_knows_no_page() {
    let allowed =
        ["engine", "host", "providers::transport", "providers::practice", "scenario::link", "platform"];
    check("src/platform", &allowed, &["leptos"]);
}

/// Guards against another way to write `crate::`, which the other tests would not see.
#[test]
fn nobody_climbs_to_the_root() {
    for source in sources("src", "rs") {
        let own_module = source.path.ends_with("/mod.rs") || source.path == "src/lib.rs";
        let depth = source.path.split('/').count() - 1 - usize::from(own_module);
        let climbs = "super::".repeat(depth);
        assert!(depth == 0 || !source.code.contains(&climbs), "{} says {climbs}", source.path);
    }
}

#[test]
fn nothing_but_the_program_uses_the_screen() {
    for source in sources("src", "rs") {
        let is_screen = source.path.starts_with("src/ui/") || source.path == "src/main.rs";
        let uses = source.uses().iter().any(|used| used == "ui" || used.starts_with("ui::"));
        assert!(is_screen || !uses && !source.says("fanout::ui"), "{} uses the screen", source.path);
    }
}

/// Guards against a second wire format: only the codecs and the scenario file say how a thing is written.
#[test]
fn domain_types_are_not_serialized() {
    for source in sources("src", "rs") {
        let derives = source.code.split("derive(").skip(1);
        let derived = derives.filter_map(|rest| rest.split(')').next()).collect::<String>();
        assert!(!derived.contains("erialize"), "{} derives a wire format", source.path);
        let knows = ["src/providers/", "src/scenario/", "src/runs/", "src/json.rs"]
            .iter()
            .any(|place| source.path.starts_with(place));
        assert!(knows || !source.says("serde_json"), "{} knows JSON", source.path);
    }
}

#[test]
fn each_layer_writes_down_what_must_not_happen() {
    for layer in
        ["engine", "providers", "scenario", "analysis", "timeline", "picture", "runs", "platform", "ui"]
    {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(layer).join("mod.rs");
        let text = fs::read_to_string(path).expect("the layer is there");
        assert!(text.contains("//! Invariant: "), "{layer} states its invariant");
    }
}

/// A colour by number: `#` and three to eight hexadecimal digits, or a function of numbers.
fn raw_colour(text: &str) -> Option<&str> {
    let hash = text.match_indices('#').find_map(|(at, _)| {
        let name = text[at + 1..].split(|c: char| !c.is_alphanumeric() && c != '-').next()?;
        let is_colour = matches!(name.len(), 3 | 4 | 6 | 8) && name.bytes().all(|b| b.is_ascii_hexdigit());
        is_colour.then_some(name)
    });
    hash.or_else(|| ["rgb(", "rgba(", "hsl(", "hsla(", "oklch("].into_iter().find(|name| text.contains(name)))
}

#[test]
fn raw_colours_stand_in_the_tokens_only() {
    for file in sources("style", "css") {
        let raw = raw_colour(&file.code);
        assert_eq!(raw.is_some(), file.path == "style/tokens.css", "{}: {raw:?}", file.path);
    }
    for file in sources("src/ui", "rs").into_iter().chain(sources("src/picture", "rs")) {
        assert_eq!(raw_colour(&file.code), None, "{}", file.path);
    }
}

/// Guards against styles that the page's content security policy forbids.
#[test]
fn no_style_is_written_into_the_page() {
    for file in sources("src/ui", "rs").into_iter().chain(sources("index.html", "html")) {
        let code = file.code.replace(' ', "");
        for written in ["style=\"", "\"style\",", "inner_html", "<style"] {
            assert!(!code.contains(written), "{} says {written}", file.path);
        }
    }
}
