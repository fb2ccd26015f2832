//! A request as a command for a shell, without its key.

use super::key::ApiKey;
use super::transport::{HttpRequest, Method};

/// The command. Where the key would stand it has the shell's variable `API_KEY`.
pub fn command(request: &HttpRequest, key: Option<&ApiKey>) -> String {
    let mut command = format!("curl {}", quoted(&request.url));
    for (name, value) in &request.headers {
        let hidden = key.map_or_else(|| value.clone(), |key| key.replaced_in(value, "$API_KEY"));
        let header = format!("{name}: {hidden}");
        // Only between double quotes does a shell put a variable's value in.
        let word = if hidden == *value { quoted(&header) } else { format!("\"{header}\"") };
        command.push_str(&format!(" \\\n  -H {word}"));
    }
    if request.method == Method::Post {
        command.push_str(&format!(" \\\n  -d {}", quoted(&request.body)));
    }
    command
}

/// A word of a shell, whatever is in it.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}
