use footfall_model::{GoalMatch, MatchAttribute, MatchPattern, VisitPolicy};

use super::{
    Filter, Style,
    story::{Story, goal},
};

/// Two days: ada reads three pages and signs up, bob bounces, ada comes back on the next day across midnight.
const TWO_DAYS: &str = "
    0 ada @Google /
    5 ada /docs
    6 ada ~/docs 40% 30s
    8 ada ~/docs 80% 30s
    10 ada !Signup plan=pro
    20 bob @Google /
    30 eve /docs
    31 eve ~/docs 20% 20s
    1430 ada /
    1445 ada /pricing
";

async fn two_days(policy: VisitPolicy) -> Story {
    let goals = vec![
        goal(1, "Signup", GoalMatch::Event { name: "Signup".to_owned(), props: Vec::new() }),
        goal(2, "Docs", GoalMatch::PagePath { path: "/doc*".to_owned(), props: Vec::new() }),
        goal(3, "Read", GoalMatch::Scroll { path: "/docs".to_owned(), threshold: 50 }),
    ];
    Story::play(TWO_DAYS, goals, policy).await
}

#[tokio::test]
async fn all_visits_in_one_row() {
    let story = two_days(VisitPolicy::Plausible).await;
    let metrics = "visitors visits pageviews events bounce_rate visit_duration views_per_visit";
    for (style, expected) in [(Style::Plausible, "3 4 6 7 50 375 1.5"), (Style::Footfall, "3 4 6 7 50 375 1.5")] {
        story.check(&story.ask(metrics, "", style), expected).await;
    }
}

#[tokio::test]
async fn nothing_is_one_row_of_nothing() {
    let story = Story::play("0 ada /", Vec::new(), VisitPolicy::Plausible).await;
    let mut query = story.ask("visitors bounce_rate views_per_visit scroll_depth", "", Style::Plausible);
    query.filters = vec![story.is("visit:source", "Nowhere")];
    story.check(&query, "0 0 0 -").await;
    query.style = Style::Footfall;
    story.check(&query, "0 - - -").await;
}

#[tokio::test]
async fn a_day_has_the_visits_that_ended_on_it() {
    let story = two_days(VisitPolicy::Plausible).await;
    story
        .check(
            &story.ask("visits visit_duration", "time:day", Style::Plausible),
            "2026-03-01 3 200
             2026-03-02 1 900",
        )
        .await;
    // Counted in actions, because page views are: ada is there on both days.
    story
        .check(
            &story.ask("visitors pageviews", "time:day", Style::Plausible),
            "2026-03-01 3 5
             2026-03-02 1 1",
        )
        .await;
}

#[tokio::test]
async fn a_visit_counts_in_every_hour_it_went_on() {
    let story = two_days(VisitPolicy::Plausible).await;
    story
        .check(
            &story.ask("visitors visits visit_duration", "time:hour", Style::Plausible),
            "2026-03-01 00:00:00 3 3 200
             2026-03-01 23:00:00 1 1 0
             2026-03-02 00:00:00 1 1 900",
        )
        .await;
}

#[tokio::test]
async fn what_goes_on_after_the_end_belongs_to_the_last_bucket() {
    let story = two_days(VisitPolicy::Plausible).await;
    let mut query = story.ask("visits", "time:day", Style::Plausible);
    let first = footfall_model::DateRange::day(query.span.first);
    query.span = super::Span::days(first, &query.span.zone);
    story.check(&query, "2026-03-01 4").await;
}

#[tokio::test]
async fn pages_have_the_bounces_of_visits_that_began_there() {
    let story = two_days(VisitPolicy::Plausible).await;
    story
        .check(
            &story.ask("visitors pageviews bounce_rate scroll_depth time_on_page", "event:page", Style::Plausible),
            "/ 2 3 33 - -
             /docs 2 2 100 50 40
             /pricing 1 1 0 - -",
        )
        .await;
}

#[tokio::test]
async fn a_condition_on_pages_keeps_visits_that_saw_one() {
    let story = two_days(VisitPolicy::Plausible).await;
    let mut query = story.ask("visitors pageviews bounce_rate visit_duration", "", Style::Plausible);
    query.filters = vec![story.is("event:page", "/docs")];
    // Two visits saw it; only one began there, and bounced.
    story.check(&query, "2 2 100 300").await;
}

#[tokio::test]
async fn goals_are_found_among_what_was_done() {
    let story = two_days(VisitPolicy::Plausible).await;
    story
        .check(
            &story.ask("visitors events conversion_rate", "event:goal", Style::Plausible),
            "Docs 2 2 66.67
             Read 1 - 33.33
             Signup 1 1 33.33",
        )
        .await;
    let mut query = story.ask("visitors conversion_rate", "visit:source", Style::Plausible);
    query.filters = vec![story.is("event:goal", "Signup")];
    story.check(&query, "Google 1 33.33").await;
    query.metrics = vec![super::Metric::GroupConversionRate];
    story.check(&query, "Google 50").await;
}

#[tokio::test]
async fn recorded_goals_are_counted_as_conversions() {
    let goals = vec![
        goal(
            3,
            "Bought",
            GoalMatch::Matomo {
                attribute: MatchAttribute::Manually,
                pattern: MatchPattern::Exact,
                text: String::new(),
                case_sensitive: false,
            },
        ),
        goal(4, "Docs", GoalMatch::PagePath { path: "/docs".to_owned(), props: Vec::new() }),
    ];
    let story = Story::play(
        "0 ada @Google /
         1 ada $3 10
         2 ada $3 2.5
         3 bob /docs
         4 eve /",
        goals,
        VisitPolicy::Matomo,
    )
    .await;
    story
        .check(
            &story.ask("conversions visitors conversion_rate revenue", "event:goal", Style::Footfall),
            "Bought 2 1 33.33 12.5
             Docs 1 1 33.33 0",
        )
        .await;
    story.check(&story.ask("visitors conversions revenue", "", Style::Footfall), "3 3 12.5").await;
    let mut query = story.ask("visitors conversions", "visit:source", Style::Footfall);
    query.filters = vec![story.is("event:goal", "Bought")];
    story.check(&query, "Google 1 2").await;
}

#[tokio::test]
async fn what_was_done_in_the_visit_decides_about_all_of_it() {
    let story = two_days(VisitPolicy::Plausible).await;
    let signed_up = story.is("event:name", "Signup");
    let mut query = story.ask("visitors visits pageviews", "", Style::Plausible);
    query.filters = vec![Filter::Done(Box::new(signed_up.clone()))];
    story.check(&query, "1 1 2").await;
    query.filters = vec![Filter::Not(Box::new(Filter::Done(Box::new(signed_up))))];
    story.check(&query, "3 3 4").await;
}

#[tokio::test]
async fn properties_have_values_or_none() {
    let story = two_days(VisitPolicy::Plausible).await;
    story
        .check(
            &story.ask("visitors percentage", "event:props:plan", Style::Plausible),
            "(none) 3 100
             pro 1 33.33",
        )
        .await;
}

#[tokio::test]
async fn both_styles_count_the_same_on_sites_whose_visits_end_at_midnight() {
    let story = Story::play("0 ada /\n3 ada /a\n9 bob /\n1500 ada /", Vec::new(), VisitPolicy::Matomo).await;
    for dimensions in ["", "time:day", "visit:entry_page", "event:page"] {
        let ours = story.answer(&story.ask("visitors visits pageviews", dimensions, Style::Footfall)).await;
        let theirs = story.answer(&story.ask("visitors visits pageviews", dimensions, Style::Plausible)).await;
        assert_eq!(ours, theirs, "by `{dimensions}`");
    }
}

#[tokio::test]
async fn rows_are_sorted_cut_and_counted() {
    let story = two_days(VisitPolicy::Plausible).await;
    for metrics in ["pageviews", "pageviews bounce_rate"] {
        let mut query = story.ask(metrics, "event:page", Style::Plausible);
        query.limit = Some(1);
        query.offset = 1;
        let answer = story.answer(&query).await;
        assert_eq!(answer.total_rows, 3, "{metrics}");
        assert_eq!(&*answer.rows[0].dimensions[0], "/docs", "{metrics}");
        assert_eq!(answer.rows.len(), 1, "{metrics}");
    }
}
