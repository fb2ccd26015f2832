//! The engine in virtual time, natively and in the browser: the same cases, the same numbers.

mod admission;
mod ballots;
mod combining;
mod counting;
mod draws;
mod dropping;
mod failures;
mod lossless;
mod oracle;
mod patterns;
mod random;
mod replay;
mod resizing;
mod retries;
mod scene;
mod scripted;
mod splitting;
mod stopping;
mod stopping_rules;
mod voters;
mod votes_taken;
mod voting_rules;
mod waves;

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
