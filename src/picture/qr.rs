//! A link as a QR code.

use qrcodegen::{Mask, QrCode, QrCodeEcc, QrSegment, Version};

use super::markup::{Markup, element};

/// The largest version that a camera still reads from a projector: 97 modules a side.
const LARGEST: u8 = 20;
/// Light modules that have to stand around a code.
const QUIET: i32 = 4;

/// The code, at level M; none where the text is too long.
pub fn picture(text: &str) -> Option<Markup> {
    let segments = [QrSegment::make_bytes(text.as_bytes())];
    let (least, most) = (Version::new(1), Version::new(LARGEST));
    // Any mask can be read. To weigh all eight takes as much code as the rest, and serves texts with
    // long stretches of one character, which links do not have.
    let mask = Some(Mask::new(0));
    let code = QrCode::encode_segments_advanced(&segments, QrCodeEcc::Medium, least, most, mask, false);
    let code = code.ok()?;
    let size = code.size() + 2 * QUIET;
    let dark = (0..code.size()).flat_map(|y| (0..code.size()).map(move |x| (x, y)));
    let dark = dark.filter(|(x, y)| code.get_module(*x, *y));
    let path: String = dark.map(|(x, y)| format!("M{} {}h1v1h-1z", x + QUIET, y + QUIET)).collect();
    let side = size.to_string();
    let picture = element("svg")
        .class("qr-code")
        .with("viewBox", format!("0 0 {side} {side}"))
        .with("shape-rendering", "crispEdges")
        .with("role", "img")
        .with("aria-label", "QR code of the link");
    let ground = element("rect").class("qr-ground").with("width", side.clone()).with("height", side);
    Some(picture.children(vec![ground, element("path").with("d", path)]))
}

/// The characters that fit, for those whose link does not.
pub const MOST_CHARACTERS: usize = 666;
