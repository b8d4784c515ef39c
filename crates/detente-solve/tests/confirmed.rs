//! What answers list beside the proof: the referee confirms it, or says that it does not.

mod differential;

use detente_exact::Q;
use detente_game::Game;
use detente_game::solution::{Component, Concept, Factor, FreeWhat, Num, OutcomeSet, Solution};
use detente_test::random::Payoffs;
use detente_test::{Shape, random_game};
use detente_verify::verify;
use differential::{numbers, solved, with_room};

fn shapes() -> Vec<Shape> {
    let (generic, ties) = (Payoffs::Decimals, Payoffs::Integers(3));
    vec![
        Shape::Signalling { types: 2, messages: 2, replies: 2, payoffs: generic },
        Shape::Signalling { types: 2, messages: 3, replies: 3, payoffs: ties },
        Shape::General { players: 2, infosets: 5, menu: 2, payoffs: ties },
        Shape::PerfectInformation { players: 2, decisions: 6, menu: 3, payoffs: ties },
        Shape::TwoSided { moves: 3, payoffs: generic },
    ]
}

/// Whether an answer that was changed is rejected, or something is no longer confirmed.
fn is_noticed(game: &Game, honest: &[String], changed: &Solution) -> bool {
    let verdict = verify(game, &numbers(game), changed);
    !verdict.accepted || verdict.unconfirmed.iter().any(|what| !honest.contains(what))
}

/// The answer with one of its components changed.
fn with(solution: &Solution, k: usize, change: impl FnOnce(&mut Component)) -> Solution {
    let mut changed = solution.clone();
    change(&mut changed.components[k]);
    changed
}

fn middle(low: &Num, high: &Num) -> Num {
    let ends = low.exact.clone().zip(high.exact.clone());
    ends.map_or(low.clone(), |(low, high)| Num::exact((low + high) / Q::from(2)))
}

/// Changes every free range and outcome range of confirmed answers.
#[test]
fn changed_ranges_are_noticed() {
    with_room(|| {
        let (mut confirmed, mut answers, mut ranges, mut missed) = (0, 0, 0, Vec::new());
        for shape in shapes() {
            for seed in 0..15 {
                let game = random_game(seed, shape);
                let solution = solved(&game, Concept::Sequential);
                let verdict = verify(&game, &numbers(&game), &solution);
                assert!(verdict.accepted, "{}: {:?}", game.title, verdict.rejected);
                answers += 1;
                let about_ranges = |what: &String| what.contains("leave no equilibrium out");
                if verdict.unconfirmed.iter().any(about_ranges) {
                    continue;
                }
                confirmed += 1;
                for (k, c) in solution.components.iter().enumerate() {
                    for (at, free) in c.free.iter().enumerate() {
                        if !matches!(free.what, FreeWhat::Action(..)) || free.low.exact == free.high.exact {
                            continue;
                        }
                        let mid = middle(&free.low, &free.high);
                        let narrower = [
                            with(&solution, k, |c| c.free[at].high = mid.clone()),
                            with(&solution, k, |c| c.free[at].low = mid.clone()),
                        ];
                        for changed in narrower {
                            ranges += 1;
                            if !is_noticed(&game, &verdict.unconfirmed, &changed) {
                                missed.push(format!("{} E{} {:?}", game.title, k + 1, free.what));
                            }
                        }
                    }
                }
            }
        }
        eprintln!("{confirmed} of {answers} answers confirmed, {ranges} changed ranges");
        assert!(missed.is_empty(), "{} missed: {missed:#?}", missed.len());
        assert!(ranges > 40 && confirmed * 10 >= answers * 8, "{confirmed} of {answers}, {ranges}");
    });
}

/// A wrong verdict, wrong vertices and points outside of their ranges are rejected.
#[test]
fn changed_claims_are_rejected() {
    with_room(|| {
        let (mut verdicts, mut vertices, mut points) = (0, 0, 0);
        for shape in shapes() {
            for seed in 0..15 {
                let game = random_game(seed, shape);
                let solution = solved(&game, Concept::Sequential);
                let rejected = |changed: Solution, what: &str| {
                    let verdict = verify(&game, &numbers(&game), &changed);
                    assert!(!verdict.accepted, "{}: {what} is accepted", game.title);
                };
                for (k, c) in solution.components.iter().enumerate() {
                    if let Some(passes) = c.intuitive {
                        verdicts += 1;
                        let flipped = with(&solution, k, |c| c.intuitive = Some(!passes));
                        rejected(flipped, "another verdict on the intuitive criterion");
                    } else {
                        rejected(
                            with(&solution, k, |c| c.intuitive = Some(true)),
                            "a verdict without ground",
                        );
                    }
                    if !c.outcome_vertices.is_empty() {
                        vertices += 1;
                        if c.outcome_set == OutcomeSet::Segment {
                            let fewer = with(&solution, k, |c| drop(c.outcome_vertices.pop()));
                            rejected(fewer, "a missing vertex");
                        }
                        let twice = with(&solution, k, |c| {
                            let first = c.outcome_vertices[0].clone();
                            *c.outcome_vertices.last_mut().expect("not empty") = first;
                        });
                        rejected(twice, "a vertex listed twice");
                        rejected(with(&solution, k, |c| c.outcome_set = OutcomeSet::Point), "another shape");
                        let off = with(&solution, k, |c| c.outcome_vertices[0][0] = Num::exact(Q::from(2)));
                        rejected(off, "a vertex that is no distribution");
                    }
                    for (at, free) in c.free.iter().enumerate() {
                        points += 1;
                        let beyond = with(&solution, k, |c| {
                            c.free[at].low = Num::exact(Q::from(2));
                            c.free[at].high = Num::exact(Q::from(3));
                        });
                        rejected(beyond, "a range that the shown point is not in");
                        let reversed = with(&solution, k, |c| {
                            c.free[at].low = Num::exact(Q::ONE);
                            c.free[at].high = Num::exact(Q::ZERO);
                        });
                        rejected(reversed, "an empty range");
                        let nowhere = with(&solution, k, |c| {
                            c.free[at].what = match free.what {
                                FreeWhat::Action(h, _) => FreeWhat::Action(h, 99),
                                FreeWhat::Belief(_, k) => FreeWhat::Belief(9_999, k),
                            }
                        });
                        rejected(nowhere, "a range of nothing");
                    }
                }
            }
        }
        assert!(verdicts > 10 && vertices > 3 && points > 40, "{verdicts} {vertices} {points}");
    });
}

/// Without its joins, with wrong ones, and with two components taken for one, a set is no longer
/// called one piece.
#[test]
fn wrong_joins_are_noticed() {
    with_room(|| {
        const PIECE: &str = "one connected piece";
        let shapes = [
            Shape::Signalling { types: 2, messages: 2, replies: 2, payoffs: Payoffs::Integers(3) },
            Shape::General { players: 2, infosets: 5, menu: 2, payoffs: Payoffs::Integers(3) },
            Shape::General { players: 3, infosets: 5, menu: 2, payoffs: Payoffs::Integers(3) },
        ];
        let (mut joined, mut open, mut moved, mut merged) = (0, 0, 0, 0);
        for concept in [Concept::Sequential, Concept::Nash] {
            for shape in shapes {
                for seed in 0..20 {
                    let game = random_game(seed, shape);
                    let honest = solved(&game, concept);
                    let Some(last) = honest.certificate.stages.len().checked_sub(1) else { continue };
                    let doubts = |s: &Solution| {
                        let verdict = verify(&game, &numbers(&game), s);
                        !verdict.accepted || verdict.unconfirmed.iter().any(|what| what.contains(PIECE))
                    };
                    let stage = &honest.certificate.stages[last];
                    if stage.joins.is_empty() {
                        continue;
                    }
                    if doubts(&honest) {
                        open += 1;
                        continue;
                    }
                    joined += 1;
                    let mut without = honest.clone();
                    without.certificate.stages[last].joins.clear();
                    assert!(doubts(&without), "{}: no joins", game.title);
                    for (k, join) in stage.joins.iter().enumerate() {
                        let mut wrong = honest.clone();
                        let list = &mut wrong.certificate.stages[last].joins[k];
                        list.start.iter_mut().chain(&mut list.end).for_each(|(_, _, q)| *q = -q.clone());
                        let named = join.start.iter().chain(&join.end).any(|(_, _, q)| q.is_positive());
                        moved += 1;
                        assert!(!named || doubts(&wrong), "{}: a line elsewhere", game.title);
                    }
                    if let [.., a, b] = &stage.components[..] {
                        let mut one = honest.clone();
                        let shown = one.certificate.stages[last].joins[0].clone();
                        let (a, b) = (a.clone(), b.clone());
                        let kept = one.components.len() - 1;
                        one.components.truncate(kept);
                        let stage = &mut one.certificate.stages[last];
                        stage.components.truncate(kept);
                        stage.components[kept - 1] = a.iter().chain(&b).copied().collect();
                        for (x, y) in a.iter().flat_map(|x| b.iter().map(move |y| (*x, *y))) {
                            for (from, to) in [(x, y), (y, x)] {
                                let join = detente_game::certificate::Join {
                                    from: vec![from],
                                    to: vec![to],
                                    ..shown.clone()
                                };
                                stage.joins.push(join);
                            }
                        }
                        merged += 1;
                        assert!(doubts(&one), "{}: two components are taken for one", game.title);
                    }
                }
            }
        }
        eprintln!("{joined} joined, {open} not confirmed, {moved} lines moved, {merged} merged");
        assert!(joined > 20 && moved > 40 && merged > 5 && open * 5 <= joined);
    });
}

/// Conditions that leave equilibria out, or are worded otherwise than meant, are no longer confirmed.
#[test]
fn changed_conditions_are_noticed() {
    with_room(|| {
        const OUT: &str = "conditions on what is free leave no equilibrium out";
        let (mut confirmed, mut open) = (0, 0);
        for concept in [Concept::Sequential, Concept::Nash] {
            for shape in shapes() {
                for seed in 0..12 {
                    let game = random_game(seed, shape);
                    let honest = solved(&game, concept);
                    let doubts = |s: &Solution| {
                        let verdict = verify(&game, &numbers(&game), s);
                        !verdict.accepted || verdict.unconfirmed.iter().any(|what| what.contains(OUT))
                    };
                    let is_told = |c: &Component| !c.conditions.is_empty();
                    if !honest.components.iter().any(is_told) {
                        continue;
                    }
                    if doubts(&honest) {
                        open += 1;
                        continue;
                    }
                    for (k, c) in honest.components.iter().enumerate() {
                        if c.conditions.is_empty() || c.conditions.iter().any(Vec::is_empty) {
                            continue;
                        }
                        confirmed += 1;
                        let narrower = with(&honest, k, |c| {
                            for (data, words) in c.conditions.iter_mut().zip(&mut c.inequalities) {
                                data[0].constant -= Q::from(1_000);
                                words[0] = detente_game::wording::condition_text(&game, &data[0]);
                            }
                        });
                        assert!(doubts(&narrower), "{}: a condition that nothing meets", game.title);
                        let said = with(&honest, k, |c| c.inequalities[0][0].push('0'));
                        assert!(doubts(&said), "{}: other words", game.title);
                    }
                }
            }
        }
        eprintln!("{confirmed} components with conditions, {open} answers not confirmed");
        assert!(confirmed > 20 && open * 3 <= confirmed, "{confirmed} confirmed, {open} open");
    });
}

/// Conditions that allow what is no equilibrium are no longer confirmed.
#[test]
fn wider_conditions_are_noticed() {
    with_room(|| {
        const ENOUGH: [&str; 2] = [
            "all that these conditions allow is an equilibrium",
            "all within these ranges is an equilibrium",
        ];
        let (mut shown, mut open, mut tried, mut noticed, mut freed) = (0, 0, 0, 0, 0);
        for concept in [Concept::Sequential, Concept::Spe, Concept::Nash] {
            for shape in shapes() {
                for seed in 0..8 {
                    let game = random_game(seed, shape);
                    let honest = solved(&game, concept);
                    let doubts = |s: &Solution| {
                        let verdict = verify(&game, &numbers(&game), s);
                        let says = |what: &String| ENOUGH.iter().any(|words| what.contains(words));
                        !verdict.accepted || verdict.unconfirmed.iter().any(says)
                    };
                    let told = honest.components.iter().any(|c| !c.conditions.is_empty());
                    if !told || honest.certificate.stages.is_empty() {
                        continue;
                    }
                    if doubts(&honest) {
                        open += 1;
                        continue;
                    }
                    shown += 1;
                    for (k, c) in honest.components.iter().enumerate() {
                        // The hull of pieces of which none holds another is more than they are.
                        if c.conditions.len() > 1 {
                            let none = with(&honest, k, |c| {
                                (c.conditions, c.inequalities) = (vec![vec![]], vec![vec![]]);
                            });
                            tried += 1;
                            noticed += usize::from(doubts(&none));
                        }
                        // A number that is the same all over a component, told to be free.
                        // Conditions that speak of it may still leave it no choice.
                        let factors =
                            c.conditions.iter().flatten().flat_map(|x| &x.terms).flat_map(|(list, _)| list);
                        let spoken: Vec<usize> = factors
                            .filter_map(
                                |f| if let Factor::Action(at, _) = f { Some(*at as usize) } else { None },
                            )
                            .collect();
                        let certain = |h: &usize| {
                            let is_here =
                                |f: FreeWhat| matches!(f, FreeWhat::Action(at, _) if at as usize == *h);
                            c.reached[*h]
                                && c.profile[*h].len() > 1
                                && !c.free.iter().any(|f| is_here(f.what))
                        };
                        let told = !c.conditions.is_empty();
                        for h in (0..c.profile.len()).filter(certain).filter(|h| told && !spoken.contains(h))
                        {
                            freed += 1;
                            let freed = with(&honest, k, |c| {
                                for a in 0..c.profile[h].len() as u32 {
                                    let (low, high) = (Num::exact(Q::ZERO), Num::exact(Q::ONE));
                                    let what = FreeWhat::Action(h as u32, a);
                                    c.free.push(detente_game::solution::Free { what, low, high });
                                }
                            });
                            assert!(doubts(&freed), "{}: set {h} is not free in E{}", game.title, k + 1);
                        }
                    }
                }
            }
        }
        eprintln!("{shown} answers shown, {open} open; {noticed} of {tried} hulls noticed, {freed} freed");
        assert!(shown > 30 && open * 2 <= shown, "{shown} shown, {open} open");
        assert!(tried > 5 && noticed == tried && freed > 10, "{noticed} of {tried}, {freed}");
    });
}

/// A vertex too many, one that is not reached, and one that leaves outcomes out are noticed.
#[test]
fn changed_vertices_are_noticed() {
    with_room(|| {
        let between = |a: &[Num], b: &[Num], share: &Q| -> Option<Vec<Num>> {
            let mix = |(x, y): (&Num, &Num)| {
                let (x, y) = (x.exact.clone()?, y.exact.clone()?);
                Some(Num::exact(&x + (&y - &x) * share))
            };
            a.iter().zip(b).map(mix).collect()
        };
        let fit = |c: &mut Component| {
            c.outcome_set =
                if c.outcome_vertices.len() == 2 { OutcomeSet::Segment } else { OutcomeSet::Polytope };
            for (k, range) in c.outcome_range.iter_mut().enumerate() {
                let column = || c.outcome_vertices.iter().map(|v| &v[k]);
                let by = |a: &&Num, b: &&Num| a.exact.cmp(&b.exact);
                if let (Some(low), Some(high)) = (column().min_by(by), column().max_by(by)) {
                    *range = (low.clone(), high.clone());
                }
            }
        };
        let (mut shown, mut open, mut changes) = (0, 0, 0);
        for concept in [Concept::Sequential, Concept::Nash] {
            for shape in shapes() {
                for seed in 0..12 {
                    let game = random_game(seed, shape);
                    let honest = solved(&game, concept);
                    let doubts = |s: &Solution| {
                        let verdict = verify(&game, &numbers(&game), s);
                        let about = |what: &String| what.contains("outcome vertices");
                        !verdict.accepted || verdict.unconfirmed.iter().any(about)
                    };
                    if honest.components.iter().all(|c| c.outcome_vertices.is_empty()) {
                        continue;
                    }
                    if doubts(&honest) {
                        open += 1;
                        continue;
                    }
                    shown += 1;
                    for (k, c) in honest.components.iter().enumerate() {
                        let [first, .., last] = &c.outcome_vertices[..] else { continue };
                        let shares = [(Q::new(1, 2), true), (Q::new(1, 3), false), (Q::new(-1, 3), false)];
                        for (share, extra) in shares {
                            let Some(vertex) = between(first, last, &share) else { continue };
                            let changed = with(&honest, k, |c| {
                                match extra {
                                    true => c.outcome_vertices.push(vertex),
                                    false => c.outcome_vertices[0] = vertex,
                                }
                                fit(c);
                            });
                            changes += 1;
                            assert!(doubts(&changed), "{}: {share} between two vertices", game.title);
                        }
                    }
                }
            }
        }
        eprintln!("{shown} answers with vertices shown, {open} open, {changes} changes");
        assert!(shown > 10 && open * 3 <= shown && changes > 30, "{shown} shown, {open} open, {changes}");
    });
}

/// Either side may move while the other does not: a set with a corner, in two pieces.
#[test]
fn a_set_with_a_corner_is_told_in_two_pieces() {
    let text = r#"EFG 2 R "Either may move while the other does not" { "A" "B" }
p "" 1 1 "a" { "stay" "move" } 0
p "" 2 1 "b" { "stay" "move" } 0
t "" 1 "nobody" { 0, 0 }
t "" 2 "B moves" { 0, 0 }
p "" 2 1 "b" { "stay" "move" } 0
t "" 3 "A moves" { 0, 0 }
t "" 4 "both" { -1, -1 }
"#;
    let game = detente_game::formats::efg::read(text).expect("a game");
    for concept in [Concept::Nash, Concept::Sequential] {
        let solution = solved(&game, concept);
        let verdict = verify(&game, &numbers(&game), &solution);
        assert!(verdict.accepted && verdict.complete, "{concept:?}: {:?}", verdict.rejected);
        assert_eq!(verdict.unconfirmed, Vec::<String>::new(), "{concept:?}");
        let [c] = &solution.components[..] else { panic!("{concept:?}: {}", solution.components.len()) };
        let stays = |player: &str| c.inequalities.iter().filter(|p| p[0].starts_with(player)).count();
        assert_eq!((c.inequalities.len(), stays("B.b.stay = 1"), stays("A.a.stay = 1")), (2, 1, 1));
        assert_eq!(c.outcome_vertices.len(), 3, "{concept:?}: nobody, A or B moves");
        // Without one of its sides, the set is not all there is; with both free, it is more.
        for p in 0..2 {
            let half = with(&solution, 0, |c| {
                c.conditions.remove(p);
                c.inequalities.remove(p);
            });
            assert!(is_noticed(&game, &verdict.unconfirmed, &half), "{concept:?}: piece {p} is left out");
        }
        let square = with(&solution, 0, |c| (c.conditions, c.inequalities) = (vec![vec![]], vec![vec![]]));
        assert!(is_noticed(&game, &verdict.unconfirmed, &square), "{concept:?}: both move");
    }
}

/// Two kinds of a first player never enter; should one, a third watches, a second would offer and might
/// find it better not to, and the third watches again. The offer is on every way between the two looks,
/// so that it is not made takes nothing from what the third believed at the first.
const TWO_LOOKS: &str = r#"EFG 2 R "Two looks" { "Russia" "Ukraine" "West" }
c "" 1 "" { "low" 33/50 "high" 17/50 } 0
p "" 1 1 "" { "quit" "go" } 0
t "" 1 "calm" { 1, 1, 1 }
p "" 3 1 "" { "wait" "pay" } 0
p "" 2 1 "" { "generous" "tight" } 0
t "" 2 "dear" { 0, 1/2, 0 }
p "" 1 2 "" { "accept" "fight" } 0
t "" 3 "cheap" { 0, 1, 0 }
p "" 3 2 "" { "bear" "settle" } 0
t "" 4 "fought" { 1/2, -1, 0 }
t "" 5 "granted" { 1/10, -1, -1 }
t "" 5
p "" 1 3 "" { "quit" "go" } 0
t "" 1
p "" 3 1 0
p "" 2 1 0
t "" 2
p "" 1 4 "" { "accept" "fight" } 0
t "" 3
p "" 3 2 0
t "" 6 "lost" { -1/2, -1, 0 }
t "" 5
t "" 5
"#;

#[test]
fn a_move_on_every_way_between_two_sets_leaves_beliefs_alone() {
    let game = detente_game::formats::efg::read(TWO_LOOKS).expect("a game");
    let solution = solved(&game, Concept::Sequential);
    let verdict = verify(&game, &numbers(&game), &solution);
    assert!(verdict.accepted, "{:?}", verdict.rejected);
    assert!(solution.unresolved.is_empty(), "{:?}", solution.unresolved);
    // The kind that fights is the only one that the third player can see fighting without a further
    // tremble: what it believes at the second look is no less than at the first.
    let sets: Vec<usize> = (0..game.infosets.len()).filter(|h| game.infosets[*h].nodes.len() == 2).collect();
    let (first, last) = (sets[0], sets[sets.len() - 1]);
    for c in &solution.components {
        assert!(c.beliefs[last][0].value >= c.beliefs[first][0].value, "{:?}", c.beliefs);
    }
}
