//! Columns of claims, undefined answers with their limits, continua, evidence, explanations.

mod support;

use detente_answer::asked::{Content, answer};
use detente_answer::claims::{Column, decide, refuted};
use detente_answer::evidence::{Factor, evidence};
use detente_answer::text::evidence_text;
use detente_answer::undefined::Why;
use detente_answer::verdict::{Class, Verdict};
use detente_answer::why::why;
use support::{asked, model, q, solve, values};

fn file(name: &str) -> String {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/answer").join(name);
    std::fs::read_to_string(path).expect("a model of the corpus")
}

#[test]
fn columns_of_beer_and_quiche() {
    let model = model(&file("holds/beer-quiche.det"));
    let point = solve(&model, &[]);
    let hands = point.hands();
    let out = refuted(&model, &hands);
    let claim = |name: &str| {
        let claim = model.claims.iter().find(|c| c.name == name).expect("a claim");
        decide(&hands, claim, &out)
    };
    let brave = claim("brave");
    assert_eq!(brave.class(Column::All), Class::TrueInSome);
    assert_eq!(claim("calm").class(Column::All), Class::TrueInAll);
    // Each breakfast that nobody eats brings about a duel, and the other does not.
    assert_eq!(claim("fear").class(Column::All), Class::TrueInSome);
    assert!(brave.rows.iter().all(|r| !r.refuted));
}

#[test]
fn a_condition_of_probability_zero_is_undefined_with_its_limit_beside_it() {
    let model = model(&file("holds/beer-quiche.det"));
    let point = solve(&model, &[]);
    let tells = asked(&model, &point, "tells");
    let mut undefined = 0;
    for (row, drinks) in tells.rows.iter().zip(values(&asked(&model, &point, "drinks"))) {
        match &row.content {
            Content::Undefined(u) => {
                undefined += 1;
                assert_eq!(drinks, Some(q(1, 1)), "quiche is unseen where all drink beer");
                assert_eq!(u.why, Why::ProbabilityZero);
                let limit = u.off_path.as_ref().expect("a limit under sequential equilibrium");
                // R fights only if S is weak with at least even odds.
                assert!(limit.low.value >= 0.5 - 1e-12 && limit.high.value <= 1.0, "{limit:?}");
            }
            Content::Number(n) => assert_eq!(n.value.exact, Some(q(1, 10)), "pooling tells nothing"),
            Content::Statement(_) => panic!("a number was asked"),
        }
    }
    assert!(undefined >= 1);
    // The off-path belief itself is asked with `belief`, and has an answer in every equilibrium.
    let doubt = asked(&model, &point, "doubt");
    assert!(doubt.rows.iter().all(|r| matches!(r.content, Content::Number(_))), "{doubt:?}");
    assert_eq!(doubt.high.and_then(|n| n.exact), Some(q(1, 1)));
    // `do` is defined off the path.
    let duels = asked(&model, &point, "duels");
    assert!(duels.rows.iter().all(|r| matches!(r.content, Content::Number(_))), "{duels:?}");
}

#[test]
fn on_a_continuum_true_means_at_every_point() {
    let model = model(&file("holds/ties.det"));
    let point = solve(&model, &[]);
    let hands = point.hands();
    let verdicts = |name: &str| {
        let claim = model.claims.iter().find(|c| c.name == name).expect("a claim");
        let decision = decide(&hands, claim, &vec![false; hands.own().len()]);
        decision.rows.into_iter().map(|r| r.verdict).collect::<Vec<_>>()
    };
    assert_eq!(verdicts("sum"), vec![Verdict::True], "what varies cancels in a sum");
    assert_eq!(verdicts("more"), vec![Verdict::Mixed]);
    assert_eq!(verdicts("never"), vec![Verdict::True]);
    assert_eq!(verdicts("bounded"), vec![Verdict::True]);
    let gap = asked(&model, &point, "gap");
    assert_eq!((gap.low.unwrap().value, gap.high.unwrap().value), (-1.0, 1.0));
}

const ENTRY: &str = r#"
game "Entry with two commitments"
players E "Entrant", I "Incumbent"
param cost "Cost of the fight" ~ uniform(0.5, 1.5) assumed "x"
outcome out "Stays out" { E: 0, I: 2 }
outcome fight "A fight" { E: -cost, I: 0 }
outcome share "They share" { E: 1, I: 1 }
play {
  E chooses enter {
    stay => end out
    come
  }
  I chooses reply {
    fight => end fight
    share => end share
  }
}
variant armed "Sharing is impossible" { forbid I.reply == share }
ask both_games = value(I in armed) - value(I)
ask entry_armed = prob(E.enter == come in armed)
ask off = prob(fight given E.enter == come as evidence in armed)
ask nobody = belief(E, I.reply == fight at E.enter)
claim deterred "Being unable to share deters" = prob(E.enter == come in armed) < prob(E.enter == come)
claim cheap "Fighting costs little" = value(E do E.enter == come and I.reply == fight) > -1 where cost >= 0.6
"#;

#[test]
fn a_claim_across_games_holds_for_every_pair_of_their_equilibria() {
    let model = model(ENTRY);
    let point = solve(&model, &[]);
    let hands = point.hands();
    let decision = decide(&hands, &model.claims[0], &[false]);
    assert_eq!(decision.class(Column::All), Class::TrueInAll);
    assert_eq!(decision.rows[0].equilibria, ["E1", "armed:E1"]);
    let gain = asked(&model, &point, "both_games");
    assert_eq!(values(&gain), [Some(q(1, 1))]);
    let Content::Number(row) = &gain.rows[0].content else { panic!("a number") };
    let stake = row.stake.as_ref().expect("a difference of values is also told in stakes");
    assert_eq!((stake.player.as_str(), stake.low), ("I", 0.5));
    // Nobody enters in the armed game, so a fight after entry is undefined, with limit 1.
    let off = asked(&model, &point, "off");
    let Content::Undefined(u) = &off.rows[0].content else { panic!("{off:?}") };
    assert_eq!(u.off_path.as_ref().and_then(|l| l.low.exact.clone()), Some(q(1, 1)));
}

const SIGNALS: &str = r#"
game "Two reports on one fact"
players A "Owner", B "Reader"
private A.aim "What A wants" { much: 0.5, little: rest }
outcome a { A: 0, B: 0 }
play {
  chance first {
    loud: if A.aim == much then 0.8 else 0.2
    quiet: if A.aim == much then 0.2 else 0.8
  }
  chance second {
    red: if A.aim == much then 1 / 2 else 1 / 4
    blue: rest
  }
  B chooses answer {
    yes => end a
    no => end a
  }
}
observe "Red came later" assumed "x" on 2022-02-02 second == red
observe "Loud came first" assumed "x" on 2022-01-01 first == loud
hypothesis big "A wants much" assumed "x" prior 0.2 to 0.8 = A.aim == much
ask aim = prob(A.aim == much given observed)
"#;

#[test]
fn evidence_goes_by_date_and_the_factor_ignores_the_prior() {
    let model = model(SIGNALS);
    let point = solve(&model, &[]);
    let found = evidence(&model, &point.hands());
    let dates: Vec<_> = found.steps.iter().map(|s| s.date.clone().expect("dated")).collect();
    assert_eq!(dates, ["2022-01-01", "2022-02-02"]);
    let h = &found.hypotheses[0];
    let exact = |f: &Factor| match f {
        Factor::Ratio { low, high, bits } if low == high => (low.exact.clone().expect("exact"), bits.0),
        other => panic!("{other:?}"),
    };
    let first = &h.updates[0].rows[0];
    assert_eq!(exact(&first.step), (q(4, 1), 2.0));
    let second = &h.updates[1].rows[0];
    assert_eq!(exact(&second.step), (q(2, 1), 1.0));
    assert_eq!(exact(&second.total), (q(8, 1), 3.0));
    assert_eq!(second.posterior.0.exact, Some(q(8, 9)));
    // Odds 1:4 to 4:1 times 8.
    let (low, high) = h.updates[1].own_posterior.expect("an own prior");
    assert!((h.own_prior.unwrap().0 - 0.2).abs() < 1e-9);
    assert!((low - 2.0 / 3.0).abs() < 1e-9 && (high - 32.0 / 33.0).abs() < 1e-9, "{low} {high}");
    let text = evidence_text(&found);
    assert!(text.contains("factor 4 (2 bits)") && text.contains("8/9"), "{text}");
}

const LEDGER: &str = r#"
game "Why not concede"
players W "West", R "Russia"
param d "Cost at home" ~ uniform(0.1, 0.9) at 0.5 assumed "x"
private R.kind "What Russia is" { greedy: 1 / 4, content: rest }
outcome concede "West concedes" { W: { domestic: -d, harm: if R.kind == greedy then -1 else 0 }, R: 1 }
outcome refuse "West refuses" { W: { harm: -0.6 }, R: 0 }
play {
  W chooses reply {
    concede => end concede
    refuse => end refuse
  }
}
"#;

#[test]
fn a_choice_is_explained_by_ledgers_in_the_authors_labels() {
    let model = model(LEDGER);
    let point = solve(&model, &[]);
    let event = model.find_event("W.reply").expect("a decision");
    let list = why(&point.hands(), event);
    assert_eq!(list.len(), 1);
    let c = list[0].comparison.as_ref().expect("beliefs exist");
    // Conceding costs 1/2 + 1/4, refusing 3/5.
    assert_eq!(
        (c.best.as_str(), c.rival.as_str(), c.lead.exact.clone()),
        ("refuse", "concede", Some(q(3, 20)))
    );
    let label = |name: &str| c.by_label.iter().find(|l| l.0 == name).and_then(|l| l.1.exact.clone());
    assert_eq!((label("domestic"), label("harm")), (Some(q(1, 2)), Some(q(-7, 20))));
    assert_eq!(list[0].believes[0].arms[0].1.exact, Some(q(1, 4)));
    let ask = answer(
        &point.hands(),
        &detente_model::model::Ask {
            name: "x".into(),
            body: detente_model::question::Body::Truth(detente_model::question::Truth::Const(true)),
            support: Default::default(),
        },
    );
    assert_eq!(ask.class, Some(Class::TrueInAll));
}

#[test]
fn the_more_telling_report_is_the_better_indicator() {
    let text =
        SIGNALS.lines().filter(|l| !l.starts_with("observe") && !l.contains("observed")).collect::<Vec<_>>();
    let model = model(&text.join("\n"));
    let point = solve(&model, &[]);
    let list = detente_answer::indicators::indicators(&model, &point.hands());
    let names: Vec<&str> = list.iter().map(|i| i.event.as_str()).collect();
    assert_eq!(names, ["first", "second"], "the reader's answer tells nothing");
    // A symmetric channel with error 1/5 under even odds carries 1 - H(1/5) bits.
    let expected = 1.0 + 0.2 * 0.2f64.log2() + 0.8 * 0.8f64.log2();
    assert!((list[0].low - expected).abs() < 1e-9, "{list:?}");
    let loud = &list[0].rows[0].arms[0];
    assert!((loud.probability - 0.5).abs() < 1e-12 && (loud.posterior - 0.8).abs() < 1e-12);
}
