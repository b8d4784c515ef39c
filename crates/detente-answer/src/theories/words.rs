//! The way back: from a spatial model's choices to the words of options.

use super::{Choice, plain};
use detente_bargain::spatial::SpatialOptions;
use detente_bargain::spatial::options::{Named, Transition};
use detente_model::options::{Allowed, option_values};

/// A seed as an option holds it; the highest bit of another program's seed has no place there.
pub fn seed_word(seed: u64) -> String {
    (seed & i64::MAX as u64).to_string()
}

/// Returns the options that say in words what a spatial model's choices are, where they are not the
/// defaults: what a scenario file asks for.
pub fn spatial_words(options: &SpatialOptions, actors: &[String]) -> Vec<Choice> {
    fn differs<T: Named>(list: &mut Vec<Choice>, name: &str, value: T, default: T) {
        if value == default {
            return;
        }
        let words = option_values(name).map_or(&[][..], Allowed::words);
        if let Some(word) = words.iter().find(|w| plain(w) == plain(value.name())) {
            list.push((name.into(), vec![(*word).into()]));
        }
    }
    let plain_options = SpatialOptions::default();
    let mut list = Vec::new();
    differs(&mut list, "voting", options.voting, plain_options.voting);
    differs(&mut list, "victory", options.victory, plain_options.victory);
    differs(&mut list, "election", options.election, plain_options.election);
    differs(&mut list, "risk_range", options.risk_range, plain_options.risk_range);
    differs(&mut list, "risk_adjust", options.risk_adjust, plain_options.risk_adjust);
    differs(&mut list, "third_party", options.third_party, plain_options.third_party);
    differs(&mut list, "interpolation", options.interpolation, plain_options.interpolation);
    differs(&mut list, "offers", options.offers, plain_options.offers);
    differs(&mut list, "target_view", options.target_view, plain_options.target_view);
    if let Transition::Stochastic { seed, .. } = options.transition {
        list.push(("transition".into(), vec!["stochastic".into()]));
        list.push(("seed".into(), vec![seed_word(seed)]));
    }
    if let Some(table) = &options.affinity {
        let mut values = Vec::new();
        for (i, row) in table.iter().enumerate() {
            let others: f64 = row.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, a)| a).sum();
            for (j, share) in row.iter().enumerate() {
                // What is left over stays with an actor's own position without being said.
                let unsaid = if i == j { (share - (1.0 - others)).abs() < 1e-12 } else { *share == 0.0 };
                if !unsaid {
                    values.extend([actors[i].clone(), actors[j].clone(), share.to_string()]);
                }
            }
        }
        if !values.is_empty() {
            list.push(("affinity".into(), values));
        }
    }
    list
}
