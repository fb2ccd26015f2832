//! Tries out the endpoint of Settings.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::settings::checking::Checked;
use super::workspace::Workspace;
use crate::platform::probe::probe;
use crate::providers::connection::{find, tell};

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
            let (facts, models) = probe(provider.protocol(), base_url, key).await;
            let (sentence, commands) = tell(find(&facts), &facts, provider.provider());
            if self.connection.try_with_untracked(|now| *now == Checked::Checking) == Some(true) {
                self.connection.set(Checked::Found(sentence, commands));
                self.settings.update(|settings| settings.listed = models);
            }
        });
    }
}
