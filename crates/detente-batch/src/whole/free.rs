//! Replies that are never called for: which of them some belief supports, and which deter.
//!
//! The one idea: over the beliefs the best replies change along lines, so all is said at the corners
//! of the pieces in which the beliefs fall apart. The replies at a corner are equally good there, and
//! so is every mixture of them; what the first side must not gain cuts these mixtures off by planes.
//! Mixtures with a common face hang together.

use super::core::{FreeReply, Reply};
use super::linear;
use super::{Why, best, positive};
use detente_exact::Interval;
use std::collections::BTreeMap;

/// A corner: the replies that are best there, as bits, and the weight of each way.
struct Corner {
    replies: u32,
    belief: Vec<Interval>,
}

/// The mixtures of some replies that keep all limits: the range of each probability, whether it is
/// tight, and how far an end may be from the true one.
type Cut = (Vec<Interval>, bool, f64);

/// Returns the connected regions of replies and beliefs in which all limits `Σ limit[a] y[a] <= 0` hold.
pub fn regions(reply: &Reply, limits: &[Vec<Interval>]) -> Result<Vec<FreeReply>, Why> {
    let corners = corners(reply)?;
    let mut faces: BTreeMap<u32, Cut> = BTreeMap::new();
    for corner in &corners {
        // All nonempty subsets of the corner's replies.
        let mut face = corner.replies;
        while face != 0 {
            if !faces.contains_key(&face)
                && let Some(found) = cut(face, reply.actions.len(), limits)?
            {
                faces.insert(face, found);
            }
            face = (face - 1) & corner.replies;
        }
    }
    let list: Vec<u32> = faces.keys().copied().collect();
    let mut group: Vec<usize> = (0..list.len()).collect();
    for i in 0..list.len() {
        for j in 0..i {
            if list[j] & list[i] == list[j] || list[j] & list[i] == list[i] {
                let (old, new) = (group[i].max(group[j]), group[i].min(group[j]));
                group.iter_mut().filter(|g| **g == old).for_each(|g| *g = new);
            }
        }
    }
    let mut regions = vec![];
    for g in 0..list.len() {
        let inside: Vec<u32> = (0..list.len()).filter(|k| group[*k] == g).map(|k| list[k]).collect();
        if inside.is_empty() {
            continue;
        }
        let ranges = inside.iter().map(|f| faces[f].0.clone());
        let hull = |a: Vec<Interval>, b: Vec<Interval>| -> Vec<Interval> {
            a.iter().zip(&b).map(|(x, y)| x.hull(*y)).collect()
        };
        let beliefs = corners.iter().filter(|c| inside.iter().any(|f| f & c.replies == *f));
        regions.push(FreeReply {
            actions: ranges.reduce(hull).unwrap_or_default(),
            beliefs: beliefs.map(|c| c.belief.clone()).collect(),
            tight: inside.iter().all(|f| faces[f].1),
            blur: inside.iter().map(|f| faces[f].2).fold(0.0, f64::max),
        });
    }
    Ok(regions)
}

/// The part of the mixtures of some replies that keeps all limits: the range of each probability, and
/// whether it is tight; `None` if there is none.
fn cut(face: u32, actions: usize, limits: &[Vec<Interval>]) -> Result<Option<Cut>, Why> {
    let list: Vec<usize> = (0..actions).filter(|a| face >> a & 1 == 1).collect();
    if limits.iter().any(|l| list.iter().all(|a| l[*a].lo() > 0.0)) {
        return Ok(None);
    }
    let mut range = vec![Interval::ZERO; actions];
    match list[..] {
        [a] => {
            for limit in limits {
                if positive(limit[a])? {
                    return Ok(None);
                }
            }
            range[a] = Interval::ONE;
            Ok(Some((range, true, 0.0)))
        }
        [a, b] => {
            let Some((low, high)) = segment(a, b, limits)? else { return Ok(None) };
            range[b] = low.hull(high);
            range[a] = (Interval::ONE - low).hull(Interval::ONE - high);
            let blur = (low.hi() - low.lo()).max(high.hi() - high.lo());
            Ok(Some((range, true, 2.0 * blur)))
        }
        [a, b, c] => {
            let (mut some, mut blur) = (None, 0.0f64);
            for (i, j) in [(a, b), (a, c), (b, c)] {
                if let Some((edge, _, own)) = cut(1 << i | 1 << j, actions, limits)? {
                    blur = blur.max(own);
                    some = Some(match some {
                        None => edge,
                        Some(so_far) => edge
                            .iter()
                            .zip(&so_far)
                            .map(|(x, y): (&Interval, &Interval)| x.hull(*y))
                            .collect(),
                    });
                }
            }
            let cutting = limits.iter().filter(|l| list.iter().any(|k| l[*k].hi() > 0.0)).count();
            match some {
                // Two planes may meet inside, beyond what the edges show.
                Some(edges) if cutting <= 1 => Ok(Some((edges, true, blur))),
                Some(_) => {
                    let unit = Interval::ZERO.hull(Interval::ONE);
                    list.iter().for_each(|k| range[*k] = unit);
                    Ok(Some((range, false, 0.0)))
                }
                // Up to two half-planes that meet the triangle meet its border.
                None if cutting <= 2 => Ok(None),
                None => Err(Why::Close),
            }
        }
        _ => Err(Why::Large),
    }
}

/// The lowest and the highest probability of `b` where `a` has the rest.
fn segment(a: usize, b: usize, limits: &[Vec<Interval>]) -> Result<Option<(Interval, Interval)>, Why> {
    let (mut low, mut high) = (Interval::ZERO, Interval::ONE);
    for limit in limits {
        let (at_a, at_b) = (limit[a], limit[b]);
        let turn = at_a.checked_div(at_a - at_b);
        match (positive(at_a)?, positive(at_b)?) {
            (true, true) => return Ok(None),
            (false, false) => {}
            (false, true) => high = high.min(turn.ok_or(Why::Close)?),
            (true, false) => low = low.max(turn.ok_or(Why::Close)?),
        }
    }
    Ok(positive(high - low)?.then_some((low, high)))
}

/// The corners of the pieces in which one reply is best.
fn corners(reply: &Reply) -> Result<Vec<Corner>, Why> {
    let n = reply.ways.len();
    let value = |t: usize, a: usize| reply.ways[t].1[a];
    let actions = reply.actions.len();
    let mut list = vec![];
    for t in 0..n {
        let top = best(&reply.ways[t].1)?;
        let belief = (0..n).map(|s| if s == t { Interval::ONE } else { Interval::ZERO }).collect();
        list.push(Corner { replies: 1 << top, belief });
    }
    for t in 0..n {
        for s in t + 1..n {
            for a in 0..actions {
                for b in a + 1..actions {
                    let (at_t, at_s) = (value(t, a) - value(t, b), value(s, a) - value(s, b));
                    if at_t.sign().is_some() && at_t.sign() == at_s.sign() {
                        continue;
                    }
                    let mut belief = vec![Interval::ZERO; n];
                    // Where the two are equal: only the proportion of the weights matters.
                    let Some(w) = at_t.checked_div(at_t - at_s) else { return Err(Why::Close) };
                    belief[s] = w;
                    belief[t] = Interval::ONE - w;
                    corner(reply, 1 << a | 1 << b, belief, &mut list)?;
                }
            }
        }
    }
    match n {
        0..=2 => Ok(list),
        3 => {
            inner(reply, &mut list)?;
            Ok(list)
        }
        _ => Err(Why::Large),
    }
}

/// Corners inside a triangle of beliefs: three replies equally good.
fn inner(reply: &Reply, list: &mut Vec<Corner>) -> Result<(), Why> {
    let value = |t: usize, a: usize| reply.ways[t].1[a];
    let actions = reply.actions.len();
    for a in 0..actions {
        for b in a + 1..actions {
            for c in b + 1..actions {
                // Weights 1 - z1 - z2, z1, z2.
                let row = |x: usize| -> Vec<Interval> {
                    let gain = |t: usize| value(t, x) - value(t, a);
                    vec![gain(0), gain(1) - gain(0), gain(2) - gain(0)]
                };
                let rows = [row(b), row(c)];
                let never = |x: usize| {
                    let signs: Vec<Option<i32>> =
                        (0..3).map(|t| (value(t, x) - value(t, a)).sign()).collect();
                    signs[0].is_some() && signs.iter().all(|s| *s == signs[0])
                };
                if never(b) || never(c) {
                    continue;
                }
                let z = linear::solve(&rows).ok_or(Why::Close)?;
                let first = Interval::ONE - z[0] - z[1];
                corner(reply, 1 << a | 1 << b | 1 << c, vec![first, z[0], z[1]], list)?;
            }
        }
    }
    Ok(())
}

/// Keeps a corner if it lies inside and its replies are best there.
fn corner(reply: &Reply, replies: u32, belief: Vec<Interval>, list: &mut Vec<Corner>) -> Result<(), Why> {
    if belief.iter().any(|w| w.hi() < 0.0) {
        return Ok(());
    }
    let value =
        |a: usize| reply.ways.iter().zip(&belief).fold(Interval::ZERO, |sum, ((_, v), w)| sum + v[a] * *w);
    let own = value(replies.trailing_zeros() as usize);
    let others: Vec<Interval> =
        (0..reply.actions.len()).filter(|a| replies >> a & 1 == 0).map(|a| value(a) - own).collect();
    if others.iter().any(|d| d.lo() > 0.0) {
        return Ok(());
    }
    for w in belief.iter().filter(|w| **w != Interval::ZERO) {
        if !positive(*w)? {
            return Ok(());
        }
    }
    for d in others {
        if positive(d)? {
            return Ok(());
        }
    }
    list.push(Corner { replies, belief });
    Ok(())
}
