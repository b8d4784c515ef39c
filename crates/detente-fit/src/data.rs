//! Rows of a table as observed plays with covariates.
//!
//! The one idea: a column is what its name says: a parameter of the game, an event or the outcome.
//! A cell that is none of its column's values is an error with its row, never a guess; a blank cell
//! of an event was not recorded, and every play that fits the rest of the row counts.

use crate::sheet::Sheet;
use detente_game::{EventId, EventKind, Game, NodeKind, ParamId};

/// What options say of columns.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Roles {
    /// The column that counts how often a row was seen.
    pub weight: Option<String>,
    /// The column whose equal values belong together in standard errors.
    pub cluster: Option<String>,
}

/// Observed plays.
#[derive(Clone, Debug, PartialEq)]
pub struct Data {
    /// Parameters that columns give, in the order of columns.
    pub covariates: Vec<ParamId>,
    /// Events recorded, and whether the outcome is.
    pub recorded: Vec<EventId>,
    pub outcome: bool,
    /// Rows that share their covariates share a game.
    pub groups: Vec<Group>,
    /// Which ends of play a record fits, as positions in the list of ends.
    pub patterns: Vec<Vec<usize>>,
    /// The ends of play, sorted by what a complete record would say of them.
    pub classes: Vec<Vec<usize>>,
    pub rows: usize,
    /// Sum of the weights.
    pub plays: f64,
    pub clusters: Vec<String>,
    /// Columns that say nothing to this game.
    pub ignored: Vec<String>,
    /// Cells of event columns that are blank though the move could have been made.
    pub blanks: usize,
}

/// Rows of equal covariates.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    pub covariates: Vec<f64>,
    pub cells: Vec<Observed>,
}

/// One row.
#[derive(Clone, Debug, PartialEq)]
pub struct Observed {
    /// The line of the file.
    pub line: usize,
    pub pattern: usize,
    pub weight: f64,
    /// Position in [`Data::clusters`]; 0 without a cluster column.
    pub cluster: usize,
}

/// What is wrong with the data.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum DataError {
    #[error("there is no column `{name}`; the columns are {known}")]
    NoColumn { name: String, known: String },
    #[error("no column names an event of the game or `outcome`; events are {known}")]
    NothingRecorded { known: String },
    #[error("line {line}, column `{column}`: the number is missing")]
    Missing { line: usize, column: String },
    #[error("line {line}, column `{column}`: `{cell}` is not a number")]
    NotANumber { line: usize, column: String, cell: String },
    #[error("line {line}, column `{column}`: a weight must be a number of at least 0, not `{cell}`")]
    Weight { line: usize, column: String, cell: String },
    #[error("line {line}, column `{column}`: there is no `{cell}`; there are {known}")]
    Unknown { line: usize, column: String, cell: String, known: String },
    #[error("line {line}, column `{column}`: no play of the game goes on with `{cell}` after {before}")]
    Impossible { line: usize, column: String, cell: String, before: String },
    #[error("there are no rows")]
    NoRows,
}

/// The cell that says: this move was not made.
pub const NOT_MADE: &str = "-";
/// The column that holds the outcome.
pub const OUTCOME: &str = "outcome";

enum Column {
    Covariate(usize),
    Event(EventId),
    Outcome,
    Weight,
    Cluster,
    Ignored,
}

/// Reads a sheet as plays of a game.
///
/// # Errors
/// The first fault, with its line and column.
pub fn read(game: &Game, sheet: &Sheet, roles: &Roles) -> Result<Data, DataError> {
    for name in roles.weight.iter().chain(&roles.cluster) {
        if !sheet.columns.contains(name) {
            return Err(DataError::NoColumn { name: name.clone(), known: sheet.columns.join(", ") });
        }
    }
    let mut covariates = vec![];
    let columns: Vec<Column> =
        sheet.columns.iter().map(|n| column(game, n, roles, &mut covariates)).collect();
    let recorded: Vec<EventId> =
        columns.iter().filter_map(|c| if let Column::Event(e) = c { Some(*e) } else { None }).collect();
    let outcome = columns.iter().any(|c| matches!(c, Column::Outcome));
    if recorded.is_empty() && !outcome {
        let names: Vec<String> = (0..game.events.len()).map(|e| game.event_name(EventId(e as u32))).collect();
        return Err(DataError::NothingRecorded { known: names.join(", ") });
    }
    if sheet.rows.is_empty() {
        return Err(DataError::NoRows);
    }
    let plays = plays(game);
    let mut data = Data {
        covariates,
        classes: classes(&plays, &recorded, outcome),
        recorded,
        outcome,
        groups: vec![],
        patterns: vec![],
        rows: sheet.rows.len(),
        plays: 0.0,
        clusters: vec![],
        ignored: vec![],
        blanks: 0,
    };
    let is_ignored = |c: &Column| matches!(c, Column::Ignored);
    let ignored = columns.iter().zip(&sheet.columns).filter(|(c, _)| is_ignored(c));
    data.ignored = ignored.map(|(_, n)| n.clone()).collect();
    for row in &sheet.rows {
        one(game, sheet, &columns, &plays, row, &mut data)?;
    }
    Ok(data)
}

fn column(game: &Game, name: &str, roles: &Roles, covariates: &mut Vec<ParamId>) -> Column {
    if roles.weight.as_deref() == Some(name) {
        return Column::Weight;
    }
    if roles.cluster.as_deref() == Some(name) {
        return Column::Cluster;
    }
    if let Some(p) = game.find_param(name) {
        covariates.push(p);
        return Column::Covariate(covariates.len() - 1);
    }
    if name == OUTCOME {
        return Column::Outcome;
    }
    let event = (0..game.events.len()).map(|e| EventId(e as u32)).find(|e| game.event_name(*e) == name);
    event.map_or(Column::Ignored, Column::Event)
}

/// One end of play: the arm taken of each event, and the outcome.
struct Play {
    arms: Vec<Option<u32>>,
    outcome: Option<u32>,
}

fn plays(game: &Game) -> Vec<Play> {
    let mut list = vec![];
    for (n, node) in game.nodes.iter().enumerate() {
        let NodeKind::Terminal(outcome) = node.kind else { continue };
        let mut arms = vec![None; game.events.len()];
        for (event, arm) in detente_game::names::history(game, detente_game::NodeId(n as u32)) {
            arms[event.index()] = Some(arm);
        }
        list.push(Play { arms, outcome: outcome.map(|o| o.0) });
    }
    list
}

/// Sorts plays by what a complete record says of them.
fn classes(plays: &[Play], recorded: &[EventId], outcome: bool) -> Vec<Vec<usize>> {
    let mut keys: Vec<(Vec<Option<u32>>, Option<u32>)> = vec![];
    let mut list: Vec<Vec<usize>> = vec![];
    for (k, play) in plays.iter().enumerate() {
        let arms = recorded.iter().map(|e| play.arms[e.index()]).collect();
        let key = (arms, if outcome { play.outcome } else { None });
        match keys.iter().position(|other| *other == key) {
            Some(place) => list[place].push(k),
            None => {
                keys.push(key);
                list.push(vec![k]);
            }
        }
    }
    list
}

fn one(
    game: &Game,
    sheet: &Sheet,
    columns: &[Column],
    plays: &[Play],
    row: &crate::sheet::SheetRow,
    data: &mut Data,
) -> Result<(), DataError> {
    let line = row.line;
    let mut covariates = vec![0.0; data.covariates.len()];
    let mut fits: Vec<usize> = (0..plays.len()).collect();
    let (mut weight, mut cluster, mut before) = (1.0, 0, vec![]);
    for ((kind, name), cell) in columns.iter().zip(&sheet.columns).zip(&row.cells) {
        let column = || name.clone();
        let cell = cell.trim();
        match kind {
            Column::Covariate(k) => {
                covariates[*k] = number(cell).map_err(|missing| match missing {
                    true => DataError::Missing { line, column: column() },
                    false => DataError::NotANumber { line, column: column(), cell: cell.into() },
                })?;
            }
            Column::Weight => {
                let found = number(cell).ok().filter(|w| *w >= 0.0);
                weight = found.ok_or(DataError::Weight { line, column: column(), cell: cell.into() })?;
            }
            Column::Cluster => {
                cluster = data.clusters.iter().position(|c| c == cell).unwrap_or_else(|| {
                    data.clusters.push(cell.into());
                    data.clusters.len() - 1
                });
            }
            Column::Event(event) if cell.is_empty() => {
                let could = fits.iter().any(|k| plays[*k].arms[event.index()].is_some());
                data.blanks += usize::from(could && game.events[event.index()].kind == EventKind::Move);
            }
            Column::Event(event) => {
                let wanted = match cell {
                    NOT_MADE => None,
                    _ => Some(arm(game, *event, line, name, cell)?),
                };
                fits.retain(|k| plays[*k].arms[event.index()] == wanted);
                checked(&fits, line, name, cell, &before)?;
                before.push(format!("{name} {cell}"));
            }
            Column::Outcome if cell.is_empty() => {}
            Column::Outcome => {
                let found = game.outcomes.iter().position(|o| o.name == cell);
                let known = || game.outcomes.iter().map(|o| o.name.clone()).collect::<Vec<_>>().join(", ");
                let wanted = found.ok_or_else(|| DataError::Unknown {
                    line,
                    column: column(),
                    cell: cell.into(),
                    known: known(),
                })?;
                fits.retain(|k| plays[*k].outcome == Some(wanted as u32));
                checked(&fits, line, name, cell, &before)?;
                before.push(format!("{name} {cell}"));
            }
            Column::Ignored => {}
        }
    }
    let pattern = data.patterns.iter().position(|p| *p == fits).unwrap_or_else(|| {
        data.patterns.push(fits);
        data.patterns.len() - 1
    });
    data.plays += weight;
    let observed = Observed { line, pattern, weight, cluster };
    match data.groups.iter_mut().find(|g| g.covariates == covariates) {
        Some(group) => group.cells.push(observed),
        None => data.groups.push(Group { covariates, cells: vec![observed] }),
    }
    Ok(())
}

/// A number; the error says whether the cell is blank.
fn number(cell: &str) -> Result<f64, bool> {
    if cell.is_empty() {
        return Err(true);
    }
    cell.parse::<f64>().ok().filter(|x| x.is_finite()).ok_or(false)
}

fn arm(game: &Game, event: EventId, line: usize, column: &str, cell: &str) -> Result<u32, DataError> {
    let arms = &game.events[event.index()].arms;
    let found = arms.iter().position(|a| a == cell);
    found.map(|k| k as u32).ok_or_else(|| DataError::Unknown {
        line,
        column: column.into(),
        cell: cell.into(),
        known: arms.join(", "),
    })
}

fn checked(
    fits: &[usize],
    line: usize,
    column: &str,
    cell: &str,
    before: &[String],
) -> Result<(), DataError> {
    if !fits.is_empty() {
        return Ok(());
    }
    let before = if before.is_empty() { "the start".into() } else { before.join(", ") };
    Err(DataError::Impossible { line, column: column.into(), cell: cell.into(), before })
}
