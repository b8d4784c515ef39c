//! Councils as plain data: who sits at the table, and where each number comes from.
//!
//! The one idea: a cell is a place on the tape. A cell with a prior is a parameter like any other, so
//! one point of the parameters (the base values, or a draw) gives all numbers of the table at once.

use crate::model::Support;
use detente_diag::Span;
use detente_exact::Q;
use detente_game::{ExprId, Game, ParamId};
use indexmap::IndexMap;

/// Many actors, each with a capability, and a position and a salience on every issue.
#[derive(Clone, Debug, PartialEq)]
pub struct CouncilModel {
    pub name: String,
    pub support: Support,
    pub issues: Vec<IssueInfo>,
    pub actors: Vec<ActorInfo>,
    /// One for each actor.
    pub capability: Vec<Cell>,
    /// `[actor][issue]`, on the issue's own scale.
    pub position: Vec<Vec<Cell>>,
    /// `[actor][issue]`, from 0 to `whole`.
    pub salience: Vec<Vec<Cell>>,
    /// What a salience is a part of: 1, or the number after `out of`.
    pub whole: Q,
    /// True if every issue is rated by itself; otherwise an actor's saliences are shares of one whole.
    pub each: bool,
    /// Declared defaults, by name, as written.
    pub options: IndexMap<String, OptionInfo>,
}

/// An issue and what the numbers of its scale mean.
#[derive(Clone, Debug, PartialEq)]
pub struct IssueInfo {
    pub name: String,
    pub support: Support,
    /// Numbers and meanings, ascending; the first and the last are the ends.
    pub marks: Vec<(Q, String)>,
}

impl IssueInfo {
    /// Returns the ends of the scale.
    pub fn ends(&self) -> (f64, f64) {
        let at = |mark: Option<&(Q, String)>| mark.map_or(0.0, |(value, _)| value.to_f64());
        (at(self.marks.first()), at(self.marks.last()))
    }
}

/// An actor.
#[derive(Clone, Debug, PartialEq)]
pub struct ActorInfo {
    pub name: String,
    pub support: Support,
}

/// One number of the table.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// Its place on the tape of the model's game.
    pub expr: ExprId,
    /// Its own parameter, if it has a prior of its own.
    pub param: Option<ParamId>,
    /// Its sources: the cell's own, or else its row's, or else its table's.
    pub support: Support,
}

/// A declared default.
#[derive(Clone, Debug, PartialEq)]
pub struct OptionInfo {
    pub values: Vec<OptionWord>,
    pub support: Support,
}

/// One value of an option.
#[derive(Clone, Debug, PartialEq)]
pub enum OptionWord {
    Word(String),
    Number(Q),
}

/// All numbers of a council at one point of the parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct CouncilNumbers {
    pub capability: Vec<f64>,
    /// `[actor][issue]`, on the issue's own scale.
    pub position: Vec<Vec<f64>>,
    /// `[actor][issue]`, from 0 to the council's whole.
    pub salience: Vec<Vec<f64>>,
}

/// A draw that gives no council: a cell has no value or leaves its bounds.
#[derive(Clone, Debug, PartialEq)]
pub struct BadCell {
    /// What the cell is, in words.
    pub cell: String,
    /// Its value; `None` if the formula has none.
    pub value: Option<f64>,
}

/// Positions and saliences may leave their bounds by so much, relative to their scale: rounding.
const ROOM: f64 = 1e-9;

impl CouncilModel {
    /// Returns the numbers at one point, one value for each parameter of the game.
    ///
    /// Saliences that are shares of a whole and sum above it are scaled down to it: nobody pays more
    /// attention than it has.
    ///
    /// # Errors
    /// The first cell without a value or outside of its bounds; other draws may be sound.
    pub fn numbers(&self, game: &Game, point: &[f64]) -> Result<CouncilNumbers, BadCell> {
        let values = game.tape.eval::<f64>(point);
        let whole = self.whole.to_f64();
        let read = |cell: &Cell, (lo, hi): (f64, f64)| {
            let value = values.get(cell.expr.0 as usize).copied().flatten();
            let room = if hi.is_finite() { ROOM * (hi - lo) } else { 0.0 };
            match value {
                Some(x) if x.is_finite() && x >= lo - room && x <= hi + room => Ok(x.clamp(lo, hi)),
                value => Err(BadCell { cell: cell.support.label.clone(), value }),
            }
        };
        let mut numbers =
            CouncilNumbers { capability: Vec::new(), position: Vec::new(), salience: Vec::new() };
        for actor in 0..self.actors.len() {
            numbers.capability.push(read(&self.capability[actor], (0.0, f64::INFINITY))?);
            let positions = self.position[actor].iter().zip(&self.issues);
            numbers.position.push(positions.map(|(c, i)| read(c, i.ends())).collect::<Result<_, _>>()?);
            let saliences = self.salience[actor].iter().map(|c| read(c, (0.0, whole)));
            let mut saliences: Vec<f64> = saliences.collect::<Result<_, _>>()?;
            let sum: f64 = saliences.iter().sum();
            if !self.each && sum > whole {
                saliences.iter_mut().for_each(|s| *s *= whole / sum);
            }
            numbers.salience.push(saliences);
        }
        Ok(numbers)
    }

    /// Returns all cells in the order of the table: each actor's capability, positions, saliences.
    pub fn cells(&self) -> impl Iterator<Item = &Cell> {
        (0..self.actors.len()).flat_map(|actor| {
            std::iter::once(&self.capability[actor]).chain(&self.position[actor]).chain(&self.salience[actor])
        })
    }
}

/// One number asked of a council.
#[derive(Clone, Debug, PartialEq)]
pub struct CouncilQuery {
    /// Position in `Model::councils`.
    pub council: usize,
    pub kind: CouncilQueryKind,
    /// The theory that answers; `None` for all that the council's options name.
    pub theory: Option<String>,
    /// The variant whose council is asked, by position in `Model::variants`; `None` for the model itself.
    pub variant: Option<usize>,
    /// Where it stands in the model.
    pub span: Span,
}

/// What is asked. Actors and issues are positions in the council's lists.
#[derive(Clone, Debug, PartialEq)]
pub enum CouncilQueryKind {
    /// Where the issue settles, on its own scale.
    Settlement { issue: usize },
    /// Where an actor stands in the end.
    Position { actor: usize, issue: usize },
    /// Where an actor stands at the beginning; the same in every theory.
    Stated { actor: usize, issue: usize },
    /// What an actor can bring to bear at all, as written.
    Capability { actor: usize },
    /// How much an actor cares about an issue, from 0 to the council's whole.
    Salience { actor: usize, issue: usize },
    /// How far two actors are apart at the beginning, on the issue's own scale.
    Distance { actors: (usize, usize), issue: usize },
    /// What share of all capability times salience these actors hold on an issue, 0 to 1.
    Power { issue: usize, actors: Vec<usize> },
    /// 1 if no actor's stated position is nearer to the settlement than this one's, else 0.
    Winner { issue: usize, actor: usize },
    /// How many points of the scale the weakest of these actors must be moved, it alone, to bring the
    /// settlement across the middle, to the side of all others. 0 if it is there already; the
    /// length of the scale if none of them can do it alone.
    Inducement { issue: usize, actors: Vec<usize> },
    /// 1 if this actor is that weakest link of the coalition, else 0.
    Weakest { issue: usize, actors: Vec<usize>, actor: usize },
}

impl CouncilQueryKind {
    /// Does the answer depend on the theory?
    pub fn needs_theory(&self) -> bool {
        matches!(
            self,
            CouncilQueryKind::Settlement { .. }
                | CouncilQueryKind::Position { .. }
                | CouncilQueryKind::Winner { .. }
                | CouncilQueryKind::Inducement { .. }
                | CouncilQueryKind::Weakest { .. }
        )
    }
}
