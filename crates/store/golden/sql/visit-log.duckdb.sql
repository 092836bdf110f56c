-- $1 = it's ada
SELECT v.visit_id, v.first_at, v.seen_at
FROM visits v
WHERE v.site_id = 1 AND v.last_at >= 1772319600000 AND v.last_at < 1774994400000 AND v.user_id = $1
ORDER BY v.last_at DESC, v.visit_id DESC
LIMIT 100 OFFSET 200
