//! What is written fits the published schema, and the schema refuses what readers refuse.

use detente_exact::Q;
use detente_game::formats::json;
use detente_game::{Op, Param};
use detente_prob::Prior;
use detente_test::{Shape, random::Payoffs, random_game};

fn schema() -> jsonschema::Validator {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/schema/game.schema.json");
    let text = std::fs::read_to_string(path).expect("the schema is part of the repository");
    let value = serde_json::from_str(&text).expect("the schema is JSON");
    jsonschema::validator_for(&value).expect("the schema is a schema")
}

fn problems(schema: &jsonschema::Validator, text: &str) -> Vec<String> {
    let value = serde_json::from_str(text).expect("JSON");
    schema.iter_errors(&value).map(|e| format!("{} at {}", e, e.instance_path())).collect()
}

fn games() -> Vec<detente_game::Game> {
    let payoffs = Payoffs::Decimals;
    let mut games = vec![
        random_game(1, Shape::Signalling { types: 2, messages: 2, replies: 2, payoffs }),
        random_game(2, Shape::Table { players: 3, strategies: 2, payoffs }),
        random_game(3, Shape::General { players: 3, infosets: 5, menu: 3, payoffs }),
    ];
    // A game with parameters of every kind and every operation.
    let priors = [
        None,
        Some(Prior::Uniform { lo: 0.0, hi: 1.0 }),
        Some(Prior::Normal { mean: 0.0, sd: 1.0 }),
        Some(Prior::Lognormal { mu: 0.0, sigma: 1.0 }),
        Some(Prior::Beta { a: 4.0, b: 6.0 }),
        Some(Prior::Gamma { shape: 2.0, scale: 1.0 }),
        Some(Prior::Triangular { lo: 0.0, mode: 0.5, hi: 1.0 }),
        Some(Prior::Pert { lo: 0.0, mode: 0.5, hi: 1.0 }),
        Some(Prior::Discrete { values: vec![0.0, 1.0], probs: vec![0.5, 0.5] }),
        Some(Prior::Truncated { prior: Box::new(Prior::Normal { mean: 0.0, sd: 1.0 }), lo: 0.0, hi: 1.0 }),
        Some(Prior::Interval { lo: 0.1, hi: 0.2 }),
    ];
    let mut game = games[0].clone();
    let mut last = None;
    for (k, prior) in priors.into_iter().enumerate() {
        let name = format!("p{k}");
        game.params.push(Param {
            name,
            label: String::new(),
            unit: Some("share".into()),
            prior,
            base: Q::new(1, 3),
        });
        let param = game.tape.push(Op::Param(detente_game::ParamId(k as u32)));
        let op = last.map_or(Op::Neg(param), |before| match k {
            1 => Op::Add(before, param),
            2 => Op::Sub(before, param),
            3 => Op::Mul(before, param),
            4 => Op::Div(before, param),
            5 => Op::Min(before, param),
            6 => Op::Max(before, param),
            7 => Op::Less(before, param),
            8 => Op::Equal(before, param),
            9 => Op::If(before, param, before),
            _ => Op::Exp(before),
        });
        last = Some(game.tape.push(op));
    }
    games.push(game);
    games
}

#[test]
fn written_games_fit_the_schema() {
    let schema = schema();
    for game in games() {
        let text = json::write(&game);
        assert_eq!(problems(&schema, &text), Vec::<String>::new(), "{}", game.title);
        assert_eq!(json::read(&text).expect("written here"), game);
    }
}

#[test]
fn the_schema_refuses_other_documents() {
    let schema = schema();
    let text = json::write(&games()[0]);
    for (from, to) in [
        ("\"detente-game\":1", "\"detente-game\":2"),
        ("\"kind\":\"Move\"", "\"kind\":\"Jump\""),
        ("\"children\":", "\"offspring\":"),
        ("\"Const\":\"", "\"Const\":\"x"),
    ] {
        let changed = text.replace(from, to);
        assert_ne!(changed, text);
        assert!(!problems(&schema, &changed).is_empty(), "{to}");
        assert!(json::read(&changed).is_err(), "{to}");
    }
}
