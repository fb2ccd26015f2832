//! Nearer to a part of the time axis, and along it: with the wheel, by dragging, with keys and buttons.
//! All arms share it.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, PointerEvent, WheelEvent};

use super::workspace::Workspace;
use crate::platform::listener::Listener;
use crate::timeline::axis::{Axis, Place, WHOLE};
use crate::timeline::window::Window;

/// A part of the axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Near {
    pub window: Window,
    /// What stays where it is while lanes become higher, as a share of the height they are seen at. Without
    /// it, what is going on in the middle of the part is brought into sight.
    pub kept: Option<Place>,
}

/// In percent of what was seen before.
const IN: u32 = 50;
const OUT: u32 = 200;

pub const MIDDLE: Place = Place(WHOLE / 2);
/// How far the arrow keys go.
const STEP: i32 = WHOLE as i32 / 8;

impl Workspace {
    /// The time axis that all arms share: what they show of it.
    pub fn axis(self) -> Axis {
        Axis::of(self.window())
    }

    pub fn whole_axis(self) -> Window {
        Window::whole(self.length_us.get())
    }

    pub fn window(self) -> Window {
        let whole = self.whole_axis();
        self.near.get().map_or(whole, |near| near.window.within(whole))
    }

    /// Whether only a part is looked at.
    pub fn is_near(self) -> bool {
        self.near.with_untracked(Option::is_some)
    }

    pub fn zoom_in(self) {
        self.zoom_by(IN);
    }

    pub fn zoom_out(self) {
        self.zoom_by(OUT);
    }

    pub fn zoom_to_whole(self) {
        self.near.set(None);
    }

    /// A step along the axis.
    pub fn go_along(self, back: bool) {
        self.look_at(
            untrack(|| self.window().moved(if back { -STEP } else { STEP }, self.whole_axis())),
            None,
        );
    }

    /// The instant that is shown stays in its place where it is in sight.
    fn zoom_by(self, percent: u32) {
        let (window, axis) = untrack(|| (self.window(), self.axis()));
        let is_seen = |at_us: &u64| window.from_us < *at_us && *at_us < window.to_us();
        let kept = self.playhead.get_untracked().filter(is_seen).map_or(MIDDLE, |at_us| axis.place(at_us));
        self.zoom(percent, kept, None);
    }

    fn zoom(self, percent: u32, kept: Place, kept_of_height: Option<Place>) {
        self.look_at(untrack(|| self.window().scaled(percent, kept, self.whole_axis())), kept_of_height);
    }

    fn look_at(self, window: Window, kept: Option<Place>) {
        let is_part = window != untrack(|| self.whole_axis());
        self.near.set(is_part.then_some(Near { window, kept }));
    }
}

/// A directive: the wheel and the pointer move what the waterfall shows.
pub fn zoomable(waterfall: Element, workspace: Workspace) {
    let mut dragged: Option<(i32, Window)> = None;
    let on_event = {
        let waterfall = waterfall.clone();
        move |event: Event| {
            let Some(track) = track(&waterfall) else { return };
            match event.type_().as_str() {
                "wheel" => on_wheel(workspace, event.unchecked_ref(), track),
                "pointermove" => {
                    if let Some(dragged) = dragged {
                        drag(workspace, &waterfall, event.unchecked_ref(), track, dragged);
                    }
                }
                "pointerdown" => {
                    let event: &PointerEvent = event.unchecked_ref();
                    let is_begun = event.button() == 0 && workspace.is_near();
                    dragged = is_begun.then(|| (event.client_x(), untrack(|| workspace.window())));
                }
                _ => dragged = None,
            }
        }
    };
    StoredValue::new_local(Listener::on(
        &waterfall,
        &["wheel", "pointerdown", "pointermove", "pointerup", "pointercancel"],
        on_event,
    ));
}

/// Where the tracks stand in the window: left, top and size.
type Track = [f64; 4];

fn track(waterfall: &Element) -> Option<Track> {
    let across = waterfall.query_selector(".axis-track").ok().flatten()?.get_bounding_client_rect();
    let down = waterfall.query_selector(".waterfall-rows, .lanes").ok().flatten()?.get_bounding_client_rect();
    Some([across.left(), down.top(), across.width().max(1.0), down.height().max(1.0)])
}

fn share(part: f64, whole: f64) -> i32 {
    (part / whole * f64::from(WHOLE)) as i32
}

/// With Control, which a pinch on a touchpad is, too: nearer or farther. Sideways: along.
fn on_wheel(workspace: Workspace, event: &WheelEvent, [left, top, width, height]: Track) {
    let (across, down) = (event.delta_x(), event.delta_y());
    if event.ctrl_key() || event.meta_key() {
        let place = |at: f64, whole| Place(share(at, whole).clamp(0, WHOLE as i32) as u32);
        let kept = place(f64::from(event.client_x()) - left, width);
        // A notch of a wheel is about a hundred, a pinch a few at a time.
        let percent = (100.0 + down.clamp(-25.0, 33.0)) as u32;
        workspace.zoom(percent, kept, Some(place(f64::from(event.client_y()) - top, height)));
    } else if workspace.is_near() && (event.shift_key() || across.abs() > down.abs()) {
        let by = share(if across == 0.0 { down } else { across }, width);
        workspace.look_at(untrack(|| workspace.window().moved(by, workspace.whole_axis())), Some(MIDDLE));
    } else {
        return;
    }
    event.prevent_default();
}

/// Less is a click.
const LEAST_DRAG: i32 = 4;

fn drag(
    workspace: Workspace,
    waterfall: &Element,
    event: &PointerEvent,
    track: Track,
    (from_x, window): (i32, Window),
) {
    let by = from_x - event.client_x();
    if by.abs() >= LEAST_DRAG && !waterfall.has_pointer_capture(event.pointer_id()) {
        // From now on the pointer is the waterfall's, and no row takes it for a click.
        let _ = waterfall.set_pointer_capture(event.pointer_id());
    }
    if waterfall.has_pointer_capture(event.pointer_id()) {
        let [_, _, width, _] = track;
        workspace
            .look_at(window.moved(share(by.into(), width), untrack(|| workspace.whole_axis())), Some(MIDDLE));
    }
}
