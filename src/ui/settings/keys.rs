//! The key for the server of the base URL, and what becomes of it.

use leptos::prelude::*;

use crate::host::origin;
use crate::providers::catalog::Place;
use crate::ui::parts::button::Button;
use crate::ui::parts::field::{Switch, TextField};
use crate::ui::workspace::Workspace;

#[component]
pub fn KeyFields() -> impl IntoView {
    let workspace = Workspace::expect();
    let settings = workspace.settings;
    let typed = Signal::derive(move || settings.with(|s| s.keys.typed(&s.base_url).to_string()));
    let set_typed = move |text| settings.update(|s| s.keys.set_typed(&s.base_url.clone(), text));
    let remembered = Signal::derive(move || settings.with(|s| s.keys.is_remembered(&s.base_url)));
    let remember = move |on| settings.update(|s| s.keys.set_remembered(&s.base_url.clone(), on));
    let bound = move || match settings.with(|s| origin(&s.base_url)) {
        Some(origin) => format!("Sent to {origin} and nowhere else."),
        None => "Enter the Base URL first: a key belongs to one server.".to_string(),
    };
    let get_one = move || match settings.with(|s| s.provider.provider().map(|provider| provider.place)) {
        Some(Place::Web { keys }) => {
            view! { <a class="link" href=keys target="_blank" rel="noopener noreferrer">"Get a key"</a> }
                .into_any()
        }
        _ => ().into_any(),
    };
    let signs_in = move || {
        let key = settings.with(|s| s.provider.key());
        (key == "openrouter")
            .then(|| {
                view! { <Button text="Sign in with OpenRouter" on_click=move |()| workspace.sign_in() /> }
            })
            .into_any()
    };
    view! {
        {signs_in}
        <TextField
            label="API key"
            kind="password"
            placeholder="none for a local model"
            value=typed
            on_input=Callback::new(set_typed)
        />
        <p class="hint">{bound} " " {get_one}</p>
        <Switch
            label="Remember on this device"
            on=remembered
            on_change=Callback::new(remember)
        />
        <p class="hint">
            "Without it the key is gone when this page is closed. With it the key lies readable in this browser’s \
             storage, for everybody who uses this device and for every page of this site. "
            <Button
                kind="quiet"
                text="Forget all keys"
                on_click=move |()| settings.update(|s| s.keys.forget_all())
            />
        </p>
    }
    .into_any()
}
