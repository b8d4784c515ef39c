//! D1, D2 and divinity for equilibria of signalling games, decided exactly.
//!
//! The one idea: the receiver's reasonable replies are mixtures over *faces*, sets of replies that are all best
//! for one belief. "Whenever t does not lose, t' gains" fails if some mixture on some face shows the
//! contrary, which is one linear program per face (Cho and Kreps 1987; Banks and Sobel 1987). An equilibrium
//! stands if on some face, with a belief that the test allows, a reply keeps every type where it is.

use crate::intuitive::{Message, Sender, Signalling, payoffs_of, shape, upsets};
use detente_exact::Q;
use detente_exact::lp::{self, Lp, Rel};
use detente_game::refinements::{MessageRow, TypeRow};
use detente_game::solution::Component;
use detente_game::{Game, Numbers};

/// Most replies to a message: faces are their subsets.
const MOST: usize = 8;

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
    let senders = &message.senders;
    if senders[0].receiver.len() > MOST {
        return None;
    }
    let count = senders.len();
    let everybody: Vec<usize> = (0..count).collect();
    let faces = faces(senders, &[]);
    let beats = |t: usize, rivals: &[usize]| {
        rivals.iter().any(|r| gains_somewhere(senders, &faces, stakes, *r))
            && !faces.iter().any(|face| shown(senders, face, stakes, t, rivals))
    };
    let others = |t: usize| everybody.iter().copied().filter(|s| *s != t).collect::<Vec<usize>>();
    // outdone[t][r]: whenever t does not lose, r gains.
    let outdone: Vec<Vec<bool>> =
        everybody.iter().map(|t| everybody.iter().map(|r| r != t && beats(*t, &[*r])).collect()).collect();
    let d1: Vec<bool> = outdone.iter().map(|by| by.contains(&true)).collect();
    let d2: Vec<bool> = everybody.iter().map(|t| count > 1 && beats(*t, &others(*t))).collect();
    let never: Vec<bool> =
        everybody.iter().map(|t| !faces.iter().any(|face| reaches(senders, face, stakes, *t))).collect();
    let stands = |gone: &[bool]| {
        // If nobody is left, the message could be expected from nobody, and says nothing.
        let bounds: Vec<Bound> = match gone.contains(&false) {
            true => (0..count).filter(|t| gone[*t]).map(Bound::Zero).collect(),
            false => vec![],
        };
        supported(senders, stakes, &bounds)
    };
    let odds: Vec<Bound> = everybody
        .iter()
        .flat_map(|t| everybody.iter().map(move |r| (*t, *r)))
        .filter(|(t, r)| outdone[*t][*r])
        .map(|(t, r)| Bound::Odds(t, r))
        .collect();
    let told = |(t, s): (usize, &Sender)| TypeRow {
        set: shape.types[s.kind] as u32,
        action: s.action as u32,
        never_gains: never[t],
        d1: d1[t],
        d2: d2[t],
    };
    let mut types: Vec<TypeRow> = senders.iter().enumerate().map(told).collect();
    types.sort_by_key(|t| (t.set, t.action));
    Some(MessageRow {
        set: message.set as u32,
        types,
        intuitive: !upsets(message, stakes),
        divine: supported(senders, stakes, &odds),
        d1: stands(&d1),
        d2: stands(&d2),
    })
}

/// What a test demands of a belief.
enum Bound {
    /// Nothing is believed of this type.
    Zero(usize),
    /// The first is no likelier against the second than before.
    Odds(usize, usize),
}

/// The sets of replies that are all best for one belief within bounds.
fn faces(senders: &[Sender], bounds: &[Bound]) -> Vec<Vec<usize>> {
    let replies = senders[0].receiver.len();
    let (mut found, mut open): (Vec<Vec<usize>>, Vec<Vec<usize>>) = (vec![], vec![vec![]]);
    // Part of a face is a face: each grows by later replies only as long as it is one.
    while let Some(face) = open.pop() {
        for a in face.last().map_or(0, |last| last + 1)..replies {
            let larger = [face.as_slice(), &[a]].concat();
            if is_face(senders, &larger, bounds) {
                open.push(larger.clone());
                found.push(larger);
            }
        }
    }
    found
}

fn is_face(senders: &[Sender], face: &[usize], bounds: &[Bound]) -> bool {
    let count = senders.len();
    let mut lp = Lp::with_variables(count, Some(Q::ZERO), None);
    lp.add_row((0..count).map(|t| (t, Q::ONE)).collect(), Rel::Eq, Q::ONE);
    for a in face {
        for b in (0..senders[0].receiver.len()).filter(|b| b != a) {
            let margin = |(t, s): (usize, &Sender)| (t, &s.receiver[*a] - &s.receiver[b]);
            lp.add_row(senders.iter().enumerate().map(margin).collect(), Rel::Ge, Q::ZERO);
        }
    }
    for bound in bounds {
        match bound {
            Bound::Zero(t) => lp.add_row(vec![(*t, Q::ONE)], Rel::Eq, Q::ZERO),
            Bound::Odds(t, r) => {
                let row = vec![(*r, senders[*t].prior.clone()), (*t, -senders[*r].prior.clone())];
                lp.add_row(row, Rel::Ge, Q::ZERO)
            }
        };
    }
    lp::feasible(&lp).is_ok()
}

/// A mixture over a face, and what types get from it against the equilibrium.
fn mixture(face: &[usize]) -> Lp {
    let mut lp = Lp::with_variables(face.len(), Some(Q::ZERO), None);
    lp.add_row((0..face.len()).map(|k| (k, Q::ONE)).collect(), Rel::Eq, Q::ONE);
    lp
}

fn gets(sender: &Sender, face: &[usize]) -> Vec<(usize, Q)> {
    face.iter().enumerate().map(|(k, a)| (k, sender.sender[*a].clone())).collect()
}

/// Whether on this face `t` may not lose while no rival gains.
fn shown(senders: &[Sender], face: &[usize], stakes: &[Q], t: usize, rivals: &[usize]) -> bool {
    let mut lp = mixture(face);
    lp.add_row(gets(&senders[t], face), Rel::Ge, stakes[senders[t].kind].clone());
    for r in rivals {
        lp.add_row(gets(&senders[*r], face), Rel::Le, stakes[senders[*r].kind].clone());
    }
    lp::feasible(&lp).is_ok()
}

/// Whether a type may at least keep its payoff on this face.
fn reaches(senders: &[Sender], face: &[usize], stakes: &[Q], t: usize) -> bool {
    face.iter().any(|a| senders[t].sender[*a] >= stakes[senders[t].kind])
}

/// Whether a type gains from some reasonable reply.
fn gains_somewhere(senders: &[Sender], faces: &[Vec<usize>], stakes: &[Q], t: usize) -> bool {
    faces.iter().flatten().any(|a| senders[t].sender[*a] > stakes[senders[t].kind])
}

/// Whether some belief within bounds has a best reply by which no type gains.
fn supported(senders: &[Sender], stakes: &[Q], bounds: &[Bound]) -> bool {
    faces(senders, bounds).iter().any(|face| {
        let mut lp = mixture(face);
        for s in senders {
            lp.add_row(gets(s, face), Rel::Le, stakes[s.kind].clone());
        }
        lp::feasible(&lp).is_ok()
    })
}
