//! Seeing and doing in the threat game with audience costs, in closed form.
//!
//! At q = 0.4, a = 0.3 the weak type threatens with probability 1/3; Rival
//! resists with probability 10/13 and believes in a bluff with 1/3.

mod support;
use support::{asked, model, q, solve, values};

const TEXT: &str = r#"
game "Public threats and audience costs"
players Home "Government that may threaten", Rival "State that holds the prize"
param q "Share of resolved governments" ~ beta(4, 6) assumed "x"
param a "Cost of backing down" ~ lognormal(-1.3, 0.4) assumed "x"
param r_war "Rival's payoff in war" = -0.5 assumed "costly for Rival"
private Home.resolve "Home's will to fight" { strong: q, weak: rest }
table home_war(Home.resolve) =
  | strong |  0.25 |
  | weak   | -0.60 |
outcome status_quo "No threat is made" { Home: 0, Rival: 1 }
outcome win "Rival concedes" { Home: 1, Rival: 0 }
outcome climbdown "Home backs down" { Home: -a, Rival: 1 }
outcome war "Both fight" { Home: home_war(Home.resolve), Rival: r_war }
play {
  Home chooses message {
    quiet => end status_quo
    threat
  }
  Rival chooses answer {
    concede => end win
    resist
  }
  Home chooses finish {
    fight => end war
    back_down => end climbdown
  }
}
observe "The ultimatum of 2 March" assumed "x" Home.message == threat
hypothesis bluff "The threat is empty" assumed "x" = Home.resolve == weak
ask bluff_seen = prob(Home.resolve == weak given Home.message == threat as evidence)
ask bluff_done = prob(Home.resolve == weak do Home.message == threat)
ask war_seen = prob(war given Home.message == threat as evidence)
ask war_done = prob(war do Home.message == threat)
ask war = prob(war)
ask war_now = prob(war given observed)
ask thinks = belief(Rival, Home.resolve == weak at Rival.answer)
ask edge = gain(Rival, concede over resist)
ask worth = value(Home) - value(Home do Home.message == quiet)
ask risky = prob(war do Home.message == threat) > prob(war)
"#;

#[test]
fn seeing_and_doing_differ_as_the_closed_form_says() {
    let model = model(TEXT);
    let point = solve(&model, &[("q", q(2, 5)), ("a", q(3, 10))]);
    let one = |name: &str| {
        let list = values(&asked(&model, &point, name));
        assert_eq!(list.len(), 1, "{name}: {list:?}");
        list[0].clone().unwrap_or_else(|| panic!("{name} has no exact value"))
    };
    assert_eq!(one("bluff_seen"), q(1, 3));
    assert_eq!(one("bluff_done"), q(3, 5));
    assert_eq!(one("war_seen"), q(20, 39));
    assert_eq!(one("war_done"), q(4, 13));
    assert_eq!(one("war"), q(4, 13));
    assert_eq!(one("war_now"), q(20, 39));
    assert_eq!(one("thinks"), q(1, 3));
    assert_eq!(one("edge"), q(0, 1));
}
