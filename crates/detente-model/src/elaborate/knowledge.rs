//! What players know along a path, and where one state of knowledge ends in different ways.
//!
//! The one idea: a state of knowledge is a number, the last thing seen on top of the state before, so
//! that two paths that look alike to a player give the same one.

use super::{Builder, Mixed};
use crate::elaborate::run::Runner;
use crate::program::*;
use detente_game::{EventId, Seen};

/// Histories kept for each side of a mixed state of knowledge.
const MOST_HISTORIES: usize = 200;

/// Mixed states that are looked at.
const MOST_MIXED: usize = 20;

/// How a player's state of knowledge ends in different plays.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Ends {
    /// The event asked first, plus one; 0 if never asked.
    pub(super) asked: u32,
    /// Asked two different things.
    pub(super) several: bool,
    /// Sees something instead of being asked.
    pub(super) sees: bool,
}

impl<'p> Builder<'p> {
    pub(super) fn observe(&mut self, runner: &mut Runner<'p>, sight: Sight, seen: Seen) {
        for player in 0..self.program.players.len() {
            if sight.has(player) {
                self.end_of_knowledge(runner, player, None);
                self.learn(runner, player, seen.clone());
            }
        }
    }

    pub(super) fn learn(&mut self, runner: &mut Runner<'p>, player: usize, seen: Seen) {
        let before = runner.state.knowledge[player];
        let next = self.knowledge.len() as u32;
        let id = *self.knowledge_ids.entry((before, seen.clone())).or_insert(next);
        if id == next {
            self.knowledge.push((before, seen));
        }
        runner.state.knowledge[player] = id;
    }

    /// Notes that a state of knowledge ends: the player is asked, or sees something.
    pub(super) fn end_of_knowledge(&mut self, runner: &Runner<'p>, player: usize, asked: Option<EventId>) {
        let state = runner.state.knowledge[player];
        if self.watching {
            if let Some(mixed) = self.watch.get_mut(&(player, state)) {
                let side = if asked == Some(mixed.asked) { &mut mixed.with } else { &mut mixed.without };
                if side.len() < MOST_HISTORIES {
                    side.push(self.path.clone());
                }
            }
            return;
        }
        let at = state as usize * self.program.players.len() + player;
        if self.ends.len() <= at {
            self.ends.resize(at + 1, Ends::default());
        }
        let ends = &mut self.ends[at];
        match asked {
            Some(event) if ends.asked == 0 => ends.asked = event.0 + 1,
            Some(event) => ends.several |= ends.asked != event.0 + 1,
            None => ends.sees = true,
        }
    }

    /// Runs again, collecting the histories of states of knowledge that end in different ways.
    pub(super) fn watch_mixed(&mut self) {
        let players = self.program.players.len();
        for (at, ends) in self.ends.iter().enumerate() {
            if ends.asked > 0 && (ends.several || ends.sees) && self.watch.len() < MOST_MIXED {
                let (state, player) = ((at / players) as u32, at % players);
                let asked = EventId(ends.asked - 1);
                let seen = self.seen(state);
                let mixed = Mixed { player, asked, seen, with: Vec::new(), without: Vec::new() };
                self.watch.insert((player, state), mixed);
            }
        }
        if self.watch.is_empty() || self.stopped || self.failed() {
            return;
        }
        // The tree is written a second time into scratch space; only histories are kept.
        let game = self.game.clone();
        let (infosets, knowledge) = (self.infoset_ids.clone(), self.infoset_knowledge.clone());
        self.watching = true;
        self.game.nodes.clear();
        self.game.children.clear();
        self.run();
        self.watching = false;
        self.game = game;
        self.infoset_ids = infosets;
        self.infoset_knowledge = knowledge;
        self.facts.mixed = std::mem::take(&mut self.watch).into_values().collect();
    }
}
