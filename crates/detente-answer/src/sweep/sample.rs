//! A run held in memory: its rows, the draws that questions need, and its sums.
//!
//! The one idea: whoever reports on a model draws once. Verdicts, drivers and the table of outcomes are
//! then about the same draws, so that no two of them can disagree.

use super::row::{Job, Row, lost, rows};
use super::state::State;
use super::{Identity, Summary, summary};
use crate::draws::Draw;
use crate::spread::spread;
use detente_batch::LANES;
use detente_solve::Progress;

/// The first `draws` rows of a run. Stopped early, it returns the first ones without a gap.
pub fn sample(job: &Job, draws: u64, threads: usize, progress: &dyn Progress) -> Vec<Row> {
    let size = LANES as u64;
    let range = |block: u64| (block * size, draws.min((block + 1) * size));
    let blocks = spread(draws.div_ceil(size), threads, progress, |block, watch| {
        let (from, to) = range(block);
        rows(job, from, to, watch)
    });
    let mut list = vec![];
    for (block, found) in (0..).zip(blocks) {
        let (from, to) = range(block);
        match found {
            Some(Some(rows)) => list.extend(rows),
            // The progress said stop.
            Some(None) => break,
            None => list.extend((from..to).map(|draw| lost(job, draw))),
        }
    }
    list
}

/// What the questions of a model need of each row.
pub fn draws_of(rows: &[Row]) -> Vec<Draw> {
    rows.iter().map(draw_of).collect()
}

fn draw_of(row: &Row) -> Draw {
    Draw {
        index: row.draw,
        values: row.values.clone(),
        complete: row.strength == 0,
        open: row.open.clone(),
        claims: row.claims.clone(),
        asks: row.asks.clone(),
        hypotheses: row.hypotheses.clone(),
        observed: row.observed.clone(),
    }
}

/// What the rows of a run say together.
pub fn summary_of(id: &Identity, rows: &[Row]) -> Summary {
    let mut state = State::new(id.outcomes.len(), id.claims.len(), id.asks.len(), id.hypotheses.len());
    rows.iter().for_each(|row| state.add(row));
    summary(id, &state)
}
