//! The pure sequential equilibria of a signalling game with two replies, in lanes.
//!
//! The one idea: every condition is the sign of one of a few differences (a type between two
//! message–reply pairs; the receiver after a message sent by some types; Cho and Kreps, "Signaling
//! games and stable equilibria", 1987). Each sign is a mask over the lanes, a profile is an `and` of
//! masks. After a message that nobody sends every belief is consistent, and with two replies one is
//! best for some belief if it is best against some type.

use crate::backward::wanted;
use crate::lanes::{Block, LANES, Row, row};
use crate::tape::{Program, Source, Values, sums_to_one};
use detente_game::{Game, NodeId, NodeKind};

/// Bounds a sum's own rounding, see `tape`.
const UNIT: f64 = 1.2e-16;
/// Most profiles: they are the bits of one word.
const MAX_PROFILES: usize = 64;

type Mask = [u64; LANES];

/// A signalling game, compiled.
#[derive(Clone, Debug)]
pub struct PureSignalling {
    types: usize,
    messages: usize,
    program: Program,
    chance: Vec<Source>,
    /// Payments on the way to each end, by type, message and reply: to the sender, to the receiver.
    ends: Vec<[Vec<Source>; 2]>,
    /// The messages of the types, then the replies to the messages.
    profiles: Vec<Vec<u8>>,
    /// Per profile, the masks that must hold.
    conditions: Vec<Vec<usize>>,
    /// How each mask is made, in order.
    masks: Vec<Sign>,
}

/// A mask that says where something is strictly better.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Sign {
    /// This type gains more by the first message and reply than by the second.
    Sends(usize, (usize, usize), (usize, usize)),
    /// After this message from these types, this reply is better than the other.
    Replies(usize, Vec<usize>, usize),
    /// This reply is better than the other against some type.
    Sometimes(usize, usize),
}

/// The pure equilibria of a block.
#[derive(Clone, Debug)]
pub struct PureFound {
    /// Bit k: profile k of [`PureSignalling::profiles`] is an equilibrium.
    pub equilibria: Mask,
    /// True where some sign is too close to call: for the exact path.
    pub near: [bool; LANES],
    numbers: Values,
    sums: Vec<(Row, Row)>,
    masks: Vec<Mask>,
}

impl Default for PureFound {
    fn default() -> PureFound {
        let none = [0; LANES];
        let near = [false; LANES];
        PureFound { equilibria: none, near, numbers: Values::default(), sums: vec![], masks: vec![] }
    }
}

impl PureSignalling {
    /// Compiles a game in which chance draws the sender's type, the sender moves once at a set of
    /// its own for each type, and the receiver, who sees the message alone, answers with one of two
    /// replies. `None` for every other game, and for more than 64 pure profiles.
    pub fn new(game: &Game) -> Option<PureSignalling> {
        let root = &game.nodes[0];
        let NodeKind::Chance(c) = root.kind else { return None };
        let senders: Vec<NodeId> = game.children(NodeId(0)).to_vec();
        let types = senders.len();
        let messages = game.nodes[senders[0].index()].num_children as usize;
        let mut receivers: Vec<Option<u32>> = vec![None; messages];
        let program = Program::new(game, &wanted(game));
        let mut ends = vec![];
        let mut player = None;
        for sender in &senders {
            let NodeKind::Decision(h) = game.nodes[sender.index()].kind else { return None };
            let set = &game.infosets[h.index()];
            if set.nodes.len() != 1 || set.actions.len() != messages {
                return None;
            }
            if *player.get_or_insert(set.player) != set.player {
                return None;
            }
            for (m, x) in game.children(*sender).iter().enumerate() {
                let NodeKind::Decision(r) = game.nodes[x.index()].kind else { return None };
                let reply = &game.infosets[r.index()];
                if reply.nodes.len() != types || reply.actions.len() != 2 || reply.player == set.player {
                    return None;
                }
                if *receivers[m].get_or_insert(r.0) != r.0 {
                    return None;
                }
                for end in game.children(*x) {
                    if !matches!(game.nodes[end.index()].kind, NodeKind::Terminal(_)) {
                        return None;
                    }
                    let to = |p| payments(game, &program, *end, p);
                    ends.push([to(set.player.0), to(reply.player.0)]);
                }
            }
        }
        let count = messages.checked_pow(types as u32)?.checked_mul(1usize.checked_shl(messages as u32)?)?;
        if count > MAX_PROFILES || !sums_to_one(game) {
            return None;
        }
        let chance = game.chances[c.index()].probs.iter().map(|e| program.source(*e)).collect();
        let (profiles, conditions, masks) = (vec![], vec![], vec![]);
        let mut found =
            PureSignalling { types, messages, program, chance, ends, profiles, conditions, masks };
        (0..count).for_each(|k| found.add_profile(k));
        Some(found)
    }

    /// The pure profiles: the message of each type, then the reply to each message.
    pub fn profiles(&self) -> &[Vec<u8>] {
        &self.profiles
    }

    fn add_profile(&mut self, mut k: usize) {
        let (types, messages) = (self.types, self.messages);
        let mut profile = vec![];
        for menu in std::iter::repeat_n(messages, types).chain(std::iter::repeat_n(2, messages)) {
            profile.push((k % menu) as u8);
            k /= menu;
        }
        let sent = |t: usize| usize::from(profile[t]);
        let reply = |m: usize| usize::from(profile[types + m]);
        let mut signs = vec![];
        for t in 0..types {
            for m in (0..messages).filter(|m| *m != sent(t)) {
                signs.push(Sign::Sends(t, (sent(t), reply(sent(t))), (m, reply(m))));
            }
        }
        for m in 0..messages {
            let senders: Vec<usize> = (0..types).filter(|t| sent(*t) == m).collect();
            signs.push(match senders.is_empty() {
                true => Sign::Sometimes(m, reply(m)),
                false => Sign::Replies(m, senders, reply(m)),
            });
        }
        let place = |masks: &mut Vec<Sign>, sign: Sign| match masks.iter().position(|s| *s == sign) {
            Some(found) => found,
            None => {
                masks.push(sign);
                masks.len() - 1
            }
        };
        self.conditions.push(signs.into_iter().map(|s| place(&mut self.masks, s)).collect());
        self.profiles.push(profile);
    }

    /// Finds the pure equilibria of a block of draws, in rows that are used again.
    pub fn run(&self, block: &Block, out: &mut PureFound) {
        self.program.run(block, &mut out.numbers);
        let numbers = &out.numbers;
        out.sums.clear();
        out.sums.extend(self.ends.iter().flatten().map(|list| sum(list, numbers)));
        let mut near: Mask = [0; LANES];
        for s in &self.chance {
            let (v, e) = (numbers.value(*s), numbers.error(*s));
            for k in 0..LANES {
                near[k] |= u64::from(!(v[k] - e[k] > 0.0 && v[k] + e[k] <= 1.0));
            }
        }
        out.masks.clear();
        for sign in &self.masks {
            out.masks.push(self.mask(sign, &out.sums, numbers, &mut near));
        }
        out.equilibria = [0; LANES];
        for (bit, list) in self.conditions.iter().enumerate() {
            let mut all = [1u64 << bit; LANES];
            for m in list {
                for k in 0..LANES {
                    all[k] &= out.masks[*m][k];
                }
            }
            for k in 0..LANES {
                out.equilibria[k] |= all[k];
            }
        }
        for k in 0..LANES {
            out.near[k] = near[k] != 0;
        }
    }

    /// Where in `sums` the payoff of the sender (0) or the receiver (1) stands.
    fn at(&self, t: usize, (m, a): (usize, usize), who: usize) -> usize {
        ((t * self.messages + m) * 2 + a) * 2 + who
    }

    fn mask(&self, sign: &Sign, sums: &[(Row, Row)], numbers: &Values, near: &mut Mask) -> Mask {
        match sign {
            Sign::Sends(t, here, there) => {
                let (a, b) = (&sums[self.at(*t, *here, 0)], &sums[self.at(*t, *there, 0)]);
                positive(&difference(a, b), near)
            }
            Sign::Replies(m, senders, a) => {
                if let [t] = senders[..] {
                    return positive(&self.gain(t, *m, *a, sums), near);
                }
                let (mut v, mut e) = (row(0.0), row(0.0));
                for t in senders {
                    let gain = self.gain(*t, *m, *a, sums);
                    let (p, ep) = (numbers.value(self.chance[*t]), numbers.error(self.chance[*t]));
                    for k in 0..LANES {
                        let part = p[k] * gain.0[k];
                        v[k] += part;
                        let carried = p[k] * gain.1[k] + ep[k] * (gain.0[k].abs() + gain.1[k]);
                        e[k] += (carried + (part.abs() + v[k].abs()) * UNIT) * (1.0 + 1e-14) + 1e-300;
                    }
                }
                positive(&(v, e), near)
            }
            Sign::Sometimes(m, a) => {
                let mut some: Mask = [0; LANES];
                for t in 0..self.types {
                    let better = positive(&self.gain(t, *m, *a, sums), near);
                    for k in 0..LANES {
                        some[k] |= better[k];
                    }
                }
                some
            }
        }
    }

    /// What the receiver gains by reply `a` over the other, against one type.
    fn gain(&self, t: usize, m: usize, a: usize, sums: &[(Row, Row)]) -> (Row, Row) {
        difference(&sums[self.at(t, (m, a), 1)], &sums[self.at(t, (m, 1 - a), 1)])
    }
}

/// The payments to a player on the way to an end.
fn payments(game: &Game, program: &Program, end: NodeId, player: u32) -> Vec<Source> {
    let mut list = vec![];
    let mut at = Some(end);
    while let Some(x) = at {
        let node = &game.nodes[x.index()];
        let pays = game.pay_lists[node.pays.index()].iter().filter(|p| p.player.0 == player);
        list.extend(pays.map(|p| program.source(p.amount)));
        at = node.parent.map(|(above, _)| above);
    }
    list
}

fn sum(list: &[Source], numbers: &Values) -> (Row, Row) {
    let (mut v, mut e) = (row(0.0), row(0.0));
    for (i, s) in list.iter().enumerate() {
        let (x, ex) = (numbers.value(*s), numbers.error(*s));
        for k in 0..LANES {
            v[k] += x[k];
            let own = if i == 0 { 0.0 } else { v[k].abs() * UNIT };
            e[k] = (e[k] + ex[k] + own) * (1.0 + 1e-14);
        }
    }
    (v, e)
}

fn difference(a: &(Row, Row), b: &(Row, Row)) -> (Row, Row) {
    let (mut v, mut e) = (row(0.0), row(0.0));
    for k in 0..LANES {
        v[k] = a.0[k] - b.0[k];
        let doubt = a.1[k] + b.1[k];
        // The sign of a difference of exact floats is exact.
        let own = if doubt == 0.0 { 0.0 } else { v[k].abs() * UNIT };
        e[k] = (doubt + own) * (1.0 + 1e-14);
    }
    (v, e)
}

/// Where a number is above 0; marks the lanes in which that is not sure.
fn positive(number: &(Row, Row), near: &mut Mask) -> Mask {
    let mut mask: Mask = [0; LANES];
    for k in 0..LANES {
        let clear = number.0[k].abs() > number.1[k];
        near[k] |= if clear { 0 } else { u64::MAX };
        mask[k] = if number.0[k] > 0.0 { u64::MAX } else { 0 };
    }
    mask
}
