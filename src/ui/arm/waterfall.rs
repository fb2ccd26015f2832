//! The waterfall: a row for each call on the axis all arms share, and the same calls one by one.

use leptos::prelude::*;

use crate::engine::patterns::Role;
use crate::format::{axis_us, duration_us};
use crate::scenario::ArmKind;
use crate::timeline::axis::{Place, WHOLE};
use crate::timeline::rows::{Mark, Row, rows};
use crate::ui::parts::icon::{Icon, Sign};
use crate::ui::workspace::{Mode, Workspace};

#[component]
pub fn Waterfall(kind: ArmKind) -> impl IntoView {
    let workspace = Workspace::expect();
    let table = move || {
        let stories = workspace.stories(kind);
        workspace.shown[kind.index()].with(|shown| match shown {
            Some(shown) => workspace.axis.with(|axis| rows(&shown.recording.plan, &stories, axis)),
            None => Vec::new(),
        })
    };
    let empty =
        move || workspace.shown[kind.index()].with(Option::is_none) && workspace.mode.get() == Mode::Live;
    let hidden = move || {
        workspace.playhead.get().map(|place| format!("inset(0 {} 0 0)", Place(WHOLE - place.0).css()))
    };
    view! {
        <div class="waterfall">
            <AxisTicks />
            <div class="waterfall-rows" role="list" aria-label="Calls">
                {move || table().into_iter().map(|row| view! { <RowView row hidden /> }).collect_view()}
                {move || {
                    empty()
                        .then(|| {
                            view! {
                                <p class="empty">
                                    "Not run yet. “Run” sends real requests to the endpoint in Settings."
                                </p>
                            }
                        })
                }}
            </div>
            <Ghost kind />
        </div>
    }
}

#[component]
fn AxisTicks() -> impl IntoView {
    let axis = Workspace::expect().axis;
    let ticks = move || {
        axis.with(|axis| {
            axis.ticks_us.iter().map(|us| (axis.place(*us).css(), axis_us(*us))).collect::<Vec<_>>()
        })
    };
    view! {
        <div class="axis" aria-hidden="true">
            <div class="axis-track">
                {move || {
                    ticks()
                        .into_iter()
                        .map(|(left, text)| view! { <span class="tick" style:left=left>{text}</span> })
                        .collect_view()
                }}
            </div>
        </div>
    }
}

#[component]
fn RowView(row: Row, hidden: impl Fn() -> Option<String> + Copy + Send + 'static) -> impl IntoView {
    let bars = row.bars.into_iter().map(|bar| {
        view! {
            <span
                class="phase"
                data-phase=bar.look.as_str()
                title=bar.title
                style:left=bar.left.css()
                style:width=bar.width.css()
            ></span>
        }
    });
    let mark = row.mark.map(|(left, mark)| {
        let sign = match mark {
            Mark::Done => Sign::Check,
            Mark::Failed => Sign::Cross,
            Mark::Cancelled => Sign::Barred,
        };
        view! {
            <span class="mark" data-mark=mark.as_str() style:left=left.css()><Icon sign /></span>
        }
    });
    let title = row.summary.clone();
    view! {
        <div class="row" class:row-aggregator=row.role == Role::Aggregator role="listitem" title=title>
            <span class="row-label">{row.label}</span>
            <span class="visually-hidden">{row.summary}</span>
            <div class="track" aria-hidden="true" style:clip-path=move || hidden().unwrap_or_default()>
                {bars.collect_view()} {mark}
            </div>
        </div>
    }
}

/// The same calls one by one, as an outline.
#[component]
fn Ghost(kind: ArmKind) -> impl IntoView {
    let workspace = Workspace::expect();
    let ghost = move || {
        let us = workspace.numbers[kind.index()].get()?.sequential_us.value?;
        Some(workspace.axis.with(|axis| (axis.place(us), us > axis.length_us, us)))
    };
    view! {
        {move || {
            ghost()
                .filter(|(_, _, us)| *us > 0)
                .map(|(width, cut, us)| {
                    let end = if cut { " →" } else { "" };
                    view! {
                        <div class="row row-ghost">
                            <span class="row-label">"one by one"</span>
                            <div class="track">
                                <span class="ghost" style:width=width.css()>
                                    {format!("{}{end}", duration_us(us))}
                                </span>
                            </div>
                        </div>
                    }
                })
        }}
    }
}
