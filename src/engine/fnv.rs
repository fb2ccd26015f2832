//! FNV-1a with 64 bits: for telling bytes apart, not for keeping anybody from making equal ones.

/// The hash of some bytes.
pub fn fnv1a(bytes: impl Iterator<Item = u8>) -> u64 {
    fnv1a_on(0xCBF2_9CE4_8422_2325, bytes)
}

/// The hash of what has this hash with more bytes behind it.
pub fn fnv1a_on(hash: u64, bytes: impl Iterator<Item = u8>) -> u64 {
    bytes.fold(hash, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3))
}
