-- $1 = Firefox
WITH g AS (
  SELECT count(DISTINCT h.visit_id) AS m0
  FROM hits h
  WHERE h.site_id = 1 AND h.at >= 1772319600000 AND h.at < 1774994400000 AND (h.kind = 5 AND h.visit_id IN (SELECT h.visit_id FROM hits h WHERE h.site_id = 1 AND h.at >= 1772233200000 AND h.at < 1775080800000 AND (h.kind = 4 AND h.visit_id IN (SELECT v.visit_id FROM visits v WHERE v.site_id = 1 AND v.first_at >= 1772233200000 AND v.first_at < 1775080800000 AND v.browser_name = $1))))
)
SELECT r.m0
FROM g r
