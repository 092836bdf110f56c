-- $1 = Signup
WITH g AS (
  SELECT each.one AS k0, count(*) AS m0
  FROM hits h CROSS JOIN UNNEST(map_keys(h.props)) AS each(one)
  WHERE h.site_id = 1 AND h.at >= 1772319600000 AND h.at < 1774994400000 AND (h.kind = 5 AND h.event_action IN (SELECT t.id FROM texts t WHERE t.hash = 4104050997479739049 AND t.text = $1))
  GROUP BY 1
)
SELECT r.k0, r.m0
FROM g r
ORDER BY r.k0 ASC NULLS FIRST
