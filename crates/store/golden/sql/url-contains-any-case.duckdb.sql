-- $1 = docs
-- $2 = blog
WITH g AS (
  SELECT count(*) AS m0
  FROM hits h
  WHERE h.site_id = 1 AND h.at >= 1772319600000 AND h.at < 1774994400000 AND h.url IN (SELECT t.id FROM texts t WHERE (contains(lower(t.text), $1) OR contains(lower(t.text), $2)))
)
SELECT r.m0
FROM g r
