//! The intuitive criterion against textbook signalling games.
//!
//! Beer and quiche: Cho and Kreps, "Signaling Games and Stable Equilibria" (1987).

use detente_exact::Q;
use detente_game::Game;
use detente_game::solution::Solution;
use detente_solve::{Settings, Silent, solve};
use detente_test::TreeBuilder;

/// A signalling game: `pay(type, message, reply)` gives both payoffs.
fn signalling(
    prior: &[Q],
    messages: &[&str],
    replies: &[&str],
    knows_type: bool,
    pay: impl Fn(usize, usize, usize) -> (i64, i64),
) -> Game {
    let names = |list: &[&str]| list.iter().map(|s| s.to_string()).collect::<Vec<String>>();
    let mut b = TreeBuilder::new("signal", &["Sender", "Receiver"]);
    let kinds: Vec<String> = (0..prior.len()).map(|t| format!("t{t}")).collect();
    let draw = b.chance_event(Some(0), "kind", &kinds);
    let send = b.decision_event(0, "message", &names(messages));
    let answer = b.decision_event(1, "reply", &names(replies));
    let types: Vec<_> = kinds.iter().map(|k| b.infoset(send, k)).collect();
    let sets: Vec<Vec<_>> = (0..messages.len())
        .map(|m| {
            let count = if knows_type { prior.len() } else { 1 };
            (0..count).map(|k| b.infoset(answer, &format!("{m}.{k}"))).collect()
        })
        .collect();
    let root = b.chance(None, draw, prior);
    for t in 0..prior.len() {
        let sender = b.decision(Some((root, t as u32)), types[t]);
        for m in 0..messages.len() {
            let set = sets[m][if knows_type { t } else { 0 }];
            let receiver = b.decision(Some((sender, m as u32)), set);
            for r in 0..replies.len() {
                let (u, v) = pay(t, m, r);
                let name = format!("{}.{}", messages[m], replies[r]);
                b.end(Some((receiver, r as u32)), Some(&name), &[Q::from(u), Q::from(v)]);
            }
        }
    }
    b.finish()
}

fn solved(game: &Game) -> Solution {
    let numbers = game.numbers(&[]).expect("the game has numbers");
    solve(game, &numbers, &Settings::default(), &Silent)
}

/// Weak types like quiche, strong ones beer; a duel costs the sender 2 and pays against the weak.
fn beer_quiche(strong: Q) -> Game {
    let prior = [Q::ONE - &strong, strong];
    signalling(&prior, &["beer", "quiche"], &["duel", "leave"], false, |t, m, r| {
        let liked = i64::from((t == 1) == (m == 0));
        let receiver = if r == 0 { if t == 0 { 1 } else { -1 } } else { 0 };
        (liked + if r == 1 { 2 } else { 0 }, receiver)
    })
}

#[test]
fn quiche_pooling_fails_and_beer_pooling_passes() {
    let solution = solved(&beer_quiche(Q::new(9, 10)));
    assert_eq!(solution.components.len(), 2);
    for c in &solution.components {
        let beer = c.profile[1][0].exact == Some(Q::ONE);
        assert_eq!(c.intuitive, Some(beer));
    }
}

#[test]
fn partial_separation_sends_both_messages_and_passes() {
    let solution = solved(&beer_quiche(Q::new(2, 5)));
    let verdicts: Vec<_> = solution.components.iter().map(|c| c.intuitive).collect();
    assert_eq!(verdicts, [Some(true)]);
}

#[test]
fn it_does_not_apply_where_the_receiver_knows_more_than_the_message() {
    let game = signalling(&[Q::new(1, 2), Q::new(1, 2)], &["a", "b"], &["x", "y"], true, |t, m, r| {
        (t as i64 + m as i64, r as i64)
    });
    assert!(solved(&game).components.iter().all(|c| c.intuitive.is_none()));
}

#[test]
fn a_receiver_with_types_of_her_own_is_out_of_scope() {
    // The receiver privately learns a cost before she answers.
    let mut b = TreeBuilder::new("two-sided", &["Sender", "Receiver"]);
    let two = |x: &str, y: &str| vec![x.to_string(), y.to_string()];
    let half = [Q::new(1, 2), Q::new(1, 2)];
    let kind = b.chance_event(Some(0), "kind", &two("low", "high"));
    let cost = b.chance_event(Some(1), "cost", &two("cheap", "dear"));
    let send = b.decision_event(0, "message", &two("a", "b"));
    let answer = b.decision_event(1, "reply", &two("x", "y"));
    let types = [b.infoset(send, "low"), b.infoset(send, "high")];
    let sets: Vec<_> = (0..4).map(|k| b.infoset(answer, &format!("{k}"))).collect();
    let root = b.chance(None, kind, &half);
    for t in 0..2 {
        let draw = b.chance(Some((root, t)), cost, &half);
        for c in 0..2 {
            let s = b.decision(Some((draw, c)), types[t as usize]);
            for m in 0..2 {
                let r = b.decision(Some((s, m)), sets[(2 * m + c) as usize]);
                b.end(Some((r, 0)), None, &[Q::from(t as i64), Q::from(1)]);
                b.end(Some((r, 1)), None, &[Q::ZERO, Q::from(2 * c as i64 * (t as i64))]);
            }
        }
    }
    assert!(solved(&b.finish()).components.iter().all(|c| c.intuitive.is_none()));
}

/// The worst reply counts, and only over best replies to what is left: with three replies the
/// middle one is best against a mixture only.
#[test]
fn replies_that_are_best_for_no_belief_are_no_threat() {
    // Pooling on `stay`. `go`: reply `punish` is never a best reply; type 1 gains from every other.
    let pay = |t: usize, m: usize, r: usize| {
        if m == 0 {
            return (1, 0);
        }
        let receiver = [[-5, 2, 0], [-5, 0, 2]][t][r];
        let sender = [[-9, 0, 0], [-9, 0, 2]][t][r];
        (sender, receiver)
    };
    let game =
        signalling(&[Q::new(1, 2), Q::new(1, 2)], &["stay", "go"], &["punish", "left", "right"], false, pay);
    let solution = solved(&game);
    // Type 0 never gains from `go`; without it the reply is `right`, and type 1 gains: pooling
    // on `stay` fails, and in the other equilibrium type 1 goes.
    for c in &solution.components {
        let pooled = c.profile[1][0].exact == Some(Q::ONE);
        assert_eq!(c.intuitive, Some(!pooled));
    }
    assert!(solution.components.iter().any(|c| c.intuitive == Some(false)));
}
