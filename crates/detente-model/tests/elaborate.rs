//! Sizes of known models, and the shape of what is elaborated.

mod common;

use common::{load_file, load_text, rendered, top};
use detente_game::{EventKind, Game, NodeKind};
use detente_model::Model;

fn model(name: &str) -> Model {
    let loaded = load_file(&top().join("tests/elaborate").join(name));
    let messages = rendered(&loaded);
    loaded.model.unwrap_or_else(|| panic!("{name}: {messages}"))
}

/// Nodes, and information sets of each player.
fn size(game: &Game) -> (usize, Vec<usize>) {
    let mut sets = vec![0; game.players.len()];
    game.infosets.iter().for_each(|h| sets[h.player.index()] += 1);
    (game.nodes.len(), sets)
}

#[test]
fn the_three_models_have_their_known_sizes() {
    assert_eq!(size(&model("audience.det").game), (15, vec![4, 1]));
    assert_eq!(size(&model("ultimatum.det").game), (513, vec![1, 168]));
    assert_eq!(size(&model("ladder.det").game), (2107, vec![26, 14, 7]));
}

#[test]
fn trees_are_whole_and_ordered() {
    for name in ["audience.det", "ultimatum.det", "ladder.det"] {
        let game = model(name).game;
        for (at, node) in game.nodes.iter().enumerate() {
            for (k, child) in game.children(detente_game::NodeId(at as u32)).iter().enumerate() {
                assert!(child.index() > at, "{name}: parents come first");
                assert_eq!(
                    game.nodes[child.index()].parent.map(|(p, k)| (p.index(), k as usize)),
                    Some((at, k))
                );
            }
            if matches!(node.kind, NodeKind::Terminal(_)) {
                assert_eq!(node.num_children, 0);
            }
        }
        detente_game::recall::check(&game).unwrap();
        game.numbers(&game.base_params()).unwrap();
    }
}

#[test]
fn payoffs_are_exact() {
    let game = model("ultimatum.det").game;
    let numbers = game.numbers(&game.base_params()).unwrap();
    assert!(!numbers.rounded);
    // Cells of B's cost: 0.40 * (2k + 1) / 16.
    let cost = game.events.iter().find(|e| e.kind == EventKind::Private).unwrap();
    let first = numbers.tape[cost.values[0].0 as usize].clone().unwrap();
    assert_eq!(first, detente_exact::Q::new(1, 40));
    let model = model("audience.det");
    let prices: Vec<String> = model.game.params.iter().map(|p| p.base.to_string()).collect();
    assert_eq!(prices, ["2/5", "59/200", "-1/2"]);
}

#[test]
fn a_variant_is_a_game_of_its_own() {
    let base = std::fs::read_to_string(top().join("tests/elaborate/audience.det")).unwrap();
    let text = base.replace("@fearon1994[p. 582]", "@key").replace("@tomz2007[tab. 2]", "@key");
    let text = text.replace("@wire2031[2 March]", "@key");
    let more = "variant quiet { forbid Home.message == threat }\n\
                variant open { reveal Home.resolve to Rival }\n\
                variant dear { set a = 2 }\n\
                ask q = prob(war in quiet) + prob(war in open) + prob(war in dear)\n";
    let loaded = load_text(&format!("{text}{more}"));
    let messages = rendered(&loaded);
    let model = loaded.model.unwrap_or_else(|| panic!("{messages}"));
    assert_eq!(size(&model.variants["quiet"].game), (5, vec![2, 0]));
    assert_eq!(size(&model.variants["open"].game), (15, vec![4, 2]));
    assert_eq!(size(&model.variants["dear"].game), (15, vec![4, 1]));
    assert_eq!(model.variants["dear"].game.params[1].base, detente_exact::Q::new(2, 1));
    assert_eq!(model.variants["dear"].sets.len(), 1);
}

#[test]
fn what_will_not_fit_is_refused_at_once() {
    let start = "players A, B\noutcome o { A: 0, B: 0 }\nplay {\n";
    for (body, named) in [
        ("repeat i in 1..40 { A chooses m { x, y } B chooses n { x, y } }", "2 options, 40 times over"),
        ("A chooses m from 0 to 1 in 100000000 points", "100000000 options"),
        ("repeat i in 1..1000000000000 { pay { A: i } }", "rounds"),
        ("repeat i in 1..100000 { repeat j in 1..100000 { repeat k in 1..9 { pay { A: 1 } } } }", "rounds"),
    ] {
        let before = std::time::Instant::now();
        let loaded = load_text(&format!("{start}{body}\nend o }}\n"));
        let text = rendered(&loaded);
        assert!(text.contains("error[too-large]") && text.contains(named), "{body}: {text}");
        assert!(before.elapsed().as_secs() < 20, "{body} took {:?}", before.elapsed());
    }
}

#[test]
fn elaboration_is_deterministic() {
    let one = model("ladder.det").game.sha256();
    assert_eq!(one, model("ladder.det").game.sha256());
}

#[test]
fn an_irrational_constant_is_the_nearest_f64_and_says_so() {
    let loaded = load_text(
        "players A, B\nconst r = sqrt(2) / 2\nconst s = r * 2\noutcome end { A: s, B: 0 }\nplay { end end }\n",
    );
    let messages = rendered(&loaded);
    let game = loaded.model.unwrap_or_else(|| panic!("{messages}")).game;
    let numbers = game.numbers(&game.base_params()).expect("numbers");
    assert!(numbers.rounded);
    let paid = numbers.payoffs[0].to_f64();
    assert!((paid - std::f64::consts::SQRT_2).abs() < 1e-15, "{paid}");
}

fn game_of(text: &str) -> Game {
    let loaded = load_text(text);
    let messages = rendered(&loaded);
    loaded.model.unwrap_or_else(|| panic!("{text}\n{messages}")).game
}

/// A stage means what its statements mean, written out by hand.
#[test]
fn a_stage_is_what_it_writes_out() {
    let rest = "players A, B, x\noutcome peace { A: 1, B: 1, x: 0 }\noutcome war { A: 0, B: 0, x: 0 }\n";
    let staged = format!(
        "{rest}stage offer(x, y: player, c: number, deal: outcome) {{
           x chooses offer hidden from y {{ low, high => pay {{ y: -c }} }}
           tell y x.offer == low
           y chooses answer {{ accept if x.offer == low => end deal, refuse => pay {{ x: -c, y: c / 2 }} }}
         }}
         play {{ do offer(A, B, 0.5, peace)  repeat i in 1..1 {{ do offer(B, x, 1 / (i + 1), war) }}  end war }}"
    );
    let offer = |x: &str, y: &str, c: &str, deal: &str| {
        format!(
            "{x} chooses offer hidden from {y} {{ low, high => pay {{ {y}: -({c}) }} }}
             tell {y} {x}.offer == low
             {y} chooses answer {{ accept if {x}.offer == low => end {deal}, refuse => pay {{ {x}: -({c}), {y}: ({c}) / 2 }} }}"
        )
    };
    let (first, second) = (offer("A", "B", "0.5", "peace"), offer("B", "x", "1 / (i + 1)", "war"));
    let plain = format!("{rest}play {{ {first} repeat i in 1..1 {{ {second} }} end war }}");
    assert_eq!(game_of(&staged), game_of(&plain));
}

/// A joint table with independent rows is as good as two facts on their own.
#[test]
fn a_joint_table_of_independent_facts_is_two_facts() {
    let rest = "players A, B\nparam q assumed \"guess\" ~ uniform(0.1, 0.9)\noutcome peace { A: 1, B: 1 }
        outcome war { A: if A.x == s then 1 else 0, B: if B.y == u then 1 else 0 }
        play { A chooses move { stop => end peace, go => end war } }";
    let joint = game_of(&format!(
        "private A.x, B.y =\n| | u | v |\n| s | 0.4 * q | 0.4 * (1 - q) |\n| t | 0.6 * q | rest |\n{rest}"
    ));
    let apart =
        game_of(&format!("private A.x {{ s: 0.4, t: rest }}\nprivate B.y {{ u: q, v: rest }}\n{rest}"));
    for share in [0.25, 0.5, 0.75] {
        let point = vec![detente_exact::Q::from_f64(share).expect("a quarter is a number")];
        let reach = |game: &Game| -> Vec<detente_exact::Q> {
            let numbers = game.numbers(&point).expect("the point is inside the prior");
            let ends = game.nodes.iter().enumerate().filter(|(_, n)| matches!(n.kind, NodeKind::Terminal(_)));
            ends.map(|(at, _)| {
                let mut chance = detente_exact::Q::ONE;
                let mut at = detente_game::NodeId(at as u32);
                while let Some((parent, k)) = game.nodes[at.index()].parent {
                    if let NodeKind::Chance(id) = game.nodes[parent.index()].kind {
                        chance = &chance * &numbers.chance[id.index()][k as usize];
                    }
                    at = parent;
                }
                chance
            })
            .collect()
        };
        assert_eq!(reach(&joint), reach(&apart));
    }
}
