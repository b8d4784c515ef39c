//! Lanes against the exact path: the same choices wherever a lane is not marked.

mod common;

use common::{block, free, numbers};
use detente_batch::{LANES, Perfect, Played, PureFound, PureSignalling};
use detente_exact::Q;
use detente_solve::{Settings, Silent, solve};
use detente_test::random::{Payoffs, SplitMix};
use detente_test::{Shape, pure_sequential, random_game};

#[test]
fn backward_induction_finds_the_only_equilibrium_or_marks_the_lane() {
    let random = &mut SplitMix::new(7);
    let (mut clear, mut near) = (0, 0);
    for seed in 0..40 {
        let payoffs = Payoffs::Integers(4);
        let shape = Shape::PerfectInformation { players: 3, decisions: 9, menu: 4, payoffs };
        let game = free(random_game(seed, shape));
        let block = block(&game, random, if seed % 2 == 0 { 0 } else { 60 });
        let Some(perfect) = Perfect::new(&game, &block) else { panic!("perfect information: {seed}") };
        let mut played = Played::default();
        perfect.run(&block, &mut played);
        for lane in 0..LANES {
            let numbers = numbers(&game, &block, lane);
            let solution = solve(&game, &numbers, &Settings::default(), &Silent);
            if played.near[lane] {
                near += 1;
                continue;
            }
            clear += 1;
            let [only] = &solution.components[..] else { panic!("an unmarked lane with a tie: {seed}") };
            for (h, row) in only.profile.iter().enumerate() {
                let chosen = usize::from(played.choice[h][lane]);
                assert_eq!(row[chosen].exact, Some(Q::ONE), "game {seed}, lane {lane}, set {h}");
            }
            for (p, value) in only.payoffs.iter().enumerate() {
                assert!((value.value - played.values[p][lane]).abs() < 1e-12);
            }
        }
    }
    assert!(clear > 500 && near > 50, "{clear} clear, {near} near");
}

#[test]
fn pure_equilibria_of_signalling_are_those_of_a_list_of_all_profiles() {
    let random = &mut SplitMix::new(11);
    let (mut clear, mut near, mut found) = (0, 0, 0);
    for seed in 0..24 {
        let (types, messages) = [(2, 2), (4, 2), (3, 2), (1, 3)][seed as usize % 4];
        let payoffs = Payoffs::Integers(4);
        let shape = Shape::Signalling { types, messages, replies: 2, payoffs };
        let game = free(random_game(seed, shape));
        let block = block(&game, random, if seed % 3 == 0 { 8 } else { 0 });
        let kernel = PureSignalling::new(&game).expect("a signalling game");
        let mut pure = PureFound::default();
        kernel.run(&block, &mut pure);
        for lane in 0..LANES {
            if pure.near[lane] {
                near += 1;
                continue;
            }
            clear += 1;
            let listed = pure_sequential(&game, &numbers(&game, &block, lane));
            assert!(listed.undecided.is_empty());
            let mut mine: Vec<Vec<u32>> = vec![];
            for (k, profile) in kernel.profiles().iter().enumerate() {
                if pure.equilibria[lane] >> k & 1 == 1 {
                    mine.push(profile.iter().map(|a| u32::from(*a)).collect());
                }
            }
            found += mine.len();
            let mut theirs = listed.found;
            mine.sort();
            theirs.sort();
            assert_eq!(mine, theirs, "game {seed}, lane {lane}");
        }
    }
    assert!(clear > 300 && near > 50 && found > 300, "{clear} clear, {near} near, {found} found");
}
