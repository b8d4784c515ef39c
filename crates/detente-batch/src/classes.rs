//! Which numbers of one draw are surely the same number, though formulas differ.
//!
//! The one idea (value numbering; Cocke and Schwartz, "Programming Languages and Their Compilers", 1970): two
//! steps with the same operation on the same operands give the same number. In a draw more is known than in
//! the formula: a chance that is capped at 1 *is* 1, whatever was capped, and what is multiplied by 0 is 0. So
//! payments that hang on capped chances only are told to be equal, and no rounding has to tell.

use crate::tape::{Program, Source, Step, Values};
use std::collections::BTreeMap;

/// What a number is: its own float where it is one exactly, else how it was computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Exact(u64),
    Param(u32),
    /// A constant that is no float, by its step.
    Own(u32),
    One(u8, u32),
    Two(u8, u32, u32),
    Three(u32, u32, u32),
}

/// The classes of one draw's numbers: two of one class are the same number.
#[derive(Debug)]
pub(crate) struct Classes {
    params: Vec<u32>,
    steps: Vec<u32>,
    zero: u32,
}

/// Hands out a number per key.
struct Numbering {
    known: BTreeMap<Key, u32>,
    zero: u32,
    one: u32,
}

impl Numbering {
    fn of(&mut self, key: Key) -> u32 {
        let next = self.known.len() as u32;
        *self.known.entry(key).or_insert(next)
    }

    fn exact(&mut self, value: f64) -> u32 {
        // Both zeros are one number.
        self.of(Key::Exact((value + 0.0).to_bits()))
    }

    fn sorted(&mut self, op: u8, a: u32, b: u32) -> u32 {
        self.of(Key::Two(op, a.min(b), a.max(b)))
    }
}

impl Classes {
    /// Numbers all that a program computes in one lane.
    pub fn new(program: &Program, values: &Values, lane: usize) -> Classes {
        let mut numbering = Numbering { known: BTreeMap::new(), zero: 0, one: 0 };
        numbering.zero = numbering.exact(0.0);
        numbering.one = numbering.exact(1.0);
        let params = (0..values.params.len() as u32).map(|p| {
            let source = Source::Param(p);
            match values.error(source)[lane] == 0.0 {
                true => numbering.exact(values.value(source)[lane]),
                false => numbering.of(Key::Param(p)),
            }
        });
        let params: Vec<u32> = params.collect();
        let mut found =
            Classes { params, steps: Vec::with_capacity(program.steps.len()), zero: numbering.zero };
        for (k, step) in program.steps.iter().enumerate() {
            let own = Source::Value(k as u32);
            let (value, error) = (values.value(own)[lane], values.error(own)[lane]);
            let class = match error == 0.0 && value.is_finite() {
                true => numbering.exact(value),
                false => found.step(&mut numbering, k, step, values, lane),
            };
            found.steps.push(class);
        }
        found
    }

    /// The class of a number.
    pub fn of(&self, source: Source) -> u32 {
        match source {
            Source::Param(p) => self.params[p as usize],
            Source::Value(v) => self.steps[v as usize],
        }
    }

    /// Whether a number is surely 0.
    pub fn is_zero(&self, source: Source) -> bool {
        self.of(source) == self.zero
    }

    fn step(&self, n: &mut Numbering, k: usize, step: &Step, values: &Values, lane: usize) -> u32 {
        let (zero, one) = (n.zero, n.one);
        let two = |a: &Source, b: &Source| (self.of(*a), self.of(*b));
        // Whether one number is surely below another.
        let below = |a: &Source, b: &Source| {
            let high = values.value(*a)[lane] + values.error(*a)[lane];
            let low = values.value(*b)[lane] - values.error(*b)[lane];
            high.next_up() < low.next_down()
        };
        match step {
            Step::Const(..) => n.of(Key::Own(k as u32)),
            Step::Neg(a) => n.of(Key::One(0, self.of(*a))),
            Step::Exp(a) => n.of(Key::One(1, self.of(*a))),
            Step::Ln(a) => n.of(Key::One(2, self.of(*a))),
            Step::Sqrt(a) => n.of(Key::One(3, self.of(*a))),
            Step::Add(a, b) => match two(a, b) {
                (a, b) if a == zero => b,
                (a, b) if b == zero => a,
                (a, b) => n.sorted(0, a, b),
            },
            Step::Sub(a, b) => match two(a, b) {
                (a, b) if b == zero => a,
                (a, b) if a == b => zero,
                (a, b) => n.of(Key::Two(1, a, b)),
            },
            Step::Mul(a, b) => match two(a, b) {
                (a, b) if a == zero || b == zero => zero,
                (a, b) if a == one => b,
                (a, b) if b == one => a,
                (a, b) => n.sorted(2, a, b),
            },
            Step::Div(a, b) => match two(a, b) {
                (a, b) if b == one => a,
                (a, b) => n.of(Key::Two(3, a, b)),
            },
            Step::Min(a, b) | Step::Max(a, b) => {
                let least = matches!(step, Step::Min(..));
                let (first, second) =
                    if least { (below(a, b), below(b, a)) } else { (below(b, a), below(a, b)) };
                match two(a, b) {
                    (own, other) if first || own == other => own,
                    (_, other) if second => other,
                    (own, other) => n.sorted(if least { 4 } else { 5 }, own, other),
                }
            }
            Step::Less(a, b) => n.of(Key::Two(6, self.of(*a), self.of(*b))),
            Step::Equal(a, b) => n.sorted(7, self.of(*a), self.of(*b)),
            Step::If(c, a, b) => {
                let (test, doubt) = (values.value(*c)[lane], values.error(*c)[lane]);
                match (doubt == 0.0, test != 0.0) {
                    (true, true) => self.of(*a),
                    (true, false) => self.of(*b),
                    _ => n.of(Key::Three(self.of(*c), self.of(*a), self.of(*b))),
                }
            }
            Step::Pow(a, b) => n.of(Key::Two(8, self.of(*a), self.of(*b))),
        }
    }
}
