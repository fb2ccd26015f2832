//! Tries out the endpoint of Settings.

use leptos::task::spawn_local;

use super::settings::Checked;
use super::workspace::Workspace;
use crate::platform::fetch::Fetch;
use crate::platform::probe::{PolicyWatch, Surroundings, listens, look_around};
use crate::platform::{built_in, clipboard};
use crate::providers::connection::{Command, Facts, Permission, Reply, find, tell};
use crate::providers::curl::command;
use crate::providers::endpoint::sample;
use crate::providers::failure::excerpt;
use crate::providers::key::ApiKey;
use crate::providers::models::{Listed, read_list};
use crate::providers::protocol::Protocol;
use crate::providers::settings::{Answerer, Choice, Settings};
use crate::providers::transport::{HttpReply, HttpRequest, MOST_OF_REPLY, Method, Transport, gather};

impl Workspace {
    /// Asks the endpoint for its models, and says what came of it. What was changed meanwhile is not
    /// what was asked about.
    pub fn check_connection(self) {
        let asked = self.settings.with_untracked(|settings| {
            let key = settings.keys.key(&settings.base_url);
            key.map(|key| (settings.provider, settings.base_url.trim().to_string(), key))
        });
        let (provider, base_url, key) = match asked {
            Ok(asked) => asked,
            Err(sentence) => {
                self.connection.set(Checked::Found(sentence, Vec::new()));
                return;
            }
        };
        self.connection.set(Checked::Checking);
        spawn_local(async move {
            if provider == Choice::BuiltIn {
                self.connection.set(Checked::Found(told_built_in(&built_in::state().await), Vec::new()));
                return;
            }
            let (facts, models) = try_out(provider.protocol(), base_url, key).await;
            let (sentence, commands) = tell(find(&facts), &facts, provider.provider());
            if self.connection.with_untracked(|now| *now == Checked::Checking) {
                self.connection.set(Checked::Found(sentence, commands));
                self.settings.update(|settings| settings.listed = models);
            }
        });
    }
}

impl Workspace {
    /// Copies a request to the endpoint as a command for a shell, which shows what the endpoint says to
    /// who is no page. It is shown, too, for browsers that refuse the clipboard.
    pub fn copy_as_curl(self) {
        let found = match self.settings.with_untracked(Settings::answerer) {
            Ok(Answerer::Remote(target)) => {
                let text = command(&sample(&target), target.api_key.as_ref());
                clipboard::write(&text);
                let copied =
                    "Copied, with $API_KEY in the key’s place. In a shell, set it first: export API_KEY=…";
                Checked::Found(copied.to_string(), vec![Command { place: "Shell", text }])
            }
            Ok(_) => return,
            Err(sentence) => Checked::Found(sentence, Vec::new()),
        };
        self.connection.set(found);
    }
}

/// What the browser says of the model it has built in.
fn told_built_in(state: &str) -> String {
    match state {
        "available" => "The browser’s own model is there.",
        "downloadable" | "downloading" => {
            "The browser has a model of its own and does not have it here yet: the first run downloads it, which \
             takes a while."
        }
        _ => "The browser’s own model cannot be used on this device. Choose another provider.",
    }
    .to_string()
}

/// Asks for the list of models, and looks around where none comes.
async fn try_out(protocol: Protocol, base_url: String, key: Option<ApiKey>) -> (Facts, Vec<Listed>) {
    let watch = PolicyWatch::start();
    let url = protocol.models_url(&base_url);
    let headers = protocol.headers(&url, key.as_ref());
    let request = HttpRequest { method: Method::Get, url: url.clone(), headers, body: String::new() };
    let (mut reply, mut models) = (None, Vec::new());
    if let Ok(HttpReply { head, body }) = Fetch.send(request).await {
        let (text, _) = gather(body, MOST_OF_REPLY).await;
        let hidden = |text: &str| key.as_ref().map_or_else(|| text.to_string(), |key| key.hidden_in(text));
        let mut list = head.is_success().then(|| read_list(&text)).flatten();
        // Whoever has the key in a name has no model of that name.
        list.iter_mut().for_each(|list| list.retain(|model| hidden(&model.name) == model.name));
        let said = hidden(&text);
        reply = Some(Reply {
            status: head.status,
            n_models: list.as_ref().map(Vec::len),
            message: if list.is_some() { String::new() } else { excerpt(&said) },
        });
        models = list.unwrap_or_default();
    }
    let Surroundings { is_online, page_is_secure, page_origin, permission } = look_around(&url).await;
    let facts = Facts {
        is_online,
        page_is_secure,
        page_origin,
        has_key: key.is_some(),
        permission: permission.map(|state| match state.as_str() {
            "granted" => Permission::Granted,
            "denied" => Permission::Denied,
            _ => Permission::Prompt,
        }),
        listens: reply.is_none() && listens(&url).await,
        blocked_by_policy: reply.is_none() && watch.saw_one().await,
        reply,
        base_url,
    };
    (facts, models)
}
