//! Any bytes as an `.efg` file: a game or an error with a place, never a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Ok(text) = std::str::from_utf8(data)
        && let Ok(game) = detente_game::formats::efg::read(text)
        && let Ok(numbers) = game.numbers(&game.base_params())
    {
        // What is written must be readable again.
        let written = detente_game::formats::efg::write(&game, &numbers);
        detente_game::formats::efg::read(&written).expect("a written game is readable");
    }
});
