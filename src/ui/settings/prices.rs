//! What tokens cost, to be changed to what the person pays.

use leptos::prelude::*;

use crate::providers::prices::AS_OF;
use crate::providers::settings::PriceRow;
use crate::ui::parts::button::Button;
use crate::ui::workspace::Workspace;

#[component]
pub fn Prices() -> impl IntoView {
    let settings = Workspace::expect().settings;
    let n_rows = Memo::new(move |_| settings.with(|s| s.prices.len()));
    let add = move |()| {
        settings.update(|s| {
            let row = PriceRow {
                model: s.model.clone(),
                input: "0".into(),
                cached: "0".into(),
                output: "0".into(),
            };
            s.prices.push(row);
        });
    };
    view! {
        <details class="prices">
            <summary>"Prices, USD per million tokens"</summary>
            <p class="hint">{format!("List prices of {AS_OF}. Change them to what you pay.")}</p>
            <table>
                <thead>
                    <tr>
                        <th scope="col">"Model"</th>
                        <th scope="col">"In"</th>
                        <th scope="col">"Cached"</th>
                        <th scope="col">"Out"</th>
                    </tr>
                </thead>
                <tbody>
                    {move || (0..n_rows.get()).map(|row| view! { <PriceCells row /> }.into_any()).collect_view().into_any()}
                </tbody>
            </table>
            <Button text="Add a model" on_click=add />
        </details>
    }
    .into_any()
}

#[component]
fn PriceCells(row: usize) -> impl IntoView {
    view! {
        <tr>
            <PriceCell row name="Priced model" field=|row| &mut row.model />
            <PriceCell row name="USD per million input tokens" field=|row| &mut row.input />
            <PriceCell row name="USD per million cached input tokens" field=|row| &mut row.cached />
            <PriceCell row name="USD per million output tokens" field=|row| &mut row.output />
        </tr>
    }
    .into_any()
}

#[component]
fn PriceCell(row: usize, name: &'static str, field: fn(&mut PriceRow) -> &mut String) -> impl IntoView {
    let settings = Workspace::expect().settings;
    let value = move || {
        settings.with(|s| s.prices.get(row).map(|row| field(&mut row.clone()).clone()).unwrap_or_default())
    };
    let set = move |text: String| {
        settings.update(|s| {
            if let Some(row) = s.prices.get_mut(row) {
                *field(row) = text;
            }
        });
    };
    view! {
        <td>
            <input
                aria-label=name
                prop:value=value
                on:input:target=move |event| set(event.target().value())
            />
        </td>
    }
    .into_any()
}
