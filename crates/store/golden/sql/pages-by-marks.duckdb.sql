WITH g AS MATERIALIZED (
  SELECT h.url AS k0, count(*) AS m0, count(*) FILTER (WHERE (h.flags & 1) <> 0) AS m1, count(*) FILTER (WHERE (h.flags & 2) <> 0) AS m2, CAST(coalesce(sum(h.time_spent), 0) AS BIGINT) AS m3
  FROM hits h
  WHERE h.site_id = 1 AND h.at >= 1772319600000 AND h.at < 1774994400000 AND h.kind = 1 AND h.url <> 0
  GROUP BY 1
  UNION ALL
  SELECT h.url AS k0, count(*) AS m0, count(DISTINCT h.visit_id) AS m1, count(DISTINCT CAST(h.visitor_id AS HUGEINT) * 4294967296 + ((h.at + CASE WHEN h.at >= 1774746000000 THEN 62162042400000 ELSE 62162038800000 END) // 86400000)) AS m2, CAST(coalesce(sum(h.time_spent), 0) AS BIGINT) AS m3
  FROM hits h
  WHERE h.site_id = 1 AND h.at >= 1772319600000 AND h.at < 1774994400000 AND h.kind = 1 AND h.url = 0
  GROUP BY 1
),
cut AS (SELECT m0 AS least FROM g ORDER BY 1 DESC NULLS LAST LIMIT 1 OFFSET 99)
SELECT t0.text, r.m0, r.m1, r.m2, r.m3, (SELECT count(*) FROM g)
FROM (SELECT * FROM g WHERE (m0 >= (SELECT least FROM cut)) IS NOT FALSE) r
LEFT JOIN texts t0 ON t0.id = r.k0
ORDER BY r.m0 DESC NULLS LAST, t0.text ASC NULLS FIRST
LIMIT 100
