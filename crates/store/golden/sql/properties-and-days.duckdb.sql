-- $1 = plan
-- $2 = a
-- $3 = b
-- $4 = ti
WITH g AS (
  SELECT count(*) AS m0
  FROM hits h
  WHERE h.site_id = 1 AND h.at >= 1772319600000 AND h.at < 1774994400000 AND (map_extract_value(h.props, $1) IN ($2, $3) AND len(list_filter(map_keys(h.props), lambda name: starts_with(name, $4))) > 0 AND ((h.at + CASE WHEN h.at >= 1774746000000 THEN 62162042400000 ELSE 62162038800000 END) // 86400000) = 740009)
)
SELECT r.m0
FROM g r
