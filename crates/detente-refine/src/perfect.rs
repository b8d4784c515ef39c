//! Perfect Bayesian equilibria, by either definition of [`detente_game::beliefs`].
//!
//! The one idea: a weak one plays no action that is never best at its own set, so it is a Nash equilibrium of
//! the game without these actions; one by plausibility is subgame-perfect (in the whole game: where
//! actions go, subgames appear that are none). So all lie in proven components; one of each is looked for
//! among its own point, the sequential equilibria, and what other play off the path would leave as it is.

use crate::conditional::{Stays, reduce};
use crate::plausible;
use crate::play::{Profile, best, branch, deviated, is_nash, reach, values};
use detente_exact::Q;
use detente_exact::lp::{self, Lp, Rel};
use detente_game::beliefs::{Assessment, Definition, Perfect, Rank};
use detente_game::change::without_actions;
use detente_game::solution::{Component, Concept, FreeWhat, Solution};
use detente_game::{Game, InfosetId, NodeId, Numbers};
use detente_solve::{Progress, Settings};

/// Most combinations of other play off the path that are tried per component.
const MOST: usize = 3_000;

/// Finds them. `None` if the game without the actions that go cannot be evaluated, which cannot be.
pub fn perfect(
    game: &Game,
    numbers: &Numbers,
    definition: Definition,
    settings: &Settings,
    progress: &dyn Progress,
) -> Option<Perfect> {
    let (stays, removed) = match definition {
        Definition::Weak => reduce(game, numbers),
        Definition::Plausibility => {
            (game.infosets.iter().map(|h| vec![true; h.actions.len()]).collect(), vec![])
        }
    };
    let (cut, sets) = without_actions(game, &stays)?;
    let cut_numbers = cut.numbers(&numbers.params).ok()?;
    let concept = match definition {
        Definition::Weak => Concept::Nash,
        Definition::Plausibility => Concept::Spe,
    };
    let within =
        detente_solve::solve(&cut, &cut_numbers, &Settings { concept, ..settings.clone() }, progress);
    let refined = Settings { concept: Concept::Sequential, ..settings.clone() };
    let sequential: Vec<Profile> = detente_solve::solve(game, numbers, &refined, progress)
        .components
        .iter()
        .filter_map(|c| exact(&c.profile))
        .collect();
    let search = Search { game, numbers, definition, stays: &stays, sets: &sets, sequential: &sequential };
    let found = search.all(&within, progress);
    Some(Perfect { definition, removed, within, found })
}

fn exact(profile: &[Vec<detente_game::solution::Num>]) -> Option<Profile> {
    profile.iter().map(|list| list.iter().map(|n| n.exact.clone()).collect()).collect()
}

struct Search<'a> {
    game: &'a Game,
    numbers: &'a Numbers,
    definition: Definition,
    stays: &'a Stays,
    /// Each set's number in the smaller game.
    sets: &'a [Option<InfosetId>],
    sequential: &'a [Profile],
}

impl Search<'_> {
    fn all(&self, within: &Solution, progress: &dyn Progress) -> Vec<Assessment> {
        let mut found = vec![];
        for (k, component) in within.components.iter().enumerate() {
            if !progress.keep_going(k as f64 / within.components.len() as f64) {
                break;
            }
            found.extend(self.one(k as u32, component));
        }
        found
    }

    /// An equilibrium out of one component.
    fn one(&self, k: u32, component: &Component) -> Option<Assessment> {
        let fitting: Vec<&Profile> = self.sequential.iter().filter(|p| self.fits(component, p)).collect();
        let fallback = fitting.first().copied().or(self.sequential.first());
        let own = exact(&component.profile).map(|profile| self.lifted(&profile, fallback));
        let listed = own.iter().chain(fitting);
        for profile in listed {
            if let Some(found) = self.assessed(k, profile) {
                return Some(found);
            }
        }
        self.varied(k, own.as_ref()?)
    }

    /// A profile of the smaller game as one of the whole game.
    fn lifted(&self, cut: &Profile, fallback: Option<&Profile>) -> Profile {
        let sets = self.stays.iter().zip(self.sets).enumerate();
        sets.map(|(h, (stays, new))| match (new, fallback) {
            (Some(new), _) => {
                let mut probs = cut[new.index()].iter();
                stays
                    .iter()
                    .map(|s| if *s { probs.next().cloned() } else { None }.unwrap_or(Q::ZERO))
                    .collect()
            }
            (None, Some(other)) => other[h].clone(),
            (None, None) => pure(stays, stays.iter().position(|s| *s).unwrap_or(0)),
        })
        .collect()
    }

    /// Whether a profile of the whole game is within what the component lists.
    fn fits(&self, component: &Component, profile: &Profile) -> bool {
        self.stays.iter().zip(self.sets).enumerate().all(|(h, (stays, new))| {
            let Some(new) = new else { return true };
            let left = stays.iter().zip(&profile[h]).filter(|(s, _)| **s).map(|(_, p)| p);
            left.enumerate().all(|(a, p)| {
                let shown = component.profile[new.index()][a].exact.as_ref() == Some(p);
                shown
                    || component.free.iter().any(|f| {
                        f.what == FreeWhat::Action(new.0, a as u32)
                            && f.low.value <= p.to_f64()
                            && p.to_f64() <= f.high.value
                    })
            })
        })
    }

    /// Other play off the path, until something holds.
    fn varied(&self, k: u32, profile: &Profile) -> Option<Assessment> {
        let reached = reach(self.game, self.numbers, profile);
        let unreached = |h: &usize| {
            self.game.infosets[*h].nodes.iter().all(|n| reached[n.index()].is_zero())
                && self.stays[*h].iter().filter(|s| **s).count() > 1
        };
        let open: Vec<usize> = (0..self.game.infosets.len()).filter(unreached).collect();
        let options: Vec<Vec<usize>> =
            open.iter().map(|h| (0..self.stays[*h].len()).filter(|a| self.stays[*h][*a]).collect()).collect();
        let count =
            options.iter().try_fold(1usize, |n, o| n.checked_mul(o.len() + 1)).filter(|n| *n <= MOST)?;
        for mut code in 1..count {
            let mut other = profile.clone();
            for (h, acts) in open.iter().zip(&options) {
                let pick = code % (acts.len() + 1);
                code /= acts.len() + 1;
                if pick > 0 {
                    other[*h] = pure(&self.stays[*h], acts[pick - 1]);
                }
            }
            if is_nash(self.game, self.numbers, &other)
                && let Some(found) = self.assessed(k, &other)
            {
                return Some(found);
            }
        }
        None
    }

    /// The profile with beliefs that make it an equilibrium, if there are any.
    fn assessed(&self, component: u32, profile: &Profile) -> Option<Assessment> {
        let (beliefs, order) = match self.definition {
            Definition::Weak => (weak(self.game, self.numbers, profile)?, vec![]),
            Definition::Plausibility => {
                let found = plausible::order(self.game, self.numbers, profile)?;
                (found.beliefs, found.order)
            }
        };
        let order: Vec<Rank> = order;
        Some(Assessment { component, profile: profile.clone(), beliefs, order })
    }
}

fn pure(stays: &[bool], action: usize) -> Vec<Q> {
    (0..stays.len()).map(|a| if a == action { Q::ONE } else { Q::ZERO }).collect()
}

/// Beliefs at every set, free off the path, that make a profile best everywhere.
pub fn weak(game: &Game, numbers: &Numbers, profile: &Profile) -> Option<Vec<Vec<Q>>> {
    let reached = reach(game, numbers, profile);
    let mut beliefs = vec![];
    for (h, set) in game.infosets.iter().enumerate() {
        let weights: Vec<Q> = set.nodes.iter().map(|n| reached[n.index()].clone()).collect();
        let total: Q = weights.iter().cloned().sum();
        if total.is_positive() {
            let belief: Vec<Q> = weights.iter().map(|w| w / &total).collect();
            if gaining(game, numbers, profile, h, &belief).is_some() {
                return None;
            }
            beliefs.push(belief);
        } else {
            beliefs.push(supporting(game, numbers, profile, h)?);
        }
    }
    Some(beliefs)
}

/// What each member loses by the continuation that gains most under a belief; `None` if none gains.
pub fn gaining(game: &Game, numbers: &Numbers, profile: &Profile, h: usize, belief: &[Q]) -> Option<Vec<Q>> {
    let set = &game.infosets[h];
    let player = set.player.index();
    let follow = values(game, numbers, profile, player);
    let starts = set.nodes.iter().copied().zip(belief.iter().cloned()).collect();
    let (most, deviation) = best(game, numbers, profile, player, starts);
    let now: Q = set.nodes.iter().zip(belief).map(|(n, b)| b * &follow[n.index()]).sum();
    if most <= now {
        return None;
    }
    let loses = |n: &NodeId| &follow[n.index()] - &deviated(game, numbers, profile, player, *n, &deviation);
    Some(set.nodes.iter().map(loses).collect())
}

/// A belief that makes the continuation from a set best.
fn supporting(game: &Game, numbers: &Numbers, profile: &Profile, h: usize) -> Option<Vec<Q>> {
    let count = game.infosets[h].nodes.len();
    let mut lp = Lp::with_variables(count, Some(Q::ZERO), None);
    lp.add_row((0..count).map(|k| (k, Q::ONE)).collect(), Rel::Eq, Q::ONE);
    let mut belief = vec![Q::new(1, count as i64); count];
    while let Some(cut) = gaining(game, numbers, profile, h, &belief) {
        lp.add_row(cut.into_iter().enumerate().collect(), Rel::Ge, Q::ZERO);
        belief = lp::feasible(&lp).ok()?;
    }
    Some(belief)
}

/// The probability of a branch under a profile; for the order of plausibility.
pub fn share(game: &Game, numbers: &Numbers, profile: &Profile, parent: NodeId, arm: u32) -> Q {
    branch(game, numbers, profile, parent)[arm as usize].clone()
}
