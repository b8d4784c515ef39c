//! What a draw's equilibria are, as enclosures; and the signature that names the set.

use detente_exact::Interval;
use detente_game::solution::{FreeWhat, Solution};

/// What is played at an information set over one component of equilibria.
#[derive(Clone, Debug, PartialEq)]
pub enum Play {
    /// One action for sure.
    Pure(u32),
    /// These probabilities.
    Mixed(Vec<Interval>),
    /// Several sets are in the same position and only their average is fixed, or several actions of one set lead to
    /// the same and only their sum is: one such mixture, and how far each action of this set may go.
    Split(Vec<Interval>, Vec<Interval>),
    /// Any mixture of these actions, as bits: play ends alike for everybody after each of them.
    Tied(u64),
    /// Any mixture of these actions, as bits, at the start of the game: whoever chooses gets the same after each, and
    /// outcomes are the same, but others may get more after one than after another.
    Even(u64),
    /// What is heard was said for free: one reply to all that anybody says.
    Heard(Box<Heard>),
    /// Never called for; replies and the beliefs behind them are free within bounds.
    Free(Box<Region>),
}

/// Where a set is not reached: all replies that some belief supports and no one deviates for.
#[derive(Clone, Debug, PartialEq)]
pub struct Region {
    /// Lowest and highest probability of each action over the region.
    pub moves: Vec<Interval>,
    /// The same of the belief in each member.
    pub beliefs: Vec<Interval>,
    /// False where the ranges may be wider than the region is.
    pub tight: bool,
    /// Where they are tight: how far an end may be from the one that is attained.
    pub blur: f64,
}

/// A set that hears free talk (Farrell and Rabin, "Cheap talk", 1996): over one component it is not told which
/// messages are sent, only what they are answered with.
#[derive(Clone, Debug, PartialEq)]
pub struct Heard {
    /// The reply wherever play gets here.
    pub answer: u32,
    /// Lowest and highest probability of each action over the component, points included at which nobody says this.
    pub moves: Vec<Interval>,
    /// The same of the belief in each member.
    pub beliefs: Vec<Interval>,
}

impl Play {
    /// Writes the range of each action's probability.
    pub fn write(&self, row: &mut [Interval]) {
        match self {
            Play::Pure(a) => row[*a as usize] = Interval::ONE,
            Play::Mixed(list) | Play::Split(_, list) => row.copy_from_slice(list),
            Play::Tied(bits) | Play::Even(bits) => {
                let unit = Interval::ZERO.hull(Interval::ONE);
                row.iter_mut().enumerate().filter(|(a, _)| bits >> a & 1 == 1).for_each(|(_, p)| *p = unit);
            }
            Play::Heard(heard) => row.copy_from_slice(&heard.moves),
            Play::Free(region) => row.copy_from_slice(&region.moves),
        }
    }

    /// The actions that have positive probability somewhere, as bits.
    pub fn used(&self) -> u64 {
        let bits = |row: &[Interval]| {
            let used = row.iter().enumerate().filter(|(_, p)| p.hi() > 0.0);
            used.fold(0, |bits, (a, _)| bits | 1 << a)
        };
        match self {
            Play::Pure(a) => 1 << a,
            Play::Tied(bits) | Play::Even(bits) => *bits,
            Play::Mixed(list) | Play::Split(_, list) => bits(list),
            Play::Heard(heard) => bits(&heard.moves),
            Play::Free(region) => bits(&region.moves),
        }
    }
}

/// One connected component of equilibria.
#[derive(Clone, Debug)]
pub struct Equilibrium {
    /// Per information set.
    pub plays: Vec<Play>,
    /// Range of the probability of every action of every set; set `h` starts at `starts[h]`.
    pub moves: Vec<Interval>,
    pub starts: Vec<usize>,
    /// Range of the belief in every member of every set; set `h` starts at `members[h]`. All reals
    /// where a set is not reached and its beliefs were not worked out.
    pub beliefs: Vec<Interval>,
    pub members: Vec<usize>,
    /// Probability per outcome key; each is one number over the whole component.
    pub outcomes: Vec<Interval>,
    /// Expected payoff per player; from lowest to highest where [`Play::Even`] leaves it open.
    pub payoffs: Vec<Interval>,
    /// Whether something varies over the component that bears on outcomes or beliefs.
    pub varies: bool,
    /// Whether some set is [`Play::Tied`] or [`Play::Heard`]: ranges of what speaks of its moves need not be attained.
    pub tied: bool,
}

impl Equilibrium {
    /// The range of each action's probability at a set.
    pub fn moves(&self, h: usize, actions: usize) -> &[Interval] {
        &self.moves[self.starts[h]..self.starts[h] + actions]
    }

    /// The range of the belief in each member of a set.
    pub fn beliefs(&self, h: usize, members: usize) -> &[Interval] {
        &self.beliefs[self.members[h]..self.members[h] + members]
    }
}

/// All sequential equilibria of one draw.
#[derive(Clone, Debug)]
pub struct Found {
    pub equilibria: Vec<Equilibrium>,
}

impl Found {
    /// Names the set: which actions each component uses at each information set. The order of the
    /// components does not matter.
    pub fn signature(&self) -> u64 {
        sum(self.equilibria.iter().map(|e| e.plays.iter().map(Play::used)))
    }

    /// Lowest and highest probability of each outcome over all equilibria.
    pub fn outcomes(&self) -> Vec<Interval> {
        let all = self.equilibria.iter().map(|e| e.outcomes.clone());
        let hull = |a: Vec<Interval>, b: Vec<Interval>| a.iter().zip(&b).map(|(x, y)| x.hull(*y)).collect();
        all.reduce(hull).unwrap_or_default()
    }
}

/// The same name, from an exact answer.
pub fn signature(solution: &Solution) -> u64 {
    sum(solution.components.iter().map(|c| {
        let mut used: Vec<u64> = vec![];
        for row in &c.profile {
            let some = row.iter().enumerate().filter(|(_, p)| p.value > 0.0);
            used.push(some.fold(0, |bits, (a, _)| bits | 1 << (a & 63)));
        }
        for free in c.free.iter().filter(|f| f.high.value > 0.0) {
            if let FreeWhat::Action(h, a) = free.what {
                used[h as usize] |= 1 << (a & 63);
            }
        }
        used
    }))
}

/// The same name, for one component of pure choices.
pub fn signature_of_choices(choices: impl Iterator<Item = u8>) -> u64 {
    sum(std::iter::once(choices.map(|a| 1 << (a & 63))))
}

/// A sum of scrambled components, each a chain of scrambled sets.
fn sum<C: IntoIterator<Item = u64>>(components: impl Iterator<Item = C>) -> u64 {
    let mut total = 0u64;
    for component in components {
        let chain = component.into_iter().fold(0x9e37_79b9_7f4a_7c15, |h, bits| scramble(h ^ bits));
        total = total.wrapping_add(scramble(chain));
    }
    total
}

/// Mixes the bits of a word (the finaliser of Steele, Lea and Flood, "Fast splittable pseudorandom
/// number generators", 2014).
fn scramble(word: u64) -> u64 {
    let word = word.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}
