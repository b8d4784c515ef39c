//! The referee's look at a mediator: is it obeyed, and does no obeyed rule go further?
//!
//! The one idea: every end of play is written down with what the mediator said and what the doubted player
//! chose on the way. Summing over the ends and taking the best of the last choices first gives the most that
//! lying and disobeying can bring against a rule, and, with the roles exchanged, the most that any
//! rule can bring once the multipliers' gains are taken off.

use crate::verdict::Rejected;
use detente_exact::Q;
use detente_game::device::{Terms, What};
use detente_game::mediation::{
    CHANCE, Choice, Disobedience, Knows, MediatedEnd, Mediation, NOTHING, Place, Turn,
};
use detente_game::{Game, InfosetId, NodeId, NodeKind, Numbers};
use std::collections::BTreeMap;

/// Most ends of play that are looked at.
const MOST: usize = 1_500_000;

fn no(why: &str) -> Rejected {
    Rejected { path: vec!["mediator".into()], reason: why.into() }
}

/// What was chosen, one after the other.
type Way<K> = Vec<(K, u32)>;

/// An end of play.
struct End {
    said: Way<Place>,
    done: Way<Choice>,
    share: Q,
    node: NodeId,
}

/// Checks both ends of every range.
///
/// # Errors
/// The first thing that does not hold, in words.
pub fn verify_mediation(game: &Game, numbers: &Numbers, answer: &Mediation) -> Result<(), Rejected> {
    let mut scribe = Scribe { game, numbers, knows: answer.knows, written: 0 };
    let honest = scribe.ends(None)?;
    let doubted =
        (0..game.players.len()).map(|p| scribe.ends(Some(p))).collect::<Result<Vec<_>, Rejected>>()?;
    let court = Court { game, numbers, honest, doubted, objective: &answer.objective };
    for range in &answer.ranges {
        for (end, sign) in [(&range.high, Q::ONE), (&range.low, -Q::ONE)] {
            court.obeyed(end, range.what)?;
            court.furthest(end, range.what, &sign)?;
        }
    }
    Ok(())
}

/// Writes all ends of play down.
struct Scribe<'a> {
    game: &'a Game,
    numbers: &'a Numbers,
    knows: Knows,
    written: usize,
}

/// Where a walk stands.
#[derive(Clone)]
struct Stand {
    node: NodeId,
    share: Q,
    said: Way<Place>,
    heard: Vec<(u32, u32)>,
    done: Way<Choice>,
    turns: Vec<Turn>,
}

impl Scribe<'_> {
    fn ends(&mut self, doubted: Option<usize>) -> Result<Vec<End>, Rejected> {
        let root = Stand {
            node: NodeId(0),
            share: Q::ONE,
            said: vec![],
            heard: vec![],
            done: vec![],
            turns: vec![],
        };
        let mut list = vec![];
        self.go(root, doubted, &mut list)?;
        Ok(list)
    }

    fn go(&mut self, at: Stand, doubted: Option<usize>, list: &mut Vec<End>) -> Result<(), Rejected> {
        let children = self.game.children(at.node);
        match self.game.nodes[at.node.index()].kind {
            NodeKind::Terminal(_) => {
                self.written += 1;
                if self.written > MOST {
                    return Err(no("the game has too many endings to be checked"));
                }
                list.push(End { said: at.said, done: at.done, share: at.share, node: at.node });
            }
            NodeKind::Chance(c) => {
                for (arm, child) in children.iter().enumerate() {
                    let share = &at.share * &self.numbers.chance[c.index()][arm];
                    if share.is_zero() {
                        continue;
                    }
                    let mut after = Stand { node: *child, share, ..at.clone() };
                    if self.knows == Knows::Truth {
                        let chance = &self.game.chances[c.index()];
                        after.heard.push((CHANCE | chance.event.0, chance.arms[arm]));
                    }
                    self.go(after, doubted, list)?;
                }
            }
            NodeKind::Decision(h) if doubted == Some(self.game.infosets[h.index()].player.index()) => {
                for report in self.may_report(h, &at.turns) {
                    let mut told = at.clone();
                    told.done.push((Choice { turns: at.turns.clone(), set: h.0, told: None }, report));
                    for (word, after) in self.words(&told, report) {
                        for (act, child) in children.iter().enumerate() {
                            let mut next = after.clone();
                            let heard =
                                Choice { turns: at.turns.clone(), set: h.0, told: Some((report, word)) };
                            next.done.push((heard, act as u32));
                            next.turns.push([h.0, report, word, act as u32]);
                            next.node = *child;
                            self.go(next, doubted, list)?;
                        }
                    }
                }
            }
            NodeKind::Decision(h) => {
                for (word, mut after) in self.words(&at, h.0) {
                    after.node = children[word as usize];
                    self.go(after, doubted, list)?;
                }
            }
        }
        Ok(())
    }

    /// What the mediator may say, and where that leads.
    fn words(&self, at: &Stand, report: u32) -> Vec<(u32, Stand)> {
        if report == NOTHING {
            return vec![(NOTHING, at.clone())];
        }
        let say = |word: u32| {
            let mut after = at.clone();
            after.said.push((Place { past: at.heard.clone(), now: report }, word));
            after.heard.push((report, word));
            (word, after)
        };
        (0..self.game.infosets[report as usize].actions.len() as u32).map(say).collect()
    }

    /// A player may name any of its sets that would follow had it told the truth and obeyed so far.
    fn may_report(&self, set: InfosetId, turns: &[Turn]) -> Vec<u32> {
        if self.knows == Knows::Truth {
            return vec![set.0];
        }
        let owner = self.game.infosets[set.index()].player;
        let mut last = None;
        for turn in turns.iter().filter(|turn| turn[1] != NOTHING) {
            last = Some((turn[1], turn[2]));
        }
        let mut list = vec![];
        for (g, info) in self.game.infosets.iter().enumerate() {
            if info.player == owner && !info.nodes.is_empty() && self.own_last(info.nodes[0], owner.0) == last
            {
                list.push(g as u32);
            }
        }
        if list.is_empty() {
            list.push(NOTHING);
        }
        list
    }

    /// A player's last set and action on the way to a node.
    fn own_last(&self, node: NodeId, owner: u32) -> Option<(u32, u32)> {
        let (parent, arm) = self.game.nodes[node.index()].parent?;
        match self.game.nodes[parent.index()].kind {
            NodeKind::Decision(h) if self.game.infosets[h.index()].player.0 == owner => Some((h.0, arm)),
            _ => self.own_last(parent, owner),
        }
    }
}

struct Court<'a> {
    game: &'a Game,
    numbers: &'a Numbers,
    honest: Vec<End>,
    doubted: Vec<Vec<End>>,
    objective: &'a Terms,
}

impl Court<'_> {
    fn pay(&self, end: &End, player: usize) -> Q {
        self.numbers.payoff(self.game, end.node, player).clone()
    }

    fn number(&self, end: &End, what: What) -> Result<Q, Rejected> {
        match what {
            What::Outcome(o) if (o as usize) < self.game.outcome_keys().len() => {
                Ok(if self.game.outcome_key(end.node) == Some(o as usize) { Q::ONE } else { Q::ZERO })
            }
            What::Payoff(p) if p.index() < self.game.players.len() => Ok(self.pay(end, p.index())),
            What::Total => Ok((0..self.game.players.len()).map(|p| self.pay(end, p)).sum()),
            What::Objective => {
                let terms = self.objective.iter().filter(|(what, _)| *what != What::Objective);
                let sum = terms.map(|(what, weight)| Ok(weight * &self.number(end, *what)?));
                Ok(sum.collect::<Result<Vec<Q>, Rejected>>()?.into_iter().sum())
            }
            _ => Err(no("the range is about something that the game does not have")),
        }
    }

    /// The rule brings the value, and nobody gains by lying or disobeying.
    fn obeyed(&self, end: &MediatedEnd, what: What) -> Result<(), Rejected> {
        let mut rule: BTreeMap<&Place, &Vec<Q>> = BTreeMap::new();
        for (place, probs) in &end.rule {
            let total: Q = probs.iter().cloned().sum();
            if total != Q::ONE || probs.iter().any(Q::is_negative) {
                return Err(no("the rule's probabilities are no distribution"));
            }
            rule.insert(place, probs);
        }
        let share = |e: &End| -> Result<Q, Rejected> {
            let mut share = e.share.clone();
            for (place, word) in &e.said {
                if share.is_zero() {
                    break;
                }
                let p = rule.get(place).and_then(|probs| probs.get(*word as usize));
                share *= p.ok_or_else(|| no("the rule does not say what to do somewhere"))?;
            }
            Ok(share)
        };
        let mut value = Q::ZERO;
        let mut obeying = vec![Q::ZERO; self.game.players.len()];
        for e in &self.honest {
            let share = share(e)?;
            value += &(&share * &self.number(e, what)?);
            for (p, sum) in obeying.iter_mut().enumerate() {
                *sum += &(&share * &self.pay(e, p));
            }
        }
        if value != end.value {
            return Err(no("the rule does not bring the value claimed"));
        }
        for (p, ends) in self.doubted.iter().enumerate() {
            let mut sums: BTreeMap<Way<Choice>, Q> = BTreeMap::new();
            for e in ends {
                let share = share(e)?;
                // What is never told is never chosen on, but each choice must be in the sum.
                *sums.entry(e.done.clone()).or_insert(Q::ZERO) += &(&share * &self.pay(e, p));
            }
            if most(sums) > obeying[p] {
                return Err(no("a player gains by lying or disobeying"));
            }
        }
        Ok(())
    }

    /// With the multipliers' gains taken off, no rule brings more than the bound.
    fn furthest(&self, end: &MediatedEnd, what: What, sign: &Q) -> Result<(), Rejected> {
        let mut sums: BTreeMap<Way<Place>, Q> = BTreeMap::new();
        for e in &self.honest {
            let mut sum = sign * &self.number(e, what)?;
            for (plan, y) in &end.multipliers {
                sum += &(y * &self.pay(e, plan.player.index().min(self.game.players.len() - 1)));
            }
            *sums.entry(e.said.clone()).or_insert(Q::ZERO) += &(&e.share * &sum);
        }
        for (disobedience, y) in &end.multipliers {
            let p = disobedience.player.index();
            if y.is_negative() || p >= self.game.players.len() {
                return Err(no("a multiplier is out of place"));
            }
            let plan = plan_of(disobedience);
            for e in &self.doubted[p] {
                if e.done.iter().all(|(choice, act)| plan.get(choice) == Some(&act)) {
                    *sums.entry(e.said.clone()).or_insert(Q::ZERO) -= &(y * &(&e.share * &self.pay(e, p)));
                }
            }
        }
        // Where a multiplier's plan never comes, the other ends still bound the mediator's choices.
        for ends in &self.doubted {
            for e in ends {
                sums.entry(e.said.clone()).or_insert(Q::ZERO);
            }
        }
        match most(sums) > sign * &end.bound {
            true => Err(no("the multipliers do not prove that no rule goes further")),
            false => Ok(()),
        }
    }
}

fn plan_of(disobedience: &Disobedience) -> BTreeMap<&Choice, &u32> {
    disobedience.plan.iter().map(|(choice, act)| (choice, act)).collect()
}

/// The most that somebody can reach who makes the choices on these ways: the last ones first.
fn most<K: Ord + Clone>(mut sums: BTreeMap<Way<K>, Q>) -> Q {
    loop {
        let Some(longest) = sums.keys().map(Vec::len).max() else { return Q::ZERO };
        if longest == 0 {
            return sums.into_values().next().unwrap_or(Q::ZERO);
        }
        let (last, rest): (Vec<_>, Vec<_>) = sums.into_iter().partition(|(way, _)| way.len() == longest);
        sums = rest.into_iter().collect();
        // Per way up to the last choice, and per place there, the best of what may be chosen.
        let mut best: BTreeMap<(Way<K>, K), Q> = BTreeMap::new();
        for (mut way, value) in last {
            let Some((place, _)) = way.pop() else { continue };
            best.entry((way, place))
                .and_modify(|held| {
                    if value > *held {
                        *held = value.clone();
                    }
                })
                .or_insert(value);
        }
        for ((way, _), value) in best {
            *sums.entry(way).or_insert(Q::ZERO) += &value;
        }
    }
}
