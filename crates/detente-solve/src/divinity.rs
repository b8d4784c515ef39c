//! D1, D2 and divinity for equilibria of signalling games, decided exactly and in rounds.
//!
//! The one idea: the receiver's reasonable replies are mixtures over *faces*, sets of replies that are all best
//! for one belief. "Whenever t does not lose, t' gains" fails if some mixture on some face shows the
//! contrary, which is one linear program per face (Cho and Kreps 1987; Banks and Sobel 1987). What a round leaves
//! is a polytope of beliefs, told by its corners; the next round's faces are those of these beliefs. An equilibrium
//! stands as long as on some face a reply keeps every type where it is.

use crate::intuitive::{Message, Sender, Signalling, payoffs_of, shape, upsets};
use detente_exact::Q;
use detente_exact::lp::{self, Lp, Rel};
use detente_game::refinements::{MessageRow, TypeRow};
use detente_game::solution::Component;
use detente_game::{Game, Numbers};
use std::collections::BTreeSet;

/// Most replies to a message: faces are their subsets.
const MOST: usize = 8;
/// Most types whose groups are listed.
const MOST_TYPES: usize = 10;

/// A set of replies that are all best for one belief.
type Face = Vec<usize>;
/// A belief: a share per type that can send the message.
type Belief = Vec<Q>;

/// What the tests say of each message that the equilibrium shown for a component does not send. `None` if the
/// game is no signalling game in shape, a message has too many replies, or the equilibrium is not exact.
pub fn refinements(game: &Game, numbers: &Numbers, component: &Component) -> Option<Vec<MessageRow>> {
    let shape = shape(game, numbers)?;
    let profile: Option<Vec<Vec<Q>>> =
        component.profile.iter().map(|list| list.iter().map(|n| n.exact.clone()).collect()).collect();
    let profile = profile?;
    let stakes = payoffs_of(game, numbers, &shape, &profile)?;
    let sent = |m: &Message| m.senders.iter().any(|s| !profile[shape.types[s.kind]][s.action].is_zero());
    let unsent = shape.messages.iter().filter(|m| !sent(m));
    unsent.map(|message| row(&shape, message, &stakes)).collect()
}

fn row(shape: &Signalling, message: &Message, stakes: &[Q]) -> Option<MessageRow> {
    let mut senders: Vec<&Sender> = message.senders.iter().collect();
    senders.sort_by_key(|s| (shape.types[s.kind], s.action));
    if senders[0].receiver.len() > MOST {
        return None;
    }
    let heard = Heard { stakes: senders.iter().map(|s| &stakes[s.kind]).collect(), senders };
    let all: Vec<usize> = (0..heard.senders.len()).collect();
    let free = heard.faces(&heard.sure_of(&all));
    let (d1, stands_by_d1) = heard
        .rounds(|faces, t, left| left.iter().any(|rival| *rival != t && heard.outdone(faces, t, &[*rival])));
    let (d2, stands_by_d2) = heard.rounds(|faces, t, left| {
        let rivals: Vec<usize> = left.iter().copied().filter(|rival| *rival != t).collect();
        heard.outdone(faces, t, &rivals)
    });
    let (groups, divine) = heard.divinity();
    let told = |(t, s): (usize, &&Sender)| TypeRow {
        set: shape.types[s.kind] as u32,
        action: s.action as u32,
        never_gains: !free.iter().flatten().any(|a| s.sender[*a] >= *heard.stakes[t]),
        d1: d1[t],
        d2: d2[t],
    };
    Some(MessageRow {
        set: message.set as u32,
        types: heard.senders.iter().enumerate().map(told).collect(),
        intuitive: !upsets(message, stakes),
        divine,
        groups,
        d1: stands_by_d1,
        d2: stands_by_d2,
    })
}

/// The types that can send a message, with what each has in equilibrium.
struct Heard<'a> {
    senders: Vec<&'a Sender>,
    stakes: Vec<&'a Q>,
}

impl Heard<'_> {
    /// The beliefs that are sure of one of these types.
    fn sure_of(&self, types: &[usize]) -> Vec<Belief> {
        let sure = |t: usize| (0..self.senders.len()).map(move |s| Q::from(i64::from(s == t))).collect();
        types.iter().map(|t| sure(*t)).collect()
    }

    /// Excludes types round by round. Returns the round in which each goes, and whether the equilibrium stands.
    fn rounds(&self, goes: impl Fn(&[Face], usize, &[usize]) -> bool) -> (Vec<Option<u32>>, bool) {
        let mut gone: Vec<Option<u32>> = vec![None; self.senders.len()];
        for round in 1.. {
            let left: Vec<usize> = (0..gone.len()).filter(|t| gone[*t].is_none()).collect();
            let faces = self.faces(&self.sure_of(&left));
            if !self.stands(&faces) {
                return (gone, false);
            }
            // While it stands, whoever is the first to break even on the way to somebody's gain stays.
            let out: Vec<usize> = left.iter().copied().filter(|t| goes(&faces, *t, &left)).collect();
            if out.is_empty() || out.len() == left.len() {
                return (gone, true);
            }
            out.into_iter().for_each(|t| gone[t] = Some(round));
        }
        (gone, true)
    }

    /// Groups of types that may send the message together, round by round, and whether the equilibrium stands.
    fn divinity(&self) -> (Vec<Vec<Vec<u32>>>, Option<bool>) {
        if self.senders.len() > MOST_TYPES {
            return (vec![], None);
        }
        let all: Vec<usize> = (0..self.senders.len()).collect();
        let mut rounds: Vec<Vec<Vec<u32>>> = vec![];
        let mut beliefs = self.sure_of(&all);
        loop {
            let faces = self.faces(&beliefs);
            if !self.stands(&faces) {
                return (rounds, Some(false));
            }
            let groups: Vec<Vec<u32>> = self.groups(&faces).into_iter().collect();
            if groups.is_empty() || rounds.last() == Some(&groups) {
                return (rounds, Some(true));
            }
            beliefs = groups.iter().map(|group| self.at_prior_odds(group)).collect();
            rounds.push(groups);
        }
    }

    fn at_prior_odds(&self, group: &[u32]) -> Belief {
        let total: Q = group.iter().map(|t| self.senders[*t as usize].prior.clone()).sum();
        let share = |(t, s): (usize, &&Sender)| match group.contains(&(t as u32)) {
            true => &s.prior / &total,
            false => Q::ZERO,
        };
        self.senders.iter().enumerate().map(share).collect()
    }

    /// The largest faces of the mixtures of these beliefs.
    fn faces(&self, beliefs: &[Belief]) -> Vec<Face> {
        let replies = self.senders[0].receiver.len();
        let expected = |belief: &Belief, a: usize| -> Q {
            belief.iter().zip(&self.senders).map(|(share, s)| share * &s.receiver[a]).sum()
        };
        let pays: Vec<Vec<Q>> =
            beliefs.iter().map(|b| (0..replies).map(|a| expected(b, a)).collect()).collect();
        let (mut found, mut open): (Vec<Face>, Vec<Face>) = (vec![], vec![vec![]]);
        // Part of a face is a face: each grows by later replies only as long as it is one.
        while let Some(face) = open.pop() {
            for a in face.last().map_or(0, |last| last + 1)..replies {
                let larger = [face.as_slice(), &[a]].concat();
                if is_face(&pays, &larger) {
                    open.push(larger.clone());
                    found.push(larger);
                }
            }
        }
        let within =
            |small: &Face, large: &Face| large.len() > small.len() && small.iter().all(|a| large.contains(a));
        let largest: Vec<Face> =
            found.iter().filter(|face| !found.iter().any(|other| within(face, other))).cloned().collect();
        largest
    }

    /// Whether some mixture on this face gives the types at least, or at most, what they have.
    fn shown(&self, face: &Face, demands: impl Iterator<Item = (usize, Rel)>) -> bool {
        let mut lp = Lp::with_variables(face.len(), Some(Q::ZERO), None);
        lp.add_row((0..face.len()).map(|k| (k, Q::ONE)).collect(), Rel::Eq, Q::ONE);
        for (t, rel) in demands {
            let gets = face.iter().enumerate().map(|(k, a)| (k, self.senders[t].sender[*a].clone()));
            lp.add_row(gets.collect(), rel, self.stakes[t].clone());
        }
        lp::feasible(&lp).is_ok()
    }

    /// Whether some reasonable reply lets no type gain.
    fn stands(&self, faces: &[Face]) -> bool {
        faces.iter().any(|face| self.shown(face, (0..self.senders.len()).map(|t| (t, Rel::Le))))
    }

    /// Whether a rival gains whenever `t` does not lose, and not just since neither ever does.
    fn outdone(&self, faces: &[Face], t: usize, rivals: &[usize]) -> bool {
        let gains = |r: usize| faces.iter().flatten().any(|a| self.senders[r].sender[*a] > *self.stakes[r]);
        let contrary = |face: &Face| {
            let demands = rivals.iter().map(|r| (*r, Rel::Le)).chain([(t, Rel::Ge)]);
            self.shown(face, demands)
        };
        rivals.iter().any(|r| gains(*r)) && !faces.iter().any(contrary)
    }

    /// Groups of types, at least one, that some reasonable reply makes send together. Types are decided one by one.
    fn groups(&self, faces: &[Face]) -> BTreeSet<Vec<u32>> {
        let mut found = BTreeSet::new();
        for face in faces {
            let mut open: Vec<Vec<bool>> = vec![vec![]];
            while let Some(sends) = open.pop() {
                let demand = |(t, sends): (usize, &bool)| (t, if *sends { Rel::Ge } else { Rel::Le });
                if !self.shown(face, sends.iter().enumerate().map(demand)) {
                    continue;
                }
                if sends.len() < self.senders.len() {
                    open.extend([false, true].map(|next| [sends.as_slice(), &[next]].concat()));
                } else if sends.contains(&true) {
                    found.insert((0..sends.len() as u32).filter(|t| sends[*t as usize]).collect());
                }
            }
        }
        found
    }
}

/// Whether these replies are all best for one mixture of beliefs; `pays` has what each belief expects of each reply.
fn is_face(pays: &[Vec<Q>], face: &[usize]) -> bool {
    let mut lp = Lp::with_variables(pays.len(), Some(Q::ZERO), None);
    lp.add_row((0..pays.len()).map(|k| (k, Q::ONE)).collect(), Rel::Eq, Q::ONE);
    for a in face {
        for b in (0..pays[0].len()).filter(|b| b != a) {
            let margin = pays.iter().map(|pay| &pay[*a] - &pay[b]);
            lp.add_row(margin.enumerate().collect(), Rel::Ge, Q::ZERO);
        }
    }
    lp::feasible(&lp).is_ok()
}
