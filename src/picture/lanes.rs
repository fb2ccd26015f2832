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
    let n_columns = n_columns.max(1);
    let n_lanes = cells.len() / n_columns;
    let mut pixels = vec![0; n_columns * height * 4];
    let mut rows = pixels.chunks_exact_mut(n_columns * 4);
    for (i, lane) in cells.chunks_exact(n_columns).enumerate() {
        let lane_height = (i + 1) * height / n_lanes - i * height / n_lanes;
        let mut drawn: Option<&[u8]> = None;
        for (y, row) in rows.by_ref().take(lane_height).enumerate() {
            // All rows of a filled lane are the same.
            match drawn.filter(|_| lane_height < LEAST_SHAPED) {
                Some(drawn) => row.copy_from_slice(drawn),
                None => draw(row, lane, y, lane_height, palette),
            }
            drawn = Some(row);
        }
    }
    pixels
}

/// One row of the empty pixels of a lane.
fn draw(row: &mut [u8], lane: &[Option<Look>], y: usize, lane_height: usize, palette: &Palette) {
    for ((x, cell), pixel) in lane.iter().enumerate().zip(row.chunks_exact_mut(4)) {
        let Some(look) = *cell else { continue };
        let ink = match lane_height < LEAST_SHAPED {
            true => Ink::Colour,
            false => shape(look, x, y, lane_height, is_edge(lane, x)),
        };
        let [red, green, blue] = match ink {
            Ink::None => continue,
            Ink::Colour => palette.looks[look as usize],
            Ink::Paper => palette.paper,
        };
        pixel.copy_from_slice(&[red, green, blue, 255]);
    }
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
