//! A continuum of equilibria, cut where something that varies is at an end of its range.
//!
//! The one idea: a statement that is true at one such end and false at another is neither over the whole.

use super::seat::Seat;
use detente_batch::{Equilibrium, Play};
use detente_exact::Interval;

/// A component with one number that varies at an end of its range.
pub(super) fn slices(seat: &Seat) -> Vec<Equilibrium> {
    let whole = seat.equilibrium;
    let mut list = made(whole);
    let mut add =
        |rows: fn(&mut Equilibrium) -> &mut Vec<Interval>, start: usize, count: usize, blur: f64| {
            for k in start..start + count {
                let range = rows(&mut whole.clone())[k];
                if range.hi() - range.lo() < 1e-6 {
                    continue;
                }
                let (low, high) = ((range.lo() + blur).next_up(), (range.hi() - blur).next_down());
                let ends = [Interval::new(range.lo(), low), Interval::new(high, range.hi())];
                for end in ends.into_iter().flatten().filter(|end| certain(*end, blur)) {
                    let mut slice = whole.clone();
                    let row = &mut rows(&mut slice)[start..start + count];
                    row[k - start] = end;
                    tighten(row);
                    list.push(slice);
                }
            }
        };
    for (h, set) in seat.game.infosets.iter().enumerate() {
        let blur = match &whole.plays[h] {
            Play::Free(region) if region.tight && region.blur < 1e-9 => region.blur,
            // What is settled there is so whatever is believed.
            Play::Pure(_) => 0.0,
            _ => continue,
        };
        add(|e| &mut e.moves, whole.starts[h], set.actions.len(), blur);
        if whole.beliefs(h, set.nodes.len()).iter().all(|b| b.hi().is_finite()) {
            add(|e| &mut e.beliefs, whole.members[h], set.nodes.len(), blur);
        }
    }
    list
}

/// The component where one of several actions that are as good at the start of the game is chosen for sure.
fn made(whole: &Equilibrium) -> Vec<Equilibrium> {
    let mut list = vec![];
    for (h, play) in whole.plays.iter().enumerate() {
        let Play::Even(bits) = play else { continue };
        let end = whole.starts.get(h + 1).copied().unwrap_or(whole.moves.len());
        for a in (0..end - whole.starts[h]).filter(|a| bits >> a & 1 == 1) {
            let mut one = whole.clone();
            one.plays[h] = Play::Pure(a as u32);
            one.moves[whole.starts[h]..end].iter_mut().for_each(|p| *p = Interval::ZERO);
            one.moves[whole.starts[h] + a] = Interval::ONE;
            list.push(one);
        }
    }
    list
}

/// Whether some point of the component has its number in this end of a range: where its blur is known, or at
/// certainties.
fn certain(end: Interval, blur: f64) -> bool {
    blur > 0.0 || end.contains(0.0) || end.contains(1.0)
}

/// Narrows the probabilities of one menu to what a sum of one allows.
fn tighten(row: &mut [Interval]) {
    let old = row.to_vec();
    for (k, range) in row.iter_mut().enumerate() {
        let others = || old.iter().enumerate().filter(|(j, _)| *j != k).map(|(_, r)| r);
        let rest = others().fold(Interval::ONE, |rest, r| rest - *r);
        *range = range.intersect(rest).unwrap_or(*range);
    }
}
