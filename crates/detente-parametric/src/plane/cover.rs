//! The plane, cut into boxes until proofs cover them.
//!
//! The one idea: a box is done when one proof holds all over it, or when every combination of
//! signs that the curves through it allow belongs to a proof: then all of it is covered but the
//! curves themselves, which have no area. Only boxes through which a border runs are cut on.

use super::library::{Library, Part};
use super::{Plane, Square};
use crate::evaluate::functions;
use crate::formula::{Formula, Watch};
use crate::line::{LEAST_STEPS, LESS, MOST_STEPS};
use crate::reasons::on_path;
use detente_exact::Q;
use detente_game::solution::{Solution, Status};
use detente_solve::{Known, Settings};
use detente_verify::over::{self, Found, Stop};
use std::collections::BTreeMap;

/// Boxes where no proof has functions to go on with are not cut further than this.
const HOPELESS: u32 = 5;
/// Coarser maps than two to this number of boxes along a side are cut on where borders crowd.
const ENOUGH: u32 = 7;
/// Why a box is open that smaller boxes would cover.
const CROWDED: &str = "several borders run through it";
/// Most proofs of one map.
const MAX_BASES: usize = 4000;
/// Most curves through one box for which all combinations of signs are looked at.
const MAX_CURVES: usize = 7;
/// Most proofs looked for in one box before it is cut.
const TRIES: usize = 4;
/// Where a box may be solved, as shares of its sides: off the lines on which symmetric games tie.
const POINTS: [[(i64, i64); 2]; 9] = [
    [(46, 97), (52, 101)],
    [(17, 103), (15, 89)],
    [(87, 101), (18, 107)],
    [(15, 97), (90, 103)],
    [(83, 97), (88, 101)],
    [(48, 101), (11, 97)],
    [(50, 103), (92, 101)],
    [(9, 103), (44, 89)],
    [(94, 103), (51, 97)],
];

/// A finest box through which curves run, all of it proven but for the curves.
#[derive(Clone, Debug)]
pub struct Cut {
    pub square: Square,
    pub curves: Vec<usize>,
    /// Per combination of signs (bit k: curve k is positive), the key there.
    pub keys: Vec<usize>,
    /// The proofs that reach into the box.
    pub bases: Vec<usize>,
}

/// How the plane is covered.
pub struct Cover {
    pub library: Library,
    /// Boxes all over which the same is played, with its key.
    pub whole: Vec<(Square, usize, usize)>,
    pub cut: Vec<Cut>,
    /// Boxes not covered, with the factors whose signs are not sure there.
    pub open: Vec<(Square, Vec<usize>)>,
    pub why: Vec<(String, u32)>,
    /// How often the game was solved.
    pub solved: u32,
    /// How often no proof came of it, and why the last time: where that is the rule, it ends.
    failed: usize,
    failure: String,
    /// Steps that the next proof may take.
    steps: u64,
}

/// A box to look at: proofs that may hold in parts of it, with the signs not sure yet, and how
/// many proofs were known then.
struct Task {
    square: Square,
    candidates: Vec<(usize, Vec<(usize, i32)>)>,
    seen: usize,
}

/// What a look at a box tells.
enum Look {
    Whole(usize),
    Cut(Cut),
    /// Not covered; the curves that run through it.
    Open(Vec<usize>),
}

/// Covers the plane; where more than a hundredth stays open at a coarse resolution, at a finer one.
/// Returns the number of finest boxes along a side as well.
pub fn cover(plane: &Plane) -> (Cover, u32) {
    let sides = [(plane.x.from.clone(), plane.x.to.clone()), (plane.y.from.clone(), plane.y.to.clone())];
    let atoms = crate::formula::Atoms::new(2);
    let library = Library::new(sides, &atoms);
    let mut depth = plane.depth;
    let mut found = covered(plane, depth, library, (0, 0));
    while depth < ENOUGH && found.crowded(1u32 << depth) && plane.progress.keep_going(0.0) {
        depth += 1;
        // The proofs stay: hardly any is new.
        let work = (found.solved, found.failed);
        found = covered(plane, depth, found.library, work);
    }
    (found, 1u32 << depth)
}

fn covered(plane: &Plane, depth: u32, library: Library, (solved, failed): (u32, usize)) -> Cover {
    let whole = 1u32 << depth;
    let plane = &Plane { base: plane.base.clone(), x: plane.x.clone(), y: plane.y.clone(), depth, ..*plane };
    let mut cover = Cover {
        library,
        whole: vec![],
        cut: vec![],
        open: vec![],
        why: vec![],
        solved,
        failed,
        failure: String::new(),
        steps: plane.settings.max_steps.min(MOST_STEPS),
    };
    let mut known: Option<Known> = None;
    let mut open = vec![Task { square: Square { x: 0, y: 0, size: whole }, candidates: vec![], seen: 0 }];
    let mut done: u64 = 0;
    while let Some(mut task) = open.pop() {
        let square = task.square;
        let area = u64::from(square.size) * u64::from(square.size);
        let going = plane.progress.keep_going(done as f64 / (f64::from(whole) * f64::from(whole)));
        let mut failed: Option<Stop> = None;
        let mut tries = 0;
        let look = loop {
            let look = cover.look(&mut task, whole);
            if !going || !matches!(look, Look::Open(_)) || tries >= TRIES {
                break look;
            }
            let Some(at) = cover.uncovered(&task, plane) else { break look };
            tries += 1;
            match cover.prove(plane, &square, at, &mut known) {
                Ok(()) => {}
                Err(stop) => {
                    failed = Some(stop);
                    break look;
                }
            }
        };
        let curves = match look {
            Look::Whole(basis) => {
                done += area;
                let key = cover.library.bases[basis].key;
                cover.whole.push((square, key, basis));
                continue;
            }
            Look::Cut(cut) => {
                let same = cut.keys.windows(2).all(|w| w[0] == w[1]);
                if same || square.size == 1 {
                    done += area;
                    match cut.keys.first().zip(cut.bases.first()) {
                        Some((key, basis)) if same => cover.whole.push((square, *key, *basis)),
                        _ => cover.cut.push(cut),
                    }
                    continue;
                }
                vec![]
            }
            Look::Open(curves) => curves,
        };
        let hopeless = failed.is_some() && square.size <= whole >> HOPELESS.min(plane.depth);
        if square.size > 1 && going && !hopeless {
            let half = square.size / 2;
            for (dx, dy) in [(0, 0), (half, 0), (0, half), (half, half)] {
                let square = Square { x: square.x + dx, y: square.y + dy, size: half };
                open.push(Task { square, candidates: task.candidates.clone(), seen: task.seen });
            }
            continue;
        }
        done += area;
        cover.open.push((square, curves));
        let words = match failed {
            Some(stop) => stop.words().to_string(),
            None if going => CROWDED.to_string(),
            None => "the search was interrupted".to_string(),
        };
        match cover.why.iter_mut().find(|w| w.0 == words) {
            Some(entry) => entry.1 += 1,
            None => cover.why.push((words, 1)),
        }
    }
    cover.why.sort_by_key(|w| std::cmp::Reverse(w.1));
    cover
}

impl Cover {
    /// Whether more than a hundredth of the plane is open because borders crowd.
    fn crowded(&self, whole: u32) -> bool {
        let area: u64 = self.open.iter().map(|o| u64::from(o.0.size) * u64::from(o.0.size)).sum();
        let all = u64::from(whole) * u64::from(whole);
        area * 100 > all && self.why.iter().any(|w| w.0 == CROWDED)
    }

    /// Looks which proofs hold in a box; keeps in the task what is not sure.
    fn look(&mut self, task: &mut Task, whole: u32) -> Look {
        let library = &self.library;
        let scale = 1.0 / f64::from(whole);
        let square = &task.square;
        let side = |at: u32| (f64::from(at) * scale, f64::from(at + square.size) * scale);
        let part: Part = [side(square.x), side(square.y)];
        let mut signs: BTreeMap<usize, Option<i32>> = BTreeMap::new();
        for k in task.seen..library.bases.len() {
            task.candidates.push((k, library.bases[k].conditions.clone()));
        }
        task.seen = library.bases.len();
        let mut kept: Vec<(usize, Vec<(usize, i32)>)> = vec![];
        let mut found = None;
        for (basis, conditions) in std::mem::take(&mut task.candidates) {
            let mut unsure = vec![];
            let mut dead = false;
            for (factor, sign) in conditions {
                match *signs.entry(factor).or_insert_with(|| library.sign(factor, &part)) {
                    Some(s) if s == sign => {}
                    Some(_) => {
                        dead = true;
                        break;
                    }
                    None => unsure.push((factor, sign)),
                }
            }
            if !dead && unsure.is_empty() {
                found = found.or(Some(basis));
            }
            if !dead {
                kept.push((basis, unsure));
            }
        }
        task.candidates = kept;
        if let Some(basis) = found {
            return Look::Whole(basis);
        }
        self.combined(task, &part)
    }

    /// Whether all combinations of signs in a box are covered.
    fn combined(&self, task: &mut Task, part: &Part) -> Look {
        let library = &self.library;
        // A factor may have been cut since, and some of its parts have a sign here.
        let mut signs: BTreeMap<usize, Option<i32>> = BTreeMap::new();
        let mut sure = |k: usize| *signs.entry(k).or_insert_with(|| library.sign(k, part));
        let mut lists: Vec<(usize, Vec<(usize, i32)>)> = vec![];
        for (basis, unsure) in &mut task.candidates {
            let conditions = &library.bases[*basis].conditions;
            let mut list: Vec<(usize, i32)> = vec![];
            let mut dead = false;
            for (factor, sign) in unsure.iter() {
                let leaves = library.leaves(*factor);
                if leaves.len() == 1 && leaves[0] == *factor {
                    list.push((*factor, *sign));
                    continue;
                }
                // The signs of the parts are those where the proof was found; they may be looked up.
                let own = |k: usize| conditions.iter().find(|c| c.0 == k).map(|c| c.1);
                for leaf in leaves {
                    let wanted = own(leaf).or_else(|| library.sign_where_found(*basis, leaf)).unwrap_or(0);
                    match sure(leaf) {
                        Some(s) if s == wanted => {}
                        Some(_) => dead = true,
                        None => list.push((leaf, wanted)),
                    }
                }
            }
            if !dead {
                *unsure = list.clone();
                lists.push((*basis, list));
            } else {
                *unsure = vec![(usize::MAX, 0)];
            }
        }
        task.candidates.retain(|c| c.1.first().is_none_or(|u| u.0 != usize::MAX));
        if let Some((basis, _)) = lists.iter().find(|l| l.1.is_empty()) {
            return Look::Whole(*basis);
        }
        let mut curves: Vec<usize> = lists.iter().flat_map(|l| l.1.iter().map(|c| c.0)).collect();
        curves.sort_unstable();
        curves.dedup();
        if lists.is_empty() || curves.len() > MAX_CURVES {
            return Look::Open(curves);
        }
        let mut keys = vec![];
        for signs in 0..1u32 << curves.len() {
            let sign = |k: usize| {
                let at = curves.binary_search(&k).unwrap_or_default();
                if signs >> at & 1 == 1 { 1 } else { -1 }
            };
            let fits = |l: &&(usize, Vec<(usize, i32)>)| l.1.iter().all(|(k, s)| sign(*k) == *s);
            match lists.iter().find(fits) {
                Some((basis, _)) => keys.push(library.bases[*basis].key),
                None => return Look::Open(curves),
            }
        }
        let bases = lists.iter().map(|l| l.0).collect();
        Look::Cut(Cut { square: task.square, curves, keys, bases })
    }

    /// A place of the box where no proof holds yet.
    fn uncovered(&self, task: &Task, plane: &Plane) -> Option<[Q; 2]> {
        POINTS.iter().map(|share| point(plane, &task.square, *share)).find(|at| {
            let holds = |(k, s): &(usize, i32)| self.library.sign_at(*k, at) == Some(*s);
            !task.candidates.iter().any(|(_, unsure)| unsure.iter().all(holds))
        })
    }

    /// Solves the game at a point, or else at other points of the box, and keeps the proof.
    fn prove(
        &mut self,
        plane: &Plane,
        square: &Square,
        first: [Q; 2],
        known: &mut Option<Known>,
    ) -> Result<(), Stop> {
        if self.library.bases.len() >= MAX_BASES {
            return Err(Stop::Never("there are too many pieces".into()));
        }
        if self.failed > 24 + 4 * self.library.bases.len() {
            return Err(Stop::Never(self.failure.clone()));
        }
        let mut last = Stop::Here("no point of the box could be solved".into());
        let others = POINTS.iter().take(2).map(|share| point(plane, square, *share));
        for at in std::iter::once(first).chain(others) {
            self.solved += 1;
            match self.prove_at(plane, &at, known) {
                Ok(()) => return Ok(()),
                Err(stop) => last = stop,
            }
            self.failed += 1;
            self.failure = last.words().to_string();
            if matches!(last, Stop::Never(_)) {
                break;
            }
        }
        Err(last)
    }

    /// Solves at a point. Sizes are bounded over the whole plane, or else near the point only.
    fn prove_at(&mut self, plane: &Plane, at: &[Q; 2], known: &mut Option<Known>) -> Result<(), Stop> {
        let mut params = plane.base.clone();
        for (axis, value) in [&plane.x, &plane.y].into_iter().zip(at) {
            params[axis.param.index()] = value.clone();
        }
        let solution = solve(plane, &params, known, &mut self.steps)?;
        let certificate = crate::line::over_certificate(plane.game, &solution);
        let mut last = Stop::Here(String::new());
        for (tight, careful) in [(None, false), (None, true), (Some(8), true), (Some(64), true)] {
            let watch = Watch::new(&at[..], &self.library.sides, tight, &self.library.atoms);
            let mut free: Vec<Option<Formula>> = vec![None; params.len()];
            for (k, axis) in [&plane.x, &plane.y].into_iter().enumerate() {
                free[axis.param.index()] = Some(Formula::variable(k, &watch));
            }
            let numbers = functions(plane.game, &params, &free).map_err(Stop::Here)?;
            let found: Result<Found<Formula>, Stop> =
                over::replay(plane.game, &numbers.chance, &numbers.payoffs, &certificate, careful);
            match found {
                Ok(found) => {
                    *known = Some(Known::new(plane.game, &solution));
                    let mut key: Vec<String> =
                        found.components.iter().map(|c| on_path(plane.game, &c.supports)).collect();
                    key.sort();
                    self.library.add(&watch.asked()?, &watch.at(), key, found);
                    return Ok(());
                }
                Err(stop @ Stop::Never(_)) => return Err(stop),
                Err(stop) => last = stop,
            }
        }
        Err(last)
    }
}

/// A short fraction near that share of a box.
fn point(plane: &Plane, square: &Square, share: [(i64, i64); 2]) -> [Q; 2] {
    let along = |axis: &super::Axis, start: u32, share: (i64, i64)| {
        let low = plane.at(axis, start);
        let width = plane.at(axis, start + square.size) - &low;
        let middle = Q::new(share.0, share.1);
        let near = |by: i64| &low + &width * (&middle + Q::new(by, 200));
        Q::simplest_between(&near(-1), &near(1))
    };
    [along(&plane.x, square.x, share[0]), along(&plane.y, square.y, share[1])]
}

/// Solves at a point, in so many steps; fewer from then on if they were too few.
fn solve(plane: &Plane, params: &[Q], known: &Option<Known>, steps: &mut u64) -> Result<Solution, Stop> {
    let numbers = plane.game.numbers(params).map_err(|e| Stop::Here(e.to_string()))?;
    // A proof by cases holds on ranges; one about a table does not.
    let settings = Settings { by_cases: true, max_steps: *steps, ..plane.settings.clone() };
    let solution = match known {
        Some(k) => detente_solve::solve_again(plane.game, &numbers, &settings, k, plane.progress),
        None => detente_solve::solve(plane.game, &numbers, &settings, plane.progress),
    };
    match solution.status {
        Status::ExactComplete => Ok(solution),
        _ => {
            *steps = (*steps / LESS).max(LEAST_STEPS.min(*steps));
            Err(Stop::Here(solution.unresolved.first().cloned().unwrap_or_default()))
        }
    }
}
