//! Claims at one point of the parameters: a verdict per equilibrium, and per column.

use crate::asked::{Both, both};
use crate::number::Scene;
use crate::observed::{everything, refutes};
use crate::range::Range;
use crate::solved::{Hands, World, needed};
use crate::verdict::{Class, Verdict, class, verdict};
use detente_exact::Q;
use detente_game::solution::{Num, Status};
use detente_model::Model;
use detente_model::model::Claim;
use detente_model::question::{Arithmetic, Number, Relation, Truth};
use serde::{Deserialize, Serialize};

/// Which equilibria a column counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Column {
    /// All equilibria of the concept.
    All,
    /// Those that pass the intuitive criterion, or to which it does not apply.
    Intuitive,
    /// Those that the observations do not refute.
    NotRefuted,
}

/// The columns in the order in which they are printed.
pub const COLUMNS: [Column; 3] = [Column::All, Column::Intuitive, Column::NotRefuted];

/// A claim decided at one point.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    pub name: String,
    pub label: String,
    pub strength: Status,
    /// Whether the claim speaks of this point: its `where` holds here.
    pub applies: bool,
    /// True if all equilibria are known with proof, so that "all" means all.
    pub complete: bool,
    pub rows: Vec<ClaimRow>,
    pub columns: Vec<ColumnVerdict>,
}

/// A column's sum.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ColumnVerdict {
    pub column: Column,
    /// How many combinations of equilibria it counts.
    pub count: usize,
    pub class: Class,
}

/// A claim in one combination of equilibria.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClaimRow {
    pub equilibria: Vec<String>,
    #[serde(flatten)]
    pub verdict: Verdict,
    /// `None` where the intuitive criterion does not apply.
    pub intuitive: Option<bool>,
    /// True if the observations have probability zero in the model's own equilibrium.
    pub refuted: bool,
    /// For one comparison: by how much it is met; negative where it fails.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub margin: Option<(Num, Num)>,
}

/// Whether a claim's `where` holds at these parameters (formulas computed).
pub fn applies(claim: &Claim, params: &[Q]) -> bool {
    let scene = Scene { params, seats: vec![] };
    claim.restriction.as_ref().is_none_or(|r| scene.truth(r) == Ok(Some(true)))
}

/// Says which of a game's equilibria the model's observations refute.
pub fn refuted(model: &Model, hands: &Hands) -> Vec<bool> {
    match everything(model) {
        Some(event) => hands.own().iter().map(|e| refutes(e, &event)).collect(),
        None => vec![false; hands.own().len()],
    }
}

/// Decides a claim. `refuted` says which of the model's own equilibria are refuted.
pub fn decide(hands: &Hands, claim: &Claim, refuted: &[bool]) -> Decision {
    let mut games = needed(std::iter::once(&claim.body), std::iter::empty());
    games.insert(None);
    let mut rows = vec![];
    for world in hands.worlds(&games) {
        rows.push(ClaimRow {
            verdict: verdict(&hands.point.params, &world, &claim.body),
            intuitive: passes(&world),
            refuted: world.positions.first().is_some_and(|k| refuted[*k]),
            margin: margin(&hands.point.params, &world, &claim.body).map(|r| r.ends()),
            equilibria: world.names,
        });
    }
    let complete = hands.point.complete() && !hands.too_many(&games);
    let column = |column: Column| {
        let counts = |r: &&ClaimRow| match column {
            Column::All => true,
            Column::Intuitive => r.intuitive != Some(false),
            Column::NotRefuted => !r.refuted,
        };
        let list: Vec<&Verdict> = rows.iter().filter(counts).map(|r| &r.verdict).collect();
        ColumnVerdict { column, count: list.len(), class: class(list.into_iter()) }
    };
    Decision {
        name: claim.name.clone(),
        label: claim.support.label.clone(),
        strength: hands.point.status(),
        applies: applies(claim, &hands.point.params),
        complete,
        columns: COLUMNS.map(column).to_vec(),
        rows,
    }
}

impl Decision {
    /// What holds over a column; undefined unless all equilibria are known.
    pub fn class(&self, column: Column) -> Class {
        let found = self.columns.iter().find(|c| c.column == column);
        found.filter(|_| self.complete).map_or(Class::Undefined, |c| c.class)
    }

    /// The smallest margin over all equilibria, as a number for statistics.
    pub fn smallest_margin(&self) -> Option<f64> {
        let margins = self.rows.iter().map(|r| r.margin.as_ref().map(|m| (m.0.value + m.1.value) / 2.0));
        margins.collect::<Option<Vec<f64>>>()?.into_iter().reduce(f64::min)
    }
}

/// The intuitive criterion over a combination: false if any fails, none if it applies to none.
fn passes(world: &World) -> Option<bool> {
    let known = world.equilibria.iter().filter_map(|(_, e)| e.component.intuitive);
    known.reduce(|a, b| a && b)
}

/// By how much a comparison is met: left minus right for `>`, right minus left for `<`.
fn margin(params: &[Q], world: &World, truth: &Truth) -> Option<Range> {
    let Truth::Compare(relation, a, b) = truth else { return None };
    let (a, b) = match relation {
        Relation::Greater | Relation::GreaterEqual => (a, b),
        Relation::Less | Relation::LessEqual => (b, a),
        Relation::Equal | Relation::NotEqual => return None,
    };
    let difference = Number::Binary(Arithmetic::Sub, a.clone(), b.clone());
    let found: Both = both(params, world, &difference);
    found.bounds().map(|r| r.range)
}
