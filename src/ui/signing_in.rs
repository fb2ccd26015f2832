//! Signing in with OpenRouter: a key without copying one. The page goes there and comes back with a
//! code, which it redeems for a key.
//!
//! Source: <https://openrouter.ai/docs/use-cases/oauth-pkce>.

use leptos::task::spawn_local;

use super::notices::Notice;
use super::workspace::Workspace;
use crate::host::{encoded, origin};
use crate::json::{self, object};
use crate::platform::fetch::Fetch;
use crate::platform::{location, pkce, storage};
use crate::providers::transport::{HttpRequest, MOST_OF_ERROR, Method, Transport, gather};

/// What is kept until the page comes back: the secret, and the server.
const SECRET: &str = "fanout.sign-in.secret";
const SERVER: &str = "fanout.sign-in.server";

const FAILED: &str =
    "Signing in did not work: the code was not accepted. Try again, or enter a key under Settings.";

impl Workspace {
    /// Leaves for the provider. Settings are stored; the work is kept and comes back.
    pub fn sign_in(self) {
        let base_url = self.settings.with_untracked(|settings| settings.base_url.trim().to_string());
        let Some(origin) = origin(&base_url) else { return };
        spawn_local(async move {
            let Some((secret, challenge)) = pkce::secret_and_challenge().await else {
                self.notify(Notice::error(
                    "This browser cannot sign in here. Enter a key under Settings.".to_string(),
                ));
                return;
            };
            storage::keep_for_visit(SECRET, Some(&secret));
            storage::keep_for_visit(SERVER, Some(&base_url));
            self.keep_work();
            let back = encoded(&location::page());
            location::go(&format!(
                "{origin}/auth?callback_url={back}&code_challenge={challenge}&code_challenge_method=S256"
            ));
        });
    }

    /// Redeems the code that the page came back with, if it did.
    pub fn finish_sign_in(self) {
        let Some(code) = location::parameter("code") else { return };
        let kept = |name| {
            let text = storage::kept_for_visit(name);
            storage::keep_for_visit(name, None);
            text
        };
        let (secret, server) = (kept(SECRET), kept(SERVER));
        // A code in the address is of use to nobody any more, and no part of what is shared.
        location::drop_parameters();
        let (Some(secret), Some(base_url)) = (secret, server) else { return };
        self.open_kept_work();
        spawn_local(async move {
            match redeem(&base_url, &code, &secret).await {
                Some(key) => {
                    self.settings.update(|settings| {
                        settings.set_base_url(base_url.clone());
                        settings.keys.set_typed(&base_url, key);
                    });
                    let signed_in = "Signed in. The key stays in memory until this page is closed; Settings can \
                                     remember it.";
                    self.notify(Notice::status(signed_in.to_string()));
                }
                None => self.notify(Notice::error(FAILED.to_string())),
            }
        });
    }
}

async fn redeem(base_url: &str, code: &str, secret: &str) -> Option<String> {
    let body = json::write(&object(vec![
        ("code", code.into()),
        ("code_verifier", secret.into()),
        ("code_challenge_method", "S256".into()),
    ]));
    let request = HttpRequest {
        method: Method::Post,
        url: format!("{}/auth/keys", base_url.trim_end_matches('/')),
        headers: vec![("content-type".to_string(), "application/json".to_string())],
        body,
    };
    let reply = Fetch.send(request).await.ok().filter(|reply| reply.head.is_success())?;
    let value = json::read(&gather(reply.body, MOST_OF_ERROR).await.0)?;
    Some(value.get("key")?.as_str()?.to_string()).filter(|key| !key.is_empty())
}
