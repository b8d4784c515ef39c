//! Which options a council may declare, and which values each may have.
//!
//! The one idea: a theory's unsettled choices are named, so a model file says which ones it means and
//! a misspelt one is found before anything is computed. Words are those of the theories' own files,
//! in lower case with `_` between the parts.

use crate::council::OptionWord;
use detente_exact::Q;

/// The theories that can answer, in the order in which they are shown; baselines first.
pub const THEORIES: &[&str] =
    &["mean", "median", "eu_sure", "eu_even", "eu_code", "spatial", "spatial_markov", "exchange"];

/// What an option may hold.
#[derive(Clone, Copy, Debug)]
pub enum Allowed {
    /// One of these words.
    One(&'static [&'static str]),
    /// Any of these words, in the order wanted.
    Many(&'static [&'static str]),
    /// A whole number between these.
    Whole(i64, i64),
}

const OPTIONS: &[(&str, Allowed)] = &[
    ("models", Allowed::Many(THEORIES)),
    ("turns", Allowed::Whole(1, 1000)),
    ("voting", Allowed::One(&["binary", "prop_bin", "prop", "prop_cbc", "cubic", "asym_prosp"])),
    ("victory", Allowed::One(&["linear", "square", "quartic", "octic", "binary"])),
    ("election", Allowed::One(&["conditional", "markov_uniform", "markov_incentive"])),
    ("risk_range", Allowed::One(&["min", "mid", "max"])),
    ("risk_adjust", Allowed::One(&["none", "one_third", "half", "two_thirds", "full"])),
    ("third_party", Allowed::One(&["no_commit", "semi_commit", "full_commit"])),
    ("interpolation", Allowed::One(&["s1p1", "s2p2", "s2pmax"])),
    ("offers", Allowed::One(&["init_only_interp", "init_rcvr_interp", "pw_comp_interp"])),
];

/// The names of all options.
pub fn known_options() -> impl Iterator<Item = &'static str> + Clone {
    OPTIONS.iter().map(|(name, _)| *name)
}

/// What the option of this name may hold.
pub fn option_values(name: &str) -> Option<Allowed> {
    OPTIONS.iter().find(|(known, _)| *known == name).map(|(_, allowed)| *allowed)
}

impl Allowed {
    /// The words that may stand here; none if it is a number.
    pub fn words(self) -> &'static [&'static str] {
        match self {
            Allowed::One(words) | Allowed::Many(words) => words,
            Allowed::Whole(..) => &[],
        }
    }

    /// May several values stand here?
    pub fn many(self) -> bool {
        matches!(self, Allowed::Many(_))
    }

    /// May this value stand here?
    ///
    /// # Errors
    /// What is wrong with it, in a few words.
    pub fn accepts(self, value: &OptionWord) -> Result<(), String> {
        match (self, value) {
            (Allowed::One(words) | Allowed::Many(words), OptionWord::Word(word)) => {
                let known = words.contains(&word.as_str());
                known.then_some(()).ok_or_else(|| "not one of its values".to_string())
            }
            (Allowed::One(_) | Allowed::Many(_), OptionWord::Number(_)) => {
                Err("a number, where a word is needed".to_string())
            }
            (Allowed::Whole(lo, hi), OptionWord::Number(number)) => {
                let inside = *number >= Q::new(lo, 1) && *number <= Q::new(hi, 1);
                let fits = inside && number.to_i64().is_some();
                fits.then_some(()).ok_or_else(|| format!("not a whole number from {lo} to {hi}"))
            }
            (Allowed::Whole(..), OptionWord::Word(_)) => Err("a word, where a number is needed".to_string()),
        }
    }
}
