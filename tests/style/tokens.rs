//! The colours of `style/tokens.css`, in both schemes.

use std::collections::BTreeMap;

use palette::Srgb;

#[derive(Clone, Copy, Debug)]
pub enum Scheme {
    Light,
    Dark,
}

impl Scheme {
    pub const ALL: [Scheme; 2] = [Scheme::Light, Scheme::Dark];
}

/// The colours that differ between the schemes, by name.
pub fn tokens(scheme: Scheme) -> BTreeMap<&'static str, Srgb<f64>> {
    let pairs = include_str!("../../style/tokens.css").lines().filter_map(pair);
    pairs
        .map(|(name, light, dark)| match scheme {
            Scheme::Light => (name, colour(light)),
            Scheme::Dark => (name, colour(dark)),
        })
        .collect()
}

/// Reads `--name: light-dark(#light, #dark);`.
fn pair(line: &'static str) -> Option<(&'static str, &'static str, &'static str)> {
    let (name, value) = line.trim().strip_prefix("--")?.split_once(": light-dark(#")?;
    let (light, dark) = value.strip_suffix(");")?.split_once(", #")?;
    Some((name, light, dark))
}

fn colour(hex: &str) -> Srgb<f64> {
    hex.parse::<Srgb<u8>>().unwrap_or_else(|error| panic!("#{hex}: {error}")).into_format()
}
