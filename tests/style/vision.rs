//! Colours as people see them: how much they stand out, how far they are from each other.

use palette::color_difference::{Ciede2000, Wcag21RelativeContrast};
use palette::{Clamp, IntoColor, Lab, LinSrgb, Srgb};

/// Who looks. Deficiencies are complete ones.
#[derive(Clone, Copy, Debug)]
pub enum Vision {
    Usual,
    Protanopia,
    Deuteranopia,
    Tritanopia,
}

impl Vision {
    pub const ALL: [Vision; 4] =
        [Vision::Usual, Vision::Protanopia, Vision::Deuteranopia, Vision::Tritanopia];

    /// What of red, green and blue light is seen as red, green and blue: the matrices for severity 1.0 of
    /// Machado, Oliveira and Fernandes, “A Physiologically-based Model for Simulation of Color Vision
    /// Deficiency”, IEEE Transactions on Visualization and Computer Graphics 15(6), 2009.
    fn matrix(self) -> [[f64; 3]; 3] {
        match self {
            Vision::Usual => [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
            Vision::Protanopia => [
                [0.152286, 1.052583, -0.204868],
                [0.114503, 0.786281, 0.099216],
                [-0.003882, -0.048116, 1.051998],
            ],
            Vision::Deuteranopia => [
                [0.367322, 0.860646, -0.227968],
                [0.280085, 0.672501, 0.047413],
                [-0.011820, 0.042940, 0.968881],
            ],
            Vision::Tritanopia => [
                [1.255528, -0.076749, -0.178779],
                [-0.078411, 0.930809, 0.147602],
                [0.004733, 0.691367, 0.303900],
            ],
        }
    }

    fn sees(self, colour: Srgb<f64>) -> Lab<palette::white_point::D65, f64> {
        let light: LinSrgb<f64> = colour.into_linear();
        let seen = self.matrix().map(|[r, g, b]| r * light.red + g * light.green + b * light.blue);
        LinSrgb::from(seen).clamp().into_color()
    }
}

/// How much a colour stands out from another one, from 1 to 21: the contrast ratio of WCAG 2.1,
/// <https://www.w3.org/TR/WCAG21/#dfn-contrast-ratio>.
pub fn contrast(one: Srgb<f64>, other: Srgb<f64>) -> f64 {
    one.relative_contrast(other)
}

/// How different two colours look to somebody: CIEDE2000, where about 1 is just noticed. Sharma, Wu and
/// Dalal, “The CIEDE2000 Color-Difference Formula”, Color Research and Application 30(1), 2005.
pub fn difference(vision: Vision, one: Srgb<f64>, other: Srgb<f64>) -> f64 {
    vision.sees(one).difference(vision.sees(other))
}

/// Pairs and their difference from the table of the paper of Sharma, Wu and Dalal.
#[test]
fn differences_are_those_of_the_published_table() {
    const TABLE: [([f64; 3], [f64; 3], f64); 9] = [
        ([50.0, 2.6772, -79.7751], [50.0, 0.0, -82.7485], 2.0425),
        ([50.0, 0.0, 0.0], [50.0, -1.0, 2.0], 2.3669),
        ([50.0, 2.49, -0.001], [50.0, -2.49, 0.0009], 7.1792),
        ([50.0, 2.49, -0.001], [50.0, -2.49, 0.0011], 7.2195),
        ([50.0, 2.5, 0.0], [73.0, 25.0, -18.0], 27.1492),
        ([50.0, 2.5, 0.0], [58.0, 24.0, 15.0], 19.4535),
        ([60.2574, -34.0099, 36.2677], [60.4626, -34.1751, 39.4387], 1.2644),
        ([6.7747, -0.2908, -2.4247], [5.8714, -0.0985, -2.2286], 0.6377),
        ([2.0776, 0.0795, -1.1350], [0.9033, -0.0636, -0.5514], 0.9082),
    ];
    let lab = |[l, a, b]: [f64; 3]| Lab::<palette::white_point::D65, f64>::new(l, a, b);
    for (one, other, published) in TABLE {
        let computed = lab(one).difference(lab(other));
        assert!((computed - published).abs() < 5e-5, "{one:?} {other:?}: {computed}, not {published}");
    }
}

/// Guards against a slip in a number of a matrix: nobody sees a colour in grey.
#[test]
fn grey_stays_grey() {
    let grey = Srgb::new(0.5, 0.5, 0.5);
    for vision in Vision::ALL {
        assert!(difference(vision, grey, grey) < 1e-9);
        let seen = vision.sees(grey);
        assert!(seen.a.abs() < 0.01 && seen.b.abs() < 0.01, "{vision:?}: {seen:?}");
    }
}

/// The extremes, and the darkest grey that W3C names as enough for text on white.
#[test]
fn contrasts_are_those_of_wcag() {
    let grey = |level: u8| Srgb::new(level, level, level).into_format();
    for (one, other, expected) in [(0, 255, 21.0), (255, 255, 1.0), (0x76, 0xff, 4.54)] {
        let computed = contrast(grey(one), grey(other));
        assert!((computed - expected).abs() < 0.005, "{one} {other}: {computed}, not {expected}");
    }
}
