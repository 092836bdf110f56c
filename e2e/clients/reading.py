"""What three Python clients send to a server and read from it.

Takes the server's address, a token and the number of a site. Writes what each client was told as JSON.
"""

import json
import sys
from datetime import datetime, timezone

import matomo_api
from matomopy import MatomoClient, MatomoError, MatomoTracker
from piwikapi.analytics import PiwikAnalytics
from piwikapi.plugins.goals import PiwikGoals
from piwikapi.tracking import PiwikTrackerEcommerce

URL, TOKEN, SITE = sys.argv[1], sys.argv[2], int(sys.argv[3])
DAY = "2025-03-10"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:136.0) Gecko/20100101 Firefox/136.0"


class Visited:
    """The request of a visitor as the framework knows it that `piwikapi` is made for."""

    COOKIES: dict = {}
    META = {
        "HTTP_USER_AGENT": FIREFOX,
        "HTTP_REFERER": "https://news.test/article",
        "HTTP_ACCEPT_LANGUAGE": "de-DE,de;q=0.8",
        "SERVER_NAME": "shop.test",
        "PATH_INFO": "/boots",
        "QUERY_STRING": "size=8",
        "REMOTE_ADDR": "127.0.0.1",
    }

    def is_secure(self):
        return True


def piwikapi():
    """Sends a visit of today with what the oldest client knows, and reads it."""
    goals = PiwikGoals(f"{URL}/index.php")
    goals.set_format("json")
    added = json.loads(goals.add_goal(SITE, "Called", "manually", ".*", "regex", TOKEN))["value"]
    spare = json.loads(goals.add_goal(SITE, "Spare", "url", "/never", "contains", TOKEN))["value"]
    deleted = json.loads(goals.delete_goal(SITE, spare))

    tracker = PiwikTrackerEcommerce(SITE, Visited())
    tracker.set_api_url(f"{URL}/piwik.php")
    tracker.set_token_auth(TOKEN)
    tracker.set_ip("203.0.113.7")
    tracker.set_visitor_id("0123456789abcdef")
    tracker.set_resolution(1280, 1024)
    tracker.set_plugins(pdf=True, java=False)
    tracker.set_browser_has_cookies()
    tracker.set_custom_variable(1, "Tier", "silver")
    tracker.set_ecommerce_view("B-7", "Boots", ["Shoes", "Winter"], 40.5)
    tracker.do_track_page_view("Boots — größer")
    tracker.page_custom_var = {}
    tracker.do_track_action("http://shop.test/files/sizes.pdf", "download")
    tracker.do_track_action("http://elsewhere.test/maps", "link")
    tracker.do_track_goal(added, 12.5)
    tracker.add_ecommerce_item("B-7", "Boots", ["Shoes", "Winter"], 40.5, 2)
    tracker.add_ecommerce_item("L-1", "Laces", "Shoes", 19, 1)
    tracker.do_track_ecommerce_cart_update(100)
    tracker.add_ecommerce_item("B-7", "Boots", ["Shoes", "Winter"], 40.5, 2)
    tracker.do_track_ecommerce_order("P-1", 99, 81, 15, 5, 2)

    def read(method, **parameters):
        asking = PiwikAnalytics()
        asking.set_api_url(f"{URL}/index.php")
        asking.set_id_site(SITE)
        asking.set_format("json")
        asking.set_period("day")
        asking.set_date("today")
        asking.set_method(method)
        asking.set_parameter("token_auth", TOKEN)
        for name, value in parameters.items():
            asking.set_parameter(name, value)
        return asking.send_request()

    chart = read("ImageGraph.get", apiModule="VisitsSummary", apiAction="get", date="last7")
    return {
        "goal": added,
        "deleted": deleted,
        "visits": json.loads(read("VisitsSummary.get")),
        "actions": json.loads(read("Actions.get")),
        "pages": json.loads(read("Actions.getPageUrls", flat=1)),
        "goals": json.loads(read("Goals.get", idGoal=added)),
        "orders": json.loads(read("Goals.get", idGoal="ecommerceOrder")),
        "products": json.loads(read("Goals.getItemsSku")),
        "segmented": json.loads(read("VisitsSummary.get", segment="customVariableName1==Tier;customVariableValue1==silver")),
        "log": json.loads(read("Live.getLastVisitsDetails")),
        "chart": chart[:8].hex(),
    }


def matomopy():
    """Sends a day of the past in one request, and reads it in each way the client has."""
    tracker = MatomoTracker(URL, SITE, TOKEN, user_agent=FIREFOX, accept_language="de")
    tracker.enable_bulk_tracking()
    # Half an hour that is of the same day in every zone: the site is where it is noon now.
    began = int(datetime.fromisoformat(f"{DAY}T11:15:00").replace(tzinfo=timezone.utc).timestamp())
    for n in range(30):
        tracker.set_visitor_id(f"fedcba987654321{n % 3}").set_ip(f"198.51.100.{n % 3}")
        tracker.set_custom_timestamp(began + 60 * n)
        tracker.track_page_view(f"Page {n}", url=f"http://shop.test/page/{n:02}")
    tracker.set_custom_dimension(1, "gold")
    tracker.track_event("Video", "Play", "Boots in the snow", 7.5, url="http://shop.test/page/29")
    tracker.track_content_impression("Banner", "snow.jpg", "http://shop.test/winter")
    tracker.track_content_interaction("click", "Banner", "snow.jpg", "http://shop.test/winter")
    flushed = tracker.flush()

    tokens = MatomoClient(URL, TOKEN, default_id_site=SITE, max_retries=0)
    day = {"period": "day", "date": DAY}
    with MatomoClient(URL, TOKEN, default_id_site=SITE, auth_method="bearer", max_retries=0) as bearer:
        by_bearer = bearer.VisitsSummary.getVisits(**day)
    pages = list(tokens.paginate("Actions.getPageUrls", page_size=7, flat=True, filter_sort_column="label", filter_sort_order="asc", **day))
    several = tokens.bulk_request(
        [
            {"method": "VisitsSummary.getVisits", "id_site": SITE, **day},
            {"method": "Events.getAction", "id_site": SITE, **day},
            f"method=Actions.get&idSite={SITE}&period=month&date={DAY}",
        ]
    )

    def refused(client, method, **parameters):
        try:
            client.call(method, **{**day, **parameters})
        except MatomoError as problem:
            return [type(problem).__name__, str(problem)]
        return None

    forged = MatomoClient(URL, "f" * 32, default_id_site=SITE, max_retries=0)
    reports = tokens.get_report_metadata(id_site=SITE)
    segments = tokens.get_segments_metadata(id_sites=[SITE])
    return {
        "flushed": flushed,
        "version": tokens.get_matomo_version(),
        "bearer": by_bearer,
        "days": tokens.VisitsSummary.getActions(period="day", date="2025-03-09,2025-03-11"),
        "pages": [(page["label"], page["nb_hits"]) for page in pages],
        "bulk": several,
        "csv": tokens.call("Events.getName", format="csv", showColumns=["label", "nb_events", "sum_event_value"], convertToUnicode=False, **day),
        "contents": tokens.Contents.getContentPieces(**day),
        "segmented": tokens.VisitsSummary.get(segment="eventAction==Play", columns=["nb_visits", "nb_actions"], **day),
        "reports": sorted(f"{report['module']}.{report['action']}" for report in reports),
        "segments": [segment["segment"] for segment in segments if segment["segment"] in ("pageUrl", "countryCode", "visitorId")],
        "unknown method": refused(tokens, "VisitsSummary.getNothing"),
        "unknown period": refused(tokens, "VisitsSummary.get", period="fortnight"),
        "unknown token": refused(forged, "VisitsSummary.get"),
    }


def matomoapi():
    """Reads the same day by the client that was made from the list of Matomo's methods."""
    client = matomo_api.MatomoApi(URL, TOKEN)
    asked = matomo_api.format.json | matomo_api.idSite.one_or_more(SITE) | matomo_api.date.YMD(DAY) | matomo_api.period.day
    return {
        "visits": client.VisitsSummary().get(asked).json(),
        "titles": client.Actions().getPageTitles(asked | matomo_api.filter_limit(2)).json(),
        "browsers": client.DevicesDetection().getBrowsers(asked | matomo_api.showColumns(matomo_api.col.label, matomo_api.col.nb_visits)).json(),
        "week": client.VisitsSummary().getVisits(
            matomo_api.format.json | matomo_api.idSite.one_or_more(SITE) | matomo_api.date.YMD("2025-03-01,2025-03-16") | matomo_api.period.week
        ).json(),
    }


def unknown():
    """Every method that reads, by name, which that client has and the server says it does not know."""
    client = matomo_api.MatomoApi(URL, TOKEN)
    asked = matomo_api.format.json | matomo_api.idSite.one_or_more(SITE) | matomo_api.date.YMD(DAY) | matomo_api.period.day
    told = {"asked": 0, "plugins": [], "methods": []}
    for module in (name for name in dir(client) if name[0].isupper()):
        reading = getattr(client, module)()
        for method in (name for name in dir(reading) if name.startswith("get")):
            answer = getattr(reading, method)(asked).text
            if "is not enabled" in answer:
                told["plugins"].append(module)
                break
            told["asked"] += 1
            if "does not exist or is not available" in answer:
                told["methods"].append(f"{module}.{method}")
    return told


print(json.dumps({"piwikapi": piwikapi(), "matomopy": matomopy(), "matomo-api": matomoapi(), "unknown": unknown()}))
