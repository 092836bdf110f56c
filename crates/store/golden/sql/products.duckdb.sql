WITH g AS (
  SELECT i.name AS k0, coalesce(sum(i.price), 0) AS m0
  FROM items i
  WHERE i.site_id = 1 AND i.at >= 1772319600000 AND i.at < 1774994400000 AND i.goal_id = 0
  GROUP BY 1
)
SELECT t0.text, r.m0
FROM g r
LEFT JOIN texts t0 ON t0.id = r.k0
ORDER BY t0.text ASC NULLS FIRST
