WITH g AS (
  SELECT ((h.at + CASE WHEN h.at >= 1774746000000 THEN 62162042400000 ELSE 62162038800000 END) // 86400000) AS k0, h.title AS k1, count(*) AS m0, count(*) FILTER (WHERE (h.flags & 4) <> 0) AS m1
  FROM hits h
  WHERE h.site_id = 1 AND h.at >= 1772319600000 AND h.at < 1774994400000 AND h.kind = 1 AND h.title <> 0
  GROUP BY 1, 2
  UNION ALL
  SELECT ((h.at + CASE WHEN h.at >= 1774746000000 THEN 62162042400000 ELSE 62162038800000 END) // 86400000) AS k0, h.title AS k1, count(*) AS m0, count(DISTINCT h.visit_id) AS m1
  FROM hits h
  WHERE h.site_id = 1 AND h.at >= 1772319600000 AND h.at < 1774994400000 AND h.kind = 1 AND h.title = 0
  GROUP BY 1, 2
)
SELECT r.k0, t1.text, r.m0, r.m1
FROM g r
LEFT JOIN texts t1 ON t1.id = r.k1
ORDER BY r.k0 ASC NULLS FIRST, t1.text ASC NULLS FIRST
