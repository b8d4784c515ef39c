//! The number of components, counted another way where that is easy.
//!
//! A set of equilibria is cut into convex pieces, each a pattern of supports (and of the
//! receiver's beliefs). Two pieces belong together if one holds a limit of points of the
//! other, which linear programs of the referee decide. Strategic forms of two players and
//! signalling games with two types are simple enough; ties make both hard to get right.

mod differential;

use detente_exact::Q;
use detente_game::Game;
use detente_game::solution::Concept;
use detente_test::random::Payoffs;
use detente_test::simplex::Program;
use detente_test::{Shape, play};
use differential::{Tally, each_game, numbers, seeds, with_room};

/// Numbers of groups of pieces, by which pieces touch.
fn groups(pieces: usize, touch: impl Fn(usize, usize) -> bool) -> usize {
    let mut group: Vec<usize> = (0..pieces).collect();
    for a in 0..pieces {
        for b in 0..pieces {
            if group[a] != group[b] && (touch(a, b) || touch(b, a)) {
                let (from, to) = (group[a], group[b]);
                group.iter_mut().filter(|g| **g == from).for_each(|g| *g = to);
            }
        }
    }
    group.sort_unstable();
    group.dedup();
    group.len()
}

fn subsets(count: usize) -> Vec<Vec<usize>> {
    (1..1usize << count).map(|mask| (0..count).filter(|k| mask >> k & 1 == 1).collect()).collect()
}

fn within(small: &[usize], big: &[usize]) -> bool {
    small.iter().all(|x| big.contains(x))
}

/// Payoff of each player from each pure profile; sets in order.
fn pure_payoff(game: &Game, choice: &[u32]) -> Vec<Q> {
    let numbers = numbers(game);
    let profile = play::as_profile(game, choice);
    (0..game.players.len()).map(|p| play::values(game, &numbers, &profile, p)[0].clone()).collect()
}

/// A mixture positive exactly on `mixed` to which all of `best` are best replies.
/// `payoff[reply][k]` is what a reply gives against the k-th pure choice.
fn mixture_exists(payoff: &[Vec<Q>], mixed: &[usize], best: &[usize]) -> bool {
    let mut program = Program::default();
    let least = program.variable();
    program.at_most(&[(least, Q::ONE)], Q::ONE);
    let share: Vec<usize> = mixed.iter().map(|_| program.variable()).collect();
    let value = [program.variable(), program.variable()];
    program.equal(&share.iter().map(|s| (*s, Q::ONE)).collect::<Vec<_>>(), Q::ONE);
    for s in &share {
        program.at_least(&[(*s, Q::ONE), (least, -Q::ONE)], Q::ZERO);
    }
    for (reply, row) in payoff.iter().enumerate() {
        let mut terms = vec![(value[0], Q::ONE), (value[1], -Q::ONE)];
        terms.extend(share.iter().zip(mixed).map(|(s, k)| (*s, -row[*k].clone())));
        if best.contains(&reply) {
            program.equal(&terms, Q::ZERO);
        } else {
            program.at_least(&terms, Q::ZERO);
        }
    }
    program.maximise(least).is_some_and(|(most, _)| most.is_positive())
}

/// Components of Nash equilibria of a strategic form of two players.
fn count_table(game: &Game) -> usize {
    let sizes = [game.infosets[0].actions.len(), game.infosets[1].actions.len()];
    let all: Vec<Vec<Vec<Q>>> = (0..sizes[0] as u32)
        .map(|i| (0..sizes[1] as u32).map(|j| pure_payoff(game, &[i, j])).collect())
        .collect();
    let first: Vec<Vec<Q>> = all.iter().map(|row| row.iter().map(|u| u[0].clone()).collect()).collect();
    let second: Vec<Vec<Q>> =
        (0..sizes[1]).map(|j| (0..sizes[0]).map(|i| all[i][j][1].clone()).collect()).collect();
    let holds = |a: &[Vec<usize>; 2], b: &[Vec<usize>; 2]| {
        mixture_exists(&first, &b[1], &a[0]) && mixture_exists(&second, &b[0], &a[1])
    };
    let mut pieces = Vec::new();
    for x in subsets(sizes[0]) {
        for y in subsets(sizes[1]) {
            let piece = [x.clone(), y];
            if holds(&piece, &piece) {
                pieces.push(piece);
            }
        }
    }
    groups(pieces.len(), |a, b| {
        let (a, b) = (&pieces[a], &pieces[b]);
        within(&b[0], &a[0]) && within(&b[1], &a[1]) && holds(a, b)
    })
}

/// Beliefs in the first type over which the same replies are best: a point or an open range.
#[derive(Clone, PartialEq)]
struct Zone {
    low: Q,
    high: Q,
    best: Vec<usize>,
}

impl Zone {
    fn is_point(&self) -> bool {
        self.low == self.high
    }

    fn in_closure_of(&self, other: &Zone) -> bool {
        other.low <= self.low && self.high <= other.high
    }
}

/// A signalling game with two types as tables: `sender[t][m][r]`, `receiver[t][m][r]`.
struct Signalling {
    prior: [Q; 2],
    sender: [Vec<Vec<Q>>; 2],
    receiver: [Vec<Vec<Q>>; 2],
}

impl Signalling {
    fn read(game: &Game) -> Signalling {
        let numbers = numbers(game);
        let root = detente_game::NodeId(0);
        let pay = |t: usize, p: usize| -> Vec<Vec<Q>> {
            let sends = game.children(root)[t];
            let row = |n: &detente_game::NodeId| {
                game.children(*n).iter().map(|end| numbers.payoff(game, *end, p).clone()).collect()
            };
            game.children(sends).iter().map(row).collect()
        };
        let prior = [numbers.chance[0][0].clone(), numbers.chance[0][1].clone()];
        Signalling { prior, sender: [pay(0, 0), pay(1, 0)], receiver: [pay(0, 1), pay(1, 1)] }
    }

    fn messages(&self) -> usize {
        self.sender[0].len()
    }

    fn zones(&self, m: usize) -> Vec<Zone> {
        let (one, two) = (&self.receiver[0][m], &self.receiver[1][m]);
        let mut cuts = vec![Q::ZERO, Q::ONE];
        for r in 0..one.len() {
            for s in 0..r {
                // b * (one[r] - one[s]) + (1 - b) * (two[r] - two[s]) = 0
                let (x, y) = (&one[r] - &one[s], &two[r] - &two[s]);
                if x != y {
                    let cut = &y / &(&y - &x);
                    if cut.is_positive() && cut < Q::ONE {
                        cuts.push(cut);
                    }
                }
            }
        }
        cuts.sort();
        cuts.dedup();
        let best = |b: &Q| {
            let value = |r: usize| b * &one[r] + (Q::ONE - b) * &two[r];
            let top = (0..one.len()).map(value).max().expect("there are replies");
            (0..one.len()).filter(|r| value(*r) == top).collect::<Vec<_>>()
        };
        let mut zones: Vec<Zone> =
            cuts.iter().map(|c| Zone { low: c.clone(), high: c.clone(), best: best(c) }).collect();
        for pair in cuts.windows(2) {
            let middle = (&pair[0] + &pair[1]) / Q::from(2);
            zones.push(Zone { low: pair[0].clone(), high: pair[1].clone(), best: best(&middle) });
        }
        zones
    }
}

/// A pattern: what each type sends, where beliefs lie, what replies are given.
struct Piece {
    sends: [Vec<usize>; 2],
    zones: Vec<Zone>,
    replies: Vec<Vec<usize>>,
}

impl Piece {
    fn sent(&self, m: usize) -> bool {
        self.sends.iter().any(|s| s.contains(&m))
    }
}

/// Rows that keep a message's weights (prior times `variables`) in a zone's cone.
fn in_zone(program: &mut Program, game: &Signalling, zone: &Zone, pair: [Vec<(usize, Q)>; 2], margin: usize) {
    let row = |at: &Q| -> Vec<(usize, Q)> {
        let first = (Q::ONE - at) * &game.prior[0];
        let second = -(at * &game.prior[1]);
        let scaled = |list: &[(usize, Q)], by: &Q| -> Vec<(usize, Q)> {
            list.iter().map(|(v, q)| (*v, q * by)).collect()
        };
        [scaled(&pair[0], &first), scaled(&pair[1], &second)].concat()
    };
    if zone.is_point() {
        program.equal(&row(&zone.low), Q::ZERO);
        return;
    }
    let strict = |mut terms: Vec<(usize, Q)>| {
        terms.push((margin, -Q::ONE));
        terms
    };
    program.at_least(&strict(row(&zone.low)), Q::ZERO);
    let negated = row(&zone.high).into_iter().map(|(v, q)| (v, -q)).collect();
    program.at_least(&strict(negated), Q::ZERO);
}

impl Signalling {
    /// Whether types can send as in a piece so that beliefs on the path are in its zones.
    fn sending_exists(&self, piece: &Piece) -> bool {
        let mut program = Program::default();
        let least = program.variable();
        program.at_most(&[(least, Q::ONE)], Q::ONE);
        let share: [Vec<usize>; 2] =
            [0, 1].map(|_| (0..self.messages()).map(|_| program.variable()).collect());
        for t in 0..2 {
            program.equal(&share[t].iter().map(|v| (*v, Q::ONE)).collect::<Vec<_>>(), Q::ONE);
            for m in 0..self.messages() {
                if piece.sends[t].contains(&m) {
                    program.at_least(&[(share[t][m], Q::ONE), (least, -Q::ONE)], Q::ZERO);
                } else {
                    program.equal(&[(share[t][m], Q::ONE)], Q::ZERO);
                }
            }
        }
        for m in (0..self.messages()).filter(|m| piece.sent(*m)) {
            let pair = [0, 1].map(|t| vec![(share[t][m], Q::ONE)]);
            in_zone(&mut program, self, &piece.zones[m], pair, least);
        }
        program.maximise(least).is_some_and(|(most, _)| most.is_positive())
    }

    /// Whether replies positive as in `at` make everything that `of` sends best.
    fn replies_exist(&self, at: &Piece, of: &Piece) -> bool {
        let mut program = Program::default();
        let least = program.variable();
        program.at_most(&[(least, Q::ONE)], Q::ONE);
        let reply: Vec<Vec<usize>> =
            at.replies.iter().map(|r| r.iter().map(|_| program.variable()).collect()).collect();
        for row in &reply {
            program.equal(&row.iter().map(|v| (*v, Q::ONE)).collect::<Vec<_>>(), Q::ONE);
            for v in row {
                program.at_least(&[(*v, Q::ONE), (least, -Q::ONE)], Q::ZERO);
            }
        }
        for t in 0..2 {
            let value = [program.variable(), program.variable()];
            for m in 0..self.messages() {
                let mut terms = vec![(value[0], Q::ONE), (value[1], -Q::ONE)];
                let pays = at.replies[m].iter().map(|r| self.sender[t][m][*r].clone());
                terms.extend(reply[m].iter().zip(pays).map(|(v, u)| (*v, -u)));
                if of.sends[t].contains(&m) {
                    program.equal(&terms, Q::ZERO);
                } else {
                    program.at_least(&terms, Q::ZERO);
                }
            }
        }
        program.maximise(least).is_some_and(|(most, _)| most.is_positive())
    }

    /// Whether points of `a` tend to points of `b`: a direction in which `b` is left into
    /// `a`, in which messages that only `a` sends are believed as in `b`.
    fn direction_exists(&self, a: &Piece, b: &Piece) -> bool {
        let mut program = Program::default();
        let least = program.variable();
        program.at_most(&[(least, Q::ONE)], Q::ONE);
        // A change of a probability is the difference of two variables.
        let mut change: [Vec<[usize; 2]>; 2] = [vec![], vec![]];
        for (t, list) in change.iter_mut().enumerate() {
            for m in 0..self.messages() {
                let pair = [program.variable(), program.variable()];
                if !b.sends[t].contains(&m) {
                    program.equal(&[(pair[1], Q::ONE)], Q::ZERO);
                }
                if !a.sends[t].contains(&m) {
                    program.equal(&[(pair[0], Q::ONE)], Q::ZERO);
                }
                list.push(pair);
            }
            let all = list.iter().flat_map(|p| [(p[0], Q::ONE), (p[1], -Q::ONE)]);
            program.equal(&all.collect::<Vec<_>>(), Q::ZERO);
        }
        let zero = program.variable();
        program.equal(&[(zero, Q::ONE)], Q::ZERO);
        for m in (0..self.messages()).filter(|m| a.sent(*m)) {
            let pair = [0, 1].map(|t| vec![(change[t][m][0], Q::ONE), (change[t][m][1], -Q::ONE)]);
            let (wide, here) = (&a.zones[m], &b.zones[m]);
            if !b.sent(m) {
                program.at_least(
                    &[(change[0][m][0], Q::ONE), (change[1][m][0], Q::ONE), (least, -Q::ONE)],
                    Q::ZERO,
                );
                in_zone(&mut program, self, here, pair, least);
            } else if wide.is_point() {
                in_zone(&mut program, self, wide, pair, zero);
            } else if here.is_point() {
                // At an end of the wide range the change must not lead out of it.
                let low = if here.low == wide.low { wide.low.clone() } else { Q::ZERO };
                let high = if here.low == wide.high { wide.high.clone() } else { Q::ONE };
                let half = |low: Q, high: Q| Zone { low, high, best: vec![] };
                if here.low == wide.low {
                    one_side(&mut program, self, &half(low, high), &pair, true);
                } else if here.low == wide.high {
                    one_side(&mut program, self, &half(low, high), &pair, false);
                }
            }
        }
        program.maximise(least).is_some_and(|(most, _)| most.is_positive())
    }

    fn touches(&self, a: &Piece, b: &Piece) -> bool {
        (0..2).all(|t| within(&b.sends[t], &a.sends[t]))
            && b.zones.iter().zip(&a.zones).all(|(here, wide)| here.in_closure_of(wide))
            && b.replies.iter().zip(&a.replies).all(|(few, many)| within(few, many))
            && self.replies_exist(b, a)
            && self.direction_exists(a, b)
    }

    fn pieces(&self) -> Vec<Piece> {
        let mut beliefs: Vec<Vec<(Zone, Vec<usize>)>> = vec![vec![]];
        for m in 0..self.messages() {
            let mut longer = Vec::new();
            for before in &beliefs {
                for zone in self.zones(m) {
                    for pick in subsets(zone.best.len()) {
                        let replies = pick.iter().map(|k| zone.best[*k]).collect();
                        let mut next = before.clone();
                        next.push((zone.clone(), replies));
                        longer.push(next);
                    }
                }
            }
            beliefs = longer;
        }
        let sends = subsets(self.messages());
        let mut pieces = Vec::new();
        for first in &sends {
            for second in &sends {
                for choice in &beliefs {
                    let (zones, replies) = choice.iter().cloned().unzip();
                    let piece = Piece { sends: [first.clone(), second.clone()], zones, replies };
                    if self.sending_exists(&piece) && self.replies_exist(&piece, &piece) {
                        pieces.push(piece);
                    }
                }
            }
        }
        pieces
    }
}

/// One bound of a zone, weakly.
fn one_side(
    program: &mut Program,
    game: &Signalling,
    zone: &Zone,
    pair: &[Vec<(usize, Q)>; 2],
    from_below: bool,
) {
    let at = if from_below { &zone.low } else { &zone.high };
    let sign = if from_below { Q::ONE } else { -Q::ONE };
    let first = (Q::ONE - at) * &game.prior[0] * &sign;
    let second = -(at * &game.prior[1]) * &sign;
    let mut terms: Vec<(usize, Q)> = pair[0].iter().map(|(v, q)| (*v, q * &first)).collect();
    terms.extend(pair[1].iter().map(|(v, q)| (*v, q * &second)));
    program.at_least(&terms, Q::ZERO);
}

#[test]
fn strategic_forms_have_as_many_components() {
    with_room(|| {
        let mut tally = Tally::default();
        let shapes = [2, 1, 3].map(|high| Shape::Table {
            players: 2,
            strategies: 4,
            payoffs: Payoffs::Integers(high),
        });
        each_game(&shapes, seeds(6), |_, game| {
            for concept in [Concept::Nash, Concept::Sequential] {
                let Some(solution) = tally.solve(game, concept, true) else { continue };
                let (found, count) = (solution.components.len(), count_table(game));
                tally.points += count;
                tally.expect(found == count, || {
                    format!("{} {concept:?}: {found} components, {count} counted", game.title)
                });
            }
        });
        tally.finish("strategic forms");
    });
}

#[test]
fn signalling_games_have_as_many_components() {
    with_room(|| {
        let mut tally = Tally::default();
        let shape = |messages, replies, payoffs| Shape::Signalling { types: 2, messages, replies, payoffs };
        let shapes = [
            shape(2, 2, Payoffs::Integers(1)),
            shape(2, 2, Payoffs::Integers(2)),
            shape(2, 2, Payoffs::Decimals),
            shape(2, 3, Payoffs::Integers(3)),
        ];
        each_game(&shapes, seeds(2), |_, game| {
            let Some(solution) = tally.solve(game, Concept::Sequential, true) else { return };
            let tables = Signalling::read(game);
            let pieces = tables.pieces();
            let count = groups(pieces.len(), |a, b| tables.touches(&pieces[a], &pieces[b]));
            let found = solution.components.len();
            tally.points += count;
            tally.expect(found == count, || format!("{}: {found} components, {count} counted", game.title));
        });
        tally.finish("signalling");
    });
}
