//! Requests as commands, checked by a shell.

use fanout::providers::curl::command;
use fanout::providers::endpoint::{Target, sample};
use fanout::providers::key::ApiKey;
use fanout::providers::protocol::Protocol;
use fanout::providers::transport::{HttpRequest, Method};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const BASE: &str = "https://llm.example/v1";

/// Guards against a key that is copied to where it is pasted.
#[test]
fn a_command_has_a_variable_where_the_key_would_stand() {
    for (protocol, header) in [
        (Protocol::ChatCompletions, "-H \"authorization: Bearer $API_KEY\""),
        (Protocol::Messages, "-H \"x-api-key: $API_KEY\""),
        (Protocol::GenerateContent, "-H \"x-goog-api-key: $API_KEY\""),
    ] {
        let target = Target {
            protocol,
            base_url: BASE.to_string(),
            model: "m".to_string(),
            api_key: ApiKey::new("sk-secret", BASE).ok(),
            streaming: false,
        };
        let command = command(&sample(&target), target.api_key.as_ref());
        assert!(command.contains(header) && !command.contains("sk-secret"), "{command}");
        assert!(command.starts_with("curl 'https://llm.example/v1/"), "{command}");
    }
}

/// Guards against a prompt that ends the word it stands in and begins a command of its own.
#[cfg(not(target_arch = "wasm32"))]
#[test]
fn a_shell_reads_every_text_as_one_word() {
    let hostile = r#"it's; $(touch /tmp/x) `id` "q" \ $HOME
new line"#;
    let request = HttpRequest {
        method: Method::Post,
        url: format!("{BASE}?q={hostile}"),
        headers: vec![("x-a".to_string(), hostile.to_string())],
        body: hostile.to_string(),
    };
    let script = command(&request, None).replacen("curl", "printf '%s\\0'", 1);
    let output = std::process::Command::new("sh").arg("-c").arg(&script).output().expect("a shell");
    let words: Vec<String> =
        String::from_utf8(output.stdout).expect("text").split('\0').map(str::to_string).collect();
    let expected = [&request.url, "-H", &format!("x-a: {hostile}"), "-d", &request.body, ""];
    assert_eq!(words, expected);
}
