//! A number: a slider for the usual range, a field for any value.

use leptos::prelude::*;

/// The values of a slider, in order. The last step may stand for no limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Steps {
    /// Every whole number from one to the other.
    Range(u32, u32),
    /// Chosen stops; with `open_end` one more step behind them means no limit.
    Stops { stops: &'static [u32], open_end: bool },
}

impl Steps {
    fn bounds(self) -> (u32, u32) {
        match self {
            Steps::Range(least, most) => (least, most),
            Steps::Stops { stops, open_end } => (0, (stops.len() - 1) as u32 + u32::from(open_end)),
        }
    }

    fn position(self, value: Option<u32>) -> u32 {
        match self {
            Steps::Range(least, most) => value.unwrap_or(most).clamp(least, most),
            Steps::Stops { stops, .. } => match value {
                None => stops.len() as u32,
                Some(value) => {
                    stops.iter().take_while(|stop| **stop < value).count().min(stops.len() - 1) as u32
                }
            },
        }
    }

    fn value(self, position: u32) -> Option<u32> {
        match self {
            Steps::Range(..) => Some(position),
            Steps::Stops { stops, .. } => stops.get(position as usize).copied(),
        }
    }
}

#[component]
pub fn Slider(
    label: &'static str,
    #[prop(into)] value: Signal<Option<u32>>,
    #[prop(into)] on_change: Callback<Option<u32>>,
    steps: Steps,
    /// The unit behind the number.
    #[prop(default = "")]
    unit: &'static str,
) -> impl IntoView {
    let (least, most) = steps.bounds();
    let spoken = move || match value.get() {
        Some(value) => format!("{value} {unit}"),
        None => "no limit".to_string(),
    };
    let slide = move |text: String| {
        if let Ok(position) = text.parse() {
            on_change.run(steps.value(position));
        }
    };
    let may_be_open = matches!(steps, Steps::Stops { open_end: true, .. });
    let typed = move |text: String| match text.trim().parse() {
        Ok(number) => on_change.run(Some(number)),
        Err(_) if text.trim().is_empty() && may_be_open => on_change.run(None),
        // Not a number yet: the draft keeps its value until it is one.
        Err(_) => {}
    };
    view! {
        <div class="slider">
            <span class="slider-label" aria-hidden="true">{label}</span>
            <input
                type="range"
                aria-label=label
                aria-valuetext=spoken
                min=least
                max=most
                prop:value=move || steps.position(value.get()).to_string()
                on:input:target=move |event| slide(event.target().value())
            />
            <span class="slider-value">
                <input
                    type="number"
                    inputmode="numeric"
                    min="0"
                    aria-label=label
                    placeholder="none"
                    prop:value=move || value.get().map(|value| value.to_string()).unwrap_or_default()
                    on:input:target=move |event| typed(event.target().value())
                />
                <span class="unit">{unit}</span>
            </span>
        </div>
    }
    .into_any()
}
