//! The plane, cut into boxes until proofs cover them.
//!
//! The one idea: a box is done when one proof holds all over it, or when every combination of
//! signs that the curves through it allow belongs to a proof: then all of it is covered but the
//! curves themselves, which have no area. Only boxes through which a border runs are cut on.

mod look;
mod prove;

use self::look::{Look, Task};
use super::library::Library;
use super::{Plane, Square};
use crate::line::MOST_STEPS;
use detente_solve::Known;
use detente_verify::over::Stop;

/// Boxes where no proof has functions to go on with are not cut further than this.
const HOPELESS: u32 = 5;
/// Coarser maps than two to this number of boxes along a side are cut on where borders crowd.
const ENOUGH: u32 = 7;
/// Why a box is open that smaller boxes would cover.
const CROWDED: &str = "several borders run through it";
/// Most proofs looked for in one box before it is cut.
const TRIES: usize = 4;

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
        let going = plane.progress.keep_going(done as f64 / (f64::from(whole) * f64::from(whole)));
        let (look, failed) = cover.explored(&mut task, plane, going, &mut known);
        let Some(curves) = cover.settled(look, square) else {
            done += square.area();
            continue;
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
        done += square.area();
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
    /// Looks at a box, and while it is open and `going`, for a few more proofs that hold in parts of it. Says
    /// why the last one failed, if it did.
    fn explored(
        &mut self,
        task: &mut Task,
        plane: &Plane,
        going: bool,
        known: &mut Option<Known>,
    ) -> (Look, Option<Stop>) {
        let mut tries = 0;
        loop {
            let look = self.look(task, 1u32 << plane.depth);
            if !going || !matches!(look, Look::Open(_)) || tries >= TRIES {
                return (look, None);
            }
            let Some(at) = self.uncovered(task, plane) else { return (look, None) };
            tries += 1;
            if let Err(stop) = self.prove(plane, &task.square, at, known) {
                return (look, Some(stop));
            }
        }
    }

    /// Keeps a box that is done; otherwise gives the curves that run through it, none if it is to be cut first.
    fn settled(&mut self, look: Look, square: Square) -> Option<Vec<usize>> {
        match look {
            Look::Whole(basis) => {
                let key = self.library.bases[basis].key;
                self.whole.push((square, key, basis));
                None
            }
            Look::Cut(cut) => {
                let same = cut.keys.windows(2).all(|w| w[0] == w[1]);
                if !same && square.size > 1 {
                    return Some(vec![]);
                }
                match cut.keys.first().zip(cut.bases.first()) {
                    Some((key, basis)) if same => self.whole.push((square, *key, *basis)),
                    _ => self.cut.push(cut),
                }
                None
            }
            Look::Open(curves) => Some(curves),
        }
    }

    /// Whether more than a hundredth of the plane is open because borders crowd.
    fn crowded(&self, whole: u32) -> bool {
        let area: u64 = self.open.iter().map(|o| o.0.area()).sum();
        let all = u64::from(whole) * u64::from(whole);
        area * 100 > all && self.why.iter().any(|w| w.0 == CROWDED)
    }
}
