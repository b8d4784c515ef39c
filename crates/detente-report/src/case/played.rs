//! One model on the page: its tree, its equilibria, its answers.
//!
//! The one idea: a tree is drawn once; what other equilibria play otherwise fits in a few lines.

use super::fill::{Studied, called};
use super::tables::cell_num;
use super::{Grid, ModelPart, TreePart};
use crate::solution::status_name;
use crate::tree::{View, panels};
use detente_game::names::set_name;
use detente_game::solution::{Num, Solution};
use detente_game::{Game, Infoset, InfosetId};

/// Most ends of a tree that the page shows; larger trees are folded to fewer.
const MOST_ENDS: usize = 40;
/// Beyond this many ends a table of what is played says more than folded pictures.
const DRAWN_ENDS: usize = 500;
/// Ends shown of a folded tree, in each of its pictures.
const FOLDED_ENDS: usize = 24;
/// Widest picture, in pixels: wider trees are cut into several, one under the other.
const WIDEST: f64 = 1500.0;
/// Decisions listed in which equilibria differ.
const MOST_ROWS: usize = 12;
/// Most equilibria whose play is told.
const MOST_TOLD: usize = 3;

pub(super) fn model_part(m: &Studied) -> ModelPart {
    let own = &m.point.games[0];
    let keys = m.model.game.outcome_keys();
    let mut part = ModelPart {
        name: m.name.clone(),
        title: called(&m.model.game.title, &m.name).to_string(),
        paragraphs: m.model.doc.split("\n\n").map(str::to_string).filter(|p| !p.trim().is_empty()).collect(),
        strength: status_name(m.point.status()).into(),
        sees: super::tables::sees_grid(&m.model.game),
        answers: super::tables::asks_grid(m.model, &m.answers),
        ..ModelPart::default()
    };
    part.equilibria.caption = "Equilibria at the base values, with the probability of each outcome".into();
    part.equilibria.columns = std::iter::once(String::new()).chain(keys.iter().cloned()).collect();
    for (k, c) in own.solution.components.iter().enumerate() {
        let cells = c.outcomes.iter().map(super::tables::cell_num);
        part.equilibria.rows.push(std::iter::once(format!("E{}", k + 1)).chain(cells).collect());
    }
    let ends = m.model.game.num_terminals();
    if ends > DRAWN_ENDS {
        part.played = super::tables::played_grid(&m.model.game, &own.solution, MOST_TOLD);
        return part;
    }
    let most = if ends > MOST_ENDS { FOLDED_ENDS } else { MOST_ENDS };
    let several = own.solution.components.len() > 1;
    let view = View::of(&own.solution, 0);
    let whole = match several {
        true => {
            format!("{} at the base values, equilibrium E1 of {}.", part.title, own.solution.components.len())
        }
        false => format!("{} at the base values, with its equilibrium E1.", part.title),
    };
    for panel in panels(&m.model.game, &own.numbers, view.as_ref(), most, WIDEST).unwrap_or_default() {
        let mut caption = match (panel.name, &panel.after) {
            (Some(name), Some(after)) => format!("Picture {name}: goes on after {after}."),
            (Some(name), None) => format!("Picture {name}: {whole}"),
            (None, _) => whole.clone(),
        };
        if ends > most && panel.after.is_none() {
            caption.push_str(&format!(
                " The tree has {ends} ends; branches that are rarely or never played are folded."
            ));
        }
        part.trees.push(TreePart { caption, scene: panel.scene });
    }
    part.played = otherwise(&m.model.game, &own.solution);
    part
}

/// Where other equilibria play otherwise than the one that is drawn.
fn otherwise(game: &Game, solution: &Solution) -> Grid {
    let list: Vec<_> = solution.components.iter().take(MOST_TOLD).collect();
    let Some((first, others)) = list.split_first().filter(|(_, others)| !others.is_empty()) else {
        return Grid::default();
    };
    let moves = |set: &Infoset, probabilities: &[Num]| {
        let arms = &game.events[set.event.index()].arms;
        let used = set.actions.iter().zip(probabilities).filter(|(_, p)| p.value > 0.0);
        let words = used.map(|(a, p)| match p.value == 1.0 {
            true => arms[*a as usize].clone(),
            false => format!("{} {}", arms[*a as usize], cell_num(p)),
        });
        words.collect::<Vec<_>>().join(", ")
    };
    let mut rows = vec![];
    for (k, set) in game.infosets.iter().enumerate() {
        let Some(drawn) = first.profile.get(k) else { continue };
        if others.iter().all(|other| other.profile.get(k) == Some(drawn)) {
            continue;
        }
        let place = set_name(game, InfosetId(k as u32));
        let cells = list.iter().map(|c| c.profile.get(k).map_or(String::new(), |p| moves(set, p)));
        rows.push(std::iter::once(place).chain(cells).collect::<Vec<String>>());
    }
    let more = rows.len().saturating_sub(MOST_ROWS);
    rows.truncate(MOST_ROWS);
    if more > 0 {
        rows.push(vec![format!("{more} more decisions differ, most of them never reached")]);
    }
    let beyond = match solution.components.len().saturating_sub(MOST_TOLD) {
        0 => String::new(),
        n => format!("; {n} more equilibria stand in the table below"),
    };
    Grid {
        caption: format!("Where the equilibria differ; the picture shows E1{beyond}"),
        columns: std::iter::once("Decision".to_string())
            .chain((1..=list.len()).map(|k| format!("E{k}")))
            .collect(),
        rows,
    }
}
