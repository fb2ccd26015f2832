//! Addresses that a text from outside may link to.

/// An address that is safe to follow, and where it leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    pub to: String,
    /// The host, or whom a mail goes to.
    pub host: String,
}

impl Address {
    /// None where the address has another scheme than `https:`, `http:` and `mailto:`, or where a
    /// browser could read another host in it than the one said here.
    pub fn read(to: &str) -> Option<Address> {
        // Browsers drop some white space and take `\` for `/`.
        if to.contains(|c: char| c.is_control() || c.is_whitespace() || c == '\\') {
            return None;
        }
        let (scheme, rest) = to.split_once(':')?;
        let host = match scheme.to_ascii_lowercase().as_str() {
            "https" | "http" => {
                let host = until(rest.strip_prefix("//")?, &['/', '?', '#']);
                // A name before an `@` looks like the host and is not; letters that look like others
                // and escapes make a host that is not the one they show.
                let is_plain =
                    |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
                host.contains(is_plain).then_some(host).filter(|host| host.chars().all(is_plain))?
            }
            "mailto" => Some(until(rest, &['?'])).filter(|whom| whom.contains('@') && whom.is_ascii())?,
            _ => return None,
        };
        Some(Address { to: to.to_string(), host: host.to_string() })
    }
}

/// What stands before the first of these characters.
fn until<'a>(text: &'a str, ends: &[char]) -> &'a str {
    text.split(ends).next().unwrap_or(text)
}
