//! Prompt templates: `{name}` stands for a value.

use crate::engine::call::Prompt;

impl Prompt {
    /// Fills in the variables in one pass, so a value that looks like a variable stays as it is.
    /// Names that are not given stay as they are too.
    pub fn fill(&self, values: &[(&str, &str)]) -> Prompt {
        Prompt { system: fill(&self.system, values), user: fill(&self.user, values) }
    }
}

fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        let (before, from_brace) = rest.split_at(open);
        filled.push_str(before);
        let value = from_brace.find('}').and_then(|close| {
            let name = &from_brace[1..close];
            let (_, value) = values.iter().find(|(known, _)| *known == name)?;
            Some((close, *value))
        });
        match value {
            Some((close, value)) => {
                filled.push_str(value);
                rest = &from_brace[close + 1..];
            }
            None => {
                filled.push('{');
                rest = &from_brace[1..];
            }
        }
    }
    filled.push_str(rest);
    filled
}

/// The variables of a template, in order of appearance, each once.
pub fn variables(template: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        rest = &rest[open + 1..];
        if let Some(close) = rest.find(['{', '}'])
            && rest[close..].starts_with('}')
        {
            let name = &rest[..close];
            let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
            if is_name && !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names
}

/// How long a template gets, without filling it.
pub struct Measure {
    /// Bytes that are not variables.
    fixed: usize,
    /// How often each of two variables stands in it.
    uses: [usize; 2],
}

impl Measure {
    pub fn of(template: &str, names: [&str; 2]) -> Self {
        let mut fixed = template.len();
        let uses = names.map(|name| {
            let braced = format!("{{{name}}}");
            let n = template.matches(&braced).count();
            fixed -= n * braced.len();
            n
        });
        Measure { fixed, uses }
    }

    /// Its length in bytes with values of these lengths.
    pub fn filled(&self, lengths: [usize; 2]) -> usize {
        self.fixed + self.uses[0] * lengths[0] + self.uses[1] * lengths[1]
    }
}
