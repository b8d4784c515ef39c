//! One draw with its equilibria: what is asked, answered in every combination of them.
//!
//! The one idea: games are solved one by one, and a question about several looks at each equilibrium of one beside
//! each of the others; a draw with one open answer is open.

use super::drawn::Row;
use super::evaluate::{Open, Scene, Value};
use super::formula::{Formula, Statement};
use super::seat::Seat;
use super::{Body2, Fast, Quick};
use crate::draws::{Draw, DrawnAsk, DrawnClaim};
use crate::shares::Pair;
use crate::verdict::{self, Class, Verdict};
use detente_batch::Found;
use detente_exact::Interval;

/// Most combinations of equilibria of several games.
const MAX_WORLDS: usize = 200;

/// One draw with its equilibria.
pub(super) struct Place<'a> {
    pub fast: &'a Fast<'a>,
    pub params: &'a [Interval],
    pub points: &'a [detente_batch::Point<'a>],
    pub found: &'a [Found],
    pub rows: &'a [Result<Row, Open>],
}

impl Place<'_> {
    /// Every combination of one equilibrium of each of these games.
    pub(super) fn worlds(&self, games: &[usize]) -> Result<Vec<(Vec<usize>, Scene<'_>)>, Open> {
        let counts: Vec<usize> = games.iter().map(|g| self.found[*g].equilibria.len()).collect();
        if counts.iter().product::<usize>() > MAX_WORLDS {
            return Err(Open);
        }
        let mut worlds = vec![];
        let mut pick = vec![0; games.len()];
        loop {
            let mut seats: Vec<Option<Seat>> = vec![None; self.found.len()];
            for (g, k) in games.iter().zip(&pick) {
                let prepared = &self.fast.games[*g];
                seats[*g] = Some(Seat {
                    game: prepared.game,
                    point: &self.points[*g],
                    equilibrium: &self.found[*g].equilibria[*k],
                    end_of_each: &prepared.ends,
                    chances: &prepared.chances,
                });
            }
            worlds.push((pick.clone(), Scene { params: self.params, seats, rows: self.rows }));
            let mut at = 0;
            while at < pick.len() && pick[at] + 1 == counts[at] {
                pick[at] = 0;
                at += 1;
            }
            match pick.get_mut(at) {
                Some(p) => *p += 1,
                None => return Ok(worlds),
            }
        }
    }

    pub(super) fn answer(&self, mut draw: Draw) -> Result<Quick, Open> {
        let loose = |p: &detente_batch::Play| matches!(p, detente_batch::Play::Free(r) if !r.tight);
        if self.found.iter().flat_map(|f| &f.equilibria).any(|e| e.plays.iter().any(loose)) {
            return Err(Open);
        }
        let own = self.worlds(&[0])?;
        let observed: Vec<Interval> =
            own.iter().map(|(_, s)| s.number(&self.fast.observed)?.ok_or(Open)).collect::<Result<_, _>>()?;
        let refuted: Vec<bool> = observed.iter().map(|p| p.hi() <= 0.0).collect();
        for ((games, body), kept) in self.fast.claims.iter().zip(&mut draw.claims) {
            if let Some(kept) = kept {
                *kept = self.claim(games, body, &refuted)?;
            }
        }
        draw.asks = self.fast.asks.iter().map(|a| self.ask(a)).collect::<Result<_, _>>()?;
        draw.observed = observed.iter().map(|p| (ends(*p).0.max(0.0), ends(*p).1)).collect();
        for (parts, kept) in self.fast.hypotheses.iter().zip(&mut draw.hypotheses) {
            *kept = vec![];
            for (_, scene) in &own {
                kept.extend(self.pairs(scene, parts)?);
            }
        }
        draw.complete = true;
        draw.open = None;
        let middle = |p: &Interval| p.mid().clamp(0.0, 1.0);
        let of = |e: &detente_batch::Equilibrium| e.outcomes.iter().map(middle).collect();
        Ok(Quick {
            draw,
            outcomes: self.found[0].equilibria.iter().map(of).collect(),
            refuted,
            further: self.further()?,
            signatures: self.found.iter().map(Found::signature).collect(),
        })
    }

    fn claim(&self, games: &[usize], body: &Statement, refuted: &[bool]) -> Result<DrawnClaim, Open> {
        let own = games.iter().position(|g| *g == 0);
        let (mut verdicts, mut margins) = (vec![], Some(vec![]));
        for (pick, scene) in self.worlds(games)? {
            let out = own.is_some_and(|k| refuted[pick[k]]);
            verdicts.push((scene.verdict(body)?, out));
            let margin = match body {
                Statement::Compare(relation, difference) => match margin_sign(*relation) {
                    Some(sign) => scene.number(difference)?.map(|d| sign * middle(d)),
                    None => None,
                },
                _ => None,
            };
            margins = margins.zip(margin).map(|(mut list, m)| {
                list.push(m);
                list
            });
        }
        let class = |left_only: bool| {
            class(verdicts.iter().filter(|(_, out)| !left_only || !out).map(|(truth, _)| *truth))
        };
        let margin = margins.and_then(|list: Vec<f64>| list.into_iter().reduce(f64::min));
        Ok(DrawnClaim { classes: [class(false), class(false), class(true)], margin })
    }

    fn ask(
        &self,
        (games, body, parts): &(Vec<usize>, Body2, Option<[Formula; 2]>),
    ) -> Result<DrawnAsk, Open> {
        let mut kept = DrawnAsk::default();
        let worlds = self.worlds(games)?;
        match body {
            Body2::Truth(t) => {
                let list = worlds.iter().map(|(_, s)| s.verdict(t)).collect::<Result<Vec<_>, _>>()?;
                kept.class = Some(class(list.into_iter()));
            }
            Body2::Number(n) => {
                for (_, scene) in &worlds {
                    match scene.number(n)? {
                        Some(range) => {
                            let (low, high) = ends(range);
                            let so_far = kept.bounds.unwrap_or((low, high));
                            kept.bounds = Some((so_far.0.min(low), so_far.1.max(high)));
                        }
                        None => kept.undefined = true,
                    }
                    if let Some(parts) = parts {
                        kept.pairs.extend(self.pairs(scene, parts)?);
                    }
                }
            }
        }
        Ok(kept)
    }

    pub(super) fn pairs(&self, scene: &Scene, [inside, outside]: &[Formula; 2]) -> Result<Vec<Pair>, Open> {
        let number = |f: &Formula| -> Value { scene.number(f) };
        let (Some(a), Some(b)) = (number(inside)?, number(outside)?) else { return Err(Open) };
        let at = |p: Interval| (ends(p).0.max(0.0), ends(p).1);
        let ((a, c), (b, d)) = (at(a), at(b));
        Ok(if a == c && b == d { vec![(a, a + b)] } else { vec![(a, a + d), (c, c + b)] })
    }
}

/// The margin of a comparison is left minus right for `>`, right minus left for `<`.
fn margin_sign(relation: detente_model::question::Relation) -> Option<f64> {
    use detente_model::question::Relation;
    match relation {
        Relation::Greater | Relation::GreaterEqual => Some(1.0),
        Relation::Less | Relation::LessEqual => Some(-1.0),
        Relation::Equal | Relation::NotEqual => None,
    }
}

/// The ends of a range as floats; one number where it is only rounding that keeps them apart.
pub(crate) fn ends(range: Interval) -> (f64, f64) {
    let middle = middle(range);
    if range.hi() - range.lo() <= 1e-12 * (1.0 + middle.abs()) {
        return (middle, middle);
    }
    (range.lo(), range.hi())
}

fn middle(range: Interval) -> f64 {
    range.mid() + 0.0
}

/// What holds over some combinations: `None` is undefined, `Some(None)` true and false on a continuum.
fn class(list: impl Iterator<Item = Option<Option<bool>>>) -> Class {
    verdict::class(list.map(|truth| match truth {
        Some(Some(true)) => Verdict::True,
        Some(Some(false)) => Verdict::False,
        Some(None) => Verdict::Mixed,
        None => Verdict::Undecided { shown: None },
    }))
}
