WITH g AS (
  SELECT v.country AS k0, count(*) AS m0
  FROM visits v
  WHERE v.site_id = 1 AND v.last_at >= 1772319600000 AND v.last_at < 1774994400000 AND (v.visit_id IN (SELECT c.visit_id FROM conversions c WHERE c.site_id = 1 AND c.at >= 1772233200000 AND c.at < 1775080800000 AND c.goal_id = 0) AND NOT coalesce(v.visitor_id IN (SELECT h.visitor_id FROM hits h WHERE h.site_id = 1 AND h.at >= 1772319600000 AND h.at < 1774994400000 AND h.kind = 2), FALSE))
  GROUP BY 1
)
SELECT r.k0, r.m0
FROM g r
ORDER BY r.k0 ASC NULLS FIRST
