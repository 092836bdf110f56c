#!/usr/bin/env bash
# Starts an empty server for a conformance run: ends the one of the run before, forgets its data, waits until the new one is ready.
# Reads PORT, STATE (a directory of the run), TOKEN, PASSWORD, and the pack's PACK_CONFIG, PACK_GEO.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
. "$here/scripts/env.sh"
if [ -f "$STATE/pid" ]; then
  kill -9 "$(cat "$STATE/pid")" 2>/dev/null || true
  while kill -0 "$(cat "$STATE/pid")" 2>/dev/null; do sleep 0.02; done
fi
rm -rf "$STATE/data"
mkdir -p "$STATE/data"
export FOOTFALL_DATA_DIR="$STATE/data" FOOTFALL_LISTEN="127.0.0.1:$PORT" FOOTFALL_BASE_URL="http://127.0.0.1:$PORT" \
  ADMIN_USER_EMAIL=pack@example.org ADMIN_USER_NAME="${LOGIN:-superUserLogin}" ADMIN_USER_PWD="$PASSWORD" FOOTFALL_ADMIN_USER_TOKEN="$TOKEN" \
  FOOTFALL_REPORTS_READ_YOUR_HITS=true FOOTFALL_LOG_LEVEL=warn FOOTFALL_TESTING_NOW_HEADER=x-now 
if [ -n "${PACK_CONFIG:-}" ]; then
  # What the recording's product has as defaults and a privacy-minded server has not.
  export FOOTFALL_TRACKING_KEEP_ADDRESS=true FOOTFALL_MATOMO_COMPAT_ACTION_IDS=true \
    FOOTFALL_TRACKING_CUSTOM_VARIABLES=5
  given() { jq -r "$1 // empty" <<<"$PACK_CONFIG"; }
  set_from() { local value; value=$(given "$2"); [ -z "$value" ] || export "$1=$value"; }
  export FOOTFALL_MATOMO_COMPAT_ARRIVAL_ORDER=true FOOTFALL_MATOMO_COMPAT_TEXT_SUMS=true FOOTFALL_MATOMO_COMPAT_ROW_LIMITS=true
  export FOOTFALL_MATOMO_COMPAT_VISITORS_OF_MONTHS=true
  [ "$(given .General.enable_processing_unique_visitors_range)" != 1 ] || export FOOTFALL_MATOMO_COMPAT_VISITORS_OF_MONTHS=false
  FOOTFALL_MATOMO_COMPAT_MAX_ROWS=$(jq -r '(.General // {}) as $set | ["standard", "actions", "site_search", "referrers", "events",
    "products", "userid_users", "custom_dimensions"] | map(. as $name | (if . == "referrers" then "referers" else . end) as $old
      | ($set["datatable_archiving_maximum_rows_" + $name] // $set["datatable_archiving_maximum_rows_" + $old]) as $own
      | ($set["datatable_archiving_maximum_rows_subtable_" + $name] // $set["datatable_archiving_maximum_rows_subtable_" + $old]) as $below
      | select($own) | "\($name)=\($own)/\($below // $own)") | join(",")' <<<"$PACK_CONFIG")
  export FOOTFALL_MATOMO_COMPAT_MAX_ROWS
  [ "${PACK_GEO:-default}" != default ] || export FOOTFALL_GEO_BUILT_IN=false
  # A checkout of matomo-org/matomo lends its texts, which are not ours to copy.
  [ -z "${MATOMO_SRC:-}" ] || export FOOTFALL_MATOMO_TEXTS="$MATOMO_SRC"
  # A checkout of matomo-org/device-detector names the devices as the recording did.
  [ -z "${DEVICE_DETECTOR_SRC:-}" ] || export FOOTFALL_DEVICES_DATABASE="$DEVICE_DETECTOR_SRC/regexes"
  set_from FOOTFALL_MATOMO_PIVOT_BY_SEGMENT .General.pivot_by_filter_enable_fetch_by_segment
  set_from FOOTFALL_TRACKING_ACTION_TITLE_CATEGORY_DELIMITER .General.action_title_category_delimiter
  set_from FOOTFALL_TRACKING_DEBUG_ON_DEMAND .Tracker.debug_on_demand
  set_from FOOTFALL_TRACKING_WINDOW_LOOK_BACK_FOR_VISITOR .Tracker.window_look_back_for_visitor
  set_from FOOTFALL_TRACKING_USE_THIRD_PARTY_ID_COOKIE .Tracker.use_third_party_id_cookie
  set_from FOOTFALL_TRACKING_ENABLE_USERID_OVERWRITES_VISITORID .Tracker.enable_userid_overwrites_visitorid
  set_from FOOTFALL_TRACKING_CREATE_NEW_VISIT_WHEN_WEBSITE_REFERRER_CHANGES .Tracker.create_new_visit_when_website_referrer_changes
fi
setsid nohup "${BINARY:-$CARGO_TARGET_DIR/debug/footfall}" serve >"$STATE/log" 2>&1 </dev/null &
echo $! >"$STATE/pid"
for _ in $(seq 1 300); do
  if curl -fsS -o /dev/null "http://127.0.0.1:$PORT/health/ready" 2>/dev/null; then
    # Recordings keep whole addresses, unless their fixture says otherwise; that is a matter of administration.
    [ -z "${PACK_CONFIG:-}" ] || curl -fsS -o /dev/null "http://127.0.0.1:$PORT/index.php?module=API&format=json" -d \
      "method=PrivacyManager.setAnonymizeIpSettings&anonymizeIPEnable=0&maskLength=0&token_auth=$TOKEN"
    exit 0
  fi
  kill -0 "$(cat "$STATE/pid")" 2>/dev/null || { cat "$STATE/log"; exit 1; }
  sleep 0.03
done
echo "the server did not become ready"; cat "$STATE/log"; exit 1
