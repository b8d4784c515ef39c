//! What it is worth to a player that something becomes known to others, too.
//!
//! The one idea: another state of knowledge is another game, solved anew, so the value may be negative:
//! the others will know that one knows (Kamien, Tauman and Zamir, "On the value of information in a
//! strategic conflict", 1990; for markets already Hirshleifer, "The private and social value of
//! information and the reward to inventive activity", 1971).

use super::lanes::Lanes;
use crate::ends::{Ends, mean, overall};
use crate::fast::points::Bodies;
use crate::solved::{Hands, Memory, Point, solve_game, solve_near};
use detente_exact::Q;
use detente_game::change::told;
use detente_game::{EventId, Game, NodeKind, Numbers, ParamId, Pay, PayListId, PlayerId};
use detente_model::Model;
use detente_model::question::Body;
use detente_prob::Prior;
use detente_prob::base::decimal;
use detente_solve::{Progress, Settings};
use std::collections::BTreeSet;

/// Cells of equal probability that a prior is cut into.
pub const CELLS: usize = 16;

/// The model in which these players know a fact, and all know that they do.
pub(super) fn knowing(model: &Model, fact: EventId, players: &[PlayerId]) -> Model {
    Model { game: told(&model.game, fact, players), ..model.clone() }
}

/// The players who do not know a fact at all of their decisions.
pub(super) fn ignorant(model: &Model, fact: EventId) -> Vec<PlayerId> {
    let game = &model.game;
    let split = |p: &PlayerId| told(game, fact, &[*p]).infosets.len() > game.infosets.len();
    (0..game.players.len()).map(|p| PlayerId(p as u32)).filter(split).collect()
}

/// Whose value is asked for, and what tells it without a search.
pub(super) struct Asked<'a> {
    pub player: PlayerId,
    pub value: &'a Body,
    pub lanes: Lanes<'a>,
    pub bodies: Bodies<'a>,
}

impl Asked<'_> {
    /// The value over all equilibria at many points; `None` where the point is to be solved.
    fn overall(&self, points: &[Vec<Q>]) -> Vec<Option<Option<Ends>>> {
        let known = self.lanes.at(points, self.player, &[]);
        if known.iter().all(Option::is_some) {
            return known.into_iter().map(|now| now.map(|now| now.value)).collect();
        }
        // Where play varies in between, the other way to ask looks at ranges.
        let ranges = self.bodies.overall(points);
        known.into_iter().zip(ranges).map(|(now, range)| now.map(|now| now.value).or(range)).collect()
    }
}

/// The value of a parameter becoming known to all, against a game in which nobody knows it: that one
/// less this one, over every pair of equilibria; the other parameters as in `base`.
///
/// # Errors
/// Why it is not computed, in words.
pub(super) fn of_param(
    model: &Model,
    (param, prior): (ParamId, &Prior),
    base: &[Q],
    memory: &Memory,
    asked: &Asked,
    settings: &Settings,
    progress: &dyn Progress,
) -> Result<Ends, String> {
    let (mut known, mut all): (Vec<Ends>, Vec<Numbers>) = (vec![], vec![]);
    let mut points = vec![];
    for cell in prior.cells(CELLS) {
        let mut params = base.to_vec();
        params[param.index()] = decimal(cell, 6).ok_or("a cell of the prior is no number")?;
        points.push(params);
    }
    for (params, found) in points.iter().zip(asked.overall(&points)) {
        let found = match found {
            Some(found) => found,
            None => {
                let games = [None].into();
                let point = solve_near(model, params, &games, settings, Some(memory), progress);
                let point = point.map_err(|e| e.words)?;
                if !point.complete() {
                    return Err("the equilibria are not proven complete somewhere in its range".into());
                }
                overall(&point.hands(), asked.value)
            }
        };
        known.push(found.ok_or("the value is undefined somewhere")?);
        all.push(model.game.numbers(params).map_err(|e| e.to_string())?);
    }
    let blind = blind(model, all)?;
    let known = mean(&known).ok_or("the prior has no cells")?;
    if let Some(unknown) = Lanes::fixed(&blind, settings.concept).value(asked.player) {
        return Ok(known.minus(unknown));
    }
    let lean = Settings { max_cells: MOST_CELLS, ..settings.clone() };
    let solved = solve_game(&blind, None, String::new(), base, &lean, progress).map_err(|e| e.words)?;
    let unknown = Point { params: base.to_vec(), games: vec![solved] };
    if !unknown.complete() {
        return Err("the game in which nobody knows it is not proven complete".into());
    }
    let hands: Hands = unknown.hands();
    let unknown = overall(&hands, asked.value).ok_or("the value is undefined where nobody knows it")?;
    Ok(known.minus(unknown))
}

/// Most cells of the set of equilibria of a game in which nobody knows a number: means are long fractions, and
/// what is beyond takes minutes.
const MOST_CELLS: usize = 150;

/// The game in which nobody knows which of equally likely numbers is true. Payments add up, so their
/// means do; a probability may vary in one event only, or the mean of a product would be needed.
fn blind(model: &Model, all: Vec<Numbers>) -> Result<Game, String> {
    let count = Q::from(all.len() as i64);
    let first = all.first().ok_or("the prior has no cells")?;
    let game = &model.game;
    let varying: BTreeSet<EventId> = (0..game.chances.len())
        .filter(|c| all.iter().any(|n| n.chance[*c] != first.chance[*c]))
        .map(|c| game.chances[c].event)
        .collect();
    let pays_vary = all.iter().any(|n| n.payoffs != first.payoffs);
    if varying.len() > 1 || (pays_vary && !varying.is_empty()) {
        return Err("it moves a probability and something else, too".into());
    }
    let mean = |read: &dyn Fn(&Numbers) -> Q| all.iter().map(read).sum::<Q>() / count.clone();
    let mut blind = Game { pay_lists: vec![vec![]], ..game.clone() };
    for (c, chance) in game.chances.iter().enumerate() {
        let probs = (0..chance.probs.len()).map(|k| mean(&|n| n.chance[c][k].clone()));
        blind.chances[c].probs = probs.map(|p| blind.tape.constant(p)).collect();
    }
    for (n, node) in game.nodes.iter().enumerate() {
        blind.nodes[n].pays = PayListId(0);
        if let NodeKind::Terminal(_) = node.kind {
            let pay = |p: usize| Pay {
                player: PlayerId(p as u32),
                ledger: None,
                amount: blind.tape.constant(mean(&|m| m.payoffs[n * game.players.len() + p].clone())),
            };
            let list: Vec<Pay> = (0..game.players.len()).map(pay).collect();
            blind.nodes[n].pays = PayListId(blind.pay_lists.len() as u32);
            blind.pay_lists.push(list);
        }
    }
    Ok(blind)
}
