//! From boxes and curves to words and units.
//!
//! The one idea: a key stands for a set of equilibria in outline; here it gets its name, and its
//! functions their least and greatest values over its boxes.

use super::cover::Cover;
use super::map::{Corner, Curve, Geometry, Region, Seen};
use super::trace::{Sheet, Spot};
use super::{Plane, Square, corners, regions, trace, words};
use crate::formula::Formula;
use crate::reasons::{Reason, on_path};
use detente_exact::Q;
use detente_verify::over::Component;
use std::collections::BTreeMap;

/// What is needed to put places into words and units.
pub(super) struct Draft<'a> {
    pub(super) plane: &'a Plane<'a>,
    pub(super) cover: &'a Cover,
    pub(super) whole: u32,
    pub(super) names: &'a BTreeMap<usize, String>,
}

impl Draft<'_> {
    pub(super) fn sheet(&self) -> Sheet<'_> {
        Sheet { library: &self.cover.library, whole: f64::from(self.whole) }
    }

    pub(super) fn region(&self, key: usize, squares: &[Square], area: f64, rings: Vec<Vec<Spot>>) -> Region {
        let sheet = self.sheet();
        let closed = |ring: Vec<Spot>| {
            let mut points: Vec<(f64, f64)> = ring.iter().map(|p| sheet.values(*p)).collect();
            points.extend(points.first().copied());
            points
        };
        let polygons =
            regions::nested(rings).into_iter().map(|p| p.into_iter().map(closed).collect()).collect();
        let largest = squares.iter().max_by_key(|s| s.size);
        let middle = |s: &Square| {
            let half = f64::from(s.size) / 2.0;
            sheet.values((f64::from(s.x) + half, f64::from(s.y) + half))
        };
        let equilibria = self.equilibria(key);
        Region {
            name: self.names[&key].clone(),
            title: words::title(&equilibria),
            area,
            equilibria,
            sample: largest.map_or((0.0, 0.0), middle),
            geometry: Geometry::MultiPolygon(polygons),
        }
    }

    /// What the equilibria of a key lead to, over its boxes.
    pub(super) fn equilibria(&self, key: usize) -> Vec<Vec<Seen>> {
        let (library, sheet) = (&self.cover.library, self.sheet());
        let keys = self.plane.game.outcome_keys();
        let mut drafts: Vec<Vec<Seen>> = vec![];
        let mut orders: BTreeMap<usize, Vec<&Component<Formula>>> = BTreeMap::new();
        let own = self.cover.whole.iter().filter(|w| w.1 == key).map(|w| (w.0, w.2));
        let beside = self.cover.cut.iter().filter_map(|c| {
            let basis = c.bases.iter().find(|b| library.bases[**b].key == key)?;
            Some((c.square, *basis))
        });
        for (square, basis) in own.chain(beside) {
            let parts = orders.entry(basis).or_insert_with(|| {
                let mut list: Vec<&Component<Formula>> =
                    library.bases[basis].found.components.iter().collect();
                list.sort_by_cached_key(|c| on_path(self.plane.game, &c.supports));
                list
            });
            if drafts.is_empty() {
                let blank = |name: &String| Seen {
                    outcome: name.clone(),
                    low: f64::INFINITY,
                    high: f64::NEG_INFINITY,
                    formula: None,
                };
                drafts = parts.iter().map(|_| keys.iter().map(blank).collect()).collect();
            }
            let (x, y, size) = (f64::from(square.x), f64::from(square.y), f64::from(square.size));
            let spots = [(0.5, 0.5), (0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)];
            let inside = if square.size == 1 { &spots[..1] } else { &spots[..] };
            for (dx, dy) in inside {
                let (vx, vy) = sheet.values((x + dx * size, y + dy * size));
                let values = library.floats(vx, vy);
                for (draft, part) in drafts.iter_mut().zip(parts.iter()) {
                    for (k, seen) in draft.iter_mut().enumerate() {
                        for p in
                            part.places.iter().map(|p| p.outcomes[k].at(&values)).filter(|p| p.is_finite())
                        {
                            let p = p.clamp(0.0, 1.0);
                            (seen.low, seen.high) = (seen.low.min(p), seen.high.max(p));
                        }
                    }
                }
            }
        }
        let names =
            words::names(&self.plane.game.params, &self.plane.x, &self.plane.y, &library.atoms.list());
        for (n, draft) in drafts.iter_mut().enumerate() {
            for (k, seen) in draft.iter_mut().enumerate() {
                let mut all = orders.values().flat_map(|o| &o[n].places).map(|p| p.outcomes[k].fraction());
                let first = all.next();
                if first.is_some()
                    && all.all(|f| Some(f) == first)
                    && orders.values().all(|o| o[n].places.iter().all(|p| p.fixed))
                {
                    seen.formula = first.map(|f| words::fraction(&f, &names)).filter(|t| t.len() <= 120);
                }
            }
            draft.retain(|s| s.high > 0.0);
        }
        drafts
    }

    pub(super) fn curve(&self, border: &trace::Border) -> Curve {
        let sheet = self.sheet();
        let name = |k: usize| self.names.get(&k).cloned().unwrap_or_default();
        Curve {
            between: (name(border.keys.0), name(border.keys.1)),
            equation: self.equation(border.factor),
            reasons: self.reasons(border),
            geometry: Geometry::LineString(border.points.iter().map(|p| sheet.values(*p)).collect()),
        }
    }

    pub(super) fn equation(&self, factor: usize) -> String {
        let library = &self.cover.library;
        let names =
            words::names(&self.plane.game.params, &self.plane.x, &self.plane.y, &library.atoms.list());
        words::equation(&library.factors[factor].poly, &names)
    }

    /// The margins that are 0 on a border, those of several actions first.
    pub(super) fn reasons(&self, border: &trace::Border) -> Vec<Reason> {
        let library = &self.cover.library;
        let poly = &library.factors[border.factor].poly;
        let mut list: Vec<Reason> = vec![];
        for basis in &self.cover.cut[border.at].bases {
            let basis = &library.bases[*basis];
            if basis.key != border.keys.0 && basis.key != border.keys.1 {
                continue;
            }
            for place in basis.found.components.iter().flat_map(|c| &c.places) {
                for (margin, slack) in &place.margins {
                    let (num, _) = slack.fraction();
                    if num.is_coprime(poly) || num.exact_div(poly).is_none() {
                        continue;
                    }
                    let reason = crate::reasons::words(self.plane.game, margin, &place.profile);
                    if !list.iter().any(|r| r.is_same(&reason)) {
                        list.push(reason);
                    }
                }
            }
        }
        list.sort_by_key(|r| std::cmp::Reverse(r.actions.len() > 1));
        let doubles: Vec<(String, String)> =
            list.iter().filter(|r| r.actions.len() > 1).map(|r| (r.decision.clone(), r.at.clone())).collect();
        list.retain(|r| r.actions.len() > 1 || !doubles.contains(&(r.decision.clone(), r.at.clone())));
        list
    }

    pub(super) fn corner(&self, meeting: &corners::Meeting) -> Corner {
        let place = match &meeting.exact {
            Some((x, y)) => (x.to_f64(), y.to_f64()),
            None => self.sheet().values(meeting.spot),
        };
        Corner {
            exact: meeting.exact.clone(),
            low: meeting.low,
            high: meeting.high,
            equations: (self.equation(meeting.factors.0), self.equation(meeting.factors.1)),
            regions: meeting.keys.iter().filter_map(|k| self.names.get(k).cloned()).collect(),
            geometry: Geometry::Point(place),
        }
    }

    /// The region of a point, by the proof that holds there.
    pub(super) fn region_at(&self, x: f64, y: f64) -> Option<String> {
        let library = &self.cover.library;
        let at = [Q::from_f64(x)?, Q::from_f64(y)?];
        let inside = (0..2).all(|k| library.sides[k].0 <= at[k] && at[k] <= library.sides[k].1);
        let basis = (0..library.bases.len()).find(|b| library.holds_at(*b, &at)).filter(|_| inside)?;
        self.names.get(&library.bases[basis].key).cloned()
    }
}

/// A, B … Z, AA, AB …
pub(super) fn letters(k: usize) -> String {
    let letter = char::from(b'A' + (k % 26) as u8);
    match k / 26 {
        0 => letter.to_string(),
        more => format!("{}{letter}", letters(more - 1)),
    }
}
