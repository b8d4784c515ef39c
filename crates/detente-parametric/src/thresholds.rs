//! Where the set of equilibria changes along one parameter, exactly, and what it is in between.
//!
//! The one idea: neighbouring pieces are one if the sets have the same outline on both, and at the
//! point between them as well. What is left between pieces is a threshold or a gap.

use crate::germ::Germ;
use crate::line::{At, Line, Part, Shape, Tile};
use crate::reasons::{Reason, reasons};
use detente_exact::Q;
use detente_exact::poly::RealRoot;
use detente_game::solution::{Num, Solution, Status};
use detente_verify::over::Component;
use serde::Serialize;

/// A value of the parameter: rational, or the root of a polynomial that an interval isolates.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Value {
    /// The nearest float.
    pub value: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exact: Option<Q>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub root: Option<Root>,
}

/// An irrational number: the only root of the polynomial in an open interval.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Root {
    /// Coprime whole coefficients, the constant term first. The polynomial has no repeated roots
    /// and none that is rational, so its degree bounds that of the number.
    pub polynomial: Vec<Q>,
    pub low: Q,
    pub high: Q,
}

impl Value {
    /// The value of a root.
    pub fn of(root: &RealRoot) -> Value {
        let mut narrow = root.clone();
        narrow.refine(&Q::from(2).pow(-70));
        let value = narrow.to_f64();
        match &narrow {
            RealRoot::Rational(q) => Value { value, exact: Some(q.clone()), root: None },
            RealRoot::Isolated { poly, lo, hi } => {
                let mut poly = poly.primitive();
                for q in poly.rational_roots().unwrap_or_default() {
                    let factor = detente_exact::poly::Poly::with_root(&q);
                    if let Some((quotient, _)) = poly.div_rem(&factor) {
                        poly = quotient;
                    }
                }
                let polynomial = poly.primitive().coefs().to_vec();
                Value {
                    value,
                    exact: None,
                    root: Some(Root { polynomial, low: lo.clone(), high: hi.clone() }),
                }
            }
        }
    }

    /// As a reader wants it: `1/3`, or `0.7071…`.
    pub fn text(&self) -> String {
        match &self.exact {
            Some(q) => q.to_string(),
            None => format!("{:.6}…", self.value),
        }
    }
}

/// Lowest and highest probability of an outcome.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Range {
    pub low: f64,
    pub high: f64,
    /// Both, where they are one exact number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exact: Option<Q>,
}

/// An outcome's probability in one equilibrium, over a piece.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Chance {
    pub outcome: String,
    /// Towards the lower end of the piece, and towards the upper end.
    pub from: Range,
    pub to: Range,
    /// As a function of the parameter, where one holds all over the piece and the equilibrium.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub formula: Option<String>,
}

/// What is used at an information set.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Use {
    pub decision: String,
    pub at: String,
    /// Each combination of actions that some equilibrium of the component uses.
    pub actions: Vec<Vec<String>>,
}

/// One connected component of equilibria, over a piece.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Equilibrium {
    pub name: String,
    pub outcomes: Vec<Chance>,
    /// Whether outcomes vary within the component; they are then those at the sample.
    pub varies: bool,
    pub uses: Vec<Use>,
}

/// An open range in which the set of equilibria stays the same in outline: proven.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Piece {
    pub from: Value,
    pub to: Value,
    /// A value inside at which the game was solved.
    pub sample: Q,
    /// Number of proofs that cover the piece.
    pub proofs: usize,
    pub equilibria: Vec<Equilibrium>,
}

/// The set of equilibria at one value.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Here {
    pub status: Status,
    pub equilibria: Vec<Vec<(String, Range)>>,
}

/// A value at which the set of equilibria changes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Threshold {
    pub at: Value,
    /// Who is indifferent there, or stops using what.
    pub reasons: Vec<Reason>,
    /// Whether some component's outcomes or its play on the path change, not only replies that
    /// are never called for.
    pub matters: bool,
    /// The set at the value itself; `None` if it is irrational, or there is no game.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub here: Option<Here>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A part of the range about which nothing is proven; `from` and `to` may be one value.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Gap {
    pub from: Value,
    pub to: Value,
    pub width: f64,
    pub why: String,
}

/// The answer along one parameter.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Thresholds {
    pub param: String,
    pub label: String,
    pub base: Q,
    pub from: Q,
    pub to: Q,
    /// Whether no change can be missing: the whole range is covered by proofs.
    pub complete: bool,
    pub pieces: Vec<Piece>,
    pub thresholds: Vec<Threshold>,
    pub gaps: Vec<Gap>,
}

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
    let ends = (RealRoot::Rational(line.from.clone()), RealRoot::Rational(line.to.clone()));
    let mut group: Vec<&Tile> = vec![];
    let mut last: Option<&Tile> = None;
    for k in 0..=parts.len() {
        let next = parts.get(k);
        let before = k.checked_sub(1).and_then(|k| parts.get(k));
        let at = next.map_or(&ends.1, |p| p.ends().0);
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
            gap(&mut result, Value::of(low), Value::of(high), why);
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
    at: &RealRoot,
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
            result.thresholds.push(Threshold { at: Value::of(at), reasons, matters, here: None, note });
        } else if shapes.len() == 2 {
            let why = "at this irrational value itself nothing is proven; both sides agree";
            gap(result, Value::of(at), Value::of(at), why);
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
            result.thresholds.push(Threshold { at: Value::of(at), reasons, matters, here: None, note });
            return false;
        }
        gap(result, Value::of(at), Value::of(at), &format!("there is no game here: {why}"));
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
        gap(result, Value::of(at), Value::of(at), &why);
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
    result.thresholds.push(Threshold { at: Value::of(at), reasons, matters, here, note });
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
            .map(|k| (0..keys).map(|o| outcome(tile, k, o, &RealRoot::Rational(value.clone()))).collect())
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

fn piece(line: &Line, group: &[&Tile]) -> Piece {
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
        from: Value::of(&first.low),
        to: Value::of(&last.high),
        sample: shown.center.clone(),
        proofs: group.len(),
        equilibria: equilibria.collect(),
    }
}

/// Whether outcomes vary within a component.
fn varies(component: &Component<Germ>) -> bool {
    let Some(first) = component.places.first() else { return true };
    component.places.iter().any(|p| !p.fixed || p.outcomes != first.outcomes)
}

/// An outcome's probability in component `k` of a tile, towards a value at its end or inside.
pub(crate) fn outcome(tile: &Tile, k: usize, o: usize, at: &RealRoot) -> Range {
    let component = &tile.found.components[k];
    if varies(component) {
        let (low, high) = match tile.solution.components.get(k).and_then(|c| c.outcome_range.get(o)) {
            Some((low, high)) => (low.value, high.value),
            None => (0.0, 1.0),
        };
        return Range { low, high, exact: None };
    }
    let germ = &component.places[0].outcomes[o];
    let exact = at.rational().and_then(|q| germ.at(q));
    let value = exact.as_ref().map_or_else(
        || {
            let (num, den) = germ.fraction();
            let x = at.to_f64();
            num.eval_scalar(&x) / den.eval_scalar(&x)
        },
        Q::to_f64,
    );
    Range { low: value, high: value, exact }
}

/// One formula that holds in all tiles of a piece.
fn formula(group: &[&Tile], c: &Component<Germ>, o: usize, varies: bool, name: &str) -> Option<String> {
    if varies {
        return None;
    }
    let of = |t: &Tile| {
        let same = t.found.components.iter().find(|d| d.supports == c.supports)?;
        same.places.first().map(|p| p.outcomes[o].fraction())
    };
    let first = of(group[0])?;
    if group.iter().any(|t| of(t).as_ref() != Some(&first)) {
        return None;
    }
    let (mut num, mut den) = first;
    // Whole coefficients read better.
    let scale = |p: &detente_exact::poly::Poly| {
        let lead = p.primitive().leading();
        lead.checked_div(&p.leading()).unwrap_or(Q::ONE)
    };
    let (a, b) = (scale(&num), scale(&den));
    let factor = if a.denominator().is_one() && b.denominator().is_one() { lcm(&a, &b) } else { Q::ONE };
    (num, den) = (num.scale(&factor), den.scale(&factor));
    let text = |p: &detente_exact::poly::Poly| p.to_string().replace('x', name);
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

fn uses(line: &Line, component: &Component<Germ>) -> Vec<Use> {
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

/// A polynomial in x from its coefficients, the constant term first.
pub fn polynomial_text(coefs: &[Q]) -> String {
    detente_exact::poly::Poly::new(coefs.to_vec()).to_string()
}
