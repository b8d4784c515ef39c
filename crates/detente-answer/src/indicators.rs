//! Which event that is still unseen would tell most about a hypothesis.
//!
//! The measure is the expected information in bits: the mutual information of
//! the hypothesis and the event, given everything observed so far (Lindley, "On
//! a measure of the information provided by an experiment", Annals of
//! Mathematical Statistics 1956).

use crate::chain::{Chain, Forced};
use crate::observed::everything;
use crate::play::over_plays;
use crate::query::{Equilibrium, chain};
use crate::solved::Hands;
use detente_game::{EventId, EventKind, Game};
use detente_model::Model;
use detente_model::question::Happening;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What an event would tell about a hypothesis.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Indicator {
    pub hypothesis: String,
    pub event: String,
    /// Expected information in bits, low and high over the equilibria that are not refuted,
    /// each at the point that shows it.
    pub low: f64,
    pub high: f64,
    pub rows: Vec<IndicatorRow>,
}

/// The same in one equilibrium.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IndicatorRow {
    pub equilibrium: String,
    pub bits: f64,
    pub arms: Vec<Arm>,
}

/// What one arm of the event would tell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Arm {
    /// The arm's name; `(not made)` where the event does not take place.
    pub name: String,
    /// Its probability, given everything observed so far.
    pub probability: f64,
    /// The hypothesis after it.
    pub posterior: f64,
}

/// Probability of each arm (`None`: not made) with and without the hypothesis.
type Table = BTreeMap<Option<u32>, [f64; 2]>;

/// Ranks the moves and chance events of a model for each hypothesis, the most telling first.
/// Events that tell nothing are left out.
pub fn indicators(model: &Model, hands: &Hands) -> Vec<Indicator> {
    let seen = everything(model).unwrap_or(Happening::Const(true));
    let mut list = vec![];
    for h in &model.hypotheses {
        let mut found: BTreeMap<EventId, Vec<IndicatorRow>> = BTreeMap::new();
        for (k, eq) in hands.own().iter().enumerate() {
            for (event, table) in tables(eq, &h.event, &seen) {
                if let Some(row) = row(eq.setting.game, event, &table, format!("E{}", k + 1)) {
                    found.entry(event).or_default().push(row);
                }
            }
        }
        let mut own: Vec<Indicator> = found
            .into_iter()
            .map(|(event, rows)| Indicator {
                hypothesis: h.name.clone(),
                event: model.game.event_name(event),
                low: rows.iter().map(|r| r.bits).fold(f64::INFINITY, f64::min),
                high: rows.iter().map(|r| r.bits).fold(0.0, f64::max),
                rows,
            })
            .filter(|i| i.high > 1e-12)
            .collect();
        own.sort_by(|a, b| b.low.total_cmp(&a.low).then(b.high.total_cmp(&a.high)));
        list.extend(own);
    }
    list
}

/// Joint probabilities of each event and the hypothesis, over the plays that fit what was seen.
fn tables(eq: &Equilibrium, h: &Happening, seen: &Happening) -> BTreeMap<EventId, Table> {
    let forced = Forced::new(eq.setting.game, &[]);
    let chain: Chain = chain(eq, &eq.shown, &forced);
    let reach = chain.reach();
    let events = eq.setting.game.events.iter().enumerate();
    let events: Vec<EventId> =
        events.filter(|(_, e)| e.kind != EventKind::Private).map(|(k, _)| EventId(k as u32)).collect();
    let mut tables: BTreeMap<EventId, Table> = BTreeMap::new();
    over_plays(eq.setting, (), |play| {
        let probability = reach[play.end().index()].middle();
        if probability <= 0.0 || !play.happens(seen) {
            return;
        }
        let side = usize::from(!play.happens(h));
        for event in &events {
            tables.entry(*event).or_default().entry(play.arm(*event)).or_default()[side] += probability;
        }
    });
    tables
}

fn row(game: &Game, event: EventId, table: &Table, equilibrium: String) -> Option<IndicatorRow> {
    let total: f64 = table.values().flatten().sum();
    if total <= 0.0 {
        return None;
    }
    let prior = table.values().map(|p| p[0]).sum::<f64>() / total;
    let mut bits = entropy(prior);
    let mut arms = vec![];
    for (arm, sides) in table {
        let both = sides[0] + sides[1];
        let (probability, posterior) = (both / total, sides[0] / both);
        bits -= probability * entropy(posterior);
        let name = arm.map_or("(not made)".into(), |a| game.events[event.index()].arms[a as usize].clone());
        arms.push(Arm { name, probability, posterior });
    }
    Some(IndicatorRow { equilibrium, bits: bits.max(0.0), arms })
}

fn entropy(p: f64) -> f64 {
    let part = |p: f64| if p > 0.0 { -p * p.log2() } else { 0.0 };
    part(p) + part(1.0 - p)
}
