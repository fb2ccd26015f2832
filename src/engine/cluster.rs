//! What people count as one character: a letter with its marks, a syllable, a flag, an emoji of several.
//!
//! The tables are coarser than Unicode's (UAX 29), on the safe side: what belongs together there does so
//! here, and in rare scripts more than that.

/// How many bytes the first cluster of a text has.
pub fn first_cluster(text: &str) -> usize {
    let mut before = '\0';
    let mut half_a_flag = false;
    for (at, c) in text.char_indices() {
        let half = matches!(c, '\u{1F1E6}'..='\u{1F1FF}');
        let whole_flag = half && half_a_flag;
        let bound = binds_next(before) && !c.is_whitespace() || before == '\r' && c == '\n';
        if at > 0 && !(is_mark(c) || whole_flag || bound) {
            return at;
        }
        half_a_flag = half && !whole_flag;
        before = c;
    }
    text.len()
}

/// Whether a character belongs to the one before: an accent, a vowel sign, a joiner, a skin tone.
pub fn is_mark(c: char) -> bool {
    let c = c as u32;
    match c {
        ..0x300 => false,
        // The scripts of India share one layout; so do Thai and Lao.
        0x904..=0xDFF => matches!(c & 0x7F, 0..=4 | 0x3A..=0x5F | 0x62..=0x63 | 0x70..),
        0xE00..=0xEFF => matches!(c & 0x7F, 0x31 | 0x33..=0x3C | 0x47..=0x4E),
        _ => MARKS.iter().any(|(first, last)| (*first..=*last).contains(&c)),
    }
}

/// Whether what comes next belongs to this character: joiners, signs that take away a vowel, initial
/// consonants of Hangul, signs that stand over Arabic numbers.
fn binds_next(c: char) -> bool {
    match c as u32 {
        0x200D | 0x1039 | 0x17D2 | 0x1100..=0x115F | 0xA960..=0xA97C => true,
        0x600..=0x605 | 0x6DD | 0x70F | 0x890 | 0x891 | 0x8E2 | 0xD4E => true,
        c => matches!(c, 0x904..=0xDFF) && c & 0x7F == 0x4D,
    }
}

/// Ranges with marks. Scripts that are rare and have marks all over are here as a whole.
const MARKS: [(u32, u32); 42] = [
    (0x300, 0x36F),
    (0x483, 0x489),
    (0x591, 0x5C7),
    (0x610, 0x61A),
    (0x64B, 0x65F),
    (0x670, 0x670),
    (0x6D6, 0x6ED),
    (0x711, 0x903),
    (0xF18, 0xF39),
    (0xF3E, 0xF3F),
    (0xF71, 0xFC6),
    (0x102B, 0x103E),
    (0x1056, 0x1074),
    (0x1082, 0x109D),
    (0x1160, 0x11FF),
    (0x135D, 0x135F),
    (0x1712, 0x1773),
    (0x17B4, 0x17DD),
    (0x180B, 0x180F),
    (0x1885, 0x193B),
    (0x1A17, 0x1CF9),
    (0x1DC0, 0x1DFF),
    (0x200C, 0x200D),
    (0x20D0, 0x20F0),
    (0x2CEF, 0x2DFF),
    (0x302A, 0x302F),
    (0x3099, 0x309A),
    (0xA66F, 0xA6F1),
    (0xA802, 0xA953),
    (0xA980, 0xAAF6),
    (0xABC0, 0xABED),
    (0xD7B0, 0xD7FF),
    (0xFB1E, 0xFB1E),
    (0xFE00, 0xFE2F),
    (0xFF9E, 0xFF9F),
    (0x101FD, 0x11FFF),
    (0x13440, 0x13455),
    (0x16100, 0x16FFF),
    (0x1BC9D, 0x1D244),
    (0x1DA00, 0x1E94F),
    (0x1F3FB, 0x1F3FF),
    (0xE0000, 0xE0FFF),
];
