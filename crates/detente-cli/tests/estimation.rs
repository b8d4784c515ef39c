//! `infer` and `fit` as a user calls them: what stands first, and where a fault is.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn run(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_detente"))
        .args(args)
        .current_dir(root())
        .output()
        .expect("the program runs")
}

fn text(output: &Output) -> (String, String) {
    let plain = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (plain(&output.stdout), plain(&output.stderr))
}

fn temporary(name: &str, content: &str) -> String {
    let path = std::env::temp_dir().join(format!("detente-{}-{name}", std::process::id()));
    std::fs::write(&path, content).expect("a temporary file");
    path.display().to_string()
}

const MODEL: &str = "models/crises/attack-defence.det";
const PLAYS: &str = "models/crises/attack-defence.csv";

#[test]
fn what_the_data_can_tell_stands_before_the_estimates() {
    let (out, _) = text(&run(&["fit", MODEL, "--data", PLAYS, "--weight", "count", "--shocks", "private"]));
    let tell = out.find("What the data can tell").expect("the report");
    let table = out.find("Estimates, with").expect("the table");
    assert!(tell < table && out.contains("All 2 numbers are identified"), "{out}");
    let all = ["fit", MODEL, "--data", PLAYS, "--weight", "count", "--estimate", "u_peace,u_war,d_war"];
    let (out, _) = text(&run(&all));
    assert!(out.contains("Only 2 of 4 combinations are identified"), "{out}");
}

#[test]
fn faults_of_plays_name_file_line_and_column() {
    let bad = temporary("plays.csv", "outcome,count\npeace,3\nfoght,1\n");
    let output = run(&["fit", MODEL, "--data", &bad, "--weight", "count"]);
    let (out, err) = text(&output);
    assert_eq!((output.status.code(), out.as_str()), (Some(1), ""));
    assert!(err.contains(&format!("{bad}, line 3, column `outcome`: there is no `foght`")), "{err}");
    assert!(err.contains("help: "), "{err}");

    let output = run(&["fit", MODEL, "--data", PLAYS, "--weight", "counts"]);
    assert!(text(&output).1.contains("there is no column `counts`; the columns are outcome, count"));
    let output = run(&["fit", MODEL, "--data", PLAYS, "--estimate", "u_peece"]);
    assert!(text(&output).1.contains("there is no parameter `u_peece`"));
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn plays_in_parquet_give_the_same_estimates() {
    use detente_store::{Column, Field, Kind, Writer};
    let write = |name: &str, outcomes: Vec<Option<u16>>| {
        let fields = [Field::new("outcome", Kind::Word), Field::new("count", Kind::Number)];
        let names = ["peace", "walkover", "fought", "foght"].map(String::from).to_vec();
        let counts = vec![Some(7152.0), Some(42.0), Some(46.0)];
        let mut writer = Writer::new(vec![], &fields).expect("a writer");
        writer.group(&[Column::Word(names, outcomes), Column::Number(counts)]).expect("a group");
        let path = std::env::temp_dir().join(format!("detente-{}-{name}", std::process::id()));
        std::fs::write(&path, writer.finish(&[]).expect("a file")).expect("a temporary file");
        path.display().to_string()
    };
    let fit = |data: &str| run(&["fit", MODEL, "--data", data, "--weight", "count", "--format", "json"]);
    let good = write("plays.parquet", vec![Some(0), Some(1), Some(2)]);
    assert_eq!(text(&fit(&good)).0, text(&fit(PLAYS)).0);
    let bad = write("bad.parquet", vec![Some(0), Some(1), Some(3)]);
    assert!(text(&fit(&bad)).1.contains("bad.parquet, row 3, column `outcome`: there is no `foght`"));
    let none = temporary("none.parquet", "outcome\n");
    assert!(text(&fit(&none)).1.contains("this is not a Parquet file"));
}

const CRISIS: &str = r#"game "Crisis"
players Home "h", Rival "r"
param q "share" assumed "x" ~ uniform(0.3, 0.5) at 0.4
private Home.will "w" { strong: q, weak: rest }
outcome calm { Home: 0, Rival: 1 }
outcome war { Home: if Home.will == strong then 0.3 else -0.6, Rival: -0.5 }
outcome win { Home: 1, Rival: 0 }
play {
  Home chooses move { wait => end calm, threat }
  Rival chooses answer { yield => end win, resist => end war }
}
observe "The threat" assumed "x" on 2001-01-01 Home.move == threat
hypothesis strong "It means it" prior 0.3 to 0.7 = Home.will == strong
variant meek "no threats" { forbid Home.move == threat }
variant sure "more strong ones" { set q = 0.9 }
"#;

#[test]
fn observations_move_hypotheses_and_rival_models() {
    let model = temporary("crisis.det", CRISIS);
    let output = run(&["infer", &model, "--variant", "sure", "--draws", "40"]);
    let (out, err) = text(&output);
    assert!(output.status.success(), "{err}");
    let rivals = out.find("models against each other").expect("the comparison");
    let first = out.find("after one observation").expect("the posterior");
    assert!(rivals < first && out.contains("tells apart") && out.contains("quantal, draws"), "{out}");

    let output = run(&["infer", &model, "--variant", "meek"]);
    assert_eq!(output.status.code(), Some(1));
    let err = text(&output).1;
    assert!(
        err.contains("crisis.det, line 12, column 1: in `meek` no play of the game fits this observation"),
        "{err}"
    );

    let wrong = run(&["infer", &model, "--lambda-prior", "normal(0, 1)"]);
    assert!(text(&wrong).1.contains("lets λ be negative"));
    let wrong = run(&["infer", &model, "--lambda-prior", "lognormal(1"]);
    assert!(text(&wrong).1.contains("is no prior of λ"));
    let folder = std::env::temp_dir().join(format!("detente-pictures-{}", std::process::id()));
    let place = folder.display().to_string();
    assert!(run(&["infer", &model, "--draws", "0", "--pictures", &place]).status.success());
    let picture = std::fs::read_to_string(folder.join("evidence-strong.svg")).expect("a picture");
    assert!(picture.contains("Evidence on: It means it") && picture.contains("2001-01-01"), "{picture}");
    let data = std::fs::read_to_string(folder.join("evidence-strong.csv")).expect("its data");
    assert!(
        data.starts_with("date,observation,bits,bits so far,posterior,exact so far\n2001-01-01,"),
        "{data}"
    );

    let given = run(&["infer", &model, "--draws", "0", "--lambda-prior", "lognormal(1, 0.5)"]);
    assert!(text(&given).0.contains("prior as given, 90 % between 1.19"), "{}", text(&given).0);
}
