//! What the methods that manage things answer, word by word: what Matomo 5.2 says to the same calls.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

#[expect(dead_code, reason = "what methods are given to be refused is of no use here")]
mod world;

use std::sync::Arc;

use footfall_admin::UserChanges;
use footfall_api::matomo::{self, MatomoRequest};
use serde_json::{Value, json};
use world::World;

const SUPERUSER: usize = 4;
const ADMIN: usize = 3;
const VIEW: usize = 1;
const NOBODY: usize = 0;

/// What somebody is answered. What was changed is known to those who ask next.
async fn asked(world: &mut World, who: usize, call: &str) -> Value {
    let request = MatomoRequest::decode(&format!("module=API&format=json&{call}"), b"").unwrap();
    let reply = matomo::answer(&world.context, &world.people[who], &request).await;
    world.context.sites = Arc::new(world.context.admin.snapshot(world.context.now).await.unwrap());
    serde_json::from_slice(&reply.body).unwrap()
}

/// The message of an error, or what was answered.
fn said(answer: &Value) -> Value {
    if answer["result"] == "error" || answer["result"] == "success" {
        return answer["message"].clone();
    }
    if answer.as_object().is_some_and(|all| all.len() == 1) && !answer["value"].is_null() {
        return answer["value"].clone();
    }
    answer.clone()
}

async fn check(world: &mut World, who: usize, table: &[(&str, Value)]) {
    for (call, expected) in table {
        assert_eq!(said(&asked(world, who, &format!("method={call}")).await), *expected, "{call}");
    }
}

const NOT_AN_ADDRESS: &str = "If you choose 'exact match', the matching string must be a URL starting with http:// or https://. \
                              For example, 'http://www.yourwebsite.com/newsletter/subscribed.html'.";
const PASSWORD: &str = "Please enter your password to confirm this change.";

fn not_allowed(title: &str) -> Value {
    json!(format!("{title}: The value for the \"{title}\" field in the \"WebsiteMeasurable\" plugin is not allowed"))
}

#[tokio::test]
async fn sites_are_checked_as_forms_are() {
    let mut world = World::new().await;
    let table = [
        ("SitesManager.addSite&siteName=x&urls=", json!("URLs: You must specify at least one URL for the website.")),
        (
            "SitesManager.addSite&siteName=x&urls[]=5http://a.example",
            json!("URLs: The url '5http://a.example' is not a valid URL."),
        ),
        ("SitesManager.addSite&siteName=x&ecommerce=true", not_allowed("Ecommerce")),
        ("SitesManager.addSite&siteName=x&siteSearch=2", not_allowed("Site Search")),
        ("SitesManager.addSite&siteName=x&keepURLFragments=3", not_allowed("Keep Page URL fragments when tracking Page URLs")),
        (
            "SitesManager.addSite&siteName=x&excludeUnknownUrls=x",
            not_allowed("Only track visits and actions when the action URL starts with one of the above URLs."),
        ),
        (
            "SitesManager.addSite&siteName=x&excludedIps=1.2.3",
            json!(
                "Excluded IPs: The IP to exclude \"1.2.3\" does not have a valid IP format (eg. 1.2.3.4, 1.2.3.*, or 1.2.3.4/5)."
            ),
        ),
        (
            "SitesManager.addSite&siteName=x&timezone=Asia/Calcutta",
            json!("The timezone \"Asia/Calcutta\" is not valid. Please enter a valid timezone."),
        ),
        (
            "SitesManager.addSite&siteName=x&timezone=UTC-14",
            json!("The timezone \"UTC-14\" is not valid. Please enter a valid timezone."),
        ),
        (
            "SitesManager.addSite&siteName=x&startDate=1980-01-01",
            json!(
                "The date '1980-01-01' is a date before first website was online. Try date that's after Aug 6, 1991 (timestamp \
                 681436800).: 315532800"
            ),
        ),
        ("SitesManager.updateSite&idSite=x&siteName=y", json!("website id = x not found")),
        ("SitesManager.deleteSite&idSite=77", json!("website id = 77 not found")),
        (
            "SitesManager.setGlobalExcludedUserAgents&excludedUserAgents=",
            json!("Please specify a value for 'excludedUserAgents'."),
        ),
        (
            "SitesManager.getSiteFromId&idSite=-1",
            json!("An unexpected website was found in the request: website id was set to '-1' ."),
        ),
        ("SitesManager.getExcludedQueryParameters&idSite=1", json!([])),
    ];
    check(&mut world, SUPERUSER, &table).await;
    assert_eq!(world.context.sites.all().len(), 2, "nothing was made");
}

#[tokio::test]
async fn a_site_is_what_its_form_says() {
    let mut world = World::new().await;
    let field = |n: usize, name: &str, value: &str| {
        format!("&settingValues[WebsiteMeasurable][{n}][name]={name}&settingValues[WebsiteMeasurable][{n}][value]{value}")
    };
    let form = [
        field(0, "urls", "[0]=http://b.example&settingValues[WebsiteMeasurable][0][value][1]=z.example/")
            + "&settingValues[WebsiteMeasurable][0][value][2]=a.example",
        field(1, "exclude_unknown_urls", "=1"),
        field(2, "sitesearch", "=0"),
        field(3, "excluded_parameters", "[0]=P1&settingValues[WebsiteMeasurable][3][value][1]=p2"),
        field(4, "ecommerce", "=1"),
    ]
    .concat();
    let made = asked(&mut world, SUPERUSER, &format!("method=SitesManager.addSite&siteName={}{form}", "n".repeat(91))).await;
    assert_eq!(made, json!({"value": 3}));
    let site = asked(&mut world, SUPERUSER, "method=SitesManager.getSiteFromId&idSite=3").await;
    let field_of = |name: &str| site[name].clone();
    assert_eq!(
        ["main_url", "exclude_unknown_urls", "sitesearch", "excluded_parameters", "ecommerce"].map(field_of),
        [json!("http://b.example"), json!(1), json!(0), json!("P1,p2"), json!(1)]
    );
    assert_eq!(site["name"], "n".repeat(90));
    let urls = asked(&mut world, SUPERUSER, "method=SitesManager.getSiteUrlsFromId&idSite=3").await;
    assert_eq!(urls, json!(["http://b.example", "http://a.example", "http://z.example"]));

    let wrong = field(0, "ecommerce", "=5");
    let refused = asked(&mut world, SUPERUSER, &format!("method=SitesManager.updateSite&idSite=3{wrong}")).await;
    assert_eq!(said(&refused), not_allowed("Ecommerce"));
    let changed = field(0, "ecommerce", "=0") + &field(1, "sitesearch_keyword_parameters", "[0]=find");
    asked(&mut world, SUPERUSER, &format!("method=SitesManager.updateSite&idSite=3&siteName=m{changed}")).await;
    let site = asked(&mut world, SUPERUSER, "method=SitesManager.getSiteFromId&idSite=3").await;
    assert_eq!(
        (&site["ecommerce"], &site["sitesearch_keyword_parameters"], &site["name"]),
        (&json!(0), &json!("find"), &json!("m"))
    );
    let shared = field(0, "use_default_site_search_params", "=1") + &field(1, "sitesearch_keyword_parameters", "[0]=find");
    asked(&mut world, SUPERUSER, &format!("method=SitesManager.updateSite&idSite=3{shared}")).await;
    let site = asked(&mut world, SUPERUSER, "method=SitesManager.getSiteFromId&idSite=3").await;
    assert_eq!(site["sitesearch_keyword_parameters"], "");

    asked(&mut world, SUPERUSER, "method=SitesManager.addSite&siteName=bare").await;
    let site = asked(&mut world, SUPERUSER, "method=SitesManager.getSiteFromId&idSite=4").await;
    assert_eq!((&site["main_url"], &site["type"]), (&json!(""), &json!("website")));
}

#[tokio::test]
async fn goals_are_checked_in_matomos_order() {
    let mut world = World::new().await;
    let table = [
        ("Goals.addGoal&idSite=1&name=n&matchAttribute=manually", json!("Please specify a value for 'pattern'.")),
        ("Goals.addGoal&idSite=1&name=n&matchAttribute=url&pattern=x", json!("Please specify a value for 'patternType'.")),
        ("Goals.addGoal&idSite=1&name=n&matchAttribute=nope&pattern=x&patternType=exact", json!(NOT_AN_ADDRESS)),
        ("Goals.addGoal&idSite=1&name=n&matchAttribute=visit_duration&pattern=x&patternType=exact", json!(NOT_AN_ADDRESS)),
        (
            "Goals.addGoal&idSite=1&name=n&matchAttribute=visit_duration&pattern=x&patternType=greater_than",
            json!("Invalid pattern for match attribute 'visit_duration'. (got 'x', expected numeric value)."),
        ),
        (
            "Goals.addGoal&idSite=1&name=n&matchAttribute=visit_duration&pattern=5&patternType=contains",
            json!("The value \"contains\" is not allowed, use one of: greater_than."),
        ),
        (
            "Goals.addGoal&idSite=1&name=n&matchAttribute=manually&pattern=x&patternType=greater_than",
            json!("The value \"greater_than\" is not allowed, use one of: exact, contains, regex."),
        ),
        (
            "Goals.addGoal&idSite=1&name=n&matchAttribute=url&pattern=(&patternType=regex",
            json!("The value \"/(/\" is not a valid regular expression."),
        ),
        ("Goals.addGoal&idSite=1&name=n&matchAttribute=title&pattern=x&patternType=exact", json!(1)),
        ("Goals.addGoal&idSite=1&name=n&matchAttribute=visit_total_actions&pattern=3&patternType=greater_than", json!(2)),
        ("Goals.deleteGoal&idSite=1&idGoal=x", json!("ok")),
        ("Goals.deleteGoal&idSite=1&idGoal=99", json!("ok")),
    ];
    check(&mut world, SUPERUSER, &table).await;
}

#[tokio::test]
async fn dimensions_are_checked_in_matomos_order() {
    let mut world = World::new().await;
    let one_group = "You need to group exactly one part of the regular expression inside round brackets, eg 'index_(.+).html'";
    let letters = "Allowed characters are any letters, numbers, whitespace, a dash and underline.";
    let add = |rest: &str| format!("CustomDimensions.configureNewCustomDimension&idSite=1&active=1&{rest}");
    let from = |source: &str, pattern: &str| {
        add(&format!("name=d&scope=action&extractions[0][dimension]={source}&extractions[0][pattern]={pattern}"))
    };
    let table = [
        (add("name=a\"b&scope=visit"), json!(letters)),
        (
            add("name=d&scope=x"),
            json!("Invalid value 'x' for 'scope' specified. Available scopes are: visit, action, conversion"),
        ),
        (add("name=d&scope=action&extractions=x"), json!("extractions has to be an array")),
        (add("name=d&scope=action&extractions[]=x"), json!("Each extraction within extractions has to be an array")),
        (
            add("name=d&scope=action&extractions[0][dimension]=url"),
            json!("Each extraction within extractions must have a key \"dimension\" and \"pattern\" only"),
        ),
        (
            from("x", "(a)"),
            json!("Invald dimension 'x' used in an extraction. Available dimensions are: url, urlparam, action_name"),
        ),
        (from("url", "a"), json!(one_group)),
        (from("url", "(a)(b)"), json!(one_group)),
        (from("url", ")a("), json!(one_group)),
        (
            add("name=d&scope=action&caseSensitive=x"),
            json!("Invalid value 'x' for 'caseSensitive' specified. Allowed values: '0' or '1'"),
        ),
        (
            add("name=d&scope=visit&extractions[0][dimension]=url&extractions[0][pattern]=(a)"),
            json!("Extractions can be used only in scope 'action'"),
        ),
        (from("url", "(?:x)(a)"), json!(1)),
        (from("urlparam", "a"), json!(2)),
        (from("url", ""), json!(3)),
    ];
    for (call, expected) in table {
        check(&mut world, SUPERUSER, &[(call.as_str(), expected)]).await;
    }
    for _ in 3..10 {
        asked(&mut world, SUPERUSER, &format!("method={}", add("name=d&scope=action"))).await;
    }
    let full = "All Custom Dimensions for website 1 in scope 'action' are already used.";
    check(&mut world, SUPERUSER, &[(add("name=d&scope=action").as_str(), json!(full))]).await;
}

#[tokio::test]
async fn people_are_checked_in_matomos_order() {
    let mut world = World::new().await;
    let secret = UserChanges { password: Some("superuser's own".to_owned()), ..UserChanges::default() };
    world.context.admin.update_user("superuser", secret, world.context.now).await.unwrap();
    let anonymous = "The anonymous user cannot be edited or deleted. It is used by Matomo to define a user that has not logged in \
                     yet. For example, you can make your statistics public by granting the 'view' access to the 'anonymous' user.";
    let one_must_stay = "There has to be at least one user with Super User access. Please grant Super User access to another user \
                         first.";
    let first_site = "New users must be given access to a website, please set the 'initialIdSite' parameter.";
    let table = [
        (
            "UsersManager.addUser&userLogin=%C3%BCn&password=long+enough&email=a@b.example",
            json!(
                "Username: The username must be between 2 and 100 characters long and contain only letters, numbers, or the \
                 characters '_' or '-' or '.' or '@' or '+'"
            ),
        ),
        (
            "UsersManager.addUser&userLogin=anonymous&password=long+enough&email=a@b.example",
            json!("Username: Username 'anonymous' already exists."),
        ),
        (
            "UsersManager.addUser&userLogin=admin@example.org&password=long+enough&email=a@b.example",
            json!("Username: Username 'admin@example.org' already used as an email."),
        ),
        (
            "UsersManager.addUser&userLogin=ada&password=long+enough&email=a+b@c.de",
            json!("Email: The value \"a b@c.de\" does not look like a valid email."),
        ),
        (
            "UsersManager.addUser&userLogin=ada&password=long+enough&email=%22q%22@c.de",
            json!("Email: The value \"\"q\"@c.de\" does not look like a valid email."),
        ),
        (
            "UsersManager.addUser&userLogin=ada&password=short&email=ada@c.de",
            json!("The password length must be greater than 6 characters."),
        ),
        (
            "UsersManager.addUser&userLogin=ada&password=long+enough&email=ada@c.de&initialIdSite=9",
            json!("An unexpected website was found in the request: website id was set to '9' ."),
        ),
        ("UsersManager.addUser&userLogin=ada&password=long+enough&email=ada@c.de&initialIdSite=2", json!("ok")),
        ("UsersManager.inviteUser&userLogin=eve&email=eve@c.de", json!(first_site)),
        ("UsersManager.resendInvite&userLogin=ada", json!("User 'ada' doesn't exist.")),
        ("UsersManager.updateUser&userLogin=ada&email=bad", json!("email: The value \"bad\" does not look like a valid email.")),
        (
            "UsersManager.updateUser&userLogin=ada&email=view@example.org",
            json!("email: User with email 'view@example.org' already exists."),
        ),
        ("UsersManager.updateUser&userLogin=ada&email=new@c.de", json!(PASSWORD)),
        ("UsersManager.updateUser&userLogin=anonymous&email=new@c.de", json!(anonymous)),
        ("UsersManager.deleteUser&userLogin=anonymous", json!(anonymous)),
        (
            "UsersManager.deleteUser&userLogin=superuser",
            json!(format!("Deleting user 'superuser' is not possible. {one_must_stay}")),
        ),
        ("UsersManager.setSuperUserAccess&userLogin=ada&hasSuperUserAccess=1", json!(PASSWORD)),
        ("TwoFactorAuth.resetTwoFactorAuth&userLogin=ada", json!(PASSWORD)),
        (
            "UsersManager.setSuperUserAccess&userLogin=superuser&hasSuperUserAccess=0&passwordConfirmation=superuser's+own",
            json!(format!("Removing the Super User access from user 'superuser' is not possible. {one_must_stay}")),
        ),
        (
            "UsersManager.setSuperUserAccess&userLogin=zz&hasSuperUserAccess=1&passwordConfirmation=superuser's+own",
            json!("User 'zz' doesn't exist."),
        ),
        (
            "UsersManager.setUserAccess&userLogin=ada&access[]=view&access[]=admin&idSites=1",
            json!("Only one role can be set but multiple have been set. Use only one of: view, write, admin"),
        ),
        (
            "UsersManager.setUserAccess&userLogin=ada&access=admin,view&idSites=1",
            json!("The parameter access must have one of the following values: [ view, write, admin ], 'admin,view' given."),
        ),
        (
            "UsersManager.addCapabilities&userLogin=anonymous&capabilities=x&idSites=1",
            json!("You cannot grant any capability to the 'anonymous' user."),
        ),
        ("UsersManager.getUserPreference&preferenceName=nope", json!("Not supported preference name: nope")),
        ("UsersManager.getUserPreference&preferenceName=a_b", json!("Preference name cannot contain underscores.")),
        ("UsersManager.getUserPreference&preferenceName=defaultReportDate&userLogin=zz", json!("yesterday")),
        (
            "UsersManager.setUserPreference&preferenceName=defaultReport&preferenceValue=1&userLogin=zz",
            json!("User does not exist: zz"),
        ),
        (
            "UsersManager.getUsers&userLogins[]=ada",
            json!("Parameter userLogins needs to be a string containing a comma separated list of users"),
        ),
    ];
    check(&mut world, SUPERUSER, &table).await;
    let table = [
        ("UsersManager.userExists&userLogin=ada", json!("You must be logged in to access this functionality.")),
        (
            "UsersManager.getUserLoginFromUserEmail&userEmail=ada@c.de",
            json!("You must be logged in to access this functionality."),
        ),
        ("UsersManager.getUserPreference&preferenceName=defaultReportDate", json!("yesterday")),
    ];
    check(&mut world, NOBODY, &table).await;
    let table = [
        ("UsersManager.inviteUser&userLogin=eve&email=eve@c.de", json!(first_site)),
        ("UsersManager.addUser&userLogin=eve&password=long+enough&email=eve@c.de", json!(first_site)),
    ];
    check(&mut world, ADMIN, &table).await;
}

#[tokio::test]
async fn everybody_is_somebody_to_superusers() {
    let mut world = World::new().await;
    let rights = asked(&mut world, SUPERUSER, "method=UsersManager.getSitesAccessFromUser&userLogin=anonymous").await;
    assert_eq!(rights, json!([]));
    asked(&mut world, SUPERUSER, "method=UsersManager.setUserAccess&userLogin=anonymous&access=view&idSites=2").await;
    let rights = asked(&mut world, SUPERUSER, "method=UsersManager.getSitesAccessFromUser&userLogin=anonymous").await;
    assert_eq!(rights, json!([{"site": 2, "access": "view"}]));
    let rights = asked(&mut world, SUPERUSER, "method=UsersManager.getUsersAccessFromSite&idSite=2").await;
    assert_eq!(rights, json!({"anonymous": "view"}));
    let user = asked(&mut world, SUPERUSER, "method=UsersManager.getUser&userLogin=anonymous").await;
    assert_eq!((&user["email"], &user["invite_status"]), (&json!("anonymous@example.org"), &json!("active")));
    let users = asked(&mut world, SUPERUSER, "method=UsersManager.getUsers").await;
    let logins: Vec<&str> = users.as_array().unwrap().iter().map(|user| user["login"].as_str().unwrap()).collect();
    assert_eq!(logins, ["admin", "anonymous", "superuser", "view", "write"]);
    let roles = async |world: &mut World, rest: &str| {
        let rows = asked(world, SUPERUSER, &format!("method=UsersManager.getUsersPlusRole&idSite=2&{rest}")).await;
        let row = |row: &Value| format!("{} {}", row["login"].as_str().unwrap(), row["role"].as_str().unwrap());
        rows.as_array().unwrap().iter().map(row).collect::<Vec<_>>()
    };
    assert_eq!(
        roles(&mut world, "").await,
        ["admin noaccess", "anonymous view", "superuser superuser", "view noaccess", "write noaccess"]
    );
    assert_eq!(roles(&mut world, "filter_access=view").await, ["anonymous view"]);
    assert_eq!(roles(&mut world, "filter_status=pending").await, Vec::<String>::new());
    asked(&mut world, SUPERUSER, "method=UsersManager.inviteUser&userLogin=eve&email=eve@c.de&initialIdSite=2").await;
    assert_eq!(roles(&mut world, "filter_status=pending").await, ["eve view"]);
}

#[tokio::test]
async fn segments_and_notes_are_refused_in_matomos_words() {
    let mut world = World::new().await;
    let level = "You don't have the required access level to create and edit segments.";
    let not_yours = "You can only edit and delete custom segments that you have created yourself. This segment was created and \
                     'shared with you' by the Super User. To modify this segment, you can first create a new one by clicking on \
                     'Add new segment'. Then you can customize the segment's definition.";
    check(&mut world, SUPERUSER, &[("SegmentEditor.add&name=s&definition=visitCount>1", json!(1))]).await;
    let table = [
        ("SegmentEditor.add&name=s&definition=visitCount>1", json!(level)),
        ("SegmentEditor.add&name=s&definition=visitCount>1&idSite=2", json!(level)),
        ("SegmentEditor.add&name=s&definition=visitCount>1&idSite=1", json!(2)),
        ("SegmentEditor.get&idSegment=1", json!(not_yours)),
        ("SegmentEditor.delete&idSegment=1", json!(not_yours)),
        ("Annotations.add&idSite=1,2&date=2026-01-01&note=x", json!("Please specify a value for 'idSite'.")),
        ("Annotations.get&idSite=all&idNote=0", json!("Please specify a value for 'idSite'.")),
        (
            "Annotations.add&idSite=1&date=&note=x",
            json!(
                "Date format must be: YYYY-MM-DD, or 'today' or 'yesterday' or any keyword supported by the strtotime function \
                 (see http://php.net/strtotime for more information): false"
            ),
        ),
    ];
    check(&mut world, VIEW, &table).await;
    check(&mut world, NOBODY, &[("SegmentEditor.add&name=s&definition=visitCount>1", json!(level))]).await;
    asked(&mut world, SUPERUSER, "method=Annotations.add&idSite=1&date=2026-01-01&note=x").await;
    let kept = "You cannot modify this annotation, because you did not create it, nor do you have admin access for this site.";
    check(&mut world, VIEW, &[("Annotations.save&idSite=1&idNote=0&note=y", json!(kept))]).await;
}

#[tokio::test]
async fn what_cannot_be_undone_is_confirmed() {
    let mut world = World::new().await;
    let calls = [
        "PrivacyManager.setDeleteLogsSettings&enableDeleteLogs=1&deleteLogsOlderThan=90",
        "PrivacyManager.setDeleteReportsSettings&enableDeleteReports=1",
        "PrivacyManager.setScheduleReportDeletionSettings&deleteLowestInterval=7",
        "PrivacyManager.anonymizeSomeRawData&idSites=1&date=2026-01-01&anonymizeIp=1",
    ];
    for call in calls {
        check(&mut world, SUPERUSER, &[(call, json!(PASSWORD))]).await;
    }
    let unknown = "CoreAdminHome.invalidateArchivedReports&idSites=1&dates=2026-01-01&segment=nope==1";
    check(&mut world, SUPERUSER, &[(unknown, json!("Segment 'nope' is not a supported segment."))]).await;
    let missing = json!("Please specify a value for 'passwordConfirmation'.");
    // What is missing is said before it is asked who calls.
    for who in [SUPERUSER, ADMIN, NOBODY] {
        check(&mut world, who, &[("PrivacyManager.executeDataPurge", missing.clone())]).await;
    }
    let wrong = "PrivacyManager.executeDataPurge&passwordConfirmation=guess";
    check(&mut world, SUPERUSER, &[(wrong, json!("The current password you entered is not correct."))]).await;
    check(&mut world, ADMIN, &[(wrong, json!("You can't access this resource as it requires a 'superuser' access."))]).await;
}
