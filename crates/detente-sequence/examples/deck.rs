//! Writes Leduc hold'em for a deck of any size as `.efg`, row by row: with 52 cards in four suits it has
//! some 10 million nodes. Sets and outcomes are described where they first occur and named by number after.
//! Run with `cargo run --release -p detente-sequence --example deck -- 52 > deck52.efg`.

use std::collections::BTreeMap;
use std::io::{BufWriter, Write};

/// Rows go out as they come; what is kept is the number of each set and which outcomes were described.
struct Rows<W> {
    out: W,
    sets: BTreeMap<(usize, usize, String), usize>,
    described: BTreeMap<i64, usize>,
    rows: u64,
}

#[derive(Clone)]
struct State {
    cards: [usize; 2],
    public: Option<usize>,
    paid: [i64; 2],
    raises: u32,
    text: String,
}

const SUITS: usize = 4;

fn main() -> std::io::Result<()> {
    let cards: usize = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(12);
    let out = BufWriter::new(std::io::stdout().lock());
    let mut rows = Rows { out, sets: BTreeMap::new(), described: BTreeMap::new(), rows: 0 };
    writeln!(rows.out, "EFG 2 R \"Leduc hold'em, {cards} cards\" {{ \"P1\" \"P2\" }}")?;
    rows.deal(cards, &[])?;
    for a in 0..cards {
        rows.deal(cards, &[a])?;
        for b in (0..cards).filter(|b| *b != a) {
            let state = State { cards: [a, b], public: None, paid: [1, 1], raises: 0, text: String::new() };
            rows.bet(cards, &state, 0, 0)?;
        }
    }
    rows.out.flush()?;
    eprintln!("{} nodes, {} information sets and chance moves", rows.rows, rows.sets.len());
    Ok(())
}

impl<W: Write> Rows<W> {
    /// One chance move: a card that is not gone, all alike.
    fn deal(&mut self, cards: usize, gone: &[usize]) -> std::io::Result<()> {
        let left: Vec<usize> = (0..cards).filter(|c| !gone.contains(c)).collect();
        let next = self.sets.len() + 1;
        let number = *self.sets.entry((0, 0, format!("{gone:?}"))).or_insert(next);
        self.rows += 1;
        write!(self.out, "c \"\" {number}")?;
        if number == next {
            write!(self.out, " \"card{}\" {{", gone.len() + 1)?;
            for card in &left {
                write!(self.out, " \"c{card}\" 1/{}", left.len())?;
            }
            write!(self.out, " }}")?;
        }
        writeln!(self.out, " 0")
    }

    fn bet(&mut self, cards: usize, state: &State, player: usize, moves: u32) -> std::io::Result<()> {
        let mut actions = vec!["call"];
        if state.paid[1 - player] > state.paid[player] {
            actions.insert(0, "fold");
        }
        if state.raises < 2 {
            actions.push("raise");
        }
        let public = state.public.map_or(cards, |c| c);
        let card = state.cards[player] * (cards + 1) + public;
        let next = self.sets.len() + 1;
        let number = *self.sets.entry((player + 1, card, state.text.clone())).or_insert(next);
        self.rows += 1;
        write!(self.out, "p \"\" {} {number}", player + 1)?;
        if number == next {
            let names: Vec<String> = actions.iter().map(|a| format!("\"{a}\"")).collect();
            write!(
                self.out,
                " \"c{}/{public}:{}\" {{ {} }}",
                state.cards[player],
                state.text,
                names.join(" ")
            )?;
        }
        writeln!(self.out, " 0")?;
        for action in actions {
            let mut after = state.clone();
            after.text.push_str(&action[..1]);
            match action {
                "fold" => self.end(if player == 0 { -state.paid[0] } else { state.paid[1] })?,
                "raise" => {
                    let size = if state.public.is_some() { 4 } else { 2 };
                    after.paid[player] = state.paid[1 - player] + size;
                    after.raises += 1;
                    self.bet(cards, &after, 1 - player, moves + 1)?;
                }
                _ => {
                    after.paid[player] = state.paid[1 - player];
                    if moves == 0 {
                        self.bet(cards, &after, 1 - player, 1)?;
                    } else if let Some(public) = state.public {
                        self.end(shown(after.cards, public, after.paid))?;
                    } else {
                        self.deal(cards, &after.cards)?;
                        after.raises = 0;
                        after.text.push('/');
                        for card in (0..cards).filter(|c| !after.cards.contains(c)) {
                            let public = State { public: Some(card), ..after.clone() };
                            self.bet(cards, &public, 0, 0)?;
                        }
                    }
                }
            }
        }
        Ok(())
    }

    /// The end of play: what the first player wins from the second.
    fn end(&mut self, win: i64) -> std::io::Result<()> {
        let next = self.described.len() + 1;
        let number = *self.described.entry(win).or_insert(next);
        self.rows += 1;
        match number == next {
            true => writeln!(self.out, "t \"\" {number} \"win{win}\" {{ {win}, {} }}", -win),
            false => writeln!(self.out, "t \"\" {number}"),
        }
    }
}

/// What the first player wins when cards are shown: a pair with the public card, else the higher rank.
fn shown(cards: [usize; 2], public: usize, paid: [i64; 2]) -> i64 {
    let strength = |card: usize| if card / SUITS == public / SUITS { 1_000 } else { card / SUITS };
    match strength(cards[0]).cmp(&strength(cards[1])) {
        std::cmp::Ordering::Greater => paid[1],
        std::cmp::Ordering::Equal => 0,
        std::cmp::Ordering::Less => -paid[0],
    }
}
