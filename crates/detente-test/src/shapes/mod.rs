//! Random games, one function per kind, each a function of its seed.

mod bargaining;
mod general;
mod perfect;
mod reputation;
mod table;
mod types;

use crate::random::{Payoffs, SplitMix};
use detente_game::Game;

/// The kinds of games and their sizes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Every move is seen by all; ties where payoffs are small integers; sometimes chance.
    PerfectInformation { players: usize, decisions: usize, menu: usize, payoffs: Payoffs },
    /// A sender who knows its type sends a message, a receiver replies.
    Signalling { types: usize, messages: usize, replies: usize, payoffs: Payoffs },
    /// Private facts, hidden and partly seen moves in any order; perfect recall; at most
    /// `infosets` information sets with two to `menu` actions.
    General { players: usize, infosets: usize, menu: usize, payoffs: Payoffs },
    /// An incumbent, weak or an automaton that always fights, meets three entrants in turn
    /// (Kreps and Wilson, "Reputation and imperfect information", 1982). Textbook payoffs
    /// have ties by design; otherwise all stakes are random.
    Reputation { textbook: bool },
    /// Two players with two types each escalate or quit in turn, `moves` times in all.
    TwoSided { moves: usize, payoffs: Payoffs },
    /// Each player has a private type and all move at once.
    PrivateTypes { players: usize, types: usize, actions: usize, payoffs: Payoffs },
    /// One side offers a share on a grid, the other accepts or fights at a private cost
    /// (Fearon, "Rationalist explanations for war", 1995).
    Offers { offers: usize, types: usize },
    /// A strategic form.
    Table { players: usize, strategies: usize, payoffs: Payoffs },
}

/// Makes the game of a seed.
pub fn random_game(seed: u64, shape: Shape) -> Game {
    let random = &mut SplitMix::new(seed);
    let game = match shape {
        Shape::PerfectInformation { players, decisions, menu, payoffs } => {
            perfect::game(random, players, decisions, menu, payoffs)
        }
        Shape::Signalling { types, messages, replies, payoffs } => {
            types::signalling(random, types, messages, replies, payoffs)
        }
        Shape::General { players, infosets, menu, payoffs } => {
            general::game(random, players, infosets, menu, payoffs)
        }
        Shape::Reputation { textbook } => reputation::game(random, textbook),
        Shape::TwoSided { moves, payoffs } => bargaining::two_sided(random, moves, payoffs),
        Shape::PrivateTypes { players, types, actions, payoffs } => {
            types::simultaneous(random, players, types, actions, payoffs)
        }
        Shape::Offers { offers, types } => bargaining::offers(random, offers, types),
        Shape::Table { players, strategies, payoffs } => table::game(random, players, strategies, payoffs),
    };
    Game { title: format!("{shape:?} seed {seed}"), ..game }
}

/// A name for an end of play, or none: several ends share a name.
fn outcome(random: &mut SplitMix) -> Option<&'static str> {
    [Some("peace"), Some("war"), Some("crisis"), None][random.below(4)]
}

/// Payoffs for all players.
fn payoffs(random: &mut SplitMix, players: usize, from: Payoffs) -> Vec<detente_exact::Q> {
    (0..players).map(|_| from.draw(random)).collect()
}

/// Short names of players.
fn player_names(count: usize) -> Vec<&'static str> {
    ["Ann", "Bob", "Cem", "Dai", "Eva"][..count].to_vec()
}
