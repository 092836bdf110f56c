//! The first tables. Released: never edited.

use sea_orm::sea_query::TableCreateStatement;

use super::columns::{big, flag, int, long, maybe_big, maybe_int, maybe_short, own_key, real, short, to_site, to_user};
use super::made::Made;

/// Every table of version 1.
pub(super) fn tables() -> Vec<TableCreateStatement> {
    vec![
        Made::new("sequences").columns([short("name", 60), big("last")]).key(&["name"]).done(),
        sites(),
        Made::new("site_settings")
            .columns([big("site"), short("name", 190), long("value")])
            .key(&["site", "name"])
            .with(to_site("site_settings"))
            .done(),
        Made::new("tracker_scripts")
            .columns([short("id", 40), big("site"), maybe_short("installation", 20), long("options")])
            .key(&["id"])
            .unique("site")
            .with(to_site("tracker_scripts"))
            .done(),
        goals(),
        dimensions(),
        Made::new("funnels")
            .columns([big("site"), int("id"), short("name", 255), long("steps"), flag("strict")])
            .key(&["site", "id"])
            .with(to_site("funnels"))
            .done(),
        users(),
        Made::new("access")
            .columns([short("login", 100), big("site"), short("access", 20), long("capabilities")])
            .key(&["login", "site"])
            .with(to_user("access"))
            .with(to_site("access"))
            .done(),
        Made::new("preferences")
            .columns([short("login", 100), short("name", 190), long("value")])
            .key(&["login", "name"])
            .with(to_user("preferences"))
            .done(),
        tokens(),
        sessions(),
        Made::new("sign_ins").columns([own_key(), big("at"), short("login", 320), short("outcome", 40)]).done(),
        Made::new("settings").columns([short("name", 190), long("value")]).key(&["name"]).done(),
        segments(),
        Made::new("annotations")
            .columns([
                big("site"),
                int("id"),
                short("date", 10),
                long("note"),
                flag("starred"),
                short("login", 100),
                big("created_at"),
            ])
            .key(&["site", "id"])
            .with(to_site("annotations"))
            .done(),
        Made::new("dashboards")
            .columns([short("login", 100), int("id"), short("name", 100), long("layout")])
            .key(&["login", "id"])
            .with(to_user("dashboards"))
            .done(),
        scheduled_reports(),
        Made::new("shared_links")
            .columns([
                own_key(),
                short("slug", 40),
                big("site"),
                short("name", 255),
                maybe_short("password", 255),
                maybe_big("segment"),
                big("created_at"),
            ])
            .unique("slug")
            .with(to_site("shared_links"))
            .done(),
        Made::new("guests")
            .columns([big("site"), short("email", 320), short("role", 20), flag("accepted"), big("invited_at")])
            .key(&["site", "email"])
            .with(to_site("guests"))
            .done(),
        Made::new("tracking_failures")
            .columns([big("site"), int("kind"), big("first_at"), long("request")])
            .key(&["site", "kind"])
            .done(),
        Made::new("drop_counts")
            .columns([big("site"), short("day", 10), short("reason", 60), big("n"), big("last_at")])
            .key(&["site", "day", "reason"])
            .done(),
        Made::new("salts").columns([big("day"), short("salt", 32)]).key(&["day"]).done(),
    ]
}

fn sites() -> TableCreateStatement {
    Made::new("sites")
        .columns([
            big("id"),
            short("name", 90),
            short("domain", 255),
            maybe_short("former_domain", 255),
            maybe_big("former_until"),
            long("urls"),
            short("timezone", 64),
            short("currency", 3),
            short("policy", 20),
            flag("ecommerce"),
            flag("search_enabled"),
            long("search_params"),
            long("search_category_params"),
            long("excluded_addresses"),
            long("excluded_user_agents"),
            long("excluded_referrers"),
            long("excluded_countries"),
            long("excluded_pages"),
            long("hostnames"),
            flag("refuse_unknown_urls"),
            long("excluded_params"),
            flag("keep_fragments"),
            short("group_name", 250),
            short("kind", 60),
            big("created_at"),
            flag("public"),
            long("allowed_props"),
        ])
        .key(&["id"])
        .unique("domain")
        .done()
}

fn goals() -> TableCreateStatement {
    Made::new("goals")
        .columns([
            big("site"),
            int("id"),
            short("name", 255),
            long("description"),
            short("kind", 20),
            short("attribute", 30),
            short("pattern_type", 20),
            long("pattern"),
            flag("case_sensitive"),
            long("props"),
            int("threshold"),
            real("revenue"),
            flag("event_value_as_revenue"),
            flag("many_per_visit"),
            maybe_short("currency", 3),
            flag("deleted"),
        ])
        .key(&["site", "id"])
        .with(to_site("goals"))
        .done()
}

fn dimensions() -> TableCreateStatement {
    Made::new("custom_dimensions")
        .columns([
            big("site"),
            int("id"),
            short("name", 255),
            short("scope", 10),
            int("slot"),
            flag("active"),
            flag("case_sensitive"),
            long("extractions"),
            flag("deleted"),
        ])
        .key(&["site", "id"])
        .with(to_site("custom_dimensions"))
        .done()
}

fn users() -> TableCreateStatement {
    Made::new("users")
        .columns([
            short("login", 100),
            short("login_key", 100),
            short("email", 320),
            short("email_key", 320),
            short("name", 100),
            maybe_short("password", 255),
            flag("superuser"),
            big("created_at"),
            big("password_changed_at"),
            maybe_big("last_seen_at"),
            short("theme", 20),
            maybe_short("totp_secret", 128),
            maybe_short("invited_by", 100),
            maybe_short("invite_digest", 64),
            maybe_big("invite_expires_at"),
        ])
        .key(&["login"])
        .unique("login_key")
        .unique("email_key")
        .unique("invite_digest")
        .done()
}

fn tokens() -> TableCreateStatement {
    Made::new("tokens")
        .columns([
            own_key(),
            short("digest", 64),
            short("login", 100),
            short("description", 100),
            maybe_big("site"),
            long("scopes"),
            flag("secure_only"),
            big("created_at"),
            maybe_big("expires_at"),
            maybe_big("last_used_at"),
        ])
        .unique("digest")
        .with(to_user("tokens"))
        .with(to_site("tokens"))
        .done()
}

fn sessions() -> TableCreateStatement {
    Made::new("sessions")
        .columns([
            short("digest", 64),
            short("login", 100),
            short("csrf", 64),
            flag("pending"),
            big("created_at"),
            big("expires_at"),
            big("last_seen_at"),
        ])
        .key(&["digest"])
        .with(to_user("sessions"))
        .done()
}

fn segments() -> TableCreateStatement {
    Made::new("segments")
        .columns([
            own_key(),
            short("name", 255),
            long("definition"),
            short("login", 100),
            maybe_big("site"),
            flag("shared"),
            flag("starred"),
            flag("auto_archive"),
            big("created_at"),
            maybe_big("changed_at"),
        ])
        .with(to_site("segments"))
        .done()
}

fn scheduled_reports() -> TableCreateStatement {
    Made::new("scheduled_reports")
        .columns([
            own_key(),
            big("site"),
            short("login", 100),
            long("description"),
            maybe_big("segment"),
            short("period", 10),
            int("hour"),
            short("kind", 20),
            short("format", 10),
            long("reports"),
            long("parameters"),
            short("evolution_for", 10),
            maybe_int("evolution_n"),
            short("period_param", 10),
            big("created_at"),
            maybe_big("last_sent_at"),
        ])
        .with(to_site("scheduled_reports"))
        .with(to_user("scheduled_reports"))
        .done()
}
