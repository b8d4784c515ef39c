//! On random games the answers must agree with what the solver says of the same equilibria.

use detente_answer::chain::Forced;
use detente_answer::observed::probability;
use detente_answer::offpath;
use detente_answer::play::Setting;
use detente_answer::query::{Equilibrium, View, ask, chain};
use detente_answer::range::Range;
use detente_answer::sets::gain;
use detente_exact::Q;
use detente_game::solution::{Component, Concept};
use detente_game::{EventId, Game, InfosetId, NodeId, OutcomeId, PlayerId};
use detente_model::question::{Conditions, Happening, Intervention, Query, QueryKind};
use detente_solve::{Settings, Silent};
use detente_test::random::Payoffs;
use detente_test::{Shape, random_game};

const SMALL: Payoffs = Payoffs::Integers(3);

/// Calls `check` on every exact equilibrium of random games.
fn each(check: impl Fn(&Equilibrium, &str)) {
    let shapes = [
        Shape::Signalling { types: 2, messages: 3, replies: 2, payoffs: Payoffs::Decimals },
        Shape::Signalling { types: 3, messages: 2, replies: 3, payoffs: SMALL },
        Shape::General { players: 2, infosets: 5, menu: 2, payoffs: Payoffs::Decimals },
        Shape::PerfectInformation { players: 2, decisions: 5, menu: 3, payoffs: Payoffs::Integers(2) },
    ];
    let mut seen = 0;
    for shape in shapes {
        for seed in 0..15 {
            let game = random_game(seed, shape);
            let numbers = game.numbers(&[]).expect("a random game has numbers");
            let solution = detente_solve::solve(&game, &numbers, &Settings::default(), &Silent);
            let setting = Setting { game: &game, numbers: &numbers, params: &[] };
            for c in &solution.components {
                if c.profile.iter().flatten().any(|n| n.exact.is_none()) {
                    continue;
                }
                seen += 1;
                let eq = Equilibrium::new(setting, Concept::Sequential, c);
                check(&eq, &format!("{shape:?} seed {seed}"));
            }
        }
    }
    assert!(seen > 40, "only {seen} equilibria");
}

fn question(kind: QueryKind, conditions: Conditions) -> Query {
    Query { kind, conditions, span: Default::default() }
}

fn shown(eq: &Equilibrium, query: &Query) -> Option<Q> {
    ask(eq, View::At(&eq.shown, false), query).ok().and_then(|r| r.range.point().cloned())
}

fn component<'a>(eq: &Equilibrium<'a>) -> (&'a Game, &'a Component) {
    (eq.setting.game, eq.component)
}

#[test]
fn values_and_outcomes_are_the_solvers() {
    each(|eq, name| {
        let (game, c) = component(eq);
        for p in 0..game.players.len() {
            let value = shown(eq, &question(QueryKind::Value(PlayerId(p as u32)), Conditions::default()));
            assert_eq!(value, c.payoffs[p].exact, "{name}: payoff of {p}");
        }
        for o in 0..game.outcomes.len() {
            let query = probability(Happening::Outcome(OutcomeId(o as u32)), None);
            let found = shown(eq, &query);
            assert_eq!(found, c.outcomes[o].exact, "{name}: outcome {o}");
            let whole = ask(eq, View::At(&eq.whole, true), &query).expect("no condition").range;
            let q = found.expect("exact");
            assert!(*whole.low() <= q && q <= *whole.high(), "{name}: {whole:?} misses {q}");
            let range = (Range::of(&c.outcome_range[o].0), Range::of(&c.outcome_range[o].1));
            assert!(whole.low() <= range.0.high() && whole.high() >= range.1.low(), "{name}: too narrow");
        }
    });
}

#[test]
fn no_action_gains_over_one_that_is_played() {
    each(|eq, name| {
        let (game, c) = component(eq);
        let forced = Forced::new(game, &[]);
        let chain = chain(eq, &eq.shown, &forced);
        for (h, set) in game.infosets.iter().enumerate() {
            for a in 0..set.actions.len() {
                for b in 0..set.actions.len() {
                    let played = c.profile[h][a].exact.as_ref().is_some_and(Q::is_positive);
                    if played && eq.shown.beliefs[h].len() == set.nodes.len() {
                        let lead = gain(eq, &chain, InfosetId(h as u32), set.player, a, b);
                        assert!(!lead.low().is_negative(), "{name}: set {h}, {a} over {b}: {lead:?}");
                    }
                }
            }
        }
    });
}

#[test]
fn limits_along_trembles_are_the_beliefs() {
    each(|eq, name| {
        let (game, c) = component(eq);
        for (h, set) in game.infosets.iter().enumerate() {
            if c.reached[h] || c.beliefs[h].len() != set.nodes.len() {
                continue;
            }
            for (k, node) in set.nodes.iter().enumerate() {
                let below = |end: usize, n: NodeId| {
                    let mut at = Some(NodeId(end as u32));
                    while let Some(x) = at {
                        if x == n {
                            return true;
                        }
                        at = game.nodes[x.index()].parent.map(|p| p.0);
                    }
                    false
                };
                let is_end = |n: usize| game.nodes[n].num_children == 0;
                let value = |n: usize| {
                    let inside = is_end(n) && set.nodes.iter().any(|m| below(n, *m));
                    inside.then(|| if below(n, *node) { Q::ONE } else { Q::ZERO })
                };
                let values: Vec<Option<Q>> = (0..game.nodes.len()).map(value).collect();
                // The range over free beliefs holds the belief shown.
                let limit = offpath::limit(eq, &Conditions::default(), &values).expect("a limit");
                let (low, high) = (Range::of(&limit.low), Range::of(&limit.high));
                let belief = Range::of(&c.beliefs[h][k]);
                assert!(
                    low.low() <= belief.high() && belief.low() <= high.high(),
                    "{name}: set {h} node {k}: {limit:?} misses {belief:?}"
                );
                let exactly = offpath::along_trembles(eq, &Conditions::default(), &values).expect("a limit");
                assert_eq!(exactly, belief, "{name}: set {h} node {k} along the trembles");
            }
        }
    });
}

#[test]
fn total_probability_holds_for_seeing_and_doing_nothing_changes_nothing() {
    each(|eq, name| {
        let (game, _) = component(eq);
        let x = Happening::Outcome(OutcomeId(0));
        let all = shown(eq, &probability(x.clone(), None)).expect("no condition");
        for (e, event) in game.events.iter().enumerate() {
            let id = EventId(e as u32);
            let mut sum = Q::ZERO;
            let mut cases: Vec<Happening> = (0..event.arms.len() as u32)
                .map(|arm| Happening::Arm { event: id, arms: vec![arm] })
                .collect();
            cases.push(Happening::Not(Box::new(Happening::Made(id))));
            for (arm, case) in cases.into_iter().enumerate() {
                let weight = shown(eq, &probability(case.clone(), None)).expect("no condition");
                if let Some(part) = shown(eq, &probability(x.clone(), Some(case))) {
                    sum += &weight * &part;
                }
                // Doing what is done anyway changes nothing.
                if weight == Q::ONE && arm < event.arms.len() {
                    let on = Conditions {
                        interventions: vec![Intervention { event: id, arm: arm as u32 }],
                        ..Conditions::default()
                    };
                    assert_eq!(
                        shown(eq, &question(QueryKind::Prob(x.clone()), on)),
                        Some(all.clone()),
                        "{name}"
                    );
                }
            }
            assert_eq!(sum, all, "{name}: event {e}");
        }
    });
}
