//! Colours that stay apart for every kind of colour vision.
//!
//! The fills are those of Okabe and Ito, Color Universal Design (2008); the text tones are darker
//! or lighter versions with a contrast of at least 4.5 to 1 against paper.

/// The colours of one player.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tone {
    /// Fill of marks.
    pub fill: &'static str,
    /// Text and thin lines on light paper.
    pub text: &'static str,
    /// Fill, text and lines on dark paper.
    pub dark: &'static str,
}

/// One tone per player, used in turn.
pub const TONES: [Tone; 6] = [
    Tone { fill: "#0072b2", text: "#005a8f", dark: "#56b4e9" },
    Tone { fill: "#d55e00", text: "#a94700", dark: "#ff9a57" },
    Tone { fill: "#009e73", text: "#00664b", dark: "#3ccfa4" },
    Tone { fill: "#cc79a7", text: "#97386f", dark: "#eba6cb" },
    Tone { fill: "#e69f00", text: "#7d5200", dark: "#f5be4a" },
    Tone { fill: "#56b4e9", text: "#1f6490", dark: "#a9d8f5" },
];

/// Light paper: background, text, less important text.
pub const LIGHT: [&str; 3] = ["#ffffff", "#1c1f24", "#5b616b"];
/// Dark paper: background, text, less important text.
pub const DARK: [&str; 3] = ["#14171c", "#e8eaee", "#a4abb6"];

/// Returns the tone of the player with this position.
pub fn tone(player: usize) -> &'static Tone {
    &TONES[player % TONES.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance after the Web Content Accessibility Guidelines 2.1.
    fn luminance(colour: &str) -> f64 {
        let part = |i: usize| {
            let c = f64::from(u8::from_str_radix(&colour[i..i + 2], 16).expect("a colour")) / 255.0;
            if c <= 0.03928 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
    }

    fn contrast(a: &str, b: &str) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn text_can_be_read_on_both_papers() {
        for tone in &TONES {
            assert!(contrast(tone.text, LIGHT[0]) >= 4.5, "{}", tone.text);
            assert!(contrast(tone.dark, DARK[0]) >= 4.5, "{}", tone.dark);
        }
        for ink in 1..3 {
            assert!(contrast(LIGHT[ink], LIGHT[0]) >= 4.5 && contrast(DARK[ink], DARK[0]) >= 4.5);
        }
    }
}
