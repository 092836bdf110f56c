//! The tables as rows. `migrations` makes them; nothing outside this crate sees them. Moments are milliseconds, lists are
//! JSON text, secrets are SHA-256 in hexadecimal digits.
#![expect(
    unreachable_pub,
    reason = "deriving an entity writes public items named after columns; the types that leave this crate are explained"
)]

macro_rules! tables {
    ($($table:ident $name:literal { $($(#[$attribute:meta])* $field:ident: $kind:ty,)* })*) => {
        $(pub mod $table {
            use sea_orm::entity::prelude::*;

            #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
            #[sea_orm(table_name = $name)]
            pub struct Model {
                $($(#[$attribute])* pub $field: $kind,)*
            }

            #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
            pub enum Relation {}

            impl ActiveModelBehavior for ActiveModel {}
        })*
    };
}

tables! {
    sequence "sequences" {
        #[sea_orm(primary_key, auto_increment = false)]
        name: String,
        last: i64,
    }
    site "sites" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: i64,
        name: String,
        domain: String,
        former_domain: Option<String>,
        former_until: Option<i64>,
        urls: String,
        timezone: String,
        currency: String,
        policy: String,
        ecommerce: bool,
        search_enabled: bool,
        search_params: String,
        search_category_params: String,
        excluded_addresses: String,
        excluded_user_agents: String,
        excluded_referrers: String,
        excluded_countries: String,
        excluded_pages: String,
        hostnames: String,
        refuse_unknown_urls: bool,
        excluded_params: String,
        keep_fragments: bool,
        group_name: String,
        kind: String,
        created_at: i64,
        public: bool,
        allowed_props: String,
    }
    site_setting "site_settings" {
        #[sea_orm(primary_key, auto_increment = false)]
        site: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        name: String,
        value: String,
    }
    tracker_script "tracker_scripts" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: String,
        site: i64,
        installation: Option<String>,
        options: String,
    }
    goal "goals" {
        #[sea_orm(primary_key, auto_increment = false)]
        site: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        id: i32,
        name: String,
        description: String,
        kind: String,
        attribute: String,
        pattern_type: String,
        pattern: String,
        case_sensitive: bool,
        props: String,
        threshold: i32,
        revenue: f64,
        event_value_as_revenue: bool,
        many_per_visit: bool,
        currency: Option<String>,
        deleted: bool,
    }
    dimension "custom_dimensions" {
        #[sea_orm(primary_key, auto_increment = false)]
        site: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        id: i32,
        name: String,
        scope: String,
        slot: i32,
        active: bool,
        case_sensitive: bool,
        extractions: String,
        deleted: bool,
    }
    funnel "funnels" {
        #[sea_orm(primary_key, auto_increment = false)]
        site: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        id: i32,
        name: String,
        steps: String,
        strict: bool,
    }
    user "users" {
        #[sea_orm(primary_key, auto_increment = false)]
        login: String,
        login_key: String,
        email: String,
        email_key: String,
        name: String,
        password: Option<String>,
        superuser: bool,
        created_at: i64,
        password_changed_at: i64,
        last_seen_at: Option<i64>,
        theme: String,
        totp_secret: Option<String>,
        invited_by: Option<String>,
        invite_digest: Option<String>,
        invite_expires_at: Option<i64>,
        team_role: Option<String>,
    }
    access "access" {
        #[sea_orm(primary_key, auto_increment = false)]
        login: String,
        #[sea_orm(primary_key, auto_increment = false)]
        site: i64,
        access: String,
        capabilities: String,
        sets_up: Option<bool>,
    }
    preference "preferences" {
        #[sea_orm(primary_key, auto_increment = false)]
        login: String,
        #[sea_orm(primary_key, auto_increment = false)]
        name: String,
        value: String,
    }
    token "tokens" {
        #[sea_orm(primary_key)]
        id: i64,
        digest: String,
        login: String,
        description: String,
        site: Option<i64>,
        scopes: String,
        secure_only: bool,
        created_at: i64,
        expires_at: Option<i64>,
        last_used_at: Option<i64>,
    }
    session "sessions" {
        #[sea_orm(primary_key, auto_increment = false)]
        digest: String,
        login: String,
        csrf: String,
        pending: bool,
        created_at: i64,
        expires_at: i64,
        last_seen_at: i64,
    }
    sign_in "sign_ins" {
        #[sea_orm(primary_key)]
        id: i64,
        at: i64,
        login: String,
        outcome: String,
    }
    setting "settings" {
        #[sea_orm(primary_key, auto_increment = false)]
        name: String,
        value: String,
    }
    segment "segments" {
        #[sea_orm(primary_key)]
        id: i64,
        name: String,
        definition: String,
        login: String,
        site: Option<i64>,
        shared: bool,
        starred: bool,
        auto_archive: bool,
        created_at: i64,
        changed_at: Option<i64>,
    }
    annotation "annotations" {
        #[sea_orm(primary_key, auto_increment = false)]
        site: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        id: i32,
        date: String,
        note: String,
        starred: bool,
        login: String,
        created_at: i64,
    }
    dashboard "dashboards" {
        #[sea_orm(primary_key, auto_increment = false)]
        login: String,
        #[sea_orm(primary_key, auto_increment = false)]
        id: i32,
        name: String,
        layout: String,
    }
    scheduled_report "scheduled_reports" {
        #[sea_orm(primary_key)]
        id: i64,
        site: i64,
        login: String,
        description: String,
        segment: Option<i64>,
        period: String,
        hour: i32,
        kind: String,
        format: String,
        reports: String,
        parameters: String,
        evolution_for: String,
        evolution_n: Option<i32>,
        period_param: String,
        created_at: i64,
        last_sent_at: Option<i64>,
    }
    shared_link "shared_links" {
        #[sea_orm(primary_key)]
        id: i64,
        slug: String,
        site: i64,
        name: String,
        password: Option<String>,
        segment: Option<i64>,
        created_at: i64,
    }
    guest "guests" {
        #[sea_orm(primary_key, auto_increment = false)]
        site: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        email: String,
        role: String,
        accepted: bool,
        invited_at: i64,
    }
    import "imports" {
        #[sea_orm(primary_key, auto_increment = false)]
        site: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        id: i32,
        source: String,
        first_date: String,
        last_date: String,
        n_rows: i64,
        created_at: i64,
    }
    event_import "event_imports" {
        #[sea_orm(primary_key, auto_increment = false)]
        site: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        import_id: i32,
        batch: String,
        n_lines: i64,
        n_refused: i64,
        state: String,
    }
    password_reset "password_resets" {
        #[sea_orm(primary_key, auto_increment = false)]
        login: String,
        digest: String,
        expires_at: i64,
    }
    imported_day "imported_days" {
        #[sea_orm(primary_key, auto_increment = false)]
        site: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        import_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        table_name: String,
        #[sea_orm(primary_key, auto_increment = false)]
        date: String,
        #[sea_orm(primary_key, auto_increment = false)]
        part: i32,
        figures: String,
    }
    failure "tracking_failures" {
        #[sea_orm(primary_key, auto_increment = false)]
        site: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        kind: i32,
        first_at: i64,
        request: String,
    }
    drop_count "drop_counts" {
        #[sea_orm(primary_key, auto_increment = false)]
        site: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        day: String,
        #[sea_orm(primary_key, auto_increment = false)]
        reason: String,
        n: i64,
        last_at: i64,
    }
    salt "salts" {
        #[sea_orm(primary_key, auto_increment = false)]
        day: i64,
        salt: String,
    }
    token_limit "token_limits" {
        #[sea_orm(primary_key, auto_increment = false)]
        token: i64,
        hourly_requests: i32,
    }
    letter "letters" {
        #[sea_orm(primary_key)]
        id: i64,
        recipient: String,
        message: String,
        attempts: i32,
        next_at: i64,
        created_at: i64,
    }
}
