//! Polytopes of continuations, given by points that span them.

use detente_exact::Q;
use std::collections::BTreeMap;

/// One continuation: expected payoffs and the distribution over outcome keys.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Point {
    pub payoffs: Vec<Q>,
    pub outcomes: BTreeMap<usize, Q>,
}

/// The convex hull of some points; `ruled` if only the hull of the true set is known.
#[derive(Clone, Debug)]
pub struct Piece {
    pub points: Vec<Point>,
    pub ruled: bool,
}

impl Point {
    /// `a + share * (b - a)`.
    fn between(a: &Point, b: &Point, share: &Q) -> Point {
        let mix = |x: &Q, y: &Q| x + &((y - x) * share);
        let mut outcomes = BTreeMap::new();
        for k in a.outcomes.keys().chain(b.outcomes.keys()) {
            let get = |p: &Point| p.outcomes.get(k).cloned().unwrap_or(Q::ZERO);
            let q = mix(&get(a), &get(b));
            if !q.is_zero() {
                outcomes.insert(*k, q);
            }
        }
        Point { payoffs: a.payoffs.iter().zip(&b.payoffs).map(|(x, y)| mix(x, y)).collect(), outcomes }
    }

    /// `self + factor * other`, on payoffs and outcomes alike.
    fn plus(&self, other: &Point, factor: &Q) -> Point {
        let mut outcomes = self.outcomes.clone();
        for (k, q) in &other.outcomes {
            *outcomes.entry(*k).or_insert(Q::ZERO) += q * factor;
        }
        let payoffs = self.payoffs.iter().zip(&other.payoffs).map(|(x, y)| x + &(y * factor)).collect();
        Point { payoffs, outcomes }
    }
}

impl Piece {
    /// The hull of several pieces.
    pub fn hull(pieces: &[Piece]) -> Piece {
        let mut points: Vec<Point> = pieces.iter().flat_map(|p| p.points.clone()).collect();
        points.sort();
        points.dedup();
        Piece { points, ruled: pieces.iter().any(|p| p.ruled) }
    }

    /// Drops duplicate points; called where lists get long.
    pub fn extremes_only(mut self) -> Piece {
        self.points.sort();
        self.points.dedup();
        self
    }

    /// Adds `factor` times each point of the other piece.
    pub fn plus(&self, other: &Piece, factor: &Q) -> Piece {
        let points = self.points.iter().flat_map(|a| other.points.iter().map(move |b| a.plus(b, factor)));
        Piece { points: points.collect(), ruled: self.ruled || other.ruled }
    }

    /// The part where the player's payoff is at least `t`; false if that part is only bounded.
    pub fn at_least(&self, player: usize, t: &Q) -> (Option<Piece>, bool) {
        self.cut(|p| &p.payoffs[player] - t)
    }

    /// The part where the player's payoff is at most `t`; false if that part is only bounded.
    pub fn at_most(&self, player: usize, t: &Q) -> (Option<Piece>, bool) {
        self.cut(|p| t - &p.payoffs[player])
    }

    fn cut(&self, height: impl Fn(&Point) -> Q) -> (Option<Piece>, bool) {
        let h: Vec<Q> = self.points.iter().map(&height).collect();
        if h.iter().all(|q| !q.is_negative()) {
            return (Some(self.clone()), true);
        }
        let mut points: Vec<Point> =
            self.points.iter().zip(&h).filter(|(_, q)| !q.is_negative()).map(|(p, _)| p.clone()).collect();
        if points.is_empty() {
            return (None, true);
        }
        points.extend(self.crossings(&h));
        let piece = Piece { points, ruled: self.ruled }.extremes_only();
        (Some(piece), !self.ruled)
    }

    /// Points of height 0 between points of opposite height.
    fn crossings(&self, h: &[Q]) -> Vec<Point> {
        let mut found = vec![];
        for (a, above) in h.iter().enumerate().filter(|(_, q)| q.is_positive()) {
            for (b, low) in h.iter().enumerate().filter(|(_, q)| q.is_negative()) {
                let share = above / &(above - low);
                found.push(Point::between(&self.points[a], &self.points[b], &share));
            }
        }
        found
    }

    /// The part where the player's payoff is `t`, if any.
    pub fn slice(&self, player: usize, t: &Q, exact: &mut bool) -> Option<Piece> {
        let h: Vec<Q> = self.points.iter().map(|p| &p.payoffs[player] - t).collect();
        let mut points: Vec<Point> =
            self.points.iter().zip(&h).filter(|(_, q)| q.is_zero()).map(|(p, _)| p.clone()).collect();
        points.extend(self.crossings(&h));
        if points.is_empty() {
            return None;
        }
        *exact &= !self.ruled || h.iter().all(Q::is_zero);
        Some(Piece { points, ruled: self.ruled }.extremes_only())
    }
}
