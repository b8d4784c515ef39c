//! Scenario files: what their own program accepts is read with the same meaning, what is written reads
//! back, and faults name their line, actor and issue.

use detente_bargain::ktab::{Scenario, read_csv, read_xml, write_csv, write_xml};
use detente_bargain::spatial::options::{Election, RiskAdjust, Transition, VotingRule};
use detente_bargain::{Actor, Council, CouncilData, Issue, SalienceRule};

const TABLE: &str = "Water ,\"Dummy, quoted\",3,2,\n\
    Actor,Description,Power,Pace,Sal1,Price,Sal2,\n\
    North, Upstream$$ rich, 102.543, 75.79, 49.53,  6.37,  5.91,\n\
    South, \"Down\"\"stream\",  53.393, 82.72, 30.33, 73.50, 21.22\n\
    \n\
    East,, 20, 0, 0, 100, 100,\n";

const TREE: &str = "\u{feff}<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<Scenario xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:noNamespaceSchemaLocation=\"smpSchema.xsd\">
  <name>Water</name>
  <desc>A &lt;test&gt;</desc>
  <prngSeed>03507583219545544127</prngSeed>
  <ModelParameters>
    <VictoryProbModel>Linear</VictoryProbModel>
    <PCEModel>MarkovIncentive</PCEModel>
    <StateTransitions>Stochastic</StateTransitions>
    <VotingRule>Proportional</VotingRule>
    <BigRAdjust>No</BigRAdjust>
    <BigRRange>Mid</BigRRange>
    <ThirdPartyCommit>SemiCommit</ThirdPartyCommit>
    <InterVecBrgn>S2P2</InterVecBrgn>
    <BargnModel>InitOnlyInterp</BargnModel>
  </ModelParameters>
  <Dimensions><dName>Pace</dName></Dimensions>
  <Actors>
    <Actor><name>North</name><description>One</description><capability>117.7</capability>
      <Position><dCoord>52.8</dCoord></Position><Salience><dSal>32.3</dSal></Salience></Actor>
    <Actor><name>South</name><description/><capability>93.2</capability>
      <Position><dCoord>15.9</dCoord></Position><Salience><dSal>25.2</dSal></Salience></Actor>
  </Actors>
  <IdealAdjustment>
    <iaPair><adjustingIdeal>North</adjustingIdeal><referencePos>North</referencePos><adjust>0.87</adjust></iaPair>
    <iaPair><adjustingIdeal>North</adjustingIdeal><referencePos>South</referencePos><adjust>0.1</adjust></iaPair>
  </IdealAdjustment>
</Scenario>
";

fn messages<T: std::fmt::Debug>(result: Result<T, Vec<detente_bargain::ktab::KtabError>>) -> Vec<String> {
    result.expect_err("faulty").iter().map(ToString::to_string).collect()
}

#[test]
fn a_table_is_read_as_leniently_as_by_its_owner() {
    let scenario = read_csv(TABLE).expect("sound");
    assert_eq!((scenario.name.as_str(), scenario.description.as_str()), ("Water", "Dummy, quoted"));
    let council = &scenario.council;
    let names: Vec<&str> = council.actors().iter().map(|a| a.name.as_str()).collect();
    assert_eq!(names, ["North", "South", "East"]);
    assert_eq!(council.actors()[0].description, "Upstream, rich");
    assert_eq!(council.actors()[1].description, "Down\"stream");
    assert_eq!(council.issues()[1].name, "Price");
    assert_eq!((council.capability(1), council.position(1, 1)), (53.393, 73.5));
    assert!((council.salience(2, 1) - 1.0).abs() < 1e-15);
}

#[test]
fn a_table_written_reads_back() {
    let scenario = read_csv(TABLE).expect("sound");
    let text = write_csv(&scenario.name, &scenario.description, &scenario.council);
    let again = read_csv(&text).expect("sound");
    assert_eq!(again.council.data().position, scenario.council.data().position);
    assert_eq!(again.council.data().salience, scenario.council.data().salience);
    assert_eq!(again.council.data().capability, scenario.council.data().capability);
    assert_eq!(again.description, scenario.description);
    assert_eq!(again.council.issues(), scenario.council.issues());
}

#[test]
fn faults_of_a_table_name_their_line() {
    assert_eq!(messages(read_csv("")), ["the file is empty; its first line names the scenario"]);
    assert!(messages(read_csv("a,b,2\n"))[0].starts_with("line 1: it has 3 entries"));
    let word = TABLE.replace("82.72", "high").replace("20, 0,", "x, 0,");
    assert_eq!(
        messages(read_csv(&word)),
        [
            "line 4: the position on `Pace` of actor `South` is `high`, not a number",
            "line 6: the power of actor `East` is `x`, not a number"
        ]
    );
    let short = TABLE.replace("0, 0, 100, 100,", "0, 0, 100,");
    assert_eq!(messages(read_csv(&short)), ["line 6: an actor's line has 7 entries, this one 6"]);
    let more = TABLE.replace(",3,2,", ",4,2,");
    assert_eq!(messages(read_csv(&more)), ["line 1: the scenario announces 4 actors, but 3 follow"]);
    let sum = TABLE.replace("49.53", "99.53");
    assert!(messages(read_csv(&sum))[0].starts_with("line 3: the saliences of actor `North` sum to 105.44"));
    let twice = TABLE.replace("East", "North");
    assert!(messages(read_csv(&twice))[0].contains("`North` stands twice"));
}

#[test]
fn a_tree_is_read_with_its_choices() {
    let scenario = read_xml(TREE).expect("sound");
    assert_eq!(scenario.description, "A <test>");
    assert_eq!(scenario.seed, Some(3507583219545544127));
    let options = &scenario.options;
    assert_eq!(options.election, Election::MarkovIncentive);
    assert_eq!((options.voting, options.risk_adjust), (VotingRule::Proportional, RiskAdjust::No));
    assert_eq!(options.transition, Transition::Stochastic { seed: 3507583219545544127, draw: 0 });
    assert_eq!(options.affinity, Some(vec![vec![0.87, 0.1], vec![0.0, 1.0]]));
    assert_eq!(scenario.council.position(0, 0), 52.8);
}

#[test]
fn a_tree_written_reads_back() {
    let scenario = read_xml(TREE).expect("sound");
    assert_eq!(read_xml(&write_xml(&scenario)).expect("sound"), scenario);
}

#[test]
fn faults_of_a_tree_name_their_line() {
    let empty = TREE.replace("<dCoord>52.8</dCoord>", "<dCoord></dCoord>");
    assert_eq!(messages(read_xml(&empty)), ["line 20: the position on `Pace` of actor `North` is empty"]);
    let odd = TREE.replace("Proportional", "Loudest");
    assert_eq!(
        messages(read_xml(&odd)),
        [
            "line 10: `Loudest` is no VotingRule; choose among Binary, PropBin, Prop, PropCbc, Cubic, ASymProsp"
        ]
    );
    let unknown = TREE.replace("<referencePos>South", "<referencePos>West");
    assert!(messages(read_xml(&unknown))[0].contains("`referencePos` names `West`, who is no actor"));
    let outside = TREE.replace("15.9", "115.9");
    assert!(messages(read_xml(&outside))[0].contains("actor `South` stands at 115.9 on issue `Pace`"));
    assert!(messages(read_xml("<Scenario>"))[0].contains("no XML"));
    assert!(messages(read_xml("<Other/>")).len() >= 2);
}

#[test]
fn other_scales_are_carried_onto_the_formats_own() {
    let council = Council::new(CouncilData {
        issues: vec![Issue::new("years", 4.0, 14.0), Issue::new("share", 0.0, 1.0)],
        actors: vec![Actor::new("a, b"), Actor::new("c")],
        capability: vec![1.0, 2.0],
        position: vec![vec![4.0, 0.25], vec![9.0, 1.0]],
        salience: vec![vec![1.0, 1.0], vec![0.5, 0.0]],
        full_salience: 1.0,
        salience_rule: SalienceRule::Each,
    })
    .expect("sound");
    let again = read_csv(&write_csv("n", "d", &council)).expect("sound").council;
    assert_eq!(again.data().position, vec![vec![0.0, 25.0], vec![50.0, 100.0]]);
    assert_eq!(again.data().salience, vec![vec![50.0, 50.0], vec![25.0, 0.0]]);
    assert_eq!(again.actors()[0].name, "a, b");
    let scenario = Scenario {
        name: "n & m".into(),
        description: String::new(),
        council: again,
        options: Default::default(),
        seed: Some(7),
    };
    assert_eq!(read_xml(&write_xml(&scenario)).expect("sound"), scenario);
}

mod any_text {
    use super::{TABLE, TREE, read_csv, read_xml};
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, rng_seed: RngSeed::Fixed(5), ..ProptestConfig::default() })]

        #[test]
        fn is_a_scenario_or_a_fault(text in "(?s).{0,60}", at in 0usize..1500, cut in 0usize..40) {
            let _ = (read_csv(&text), read_xml(&text));
            for whole in [TABLE, TREE] {
                // Something strange in the middle of a sound file.
                let letters: Vec<char> = whole.chars().collect();
                let at = at % letters.len();
                let end = (at + cut).min(letters.len());
                let spoilt: String =
                    letters[..at].iter().chain(text.chars().collect::<Vec<_>>().iter()).chain(&letters[end..]).collect();
                for result in [read_csv(&spoilt), read_xml(&spoilt)] {
                    prop_assert!(result.map_or_else(|errors| !errors.is_empty(), |_| true));
                }
            }
        }
    }

    #[test]
    fn deep_trees_and_large_promises_are_no_trouble() {
        let deep = "<Scenario>".repeat(50_000) + &"</Scenario>".repeat(50_000);
        assert!(read_xml(&deep).is_err());
        let large = format!("a,b,{0},{0}\nActor,Description,Power,x,y\n", usize::MAX);
        assert!(read_csv(&large).is_err());
    }
}
