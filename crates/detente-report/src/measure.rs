//! How wide a text is, without a font at hand.
//!
//! The one idea: the widths are those of DejaVu Sans, the widest of the sans-serif fonts in common
//! use, so a label drawn in any of them fits the room that was kept for it.

/// Advance of the characters from space to tilde, in thousandths of the font size.
const REGULAR: [u16; 95] = [
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636, 636, 636,
    636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632, 575, 775, 752, 295,
    295, 656, 557, 863, 748, 787, 603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838,
    500, 500, 613, 635, 550, 635, 615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612, 635, 635, 411, 521,
    392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838,
];

/// The same for the bold face.
const BOLD: [u16; 95] = [
    348, 456, 521, 838, 696, 1002, 872, 306, 457, 457, 523, 838, 380, 415, 380, 365, 696, 696, 696, 696, 696,
    696, 696, 696, 696, 696, 400, 400, 838, 838, 838, 580, 1000, 774, 762, 734, 830, 683, 683, 821, 837, 372,
    372, 775, 637, 995, 837, 850, 733, 850, 770, 720, 682, 812, 774, 1103, 771, 724, 725, 457, 365, 457, 838,
    500, 500, 675, 716, 593, 716, 678, 435, 716, 712, 343, 343, 665, 343, 1042, 712, 687, 716, 716, 493, 595,
    478, 712, 652, 924, 645, 652, 582, 712, 365, 712, 838,
];

/// Returns the width of `text` at a font size, in the unit of the size.
pub fn text_width(text: &str, size: f64, bold: bool) -> f64 {
    let thousandths: u32 = text.chars().map(|c| u32::from(advance(c, bold))).sum();
    f64::from(thousandths) * size / 1000.0
}

fn advance(c: char, bold: bool) -> u16 {
    let table = if bold { &BOLD } else { &REGULAR };
    match c {
        ' '..='~' => table[c as usize - ' ' as usize],
        // The minus sign and other operators.
        '\u{2190}'..='\u{22ff}' => 838,
        // Combining marks stand over the letter before them.
        '\u{0300}'..='\u{036f}' => 0,
        // Chinese, Japanese, Korean, emoji: a full square.
        '\u{1100}'..='\u{11ff}' | '\u{2e80}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}' => 1000,
        '\u{ff00}'..='\u{ff60}' | '\u{10000}'.. => 1250,
        _ => 780,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_add_up_and_bold_is_wider() {
        assert_eq!(text_width("", 12.0, false), 0.0);
        let both = text_width("war", 10.0, false);
        let parts: f64 = ["w", "a", "r"].iter().map(|c| text_width(c, 10.0, false)).sum();
        assert!((both - parts).abs() < 1e-9);
        assert!(text_width("war", 10.0, true) > both);
        assert!(text_width("戦争", 10.0, false) >= 20.0);
    }
}
