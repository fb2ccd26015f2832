//! Nearer to a part of the time axis, and along it: with the wheel, with fingers, with keys and buttons.
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

    /// The instant that is shown stays in its place where it is in sight. The whole is looked at from its
    /// beginning, where most happens.
    fn zoom_by(self, percent: u32) {
        let (window, axis) = untrack(|| (self.window(), self.axis()));
        let is_seen = |at_us: &u64| window.from_us < *at_us && *at_us < window.to_us();
        let otherwise = if window.from_us == 0 { Place(0) } else { MIDDLE };
        let kept = self.playhead.get_untracked().filter(is_seen).map_or(otherwise, |at_us| axis.place(at_us));
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

/// A finger, or a mouse with its button pressed: where it began, and where it is.
struct Finger {
    id: i32,
    from_x: i32,
    x: i32,
}

/// A directive: the wheel and pointers move what the waterfall shows.
pub fn zoomable(waterfall: Element, workspace: Workspace) {
    let mut fingers: Vec<Finger> = Vec::new();
    // What was shown when the last finger came or went.
    let mut shown = untrack(|| workspace.window());
    let on_event = {
        let waterfall = waterfall.clone();
        move |event: Event| {
            let Some(track) = track(&waterfall) else { return };
            let kind = event.type_();
            if kind == "wheel" {
                return on_wheel(workspace, event.unchecked_ref(), track);
            }
            let event: &PointerEvent = event.unchecked_ref();
            if kind == "pointermove" && event.buttons() != 0 {
                if let Some(finger) = fingers.iter_mut().find(|finger| finger.id == event.pointer_id()) {
                    finger.x = event.client_x();
                    drag(workspace, &waterfall, &fingers, shown, track);
                }
                return;
            }
            fingers.retain(|finger| finger.id != event.pointer_id());
            if kind == "pointerdown" && event.button() == 0 && fingers.len() < 2 {
                let x = event.client_x();
                fingers.push(Finger { id: event.pointer_id(), from_x: x, x });
            }
            fingers.iter_mut().for_each(|finger| finger.from_x = finger.x);
            shown = untrack(|| workspace.window());
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

fn place(part: f64, whole: f64) -> Place {
    Place(share(part, whole).clamp(0, WHOLE as i32) as u32)
}

/// With Control, which a pinch on a touchpad is, too: nearer or farther. Sideways: along.
fn on_wheel(workspace: Workspace, event: &WheelEvent, [left, top, width, height]: Track) {
    let (across, down) = (event.delta_x(), event.delta_y());
    if event.ctrl_key() || event.meta_key() {
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
const LEAST_DRAG: u32 = 4;

/// One finger moves what it is on, two hold an instant each.
fn drag(workspace: Workspace, waterfall: &Element, fingers: &[Finger], shown: Window, track: Track) {
    let [left, _, width, _] = track;
    let whole = untrack(|| workspace.whole_axis());
    let window = match fingers {
        [one] if workspace.is_near() => shown.moved(share((one.from_x - one.x).into(), width), whole),
        [one, other] => {
            let place = |x: i32| place(f64::from(x) - left, width);
            shown.held([one.from_x, other.from_x].map(place), [one.x, other.x].map(place), whole)
        }
        _ => return,
    };
    for finger in fingers {
        if finger.x.abs_diff(finger.from_x) >= LEAST_DRAG && !waterfall.has_pointer_capture(finger.id) {
            // From now on the pointer is the waterfall's, and no row takes it for a click.
            let _ = waterfall.set_pointer_capture(finger.id);
        }
    }
    if fingers.iter().any(|finger| waterfall.has_pointer_capture(finger.id)) {
        workspace.look_at(window, Some(MIDDLE));
    }
}
