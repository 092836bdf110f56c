-- $1 = example.com/a
-- $2 = example.com/b
WITH g AS (
  SELECT count(*) AS m0
  FROM hits h
  WHERE h.site_id = 1 AND h.at >= 1772319600000 AND h.at < 1774994400000 AND h.url IN (SELECT t.id FROM texts t WHERE t.hash IN (-3174081701909475458, -3174082801421103669) AND t.text IN ($1, $2))
)
SELECT r.m0
FROM g r
