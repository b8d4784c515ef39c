//! Questions that are more than an expectation, asked of enclosed equilibria.
//!
//! The one idea: a share or a mean is a ratio of sums over the ends of play, so what each kind needs is
//! its two sums; where rounding leaves the lower one at 0 or above, the question is left to the exact path.

use super::evaluate::{Open, Scene, Value};
use super::formula::{Asked, Forced, Kind, Marks};
use super::mean::share;
use super::seat::Seat;
use detente_exact::Interval;
use detente_game::NodeId;

impl Scene<'_> {
    /// Answers a question in one equilibrium: a range over tied moves, whose ends need not be attained.
    pub(super) fn asked(&self, asked: &Asked) -> Value {
        let seat = self.seat(asked.game)?;
        let forced = &asked.forced;
        match &asked.kind {
            Kind::Share { known, yes, outcomes } => {
                let (known, yes) = (self.marks(known)?, self.marks(yes)?);
                let over = |read: &dyn Fn(usize) -> Interval| match outcomes {
                    true => seat.over_outcomes(read),
                    false => seat.expect(forced, 0, read),
                };
                let inside = over(&|n| unit(known[n] && yes[n]));
                let rest = over(&|n| unit(known[n] && !yes[n]));
                share(inside, rest)
            }
            Kind::Mean { values, least, spread, .. } => mean(seat, forced, values, *least, *spread),
            Kind::Drawn { known, table, everywhere } => {
                self.drawn_mean(seat, forced, known, *table, *everywhere)
            }
            Kind::Value { known, player } => self.value(seat, forced, known, *player),
            Kind::Belief { yes, sets } => {
                let yes = self.marks(yes)?;
                seat.at_sets(forced, sets.iter().map(|h| (*h, *h)), |h| {
                    let nodes = &seat.game.infosets[h].nodes;
                    let happens = |n: usize| unit(yes[n]);
                    let below = nodes.iter().map(|n| seat.expect(forced, n.index(), &happens)).collect();
                    seat.by_beliefs(h, below)
                })
            }
            Kind::Gain { player, sets } => {
                seat.at_sets(forced, sets.iter().map(|s| (s.0, *s)), |(h, a, b)| {
                    let pays = |n: usize| seat.point.paid(n, *player);
                    let gain = |n: &NodeId| {
                        let children = seat.game.children(*n);
                        let at = |k: usize| seat.expect(forced, children[k].index(), &pays);
                        at(a) - at(b)
                    };
                    let below = seat.game.infosets[h].nodes.iter().map(gain).collect();
                    seat.by_beliefs(h, below)
                })
            }
        }
    }

    /// The mean of a number that hangs on the numbers of the draw, over the plays that are known to have happened.
    fn drawn_mean(
        &self,
        seat: &Seat<'_>,
        forced: &Forced,
        known: &Marks,
        table: usize,
        everywhere: bool,
    ) -> Value {
        let (known, row) = (self.marks(known)?, self.row(table)?);
        if everywhere {
            return Ok(Some(seat.expect(forced, 0, &|n| row[n].unwrap_or(Interval::ZERO))));
        }
        let values = || row.iter().zip(&*known).filter(|(_, k)| **k).filter_map(|(v, _)| *v);
        let least = values().map(Interval::lo).fold(f64::INFINITY, f64::min);
        let most = values().map(Interval::hi).fold(f64::NEG_INFINITY, f64::max);
        let ends = Interval::point(least).zip(Interval::point(most)).filter(|_| least <= most);
        let Some((least, most)) = ends else { return Ok(None) };
        let over = |weight: &dyn Fn(Interval) -> Interval| {
            let read = |n: usize| row[n].filter(|_| known[n]).map_or(Interval::ZERO, weight);
            seat.expect(forced, 0, &read)
        };
        let (above, below) = (over(&|v| v - least), over(&|v| most - v));
        if above == Interval::ZERO && below == Interval::ZERO {
            // All values are one number, or nothing of it happens.
            let total = over(&|_| Interval::ONE);
            return match total.lo() > 0.0 {
                true => Ok(Some(least)),
                false if total == Interval::ZERO => Ok(None),
                false => Err(Open),
            };
        }
        Ok(share(above, below)?.map(|part| least + part * (most - least)))
    }

    /// The mean payoff over the plays that are known to have happened.
    fn value(&self, seat: &Seat<'_>, forced: &Forced, known: &Marks, player: usize) -> Value {
        let known = self.marks(known)?;
        if seat.all(&known) {
            return Ok(Some(seat.expect(forced, 0, &|n| seat.point.paid(n, player))));
        }
        if seat.equilibrium.varies {
            return Err(Open);
        }
        let total = seat.expect(forced, 0, &|n| unit(known[n]));
        if total == Interval::ZERO {
            return Ok(None);
        }
        let paid = |n: usize| if known[n] { seat.point.paid(n, player) } else { Interval::ZERO };
        let sum = seat.expect(forced, 0, &paid);
        sum.checked_div(total).map(Some).ok_or(Open)
    }
}

/// The mean of a number that is the same in every draw, over the ends at which it has a value.
fn mean(
    seat: &Seat<'_>,
    forced: &Forced,
    values: &[Option<Interval>],
    least: Interval,
    spread: f64,
) -> Value {
    let over = |weight: &dyn Fn(Interval) -> Interval| {
        seat.expect(forced, 0, &|n| values[n].map_or(Interval::ZERO, weight))
    };
    if spread == 0.0 {
        let total = over(&|_| Interval::ONE);
        if total == Interval::ZERO {
            return Ok(None);
        }
        return if total.lo() > 0.0 { Ok(Some(least)) } else { Err(Open) };
    }
    let whole = Interval::point(spread).ok_or(Open)?;
    let above = over(&|v| v - least);
    let below = over(&|v| whole - (v - least));
    Ok(share(above, below)?.map(|part| least + part * whole))
}

fn unit(happens: bool) -> Interval {
    if happens { Interval::ONE } else { Interval::ZERO }
}
