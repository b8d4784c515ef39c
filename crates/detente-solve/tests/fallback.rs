//! Games too large to search: one assessment from the logit path, with sure bounds.

use detente_exact::Q;
use detente_game::solution::{Concept, Solution, Status};
use detente_game::{EventId, Game, InfosetId, NodeId};
use detente_solve::{Settings, Silent, solve};
use detente_test::random::Payoffs;
use detente_test::{Shape, TreeBuilder, random_game};
use detente_verify::verify;
use std::collections::BTreeMap;

fn names(list: &[&str]) -> Vec<String> {
    list.iter().map(|s| s.to_string()).collect()
}

fn settings(concept: Concept) -> Settings {
    Settings { concept, path_only: true, ..Settings::default() }
}

/// Solves by the path alone; the referee must agree with the word.
fn followed(game: &Game, concept: Concept) -> Solution {
    let numbers = game.numbers(&[]).expect("the game has numbers");
    let solution = solve(game, &numbers, &settings(concept), &Silent);
    let verdict = verify(game, &numbers, &solution);
    assert!(verdict.accepted, "{:?}", verdict.rejected);
    if solution.status == Status::Certified {
        let report = &verdict.components[0];
        let gap = report.gap(concept).expect("a gap");
        assert!(gap.high <= 1e-9, "{gap:?}");
        assert!(report.local.iter().all(|l| l.continuation.high <= 1e-9));
    }
    solution
}

/// A crisis on a ladder: Red escalates or stops, Blue holds, fights or concedes while an ally
/// secretly arms it or not, a leak may tell Red, and every rung risks disaster. Red and Blue
/// have private resolve.
struct Ladder {
    b: TreeBuilder,
    rungs: i32,
    events: BTreeMap<String, EventId>,
    sets: BTreeMap<String, InfosetId>,
    slope: Q,
    step: Q,
    leak: Q,
    base: Q,
    boost: Q,
}

/// What has happened on the way to a node of the ladder.
#[derive(Clone)]
struct Past {
    red: usize,
    blue: usize,
    /// What Red, Blue and the ally have seen.
    seen: [String; 3],
    paid: [Q; 3],
    armed: bool,
}

impl Ladder {
    fn event(&mut self, name: &str, player: Option<usize>, arms: &[&str]) -> EventId {
        if let Some(e) = self.events.get(name) {
            return *e;
        }
        let e = match player {
            Some(p) => self.b.decision_event(p, name, &names(arms)),
            None => self.b.chance_event(None, name, &names(arms)),
        };
        self.events.insert(name.into(), e);
        e
    }

    fn decide(&mut self, at: (NodeId, u32), player: usize, name: &str, arms: &[&str], seen: &str) -> NodeId {
        let event = self.event(name, Some(player), arms);
        let key = format!("{name} {seen}");
        let set = match self.sets.get(&key) {
            Some(s) => *s,
            None => {
                let s = self.b.infoset(event, &key);
                self.sets.insert(key, s);
                s
            }
        };
        self.b.decision(Some(at), set)
    }

    fn end(&mut self, at: (NodeId, u32), past: &Past, outcome: &str, pay: [Q; 3]) {
        let total: Vec<Q> = pay.iter().zip(&past.paid).map(|(x, y)| x + y).collect();
        self.b.end(Some(at), Some(outcome), &total);
    }

    fn rung(&mut self, at: (NodeId, u32), rung: i32, past: &Past) {
        let q = |n: i64, d: i64| Q::new(n, d);
        if rung > self.rungs {
            return self.end(at, past, "standoff", [q(2, 5), q(3, 10), q(3, 10)]);
        }
        let red = self.decide(at, 0, &format!("move{rung}"), &["escalate", "stop"], &past.seen[0]);
        self.end((red, 1), past, "red_stops", [Q::ZERO, Q::ONE, Q::ONE]);
        let mut past = past.clone();
        past.paid[0] -= &(&self.step * &Q::from(i64::from(rung)));
        let risk = Q::ONE - (Q::ONE - &self.slope).pow(rung);
        let slip = self.event(&format!("slip{rung}"), None, &["spiral", "calm"]);
        let slip = self.b.chance(Some((red, 0)), slip, &[risk.clone(), Q::ONE - risk]);
        self.end((slip, 0), &past, "disaster", [Q::from(-4), Q::from(-4), Q::from(-3)]);
        let replies = ["hold", "fight", "concede"];
        let blue = self.decide((slip, 1), 1, &format!("reply{rung}"), &replies, &past.seen[1]);
        for reply in 0..3u32 {
            let ally =
                self.decide((blue, reply), 2, &format!("aid{rung}"), &["arm", "abstain"], &past.seen[2]);
            for aid in 0..2u32 {
                let mut past = past.clone();
                past.armed = aid == 0;
                if past.armed {
                    past.paid[2] -= &q(1, 20);
                }
                past.seen[1].push_str(&format!(" {aid}"));
                past.seen[2].push_str(&format!(" {aid}"));
                let leak = self.event(&format!("leak{rung}"), None, &["yes", "no"]);
                let odds = [self.leak.clone(), Q::ONE - &self.leak];
                let leak = self.b.chance(Some((ally, aid)), leak, &odds);
                for told in 0..2u32 {
                    let mut past = past.clone();
                    past.seen[0].push_str(&if told == 0 { format!(" {aid}") } else { " -".into() });
                    let at = (leak, told);
                    match reply {
                        0 => self.rung(at, rung + 1, &past),
                        1 => self.war(at, &past),
                        _ => self.end(at, &past, "blue_out", [Q::ONE, Q::ZERO, Q::ZERO]),
                    }
                }
            }
        }
    }

    fn war(&mut self, at: (NodeId, u32), past: &Past) {
        let q = |n: i64, d: i64| Q::new(n, d);
        let pain = |low: usize| if low == 0 { q(3, 20) } else { q(3, 5) };
        let mut odds = self.base.clone();
        if past.armed {
            odds -= &self.boost;
        }
        if past.red == 1 {
            odds -= &q(1, 10);
        }
        let rest = Q::ONE - &odds;
        let pay = [odds - pain(past.red), &rest - &pain(past.blue), rest - q(1, 5)];
        self.end(at, past, "limited", pay);
    }
}

fn ladder(rungs: i32, slope: Q, step: Q) -> Game {
    let b = TreeBuilder::new("ladder", &["Red", "Blue", "Ally"]);
    let mut l = Ladder {
        b,
        rungs,
        events: BTreeMap::new(),
        sets: BTreeMap::new(),
        slope,
        step,
        leak: Q::new(3, 10),
        base: Q::new(3, 5),
        boost: Q::new(1, 4),
    };
    let half = [Q::new(1, 2), Q::new(1, 2)];
    let red = l.b.chance_event(Some(0), "red", &names(&["high", "low"]));
    let blue = l.b.chance_event(Some(1), "blue", &names(&["high", "low"]));
    let root = l.b.chance(None, red, &half);
    for r in 0..2usize {
        let draw = l.b.chance(Some((root, r as u32)), blue, &half);
        for s in 0..2usize {
            let seen = [format!("{r}"), format!("{s}"), String::new()];
            let paid = [Q::ZERO, Q::ZERO, Q::ZERO];
            l.rung((draw, s as u32), 1, &Past { red: r, blue: s, seen, paid, armed: false });
        }
    }
    l.b.finish()
}

#[test]
fn the_ladder_of_three_rungs_is_certified() {
    for (slope, step) in [(Q::new(1, 20), Q::new(1, 20)), (Q::new(1, 50), Q::new(3, 100))] {
        let game = ladder(3, slope, step);
        assert_eq!((game.nodes.len(), game.infosets.len()), (2_107, 47));
        let solution = followed(&game, Concept::Sequential);
        assert!(
            matches!(solution.status, Status::Certified | Status::ExactSome),
            "{:?}",
            solution.unresolved
        );
        assert!(!solution.unresolved.is_empty());
    }
}

#[test]
fn a_search_without_steps_falls_back() {
    let game = ladder(1, Q::new(1, 20), Q::new(1, 20));
    let numbers = game.numbers(&[]).expect("the game has numbers");
    let short = Settings { max_steps: 1, ..Settings::default() };
    let solution = solve(&game, &numbers, &short, &Silent);
    assert!(matches!(solution.status, Status::Certified | Status::ExactSome), "{:?}", solution.unresolved);
    assert!(verify(&game, &numbers, &solution).accepted);
}

/// On games that the search solves, the path's answer lies among the components: its outcome
/// distribution is within some component's ranges.
#[test]
fn the_paths_answer_is_one_of_all() {
    let ties = Payoffs::Integers(3);
    let kinds = [
        Shape::Signalling { types: 2, messages: 2, replies: 2, payoffs: Payoffs::Decimals },
        Shape::Signalling { types: 3, messages: 2, replies: 3, payoffs: ties },
        Shape::General { players: 2, infosets: 5, menu: 3, payoffs: Payoffs::Decimals },
        Shape::General { players: 3, infosets: 5, menu: 2, payoffs: ties },
        Shape::TwoSided { moves: 3, payoffs: Payoffs::Decimals },
    ];
    let (mut answered, mut asked) = (0, 0);
    for shape in kinds {
        for seed in 0..30 {
            let game = random_game(seed, shape);
            let numbers = game.numbers(&[]).expect("the game has numbers");
            let all = solve(&game, &numbers, &Settings::default(), &Silent);
            if all.status != Status::ExactComplete {
                continue;
            }
            asked += 1;
            let one = followed(&game, Concept::Sequential);
            if one.status == Status::Numeric {
                eprintln!("{}: {:?}", game.title, one.unresolved);
                continue;
            }
            answered += 1;
            let point = &one.components[0].outcomes;
            let within = |c: &detente_game::solution::Component| {
                c.outcome_range
                    .iter()
                    .zip(point)
                    .all(|((low, high), p)| low.value - 1e-7 <= p.value && p.value <= high.value + 1e-7)
            };
            assert!(all.components.iter().any(within), "{}", game.title);
        }
    }
    eprintln!("{answered} of {asked}");
    assert!(asked > 100 && answered * 10 >= asked * 9, "{answered} of {asked}");
}

/// Random tables of three players are too large to list, but one equilibrium is proven: an exact one lies
/// within the radii, though its numbers are irrational.
#[test]
fn one_equilibrium_of_a_large_table_is_exact() {
    let mut exact = 0;
    for seed in 0..6 {
        let shape = Shape::Table { players: 3, strategies: 6, payoffs: Payoffs::Decimals };
        let game = random_game(seed, shape);
        let numbers = game.numbers(&[]).expect("the game has numbers");
        let settings = Settings { concept: Concept::Nash, one: true, ..Settings::default() };
        let solution = solve(&game, &numbers, &settings, &Silent);
        let verdict = verify(&game, &numbers, &solution);
        assert!(verdict.accepted, "{}: {:?}", game.title, verdict.rejected);
        assert_eq!(verdict.proven, solution.status, "{}: {:?}", game.title, verdict.open);
        exact += usize::from(solution.status == Status::ExactSome);
        // A number moved out of its radius holds no equilibrium any more.
        let mut moved = solution.clone();
        let numbers_of = moved.components[0].profile.iter_mut().flatten();
        let Some(n) = numbers_of.into_iter().find(|n| n.exact.is_none()) else { continue };
        n.value += 1e-6;
        assert!(!verify(&game, &numbers, &moved).accepted, "{}", game.title);
    }
    assert!(exact >= 5, "{exact} of 6");
}
