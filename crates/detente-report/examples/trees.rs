//! Writes the pictures of the hand-built games into a folder, to be looked at.
//!
//! `cargo run -p detente-report --example trees -- FOLDER`

#[path = "../tests/support/games.rs"]
mod games;

use detente_report::{Direction, SvgOptions, View, svg, tree_scene};

fn main() -> std::io::Result<()> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| ".".into());
    for (name, game, (numbers, solution)) in games::pictures() {
        let view = View::of(&solution, 0);
        for (suffix, direction) in
            [("", Direction::Fitting), ("-down", Direction::Down), ("-right", Direction::Right)]
        {
            let scene =
                tree_scene(&game, &numbers, view.as_ref(), direction).map_err(std::io::Error::other)?;
            std::fs::write(format!("{folder}/{name}{suffix}.svg"), svg(&scene, &SvgOptions::default()))?;
        }
    }
    Ok(())
}
