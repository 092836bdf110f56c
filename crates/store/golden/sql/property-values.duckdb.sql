-- $1 = Signup
-- $2 = plan
WITH g AS MATERIALIZED (
  SELECT map_extract_value(h.props, $2) AS k0, count(*) AS m0
  FROM hits h
  WHERE h.site_id = 1 AND h.at >= 1772319600000 AND h.at < 1774994400000 AND (h.kind = 5 AND h.event_action IN (SELECT t.id FROM texts t WHERE t.hash = 4104050997479739049 AND t.text = $1))
  GROUP BY 1
)
SELECT r.k0, r.m0, (SELECT count(*) FROM g)
FROM g r
ORDER BY r.k0 ASC NULLS FIRST
LIMIT 10
