//! Writes the hand-made case as a page, to be looked at.
//!
//! `cargo run -p detente-report --example page -- FILE`

#[path = "../tests/support/case.rs"]
mod case;
#[path = "../tests/support/games.rs"]
mod games;

fn main() -> std::io::Result<()> {
    let file = std::env::args().nth(1).unwrap_or_else(|| "page.html".into());
    std::fs::write(file, detente_report::case_html(&case::example()))
}
