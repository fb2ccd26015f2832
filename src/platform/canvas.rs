//! Canvases: pixels on the page, in colours of its style sheets.

use wasm_bindgen::closure::Closure;
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, Element, HtmlCanvasElement, ImageData, ResizeObserver};

/// Red, green and blue of a colour that the style sheets name.
pub fn colour(canvas: &HtmlCanvasElement, property: &str) -> [u8; 3] {
    let style = web_sys::window().and_then(|window| window.get_computed_style(canvas).ok().flatten());
    let value = style.and_then(|style| style.get_property_value(property).ok()).unwrap_or_default();
    let Some(context) = context(canvas) else { return [0; 3] };
    // However it was written, a canvas says it as #rrggbb.
    context.set_fill_style_str(&value);
    let said = context.fill_style().as_string().unwrap_or_default();
    let number = said.strip_prefix('#').and_then(|digits| u32::from_str_radix(digits, 16).ok());
    let [_, colour @ ..] = number.unwrap_or(0).to_be_bytes();
    colour
}

/// Shows pixels, four bytes each, in place of what was there.
pub fn put(canvas: &HtmlCanvasElement, pixels: &[u8], width: u32, height: u32) {
    canvas.set_width(width);
    canvas.set_height(height);
    let image = ImageData::new_with_u8_clamped_array_and_sh(Clamped(pixels), width, height);
    if let (Some(context), Ok(image)) = (context(canvas), image) {
        let _ = context.put_image_data(&image, 0.0, 0.0);
    }
}

/// Pixels of the screen for each pixel of the page.
pub fn density() -> f64 {
    web_sys::window().map_or(1.0, |window| window.device_pixel_ratio())
}

/// Calls a function when an element has its size, and whenever that changes, until dropped.
#[must_use = "nobody looks on when it is dropped"]
pub struct Sizes {
    observer: Option<ResizeObserver>,
    _closure: Closure<dyn FnMut()>,
}

impl Sizes {
    pub fn of(element: &Element, changed: impl FnMut() + 'static) -> Sizes {
        let closure = Closure::new(changed);
        let observer = ResizeObserver::new(closure.as_ref().unchecked_ref()).ok();
        observer.iter().for_each(|observer| observer.observe(element));
        Sizes { observer, _closure: closure }
    }
}

impl Drop for Sizes {
    fn drop(&mut self) {
        self.observer.iter().for_each(ResizeObserver::disconnect);
    }
}

fn context(canvas: &HtmlCanvasElement) -> Option<CanvasRenderingContext2d> {
    canvas.get_context("2d").ok().flatten()?.dyn_into().ok()
}
