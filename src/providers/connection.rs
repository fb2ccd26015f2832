//! What a connection check found out, told apart as far as a browser lets a page tell it.
//!
//! Sources: what Chromium 156 was seen to do on loopback; the documentation of the servers.

use super::catalog::{Local, Place, Provider};
use crate::host::{Reach, host, origin, reach};

/// What was tried, and what came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    pub is_online: bool,
    /// The page came over https.
    pub page_is_secure: bool,
    /// Where the page is from; servers have to be told it.
    pub page_origin: String,
    pub base_url: String,
    pub has_key: bool,
    /// The browser's own answer for addresses of this machine or network; none where it is not asked.
    pub permission: Option<Permission>,
    /// The page's own policy forbade the request.
    pub blocked_by_policy: bool,
    /// What came back for the list of models.
    pub reply: Option<Reply>,
    /// Whether a request whose reply nobody may read went through: then something listens there.
    pub listens: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    Granted,
    Denied,
    Prompt,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    pub status: u16,
    /// How many models it lists; none where it is no list.
    pub n_models: Option<usize>,
    /// The server's words where it is an error.
    pub message: String,
}

/// What is the matter, named by what the person does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    /// It answers, and lists this many models.
    Works {
        n_models: usize,
    },
    /// It answers, and lists none: whether the model is there only a call can tell.
    WorksWithoutList,
    Offline,
    /// The base URL is no address.
    NoAddress,
    /// A page that came over https may not call this http address.
    MixedContent,
    /// A page that came over http from elsewhere may not reach this machine or network.
    PageNotSecure,
    /// The person, or their browser, does not let pages reach this machine or network.
    NotPermitted,
    PolicyForbids,
    KeyRefused,
    KeyMissing,
    /// OpenAI answers a wrong key in a way that no page may read.
    KeyProbablyRefused,
    WrongPath,
    OutOfQuota,
    ServerFails,
    /// It is there, and does not let pages of this origin read its replies.
    NoCors,
    /// Nothing listens there, or the name does not exist.
    NothingListens,
}

/// Tells apart what can be told apart.
pub fn find(facts: &Facts) -> Finding {
    let Some(origin) = origin(&facts.base_url) else { return Finding::NoAddress };
    let is_private = is_private(&facts.base_url);
    if let Some(reply) = &facts.reply {
        return match (reply.status, reply.n_models) {
            (200..300, Some(n_models)) => Finding::Works { n_models },
            (200..300, None) => Finding::WrongPath,
            (401 | 403, _) if !facts.has_key => Finding::KeyMissing,
            (401 | 403, _) => Finding::KeyRefused,
            // Google calls a bad key a bad request.
            (400, _) if reply.message.to_ascii_lowercase().contains("api key") => Finding::KeyRefused,
            (402 | 429, _) => Finding::OutOfQuota,
            (404 | 405, _) => Finding::WrongPath,
            (500.., _) => Finding::ServerFails,
            _ => Finding::WorksWithoutList,
        };
    }
    // The policy forbids it too, and there it is not the policy that has to change.
    if facts.page_is_secure && origin.starts_with("http:") && !is_private {
        return Finding::MixedContent;
    }
    if facts.blocked_by_policy {
        return Finding::PolicyForbids;
    }
    match facts.permission {
        // Nobody is asked for such a page, and no setting lets it through.
        Some(Permission::Denied) if !facts.page_is_secure => return Finding::PageNotSecure,
        Some(Permission::Denied) => return Finding::NotPermitted,
        _ => {}
    }
    if !facts.is_online && !is_private {
        return Finding::Offline;
    }
    match facts.listens {
        true if origin == "https://api.openai.com" && facts.has_key => Finding::KeyProbablyRefused,
        true => Finding::NoCors,
        false => Finding::NothingListens,
    }
}

/// What is said of a finding, and commands to type where some help.
pub fn tell(finding: Finding, facts: &Facts, provider: Option<&Provider>) -> (String, Vec<Command>) {
    let host = host(&facts.base_url);
    let local = match provider.map(|provider| provider.place) {
        Some(Place::Local(local)) => Some(local),
        _ => None,
    };
    let origin = &facts.page_origin;
    let said = facts.reply.as_ref().map(|reply| reply.message.trim()).filter(|said| !said.is_empty());
    let said = said.map(|said| format!(" It says: “{said}”")).unwrap_or_default();
    let sentence = match finding {
        Finding::Works { n_models } => {
            let models = if n_models == 1 { "1 model".to_string() } else { format!("{n_models} models") };
            let sockets = match facts.base_url.trim_start().starts_with("https:") {
                true => "",
                false => {
                    " Browsers open at most six connections to an http address: what goes beyond waits in the browser."
                }
            };
            format!("It works: {host} lists {models}.{sockets}")
        }
        Finding::WorksWithoutList => {
            format!("{host} answers, and lists no models. A run will tell whether the model is there.{said}")
        }
        Finding::Offline => "This browser is offline. Connect to a network and check again.".to_string(),
        Finding::NoAddress => {
            "The Base URL is no address. It begins with https:// or http://, and most end in /v1.".to_string()
        }
        Finding::MixedContent => format!(
            "A page that came over https may not call {host} over http. Use an https address, or for a server on \
             this machine http://localhost or http://127.0.0.1."
        ),
        Finding::PageNotSecure => {
            format!("Browsers let no page that came over http reach {host}. Open this page over https.")
        }
        Finding::NotPermitted => format!(
            "The browser does not let this page reach {host}. Allow “local network access” for this page in the \
             browser’s site settings, then check again."
        ),
        Finding::PolicyForbids => format!(
            "The page’s own security policy does not allow {host}: https addresses, localhost and 127.0.0.1 may be \
             called."
        ),
        Finding::KeyRefused => {
            format!("{host} does not accept the key. Copy it again, or make a new one.{said}")
        }
        Finding::KeyMissing => format!("{host} wants an API key. Enter one above.{said}"),
        Finding::KeyProbablyRefused => format!(
            "{host} is there, and its reply may not be read. OpenAI does that where the key is wrong: copy it again, \
             or make a new one."
        ),
        Finding::WrongPath => format!(
            "Something answers at {host}, but no list of models. Check the end of the Base URL: most end in /v1.{said}"
        ),
        Finding::OutOfQuota => format!("{host} knows the key, and its quota is used up for now.{said}"),
        Finding::ServerFails => format!("{host} fails. Wait a little, then check again.{said}"),
        Finding::NoCors => format!(
            "Something listens at {host}, but it does not let pages of {origin} read its replies (CORS), or it \
             refuses the key in a way that no page may read. Allow this origin on the server."
        ),
        Finding::NothingListens => {
            // To the page that looks the same.
            let webkit = match facts.page_is_secure && facts.base_url.trim_start().starts_with("http:") {
                true => {
                    " Safari and other browsers on WebKit let no page that came over https call this machine over \
                     http: take another browser, or open a copy of this page from this machine."
                }
                false => "",
            };
            format!(
                "No reply from {host}. Nothing listens there, the name is wrong, or its certificate is not trusted. \
                 Start the server, then check again.{webkit}"
            )
        }
    };
    let commands = match (finding, local) {
        (Finding::NoCors | Finding::NothingListens | Finding::NotPermitted, Some(local)) => {
            commands(local, origin)
        }
        _ => Vec::new(),
    };
    (sentence, commands)
}

/// A command to type, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    pub place: &'static str,
    pub text: String,
}

/// How a local server is started so that pages of an origin may call it.
fn commands(local: Local, origin: &str) -> Vec<Command> {
    let command = |place, text| Command { place, text };
    match local {
        Local::Ollama => vec![
            command("macOS", format!("launchctl setenv OLLAMA_ORIGINS \"{origin}\"  # then restart the app")),
            command(
                "Linux",
                format!(
                    "sudo systemctl edit ollama  # add: [Service] Environment=\"OLLAMA_ORIGINS={origin}\""
                ),
            ),
            command("Windows", format!("setx OLLAMA_ORIGINS \"{origin}\"  # then restart the app")),
            command("By hand", format!("OLLAMA_ORIGINS=\"{origin}\" ollama serve")),
        ],
        Local::LmStudio => vec![
            command("Any system", "lms server start --cors".to_string()),
            command("In the app", "Developer → Server Settings → Enable CORS".to_string()),
        ],
        Local::LlamaCpp => {
            vec![command("Any system", format!("llama-server -m model.gguf --cors-origins \"{origin}\""))]
        }
        Local::Vllm => {
            vec![command("Any system", format!("vllm serve MODEL --allowed-origins '[\"{origin}\"]'"))]
        }
    }
}

/// Whether an address is of this machine or its network, where nobody sends a bill.
pub fn is_private(base_url: &str) -> bool {
    matches!(reach(base_url), Some(Reach::Machine | Reach::Network))
}
