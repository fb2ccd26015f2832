//! Bytes as a network may deliver them.

/// The bytes in pieces whose lengths are drawn.
pub fn drawn(bytes: &[u8], seed: u8) -> Vec<&[u8]> {
    let mut state = u32::from(seed);
    let mut rest = bytes;
    let mut pieces = Vec::new();
    while !rest.is_empty() {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        // Pieces of no bytes too, which a stream may have.
        let (piece, behind) = rest.split_at(((state >> 24) as usize % 24).min(rest.len()));
        pieces.push(piece);
        rest = behind;
    }
    pieces
}
