-- $1 = Google
WITH g AS MATERIALIZED (
  SELECT v.site_id AS k0, v.source AS k1, count(DISTINCT v.visitor_id) AS m0
  FROM visits v
  WHERE v.site_id IN (1, 4) AND v.last_at >= 1772319600000 AND v.last_at < 1774994400000 AND (NOT coalesce((coalesce(v.source, '') = '' OR v.source = $1), FALSE) OR v.duration > 30)
  GROUP BY 1, 2
)
SELECT r.k0, r.k1, r.m0, (SELECT count(*) FROM g)
FROM g r
ORDER BY r.k1 DESC NULLS LAST, r.k0 ASC NULLS FIRST, r.k1 ASC NULLS FIRST
LIMIT 5
