-- $1 = Signup
-- $2 = ^/thanks
WITH g AS (
  SELECT CASE WHEN (h.kind = 5 AND h.event_action IN (SELECT t.id FROM texts t WHERE t.hash = 4104050997479739049 AND t.text = $1)) THEN 0 WHEN (h.kind = 1 AND h.page IN (SELECT t.id FROM texts t WHERE regexp_matches(t.text, $2))) THEN 1 END AS k0, count(DISTINCT h.visitor_id) AS m0, coalesce(sum(h.revenue), 0) AS m1
  FROM hits h
  WHERE h.site_id = 1 AND h.at >= 1772319600000 AND h.at < 1774994400000 AND ((h.kind = 5 AND h.event_action IN (SELECT t.id FROM texts t WHERE t.hash = 4104050997479739049 AND t.text = $1)) OR (h.kind = 1 AND h.page IN (SELECT t.id FROM texts t WHERE regexp_matches(t.text, $2))))
  GROUP BY 1
)
SELECT r.k0, r.m0, r.m1
FROM g r
ORDER BY r.k0 ASC NULLS FIRST
