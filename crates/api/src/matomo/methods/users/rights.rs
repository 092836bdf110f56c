//! What people may do on which sites.

use footfall_admin::{SiteAccess, User, UserChanges, access_name, effective_access, parse_access};
use footfall_model::{Access, Cell, Fault, Name, SiteId};

use super::{MODULE, check_named, check_own, confirm, confirm_always, nobody, people, shown};
use crate::{
    access::{self, Need},
    matomo::{
        Answer, Failure,
        cells::{cells, texts},
        dispatch::{Call, Method},
        scope,
    },
};

const ADMIN: Need = Need::Somewhere(Access::Admin);

pub(in crate::matomo::methods) const METHODS: &[Method] = &[
    Method::new(MODULE, "getAvailableRoles", ADMIN, &[], |_| Box::pin(async { Ok(roles()) })),
    Method::new(MODULE, "getAvailableCapabilities", ADMIN, &[], |_| Box::pin(async { Ok(Answer::list(Vec::new())) })),
    Method::new(MODULE, "setUserAccess", Need::Somebody, &["userLogin", "access", "idSites"], |call| Box::pin(set(call))),
    Method::new(MODULE, "setSuperUserAccess", Need::Superuser, &["userLogin", "hasSuperUserAccess"], |call| {
        Box::pin(async move {
            let login = scope::required(call.request, "userLogin")?;
            let is_superuser = call.request.flag("hasSuperUserAccess");
            check_named(login)?;
            confirm_always(call).await?;
            if !is_superuser && people::is_only_superuser(call, login).await? {
                let what = format!("Removing the Super User access from user '{login}' is not possible.");
                return Err(people::only_superuser(&what));
            }
            let changes = UserChanges { superuser: Some(is_superuser), ..UserChanges::default() };
            call.ctx.admin.update_user(login, changes, call.ctx.now).await?;
            Ok(Answer::Done)
        })
    }),
    Method::new(MODULE, "addCapabilities", Need::Somebody, &["userLogin", "capabilities", "idSites"], |call| {
        Box::pin(capabilities(call, true))
    }),
    Method::new(MODULE, "removeCapabilities", Need::Somebody, &["userLogin", "capabilities", "idSites"], |call| {
        Box::pin(capabilities(call, false))
    }),
    Method::new(MODULE, "getUsersSitesFromAccess", Need::Superuser, &["access"], |call| Box::pin(by_access(call))),
    Method::new(MODULE, "getUsersAccessFromSite", Need::Nobody, &["idSite"], |call| Box::pin(of_site(call))),
    Method::new(MODULE, "getUsersWithSiteAccess", Need::Nobody, &["idSite", "access"], |call| Box::pin(users_with(call))),
    Method::new(MODULE, "getSitesAccessFromUser", Need::Superuser, &["userLogin"], |call| Box::pin(of_user(call))),
    Method::new(MODULE, "getSitesAccessForUser", ADMIN, &["userLogin"], |call| Box::pin(sites_of(call))),
    Method::new(MODULE, "getUsersPlusRole", Need::Somewhere(Access::View), &["idSite"], |call| Box::pin(with_role(call))),
    Method::new(MODULE, "getUserPreference", Need::Nobody, &["preferenceName"], |call| Box::pin(preference(call))),
    Method::new(MODULE, "setUserPreference", Need::Nobody, &["userLogin", "preferenceName", "preferenceValue"], |call| {
        Box::pin(async move {
            let login = scope::required(call.request, "userLogin")?;
            check_own(call, login)?;
            let name = preference_name(call)?;
            if call.ctx.admin.user(login).await.is_err_and(|error| error.fault() == Fault::Missing) {
                return Err(Failure::new(format!("User does not exist: {login}")));
            }
            call.ctx.admin.set_preference(login, name, call.request.text("preferenceValue")).await?;
            Ok(Answer::Done)
        })
    }),
    Method::new(MODULE, "initUserPreferenceWithDefault", Need::Nobody, &["userLogin", "preferenceName"], |call| {
        Box::pin(async move {
            let login = scope::required(call.request, "userLogin")?;
            check_own(call, login)?;
            let name = scope::required(call.request, "preferenceName")?;
            if call.ctx.admin.preference(login, name).await?.is_none()
                && let Some(value) = default_preference(call, name)
            {
                call.ctx.admin.set_preference(login, name, Some(&value)).await?;
            }
            Ok(Answer::Done)
        })
    }),
    Method::new(MODULE, "getAllUsersPreferences", Need::Superuser, &["preferenceNames"], |call| Box::pin(all_preferences(call))),
];

/// What people may prefer by this API.
const PREFERENCES: [&str; 4] = ["defaultReport", "defaultReportDate", "isLDAPUser", "hideSegmentDefinitionChangeMessage"];

/// The name of the preference that is asked for.
fn preference_name(call: Call<'_>) -> Result<&str, Failure> {
    let name = scope::required(call.request, "preferenceName")?;
    if name.contains('_') {
        return Err(Failure::new("Preference name cannot contain underscores."));
    }
    if !PREFERENCES.contains(&name) {
        return Err(Failure::new(format!("Not supported preference name: {name}")));
    }
    Ok(name)
}

fn roles() -> Answer {
    let role = |id: &str, name: &str, doc: &str| {
        cells! {"id" => id, "name" => name, "description" => doc, "helpUrl" => "https://matomo.org/faq/general/faq_70/"}
    };
    Answer::list(vec![
        role("view", "View", "A user with this role can view all reports."),
        role(
            "write",
            "Write",
            "A user with this role can view all reports and create, manage and delete entities such as goals.",
        ),
        role("admin", "Admin", "A user with this role can manage a website and give other users access to it."),
    ])
}

/// The sites of `idSites`, all of which the caller manages.
fn sites(call: Call<'_>) -> Result<Vec<SiteId>, Failure> {
    let words = call.request.words("idSites");
    let sites: Vec<SiteId> = if words.iter().any(|word| word == "all") {
        access::sites_with(call.caller, &call.ctx.sites, Access::Admin).iter().map(|site| site.id).collect()
    } else {
        words.iter().filter_map(|word| word.parse().ok()).map(SiteId).collect()
    };
    if sites.is_empty() {
        return Err(Failure::new("Specify at least one website ID in &idSites="));
    }
    for site in &sites {
        access::check_site(call.caller, *site, Access::Admin)?;
    }
    Ok(sites)
}

fn role(name: &str) -> Result<Access, Failure> {
    parse_access(name).filter(|access| *access != Access::Superuser).ok_or_else(|| {
        Failure::new(format!(
            "The parameter access must have one of the following values: [ view, write, admin ], '{name}' given."
        ))
    })
}

async fn set(call: Call<'_>) -> Result<Answer, Failure> {
    let sites = sites(call)?;
    let login = scope::required(call.request, "userLogin")?;
    let all = call.request.texts("access");
    let given = all.first().map(String::as_str).unwrap_or_default();
    for one in all.iter().filter(|one| *one != "noaccess") {
        role(one)?;
    }
    if all.len() > 1 {
        return Err(Failure::new("Only one role can be set but multiple have been set. Use only one of: view, write, admin"));
    }
    if login == "anonymous" && !["view", "noaccess"].contains(&given) {
        return Err(Failure::new("You can only set access noaccess or view access to the 'anonymous' user."));
    }
    if login == "anonymous" && given == "view" {
        confirm(call).await?;
    }
    let to = if given == "noaccess" { None } else { Some(role(given)?) };
    check_no_superuser(call, login).await?;
    call.ctx.admin.set_access(login, to, &sites).await?;
    Ok(Answer::Done)
}

/// Refuses to give rights to who has all of them.
async fn check_no_superuser(call: Call<'_>, login: &str) -> Result<(), Failure> {
    if login == "anonymous" || !call.ctx.admin.user(login).await?.superuser {
        return Ok(());
    }
    Err(Failure::new(format!(
        "The user '{login}' has Super User access and has already permission to access and modify all websites in Matomo. You may \
         remove the Super User access from this user and try again."
    )))
}

async fn capabilities(call: Call<'_>, adds: bool) -> Result<Answer, Failure> {
    let sites = sites(call)?;
    let login = scope::required(call.request, "userLogin")?;
    if login == "anonymous" {
        return Err(Failure::new("You cannot grant any capability to the 'anonymous' user."));
    }
    check_no_superuser(call, login).await?;
    let named = call.request.words("capabilities");
    let held = call.ctx.admin.access_of(login).await?;
    for site in sites {
        let mut all = held.iter().find(|right| right.site == site).map(|right| right.capabilities.clone()).unwrap_or_default();
        all.retain(|one| !named.contains(one));
        if adds {
            all.extend(named.iter().cloned());
        }
        call.ctx.admin.set_capabilities(login, site, &all).await?;
    }
    Ok(Answer::Done)
}

/// What users may do on a site, or on every site, by their rights and their roles in the team.
pub(super) async fn effective(call: Call<'_>, users: &[User], site: Option<SiteId>) -> Result<Vec<SiteAccess>, Failure> {
    let given = match site {
        Some(site) => call.ctx.admin.access_on(site).await?,
        None => call.ctx.admin.all_access().await?,
    };
    let sites = site.map_or_else(|| call.ctx.sites.all().iter().map(|site| site.id).collect(), |site| vec![site]);
    Ok(effective_access(given, users, &sites))
}

async fn by_access(call: Call<'_>) -> Result<Answer, Failure> {
    let wanted = role(scope::required(call.request, "access")?)?;
    let mut people = call.ctx.admin.users().await?;
    people.retain(|user| !user.superuser);
    let rights: Vec<SiteAccess> = effective(call, &people, None)
        .await?
        .into_iter()
        .filter(|right| right.login == "anonymous" || people.iter().any(|user| user.login == right.login))
        .collect();
    let mut users: Vec<(Name, Cell)> = Vec::new();
    for right in rights.iter().filter(|right| right.access == wanted) {
        let site = Cell::from(i64::from(right.site.0));
        match users.iter_mut().find(|(login, _)| **login == right.login) {
            Some((_, Cell::List(sites))) => sites.push(site),
            _ => users.push((right.login.clone().into(), Cell::List(vec![site]))),
        }
    }
    Ok(Answer::map(users))
}

async fn of_site(call: Call<'_>) -> Result<Answer, Failure> {
    let site = scope::site(call.ctx, call.caller, call.request, Access::Admin)?;
    let mut rights = effective(call, &call.ctx.admin.users().await?, Some(site.id)).await?;
    rights.retain(|right| right.login != "anonymous");
    rights.extend(of_everybody(call, &[site.id]));
    rights.sort_by(|one, two| one.login.cmp(&two.login));
    Ok(Answer::map(rights.iter().map(|right| (right.login.clone().into(), access_name(right.access).into())).collect()))
}

async fn users_with(call: Call<'_>) -> Result<Answer, Failure> {
    let site = scope::site(call.ctx, call.caller, call.request, Access::Admin)?;
    let wanted = role(scope::required(call.request, "access")?)?;
    let users = people::seen(call).await?;
    let rights = effective(call, &users, Some(site.id)).await?;
    let has = |login: &str| rights.iter().any(|right| right.login == login && right.access == wanted);
    Ok(people::rows(users.iter().filter(|user| has(&user.login)).map(|user| shown(call, user)).collect()))
}

/// The right to read that everybody has on the public ones among these sites.
fn of_everybody(call: Call<'_>, sites: &[SiteId]) -> Vec<SiteAccess> {
    let is_public = |site: &&SiteId| call.ctx.sites.get(**site).is_some_and(|site| site.public);
    let right = |site: &SiteId| SiteAccess {
        login: "anonymous".to_owned(),
        site: *site,
        access: Access::View,
        capabilities: Vec::new(),
        sets_up: false,
    };
    sites.iter().filter(is_public).map(right).collect()
}

/// The rights of a user; superusers have all.
async fn rights(call: Call<'_>, login: &str) -> Result<Vec<SiteAccess>, Failure> {
    if login == "anonymous" {
        let sites: Vec<SiteId> = call.ctx.sites.all().iter().map(|site| site.id).collect();
        return Ok(of_everybody(call, &sites));
    }
    let user = call.ctx.admin.user(login).await?;
    let sites: Vec<SiteId> = call.ctx.sites.all().iter().map(|site| site.id).collect();
    if !user.superuser {
        let given = call.ctx.admin.access_of(login).await?;
        return Ok(effective_access(given, &[user], &sites));
    }
    let right = |site: SiteId| SiteAccess {
        login: login.to_owned(),
        site,
        access: Access::Admin,
        capabilities: Vec::new(),
        sets_up: false,
    };
    Ok(sites.into_iter().map(right).collect())
}

async fn of_user(call: Call<'_>) -> Result<Answer, Failure> {
    let rights = rights(call, scope::required(call.request, "userLogin")?).await?;
    let row = |right: &SiteAccess| {
        cells! {"site" => i64::from(right.site.0), "access" => access_name(right.access)}
    };
    Ok(Answer::list(rights.iter().map(row).collect()))
}

async fn sites_of(call: Call<'_>) -> Result<Answer, Failure> {
    let login = scope::required(call.request, "userLogin")?;
    if login != "anonymous" && call.ctx.admin.user(login).await?.superuser {
        return Err(Failure::new("This method should not be used with superusers."));
    }
    let held = rights(call, login).await?;
    let wanted = call.request.filled("filter_access");
    let search = call.request.filled("filter_search").map(str::to_lowercase);
    let mut rows = Vec::new();
    for site in access::sites_with(call.caller, &call.ctx.sites, Access::Admin) {
        let right = held.iter().find(|right| right.site == site.id);
        let role = right.map_or("noaccess", |right| access_name(right.access));
        let fits = match wanted {
            None => true,
            Some("some") => role != "noaccess",
            Some(wanted) => role == wanted,
        };
        let found = search.as_ref().is_none_or(|search| site.name.to_lowercase().contains(search));
        if fits && found {
            rows.push(cells! {
                "idsite" => i64::from(site.id.0),
                "site_name" => site.name.as_str(),
                "role" => role,
                "capabilities" => texts(right.map(|right| right.capabilities.clone()).unwrap_or_default()),
            });
        }
    }
    Ok(Answer::list(page(call, rows)))
}

async fn with_role(call: Call<'_>) -> Result<Answer, Failure> {
    let site = scope::site(call.ctx, call.caller, call.request, Access::View)?;
    let manages = call.caller.allows(site.id, Access::Admin);
    let users = people::seen(call).await?;
    let rights = effective(call, &users, Some(site.id)).await?;
    let (wanted, search) = (call.request.filled("filter_access"), call.request.filled("filter_search").map(str::to_lowercase));
    let state = call.request.filled("filter_status");
    let mut rows: Vec<(String, Cell)> = Vec::new();
    for user in users.iter().filter(|user| manages || user.login == call.caller.login) {
        let right = rights.iter().find(|right| right.login == user.login);
        let role = if user.superuser { "superuser" } else { right.map_or("noaccess", |right| access_name(right.access)) };
        let fits = match wanted {
            None => true,
            Some("some") => role != "noaccess",
            Some(wanted) => role == wanted,
        };
        let found = search
            .as_ref()
            .is_none_or(|search| user.login.to_lowercase().contains(search) || user.email.to_lowercase().contains(search));
        if !fits || !found || state.is_some_and(|state| state != state_of(call, user)) {
            continue;
        }
        let mut row = shown(call, user);
        if let Cell::Map(entries) = &mut row {
            entries.push(("role".into(), role.into()));
            entries.push(("capabilities".into(), texts(right.map(|right| right.capabilities.clone()).unwrap_or_default())));
        }
        rows.push((user.login.clone(), row));
    }
    let role = if site.public { "view" } else { "noaccess" };
    let fits = wanted.is_none_or(|wanted| wanted == role || wanted == "some" && site.public);
    let found = search.is_none_or(|search| "anonymous@example.org".contains(&search));
    if call.caller.superuser && fits && found && state.is_none_or(|state| state == "active") {
        let mut row = nobody();
        if let Cell::Map(entries) = &mut row {
            entries.push(("role".into(), role.into()));
            entries.push(("capabilities".into(), Cell::List(Vec::new())));
        }
        rows.push(("anonymous".to_owned(), row));
        rows.sort_by(|(one, _), (two, _)| one.cmp(two));
    }
    Ok(Answer::list(page(call, rows.into_iter().map(|(_, row)| row).collect())))
}

/// Whether a user has come, is still to come, or has waited too long.
fn state_of(call: Call<'_>, user: &User) -> &'static str {
    match &user.invitation {
        None => "active",
        Some(invitation) if invitation.expires_at < call.ctx.now => "expired",
        Some(_) => "pending",
    }
}

/// The part of the rows that `limit` and `offset` ask for.
fn page(call: Call<'_>, rows: Vec<Cell>) -> Vec<Cell> {
    let number = |name: &str| call.request.int(name).and_then(|n| usize::try_from(n).ok());
    let limit = number("limit").filter(|limit| *limit > 0).unwrap_or(usize::MAX);
    rows.into_iter().skip(number("offset").unwrap_or(0)).take(limit).collect()
}

async fn preference(call: Call<'_>) -> Result<Answer, Failure> {
    let login = call.request.filled("userLogin").unwrap_or(&call.caller.login);
    if !(call.caller.is_anonymous() && login == "anonymous") {
        check_own(call, login)?;
    }
    let name = preference_name(call)?;
    let held = match call.ctx.admin.preference(login, name).await {
        Err(error) if error.fault() == Fault::Missing => None,
        held => held?,
    };
    Ok(match held.or_else(|| default_preference(call, name)) {
        Some(value) => Answer::value(value.as_str()),
        None => Answer::value(false),
    })
}

/// What stands for a preference that was never set.
fn default_preference(call: Call<'_>, name: &str) -> Option<String> {
    match name {
        "defaultReport" => access::sites_with(call.caller, &call.ctx.sites, Access::View).first().map(|site| site.id.to_string()),
        "defaultReportDate" => Some("yesterday".to_owned()),
        _ => None,
    }
}

async fn all_preferences(call: Call<'_>) -> Result<Answer, Failure> {
    let names = call.request.words("preferenceNames");
    let mut users: Vec<(Name, Cell)> = Vec::new();
    for user in call.ctx.admin.users().await? {
        let held = call.ctx.admin.preferences(&user.login).await?;
        let kept: Vec<(Name, Cell)> = held
            .into_iter()
            .filter(|(name, _)| names.contains(name))
            .map(|(name, value)| (name.into(), value.as_str().into()))
            .collect();
        if !kept.is_empty() {
            users.push((user.login.into(), Cell::Map(kept)));
        }
    }
    Ok(Answer::map(users))
}
