//! Animation frames.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

/// Calls a function once per frame until it says stop or the guard is dropped.
#[must_use = "frames stop when dropped"]
pub struct Frames {
    ticking: Rc<RefCell<Option<Ticking>>>,
}

struct Ticking {
    id: i32,
    closure: Closure<dyn FnMut(f64)>,
}

/// Whether a frame loop goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    Frame,
    Stop,
}

impl Frames {
    /// `tick` gets the time of the frame in milliseconds since the page was opened.
    pub fn start(mut tick: impl FnMut(f64) -> Next + 'static) -> Self {
        let ticking: Rc<RefCell<Option<Ticking>>> = Rc::default();
        let again = Rc::downgrade(&ticking);
        let closure = Closure::new(move |ms: f64| {
            let Some(ticking) = again.upgrade() else { return };
            if tick(ms) == Next::Frame
                && let Some(ticking) = &mut *ticking.borrow_mut()
            {
                ticking.id = request(&ticking.closure);
            }
        });
        let id = request(&closure);
        *ticking.borrow_mut() = Some(Ticking { id, closure });
        Frames { ticking }
    }
}

impl Drop for Frames {
    fn drop(&mut self) {
        if let (Some(ticking), Some(window)) = (&*self.ticking.borrow(), web_sys::window()) {
            let _ = window.cancel_animation_frame(ticking.id);
        }
    }
}

fn request(closure: &Closure<dyn FnMut(f64)>) -> i32 {
    web_sys::window()
        .and_then(|window| window.request_animation_frame(closure.as_ref().unchecked_ref()).ok())
        .unwrap_or(0)
}
