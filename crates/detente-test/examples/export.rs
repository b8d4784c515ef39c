//! Writes random games of twelve kinds as files for programs outside: `export FOLDER SEEDS`.

use detente_game::formats::{efg, nfg};
use detente_test::random::Payoffs;
use detente_test::{Shape, SplitMix, random_game};
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or("usage: export FOLDER SEEDS")?);
    let seeds: u64 = arguments.next().ok_or("usage: export FOLDER SEEDS")?.parse()?;
    std::fs::create_dir_all(&folder)?;
    for seed in 0..seeds {
        let payoffs = if seed % 2 == 0 { Payoffs::Integers(3) } else { Payoffs::Decimals };
        let games = [
            ("signal-2x2x2", Shape::Signalling { types: 2, messages: 2, replies: 2, payoffs }),
            ("signal-2x3x3", Shape::Signalling { types: 2, messages: 3, replies: 3, payoffs }),
            ("general-2p", Shape::General { players: 2, infosets: 5, menu: 2, payoffs }),
            ("general-3p", Shape::General { players: 3, infosets: 6, menu: 2, payoffs }),
            ("types-2p", Shape::PrivateTypes { players: 2, types: 2, actions: 2, payoffs }),
            ("types-3p", Shape::PrivateTypes { players: 3, types: 2, actions: 2, payoffs }),
            ("perfect-2p", Shape::PerfectInformation { players: 2, decisions: 6, menu: 3, payoffs }),
            ("two-sided", Shape::TwoSided { moves: 2, payoffs }),
            ("offers", Shape::Offers { offers: 4, types: 2 }),
            ("table", Shape::Table { players: 2, strategies: 4, payoffs }),
            ("table-3p", Shape::Table { players: 3, strategies: 2, payoffs }),
        ];
        for (name, shape) in games {
            let game = random_game(seed, shape);
            let numbers = game.numbers(&[])?;
            let (text, kind) = if game.strategic {
                (nfg::write(&game, &numbers)?, "nfg")
            } else {
                (efg::write(&game, &numbers), "efg")
            };
            std::fs::write(folder.join(format!("{name}.{seed}.{kind}")), text)?;
        }
        std::fs::write(folder.join(format!("zero-sum.{seed}.nfg")), zero_sum(seed))?;
    }
    Ok(())
}

/// A table in which one player's gain is the other's loss.
fn zero_sum(seed: u64) -> String {
    let random = &mut SplitMix::new(seed);
    let (rows, columns) = (random.between(2, 5), random.between(2, 5));
    let payoffs = (0..rows * columns).map(|_| random.between(-9, 9));
    let cells: Vec<String> = payoffs.map(|x| format!("{x} {}", -x)).collect();
    format!("NFG 1 R \"zero-sum\" {{ \"Row\" \"Column\" }} {{ {rows} {columns} }}\n{}\n", cells.join("  "))
}
