//! Strategic forms with random payoffs, read through the `.nfg` reader.

use super::player_names;
use crate::random::{Payoffs, SplitMix};
use detente_game::Game;

pub(super) fn game(random: &mut SplitMix, players: usize, strategies: usize, from: Payoffs) -> Game {
    let names: Vec<String> = player_names(players).iter().map(|n| format!("\"{n}\"")).collect();
    let sizes: Vec<String> =
        (0..players).map(|_| random.between(2, strategies.max(2) as i64).to_string()).collect();
    let cells: usize =
        sizes.iter().map(|s| s.parse::<usize>().expect("it was printed from a number")).product();
    let numbers: Vec<String> = (0..cells * players).map(|_| from.draw(random).to_string()).collect();
    let text =
        format!("NFG 1 R \"\" {{ {} }} {{ {} }}\n{}\n", names.join(" "), sizes.join(" "), numbers.join(" "));
    detente_game::formats::nfg::read(&text).expect("the text follows the format")
}
