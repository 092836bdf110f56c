-- $1 = example.com/a
WITH g AS (
  SELECT count(*) AS m0
  FROM hits h
  WHERE h.site_id = 1 AND h.at >= 1772319600000 AND h.at < 1774994400000 AND NOT coalesce((h.url = 0 OR h.url IN (SELECT t.id FROM texts t WHERE t.hash = -3174081701909475458 AND t.text = $1)), FALSE)
)
SELECT r.m0
FROM g r
