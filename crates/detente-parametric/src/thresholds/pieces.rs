//! A piece of the range: its equilibria, with outcomes as functions of the parameter.
//!
//! The one idea: tiles of one outline are one piece; a formula is printed if all of them agree on it.

use super::data::{Chance, Equilibrium, Piece, Range, Use};
use crate::end::End;
use crate::formula::Formula;
use crate::line::{Line, Tile};
use crate::plane::words;
use detente_exact::poly::Poly;
use detente_exact::{Interval, Q};
use detente_verify::over::Component;

/// The piece that a group of tiles in a row makes up.
pub(super) fn piece(line: &Line, group: &[&Tile]) -> Piece {
    let (first, last) = (group[0], group[group.len() - 1]);
    // The widest part's point is shown, and its order of the components.
    let wide = |t: &&&Tile| (t.high.to_f64() - t.low.to_f64()).to_bits();
    let shown = group.iter().max_by_key(wide).copied().unwrap_or(first);
    let equilibria = shown.found.components.iter().enumerate().map(|(k, c)| {
        let place = |t: &Tile| t.found.components.iter().position(|d| d.supports == c.supports);
        let ends = (place(first).unwrap_or(k), place(last).unwrap_or(k));
        let varies = varies(c);
        let keys = line.game.outcome_keys();
        let outcomes = keys.iter().enumerate().map(|(o, name)| Chance {
            outcome: name.clone(),
            from: if varies {
                outcome(shown, k, o, &first.low)
            } else {
                outcome(first, ends.0, o, &first.low)
            },
            to: if varies { outcome(shown, k, o, &last.high) } else { outcome(last, ends.1, o, &last.high) },
            formula: formula(group, c, o, varies, &line.game.params[line.param.index()].name),
        });
        Equilibrium { name: format!("E{}", k + 1), outcomes: outcomes.collect(), varies, uses: uses(line, c) }
    });
    Piece {
        from: line.value(&first.low),
        to: line.value(&last.high),
        sample: shown.center.clone(),
        proofs: group.len(),
        equilibria: equilibria.collect(),
    }
}

/// Whether outcomes vary within a component.
fn varies(component: &Component<Formula>) -> bool {
    let Some(first) = component.places.first() else { return true };
    component.places.iter().any(|p| !p.fixed || p.outcomes != first.outcomes)
}

/// An outcome's probability in component `k` of a tile, towards a value at its end or inside.
pub(crate) fn outcome(tile: &Tile, k: usize, o: usize, at: &End) -> Range {
    let component = &tile.found.components[k];
    if varies(component) {
        let (low, high) = match tile.solution.components.get(k).and_then(|c| c.outcome_range.get(o)) {
            Some((low, high)) => (low.value, high.value),
            None => (0.0, 1.0),
        };
        return Range { low, high, exact: None };
    }
    let function = &component.places[0].outcomes[o];
    let (num, den) = function.fraction();
    let exact = at
        .rational()
        .zip(num.to_univariate(0).zip(den.to_univariate(0)))
        .and_then(|(q, (num, den))| num.eval(q).checked_div(&den.eval(q)));
    let value = exact.as_ref().map_or_else(|| function.at(&floats(tile, at.to_f64())), Q::to_f64);
    Range { low: value, high: value, exact }
}

/// All variables as floats: the parameter, then the irrational steps.
fn floats(tile: &Tile, x: f64) -> Vec<f64> {
    let point = Interval::point(x).unwrap_or(Interval::ENTIRE);
    tile.atoms.sides(&[point]).into_iter().map(Interval::mid).collect()
}

/// One formula that holds in all tiles of a piece.
fn formula(group: &[&Tile], c: &Component<Formula>, o: usize, varies: bool, name: &str) -> Option<String> {
    if varies {
        return None;
    }
    let of = |t: &Tile| {
        let same = t.found.components.iter().find(|d| d.supports == c.supports)?;
        same.places.first().map(|p| p.outcomes[o].fraction())
    };
    let first = of(group[0])?;
    let atoms = group[0].atoms.list();
    if group.iter().any(|t| of(t).as_ref() != Some(&first) || t.atoms.list() != atoms) {
        return None;
    }
    let Some((mut num, mut den)) = first.0.to_univariate(0).zip(first.1.to_univariate(0)) else {
        return Some(words::fraction(&first, &words::variables(vec![name.to_string()], &atoms)));
    };
    if let Some(inverse) = den.leading().checked_recip() {
        (num, den) = (num.scale(&inverse), den.scale(&inverse));
    }
    // Whole coefficients read better.
    let scale = |p: &Poly| {
        let lead = p.primitive().leading();
        lead.checked_div(&p.leading()).unwrap_or(Q::ONE)
    };
    let (a, b) = (scale(&num), scale(&den));
    let factor = if a.denominator().is_one() && b.denominator().is_one() { lcm(&a, &b) } else { Q::ONE };
    (num, den) = (num.scale(&factor), den.scale(&factor));
    let text = |p: &Poly| p.to_string().replace('x', name);
    match den.degree() {
        Some(0) if den.leading().is_one() => Some(text(&num)),
        Some(0) => {
            let whole = num.scale(&den.leading().recip());
            Some(text(&whole))
        }
        _ => Some(format!("({}) / ({})", text(&num), text(&den))),
    }
}

/// A common multiple of two whole numbers that is small enough to read, else 1.
fn lcm(a: &Q, b: &Q) -> Q {
    let (Some(x), Some(y)) = (a.to_i64(), b.to_i64()) else { return Q::ONE };
    let (mut p, mut q) = (x.unsigned_abs(), y.unsigned_abs());
    while q != 0 {
        (p, q) = (q, p % q);
    }
    let product = (x / (p.max(1) as i64)).checked_mul(y).filter(|n| n.abs() < 1_000_000_000 && *n != 0);
    Q::from(product.unwrap_or(1).abs())
}

fn uses(line: &Line, component: &Component<Formula>) -> Vec<Use> {
    let game = line.game;
    let mut list = vec![];
    for (h, set) in game.infosets.iter().enumerate() {
        let mut actions: Vec<Vec<String>> = vec![];
        for support in &component.supports {
            let Some(used) = &support[h] else { continue };
            let names = used.iter().enumerate().filter(|(_, u)| **u);
            let names: Vec<String> = names
                .map(|(a, _)| game.action_name(detente_game::InfosetId(h as u32), a).to_string())
                .collect();
            if !actions.contains(&names) {
                actions.push(names);
            }
        }
        if !actions.is_empty() {
            list.push(Use { decision: game.event_name(set.event), at: set.label.clone(), actions });
        }
    }
    list
}
