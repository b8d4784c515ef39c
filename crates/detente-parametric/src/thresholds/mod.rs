//! Where the set of equilibria changes along one parameter, exactly, and what it is in between.
//!
//! The one idea: neighbouring pieces are one if the sets have the same outline on both, and at the
//! point between them as well. What is left between pieces is a threshold or a gap.

mod data;
mod minimal;
mod pieces;

pub use data::{
    Chance, Enclosed, Equilibrium, Gap, Here, Piece, Range, Root, Threshold, Thresholds, Use, Value,
};
pub(crate) use pieces::outcome;

use self::pieces::piece;
use crate::end::End;
use crate::line::{At, Line, Part, Shape, Tile};
use crate::reasons::reasons;
use detente_exact::Q;
use detente_game::solution::{Num, Solution, Status};

/// Finds every threshold of the line.
pub fn thresholds(line: &Line) -> Thresholds {
    let parts = line.cover();
    let mut result = Thresholds {
        param: line.game.params[line.param.index()].name.clone(),
        label: line.game.params[line.param.index()].label.clone(),
        base: line.base[line.param.index()].clone(),
        from: line.from.clone(),
        to: line.to.clone(),
        complete: false,
        pieces: vec![],
        thresholds: vec![],
        gaps: vec![],
    };
    let last_end = End::exact(&line.to);
    let mut group: Vec<&Tile> = vec![];
    let mut last: Option<&Tile> = None;
    for k in 0..=parts.len() {
        let next = parts.get(k);
        let before = k.checked_sub(1).and_then(|k| parts.get(k));
        let at = next.map_or(&last_end, |p| p.ends().0);
        let right = match next {
            Some(Part::Proven(tile)) => Some(tile.as_ref()),
            _ => None,
        };
        // Where two gaps meet there is nothing to say about the point.
        if last.is_some() || right.is_some() {
            let same = boundary(line, at, last, right, &mut result);
            if !same && !group.is_empty() {
                result.pieces.push(piece(line, &group));
                group.clear();
            }
        } else if before.is_none() || next.is_none() {
            boundary(line, at, None, None, &mut result);
        }
        if let Some(Part::Gap { low, high, why }) = next {
            gap(&mut result, line.value(low), line.value(high), why);
        }
        group.extend(right);
        last = right;
    }
    if !group.is_empty() {
        result.pieces.push(piece(line, &group));
    }
    result.complete = result.gaps.is_empty();
    result
}

/// Adds a gap, to the one before it if they touch.
fn gap(result: &mut Thresholds, from: Value, to: Value, why: &str) {
    let width = to.value - from.value;
    match result.gaps.last_mut() {
        Some(old) if old.to == from && old.why == why => {
            old.width += width;
            old.to = to;
        }
        _ => result.gaps.push(Gap { from, to, width, why: why.into() }),
    }
}

/// Looks at the point between two parts; returns whether nothing changes there.
fn boundary(
    line: &Line,
    at: &End,
    left: Option<&Tile>,
    right: Option<&Tile>,
    result: &mut Thresholds,
) -> bool {
    let shapes: Vec<&Shape> = [left, right].into_iter().flatten().map(|t| &t.shape).collect();
    let change = shapes.windows(2).any(|w| w[0] != w[1]);
    let Some(value) = at.rational() else {
        if change {
            let (reasons, matters) = reasons(line.game, at, left, right);
            let note = Some("the value is irrational, so the game there was not solved".into());
            result.thresholds.push(Threshold { at: line.value(at), reasons, matters, here: None, note });
        } else if shapes.len() == 2 {
            let why = "at this irrational value itself nothing is proven; both sides agree";
            gap(result, line.value(at), line.value(at), why);
        }
        return !change;
    };
    let here = line.at(value);
    let known = here.shape.is_some();
    if here.solution.is_none() {
        let why = here.why.clone().unwrap_or_default();
        let end = shapes.len() < 2;
        if change || !end {
            let (reasons, matters) = reasons(line.game, at, left, right);
            let note = Some(format!("there is no game here: {why}"));
            result.thresholds.push(Threshold { at: line.value(at), reasons, matters, here: None, note });
            return false;
        }
        gap(result, line.value(at), line.value(at), &format!("there is no game here: {why}"));
        return true;
    }
    let same = !change && shapes.iter().all(|s| here.shape.as_ref() == Some(*s));
    if same {
        return true;
    }
    let complete = here.solution.as_ref().is_some_and(|s| s.status == Status::ExactComplete);
    // Without an outline of the set at the point, equal sides may or may not meet there.
    if !change && !known && !complete {
        let why = here.why.clone().unwrap_or_default();
        gap(result, line.value(at), line.value(at), &why);
        return true;
    }
    if shapes.is_empty() {
        return true;
    }
    let (reasons, matters) = reasons(line.game, at, left, right);
    let single = !change && !known;
    let note = single.then(|| "both sides agree; at the value itself ties leave more".to_string());
    let matters = matters || !change && differs(line, &here, left, right, value);
    let here = here.solution.as_ref().map(|s| at_point(line, s));
    result.thresholds.push(Threshold { at: line.value(at), reasons, matters, here, note });
    false
}

/// Whether outcomes at the point differ from their limits on both sides.
fn differs(line: &Line, here: &At, left: Option<&Tile>, right: Option<&Tile>, value: &Q) -> bool {
    let Some(solution) = &here.solution else { return true };
    let keys = line.game.outcome_keys().len();
    let own: Vec<Vec<(f64, f64)>> = solution
        .components
        .iter()
        .map(|c| c.outcome_range.iter().map(|(l, h)| (l.value, h.value)).collect())
        .collect();
    [left, right].into_iter().flatten().any(|tile| {
        let theirs: Vec<Vec<(f64, f64)>> = (0..tile.found.components.len())
            .map(|k| (0..keys).map(|o| outcome(tile, k, o, &End::exact(value))).collect())
            .map(|list: Vec<Range>| list.into_iter().map(|r| (r.low, r.high)).collect())
            .collect();
        theirs.len() != own.len() || !theirs.iter().all(|t| own.contains(t))
    })
}

fn at_point(line: &Line, solution: &Solution) -> Here {
    let keys = line.game.outcome_keys();
    let range = |(low, high): &(Num, Num)| Range {
        low: low.value,
        high: high.value,
        exact: low.exact.clone().filter(|q| high.exact.as_ref() == Some(q)),
    };
    let equilibria = solution
        .components
        .iter()
        .map(|c| keys.iter().cloned().zip(c.outcome_range.iter().map(range)).collect())
        .collect();
    Here { status: solution.status, equilibria }
}

/// A polynomial in x from its coefficients, the constant term first.
pub fn polynomial_text(coefs: &[Q]) -> String {
    detente_exact::poly::Poly::new(coefs.to_vec()).to_string()
}
