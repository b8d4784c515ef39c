//! What a run hands back: positions turn by turn, and on request who challenged whom, what was offered
//! and what was taken.
//!
//! The one idea: all positions are in the units of the council, and all names are its indices, so that
//! a reader needs nothing of the model's inside.

pub use super::offer::View;

/// An estimate of a challenge in one actor's view.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// Whose view it is.
    pub viewer: usize,
    /// Whose gain it tells.
    pub gainer: usize,
    /// The probability that the initiator prevails.
    pub probability: f64,
    /// The gain over the status quo, in utility.
    pub gain: f64,
}

/// An actor's challenge of its most rewarding target.
#[derive(Clone, Debug, PartialEq)]
pub struct Challenge {
    pub initiator: usize,
    pub target: usize,
    /// The initiator's own probability to prevail.
    pub probability: f64,
    /// The initiator's own gain.
    pub gain: f64,
    /// Initiator on itself, initiator on target, target on initiator, target on itself.
    pub estimates: [Estimate; 4],
}

/// New positions proposed by a challenge, in the issues' units.
#[derive(Clone, Debug, PartialEq)]
pub struct Offer {
    pub initiator: usize,
    pub target: usize,
    pub view: View,
    pub initiator_position: Vec<f64>,
    pub target_position: Vec<f64>,
}

/// What one actor had before it and what it took.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    pub actor: usize,
    /// Places in the turn's offers; `None` is the status quo, which always stands first.
    pub queue: Vec<Option<usize>>,
    /// The probability of each in the election over the queue.
    pub probability: Vec<f64>,
    /// The place in the queue that was taken.
    pub taken: usize,
}

/// One turn, from the positions at its start.
#[derive(Clone, Debug, PartialEq)]
pub struct Turn {
    /// What each position is worth to each actor if nobody minds risk: `[actor][position]`.
    pub neutral_utility: Vec<Vec<f64>>,
    /// The risk attitude of each actor.
    pub risk: Vec<f64>,
    pub challenges: Vec<Challenge>,
    pub offers: Vec<Offer>,
    pub choices: Vec<Choice>,
}

/// A change of position, with its cause.
#[derive(Clone, Debug, PartialEq)]
pub struct Move {
    pub actor: usize,
    /// The other side of the offer that was taken.
    pub with: usize,
    /// Whether the actor had made the offer itself.
    pub own_initiative: bool,
    /// The offer's place in the turn's offers.
    pub offer: usize,
    /// The probability of that offer in the actor's queue.
    pub probability: f64,
    pub to: Vec<f64>,
}

impl Turn {
    /// Returns who took which offer; who stayed with the status quo is left out.
    pub fn moves(&self) -> Vec<Move> {
        let mut moves = Vec::new();
        for choice in &self.choices {
            let Some(Some(index)) = choice.queue.get(choice.taken).copied() else { continue };
            let offer = &self.offers[index];
            let own_initiative = offer.initiator == choice.actor;
            let (with, to) = if own_initiative {
                (offer.target, offer.initiator_position.clone())
            } else {
                (offer.initiator, offer.target_position.clone())
            };
            let probability = choice.probability[choice.taken];
            moves.push(Move { actor: choice.actor, with, own_initiative, offer: index, probability, to });
        }
        moves
    }
}

/// Why a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The last turn moved little compared with the first.
    Settled,
    /// The most turns were played.
    TurnLimit,
}

/// A run of the spatial model.
#[derive(Clone, Debug, PartialEq)]
pub struct SpatialRun {
    /// `[state][actor][issue]` in the issues' units; state 0 is the input.
    pub positions: Vec<Vec<Vec<f64>>>,
    /// `[state][actor]`: the probability of the actor's position among all different positions. Actors
    /// at one position share one number. Empty if the run was not traced.
    pub winning: Vec<Vec<f64>>,
    /// `[actor]`: the same numbers of the last state, traced or not.
    pub last_winning: Vec<f64>,
    /// One per step from a state to the next; empty if the run was not traced.
    pub turns: Vec<Turn>,
    pub ending: Ending,
}

impl SpatialRun {
    /// Returns the positions of the last state, `[actor][issue]`.
    pub fn last(&self) -> &[Vec<f64>] {
        self.positions.last().map_or(&[], |state| state)
    }
}
