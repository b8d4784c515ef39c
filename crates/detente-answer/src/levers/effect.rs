//! One lever over the draws, and the order of several: by the wanted effect at its worst end.

use super::found::{Drawn, Lever};
use super::policies::Policy;
use super::robust::{Aim, Robust};
use super::tried::Reading;
use crate::ends::{Ends, mean};

pub(super) fn lever(
    policy: &Policy,
    at: usize,
    base: &[Vec<Reading>],
    drawn: &[Option<Vec<Reading>>],
    rated: Option<&Robust>,
    aim: Aim,
    per: &dyn Fn(Ends) -> Option<Ends>,
) -> Lever {
    let here = &base[at][0];
    let pairs: Vec<&Reading> = drawn.iter().flatten().map(|row| &row[at]).collect();
    let effects: Vec<Ends> = pairs.iter().filter_map(|r| r.effect).collect();
    let total = drawn.len() as f64;
    let good: Vec<Ends> = effects.iter().map(|e| aim.good(*e)).collect();
    let share = |low: fn(&Ends) -> bool, high: fn(&Ends) -> bool| Ends {
        low: good.iter().filter(|e| low(e)).count() as f64 / total,
        high: good.iter().filter(|e| high(e)).count() as f64 / total,
    };
    let drawn = mean(&effects).zip(rated).map(|(effect, rated)| {
        let regrets: Vec<Ends> = rated.regret.iter().flatten().copied().collect();
        Drawn {
            used: effects.len() as u64,
            undefined: drawn.len() as u64 - effects.len() as u64,
            effect,
            error: 2.0 * standard_error(&effects, |e| e.low).max(standard_error(&effects, |e| e.high)),
            helps: share(|e| e.low > 0.0, |e| e.high > 0.0),
            harms: share(|e| e.high < 0.0, |e| e.low < 0.0),
            worst: aim.good(Ends::point(good.iter().map(|e| e.low).fold(f64::INFINITY, f64::min))).low,
            own_stakes: mean(&pairs.iter().filter_map(|r| r.own_effect).collect::<Vec<_>>()).and_then(per),
            regret: mean(&regrets).unwrap_or(Ends::point(0.0)),
            most_regret: rated.most_regret.unwrap_or(Ends::point(0.0)),
            enough: rated.enough.unwrap_or(Ends::point(0.0)),
        }
    });
    Lever {
        name: policy.name.clone(),
        label: policy.label.clone(),
        kind: policy.kind,
        after: here.x,
        effect: here.effect,
        own: here.own_effect,
        own_stakes: here.own_effect.and_then(per),
        drawn,
        robust_place: 0,
    }
}

/// The standard error of the mean of one end.
fn standard_error(list: &[Ends], end: fn(&Ends) -> f64) -> f64 {
    let n = list.len() as f64;
    if list.len() < 2 {
        return 0.0;
    }
    let mean = list.iter().map(end).sum::<f64>() / n;
    let squares: f64 = list.iter().map(|e| (end(e) - mean) * (end(e) - mean)).sum();
    (squares / (n - 1.0) / n).sqrt()
}

/// Orders levers by the wanted effect, counted at its worst end: over the draws, else at the base
/// values. Ties go by the best end, then by what the player itself gets, then by name.
pub(super) fn rank(levers: &mut [Lever], aim: Aim) {
    let effect = |l: &Lever| l.drawn.as_ref().map(|d| d.effect).or(l.effect).map(|e| aim.good(e));
    let own = |l: &Lever| l.drawn.as_ref().and_then(|d| d.own_stakes).or(l.own_stakes).map(|e| e.low);
    // Sums in another order differ in their last digits; that is no difference.
    let round = |x: f64| (x * 1e9).round();
    let key = |l: &Lever| {
        let e = effect(l).unwrap_or(Ends::point(f64::NEG_INFINITY));
        (round(e.low), round(e.high), round(own(l).unwrap_or(f64::NEG_INFINITY)))
    };
    levers.sort_by(|a, b| {
        let (x, y) = (key(a), key(b));
        let by_effect = y.0.total_cmp(&x.0).then(y.1.total_cmp(&x.1));
        by_effect.then(y.2.total_cmp(&x.2)).then(a.name.cmp(&b.name))
    });
    let sturdy = |l: &Lever| match &l.drawn {
        Some(d) => (d.helps.low, aim.good(Ends::point(d.worst)).low),
        None => (key(l).0, key(l).1),
    };
    let mut order: Vec<usize> = (0..levers.len()).collect();
    order.sort_by(|a, b| {
        let (a, b) = (sturdy(&levers[*a]), sturdy(&levers[*b]));
        b.0.total_cmp(&a.0).then(b.1.total_cmp(&a.1))
    });
    for (place, k) in order.into_iter().enumerate() {
        levers[k].robust_place = place + 1;
    }
}
