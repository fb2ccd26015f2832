//! The models an endpoint has, from its own list.

use serde_json::Value;

use crate::engine::price::Price;
use crate::json;

/// A model of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub name: String,
    /// Where the list says what the model costs.
    pub price: Option<Price>,
}

/// Reads a list as OpenAI, Anthropic, Google, OpenRouter, Together or Ollama give it, in the order of
/// their names. None where it is no such list. Models that say they cannot write text are left out.
pub fn read_list(text: &str) -> Option<Vec<Listed>> {
    let value = json::read(text.trim())?;
    let rows = ["data", "models"].iter().find_map(|name| value.get(name)).unwrap_or(&value).as_array()?;
    let mut models: Vec<Listed> = rows.iter().filter_map(listed).collect();
    models.sort_by(|a, b| a.name.cmp(&b.name));
    models.dedup_by(|a, b| a.name == b.name);
    Some(models)
}

fn listed(row: &Value) -> Option<Listed> {
    let name = ["id", "name", "model"].iter().find_map(|field| row.get(field)?.as_str())?;
    let writes =
        |methods: &Value| methods.as_array().is_none_or(|all| all.iter().any(|m| m == "generateContent"));
    if row.get("supportedGenerationMethods").is_some_and(|methods| !writes(methods)) {
        return None;
    }
    let name = name.strip_prefix("models/").unwrap_or(name).to_string();
    Some(Listed { name, price: row.get("pricing").and_then(price) })
}

/// OpenRouter's prices: texts, in US dollars for one token.
fn price(pricing: &Value) -> Option<Price> {
    let nano = |name: &str| pricing.get(name).and_then(json::to_nano);
    let (input_nano_usd, output_nano_usd) = (nano("prompt")?, nano("completion")?);
    Some(Price {
        input_nano_usd,
        cached_nano_usd: nano("input_cache_read").unwrap_or(input_nano_usd),
        cache_write_nano_usd: nano("input_cache_write").unwrap_or(input_nano_usd),
        output_nano_usd,
    })
}
