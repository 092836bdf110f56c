-- $1 = (?i:pdf|zip)
WITH g AS (
  SELECT count(*) AS m0
  FROM hits h
  WHERE h.site_id = 1 AND h.at >= 1772319600000 AND h.at < 1774994400000 AND NOT coalesce(h.url IN (SELECT t.id FROM texts t WHERE regexp_matches(t.text, $1)), FALSE)
)
SELECT r.m0
FROM g r
