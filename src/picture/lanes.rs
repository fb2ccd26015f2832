//! Lanes of calls as pixels: the same shapes and textures as the bars of rows, where there is room for them.

use crate::timeline::rows::Look;

/// A colour: red, green, blue.
pub type Colour = [u8; 3];

/// The colour of each look, and of the paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Palette {
    pub looks: [Colour; 9],
    pub paper: Colour,
}

/// Lower lanes are filled: there is no room for a shape.
const LEAST_SHAPED: usize = 5;

/// Red, green, blue and opacity of each pixel, for cells that are one pixel wide and share `height`.
pub fn pixels(cells: &[Option<Look>], n_columns: usize, height: usize, palette: &Palette) -> Vec<u8> {
    let n_lanes = cells.len() / n_columns.max(1);
    let mut pixels = Vec::with_capacity(n_columns * height * 4);
    for (i, lane) in cells.chunks_exact(n_columns.max(1)).enumerate() {
        let lane_height = (i + 1) * height / n_lanes - i * height / n_lanes;
        for y in 0..lane_height {
            if lane_height < LEAST_SHAPED && y > 0 {
                pixels.extend_from_within(pixels.len() - n_columns * 4..);
                continue;
            }
            for (x, cell) in lane.iter().enumerate() {
                let ink = cell.map_or(Ink::None, |look| match lane_height < LEAST_SHAPED {
                    true => Ink::Colour,
                    false => shape(look, x, y, lane_height, is_edge(lane, x)),
                });
                let look = cell.map_or(0, |look| look as usize);
                let [red, green, blue] = if ink == Ink::Paper { palette.paper } else { palette.looks[look] };
                pixels.extend([red, green, blue, if ink == Ink::None { 0 } else { 255 }]);
            }
        }
    }
    pixels
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Ink {
    None,
    Colour,
    Paper,
}

fn is_edge(lane: &[Option<Look>], x: usize) -> bool {
    x == 0 || lane.get(x - 1) != lane.get(x) || lane.get(x + 1) != lane.get(x)
}

/// What is at a pixel of a bar, `y` pixels below the top of its lane.
fn shape(look: Look, x: usize, y: usize, height: usize, is_edge: bool) -> Ink {
    let inset = match look {
        Look::Queued => (height - 1) / 2 - usize::from(height > 12),
        Look::RateWait | Look::Budget | Look::Paused | Look::BackingOff => height / 4,
        _ => height / 7,
    };
    let (top, bottom) = (inset, height - 1 - inset);
    if y < top || y > bottom {
        return Ink::None;
    }
    let is_border = is_edge || y == top || y == bottom;
    let is_ink = match look {
        Look::Queued | Look::Generating => true,
        Look::FirstToken => is_border || (height > 12 && (y == top + 1 || y + 1 == bottom)),
        Look::Paused => is_border,
        Look::RateWait | Look::Budget => is_border || (x + y) % 4 < 2,
        Look::BackingOff => is_border || (x % 5 < 2 && y % 5 < 2),
        Look::Failed => !(x + y).is_multiple_of(4) && !(x + 4 * height - y).is_multiple_of(4),
        Look::Cancelled => is_border || x.is_multiple_of(4),
    };
    if is_ink { Ink::Colour } else { Ink::Paper }
}
