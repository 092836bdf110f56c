WITH g AS (
  SELECT c.goal_id AS k0, v.country AS k1, coalesce(sum(c.revenue), 0) AS m0, count(DISTINCT c.visit_id) AS m1
  FROM conversions c JOIN visits v ON v.visit_id = c.visit_id
  WHERE c.site_id = 1 AND c.at >= 1772319600000 AND c.at < 1774994400000 AND v.site_id = 1 AND v.first_at >= 1772233200000 AND v.first_at < 1775080800000
  GROUP BY 1, 2
)
SELECT r.k0, r.k1, r.m0, r.m1
FROM g r
ORDER BY r.k0 ASC NULLS FIRST, r.k1 ASC NULLS FIRST
