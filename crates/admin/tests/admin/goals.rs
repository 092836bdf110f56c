use footfall_admin::{NewDimension, NewFunnel, NewGoal, Taken};
use footfall_model::{CustomScope, GoalId, GoalMatch, MatchAttribute, MatchPattern};

use super::{NOW, invalid, missing, site, with_sites};

fn matomo(attribute: MatchAttribute, pattern: MatchPattern, text: &str) -> GoalMatch {
    GoalMatch::Matomo { attribute, pattern, text: text.to_owned(), case_sensitive: true }
}

fn page(path: &str) -> GoalMatch {
    GoalMatch::PagePath { path: path.to_owned(), props: Vec::new() }
}

fn event(name: &str, props: &[(&str, &str)]) -> GoalMatch {
    let props = props.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    GoalMatch::Event { name: name.to_owned(), props }
}

#[tokio::test]
async fn goals_count_within_their_site_and_keep_their_numbers() {
    let admin = with_sites(2).await;
    let rule = matomo(MatchAttribute::Url, MatchPattern::Contains, "/thanks");
    for expected in 1..=3 {
        let goal = admin.add_goal(site(1), NewGoal::new("Thanks", rule.clone())).await.unwrap();
        assert_eq!(goal.id, GoalId(expected));
    }
    admin.delete_goal(site(1), GoalId(3)).await.unwrap();
    let goal = admin.add_goal(site(1), NewGoal::new("Thanks", rule.clone())).await.unwrap();
    assert_eq!(goal.id, GoalId(4));
    let goal = admin.add_goal(site(2), NewGoal::new("Thanks", rule.clone())).await.unwrap();
    assert_eq!(goal.id, GoalId(1));
    let ids: Vec<i32> = admin.goals(site(1)).await.unwrap().iter().map(|goal| goal.id.0).collect();
    assert_eq!(ids, [1, 2, 4]);
    missing(admin.delete_goal(site(1), GoalId(3)).await, "site `1` has no goal with the number `3`");
    missing(admin.add_goal(site(9), NewGoal::new("Thanks", rule)).await, "no site has the number `9`");
}

#[tokio::test]
async fn every_kind_of_goal_is_kept() {
    let admin = with_sites(1).await;
    let rules = [
        matomo(MatchAttribute::Manually, MatchPattern::Contains, ""),
        matomo(MatchAttribute::VisitDuration, MatchPattern::GreaterThan, "120"),
        page("/docs/**"),
        event("Purchase", &[("plan", "pro"), ("tier", "one")]),
        GoalMatch::Scroll { path: "/blog*".to_owned(), threshold: 75 },
    ];
    let names = ["manually", "visit_duration", "Visit /docs/**", "Purchase", "Scroll 75% on /blog*"];
    for (rule, name) in rules.iter().zip(names) {
        let new = NewGoal {
            description: "why\nit matters".to_owned(),
            revenue: 9.5,
            event_value_as_revenue: true,
            many_per_visit: true,
            currency: Some("eur".to_owned()),
            ..NewGoal::new("", rule.clone())
        };
        let made = admin.add_goal(site(1), new).await.unwrap();
        assert_eq!((made.name.as_str(), &made.rule, made.revenue), (name, rule, 9.5));
        assert_eq!((made.currency.as_deref(), made.description.as_str()), (Some("EUR"), "why\nit matters"));
        assert!(made.event_value_as_revenue && made.many_per_visit);
        assert_eq!(admin.goals(site(1)).await.unwrap().pop().unwrap(), made);
    }
    let kept = admin.site(site(1), NOW).await.unwrap().goals;
    assert_eq!(kept.iter().map(|goal| goal.rule.clone()).collect::<Vec<_>>(), rules);
    let changed = admin.update_goal(site(1), GoalId(2), NewGoal::new("Seen", page("/seen"))).await.unwrap();
    assert_eq!(admin.goals(site(1)).await.unwrap()[1], changed);
    assert_eq!((changed.name.as_str(), changed.revenue), ("Seen", 0.0));
}

#[tokio::test]
async fn the_same_goal_is_made_once() {
    let admin = with_sites(1).await;
    let new = || NewGoal::new("", event("Signup", &[("b", "2"), ("a", "1")]));
    let find = async |new: NewGoal| admin.find_or_add_goals(site(1), vec![new]).await.unwrap().map(|mut found| found.remove(0));
    let first = find(new()).await.unwrap();
    assert_eq!(find(NewGoal { name: "Otherwise".to_owned(), ..new() }).await, Ok(first.clone()));
    admin.delete_goal(site(1), first.id).await.unwrap();
    assert_eq!(find(new()).await.unwrap().id, GoalId(2));
}

#[tokio::test]
async fn an_event_has_one_goal_and_one_currency() {
    let admin = with_sites(1).await;
    let find = async |new: NewGoal| admin.find_or_add_goals(site(1), vec![new]).await.unwrap().map(|found| found[0].id);
    let buy = |currency: Option<&str>| NewGoal { currency: currency.map(str::to_owned), ..NewGoal::new("", event("Buy", &[])) };
    let taken =
        |name: &str, currency: Option<&str>| Err(Taken::Event { name: name.to_owned(), currency: currency.map(str::to_owned) });
    assert_eq!(find(buy(Some("usd"))).await, Ok(GoalId(1)));
    assert_eq!(find(buy(Some("USD"))).await, Ok(GoalId(1)));
    assert_eq!(find(buy(None)).await, Ok(GoalId(1)));
    assert_eq!(find(buy(Some("EUR"))).await, taken("Buy", Some("USD")));
    assert_eq!(find(NewGoal::new("", event("Signup", &[]))).await, Ok(GoalId(2)));
    let signup = NewGoal { currency: Some("EUR".to_owned()), ..NewGoal::new("", event("Signup", &[])) };
    assert_eq!(find(signup).await, taken("Signup", None));
}

#[tokio::test]
async fn names_of_goals_are_taken_once() {
    let admin = with_sites(2).await;
    let find = async |new: NewGoal| admin.find_or_add_goals(site(1), vec![new]).await.unwrap().map(|found| found[0].id);
    admin.add_goal(site(1), NewGoal::new("Bought", matomo(MatchAttribute::Url, MatchPattern::Contains, "thanks"))).await.unwrap();
    assert_eq!(find(NewGoal::new("Bought", event("Buy", &[]))).await, Ok(GoalId(2)), "nobody sees Matomo's there");
    assert_eq!(find(NewGoal::new("Bought", event("Other", &[]))).await, Err(Taken::Name));
    assert_eq!(find(NewGoal::new("", event("Bought", &[]))).await, Err(Taken::Name));
    assert_eq!(find(NewGoal::new("", event("Buy", &[("plan", "pro")]))).await, Ok(GoalId(3)));
    let elsewhere = admin.find_or_add_goals(site(2), vec![NewGoal::new("Bought", event("Other", &[]))]).await.unwrap();
    assert_eq!(elsewhere.unwrap()[0].id, GoalId(1));
}

#[tokio::test]
async fn several_goals_are_made_or_none_of_them() {
    let admin = with_sites(1).await;
    let new = |name: &str| NewGoal::new("", event(name, &[]));
    let refused = admin.find_or_add_goals(site(1), vec![new("One"), NewGoal::new("One", event("Two", &[]))]).await.unwrap();
    assert_eq!(refused, Err(Taken::Name));
    assert_eq!(admin.goals(site(1)).await.unwrap(), []);
    let found = admin.find_or_add_goals(site(1), vec![new("One"), new("Two"), new("One")]).await.unwrap().unwrap();
    assert_eq!(found.iter().map(|goal| goal.id.0).collect::<Vec<_>>(), [1, 2, 1]);
}

#[tokio::test]
async fn paths_of_goals_begin_with_a_slash_or_a_star() {
    let admin = with_sites(1).await;
    for (given, kept) in [("docs", "/docs"), ("/docs", "/docs"), ("**docs**", "**docs**")] {
        let goal = admin.add_goal(site(1), NewGoal::new("", page(given))).await.unwrap();
        assert_eq!((goal.rule, goal.name), (page(kept), format!("Visit {kept}")));
    }
}

#[tokio::test]
async fn goals_out_of_bounds_are_refused_by_name() {
    let admin = with_sites(1).await;
    for (rule, message) in [
        (matomo(MatchAttribute::Url, MatchPattern::Exact, ""), "`pattern` must have 1 to 1024 characters"),
        (
            matomo(MatchAttribute::Url, MatchPattern::GreaterThan, "3"),
            "`pattern_type` must be `contains`, `exact` or `regex` for `url`",
        ),
        (
            matomo(MatchAttribute::VisitDuration, MatchPattern::Exact, "3"),
            "`pattern_type` must be `greater_than` for `visit_duration`",
        ),
        (
            matomo(MatchAttribute::VisitTotalActions, MatchPattern::GreaterThan, "many"),
            "`pattern` must be a number for `visit_total_actions`",
        ),
        (event("engagement", &[]), "`event_name` may not be `engagement`, which the script sends by itself"),
        (page(&"p".repeat(1024)), "`page_path` may have 1024 characters, and has 1025"),
        (event("", &[]), "`event_name` must have 1 to 120 characters"),
        (event("Buy", &[("a", "1"), ("b", "1"), ("c", "1"), ("d", "1")]), "`custom_props` may hold 3 entries, and has 4"),
        (GoalMatch::Scroll { path: "/".to_owned(), threshold: 101 }, "`scroll_threshold` must be 0 to 100"),
    ] {
        invalid(admin.add_goal(site(1), NewGoal::new("Goal", rule)).await, message);
    }
    let new = NewGoal { revenue: f64::NAN, ..NewGoal::new("Goal", page("/")) };
    invalid(admin.add_goal(site(1), new).await, "`revenue` must be a number");
    let new = NewGoal::new("n".repeat(256), page("/"));
    invalid(admin.add_goal(site(1), new).await, "`name` may have 255 characters, and has 256");
    assert_eq!(admin.goals(site(1)).await.unwrap(), []);
}

fn dimension(scope: CustomScope) -> NewDimension {
    NewDimension {
        name: "Tier".to_owned(),
        scope,
        active: true,
        case_sensitive: false,
        extractions: vec![("urlparam".to_owned(), "tier".to_owned())],
    }
}

#[tokio::test]
async fn dimensions_count_within_the_site_and_slots_within_the_scope() {
    let admin = with_sites(2).await;
    let mut seen = Vec::new();
    for scope in [CustomScope::Action, CustomScope::Visit, CustomScope::Visit, CustomScope::Action] {
        let made = admin.add_dimension(site(1), dimension(scope)).await.unwrap();
        seen.push((made.id, made.slot));
    }
    assert_eq!(seen, [(1, 1), (2, 1), (3, 2), (4, 2)]);
    admin.delete_dimension(site(1), 4).await.unwrap();
    let made = admin.add_dimension(site(1), dimension(CustomScope::Action)).await.unwrap();
    assert_eq!((made.id, made.slot), (5, 3));
    let ids: Vec<u32> = admin.dimensions(site(1)).await.unwrap().iter().map(|made| made.id).collect();
    assert_eq!(ids, [1, 2, 3, 5]);
    assert_eq!(admin.add_dimension(site(2), dimension(CustomScope::Visit)).await.unwrap().id, 1);
    missing(admin.delete_dimension(site(1), 4).await, "site `1` has no dimension with the number `4`");
}

#[tokio::test]
async fn a_dimension_keeps_its_scope_and_slot() {
    let admin = with_sites(1).await;
    admin.add_dimension(site(1), dimension(CustomScope::Visit)).await.unwrap();
    let new =
        NewDimension { name: "Edition".to_owned(), active: false, extractions: Vec::new(), ..dimension(CustomScope::Action) };
    let changed = admin.update_dimension(site(1), 1, new).await.unwrap();
    assert_eq!((changed.name.as_str(), changed.active, changed.scope, changed.slot), ("Edition", false, CustomScope::Visit, 1));
    assert_eq!(admin.dimensions(site(1)).await.unwrap(), [changed]);
}

#[tokio::test]
async fn a_scope_has_ten_slots() {
    let admin = with_sites(1).await;
    for _ in 0..10 {
        admin.add_dimension(site(1), dimension(CustomScope::Visit)).await.unwrap();
    }
    invalid(
        admin.add_dimension(site(1), dimension(CustomScope::Visit)).await,
        "site `1` has 10 dimensions of scope `visit` already, and may have no more",
    );
    assert_eq!(admin.add_dimension(site(1), dimension(CustomScope::Action)).await.unwrap().id, 11);
    let new = NewDimension { extractions: vec![("body".to_owned(), "x".to_owned())], ..dimension(CustomScope::Action) };
    invalid(admin.add_dimension(site(1), new).await, "`extractions` must name `url`, `urlparam` or `action_name`");
}

#[tokio::test]
async fn a_funnel_has_two_to_eight_goals_of_its_site() {
    let admin = with_sites(1).await;
    for path in ["/a", "/b", "/c"] {
        admin.add_goal(site(1), NewGoal::new("", page(path))).await.unwrap();
    }
    let new =
        |steps: &[i32]| NewFunnel { name: "Way".to_owned(), steps: steps.iter().copied().map(GoalId).collect(), strict: true };
    let funnel = admin.add_funnel(site(1), new(&[2, 1, 3])).await.unwrap();
    assert_eq!((funnel.id, funnel.name.as_str(), funnel.strict), (1, "Way", true));
    assert_eq!(funnel.steps, [GoalId(2), GoalId(1), GoalId(3)]);
    assert_eq!(admin.add_funnel(site(1), new(&[1, 2])).await.unwrap().id, 2);
    invalid(admin.add_funnel(site(1), new(&[1])).await, "`steps` must be 2 to 8 goals, and are 1");
    invalid(admin.add_funnel(site(1), new(&[1, 9])).await, "`steps` must be goals of the site, and `9` is none");
    invalid(admin.update_funnel(site(1), 1, new(&[1, 1])).await, "`steps` must differ, and `1` stands there twice");
    // A removed goal leaves the funnels; one step is no funnel.
    admin.delete_goal(site(1), GoalId(1)).await.unwrap();
    let left = admin.funnels(site(1)).await.unwrap();
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].steps, [GoalId(2), GoalId(3)]);
    admin.delete_funnel(site(1), 1).await.unwrap();
    missing(admin.delete_funnel(site(1), 1).await, "site `1` has no funnel with the number `1`");
}
