-- $1 = docs
-- $2 = Firefox
WITH g AS MATERIALIZED (
  SELECT h.url AS k0, count(*) AS m0, count(DISTINCT h.visit_id) AS m1, count(DISTINCT CAST(h.visitor_id AS HUGEINT) * 4294967296 + ((h.at + CASE WHEN h.at >= 1774746000000 THEN 62162042400000 ELSE 62162038800000 END) // 86400000)) AS m2, CAST(coalesce(sum(h.time_spent), 0) AS BIGINT) AS m3
  FROM hits h
  WHERE h.site_id = 1 AND h.at >= 1772319600000 AND h.at < 1774994400000 AND ((h.kind >= 1 AND h.kind <= 5 AND h.kind <> 2 AND h.kind <> 3 AND h.kind <> 4) AND h.visit_id IN (SELECT v.visit_id FROM visits v WHERE v.site_id = 1 AND v.first_at >= 1772233200000 AND v.first_at < 1775080800000 AND v.browser_name = $2) AND h.page IN (SELECT t.id FROM texts t WHERE contains(t.text, $1)))
  GROUP BY 1
),
cut AS (SELECT m0 AS least FROM g ORDER BY 1 DESC NULLS LAST LIMIT 1 OFFSET 99)
SELECT t0.text, r.m0, r.m1, r.m2, r.m3, (SELECT count(*) FROM g)
FROM (SELECT * FROM g WHERE (m0 >= (SELECT least FROM cut)) IS NOT FALSE) r
LEFT JOIN texts t0 ON t0.id = r.k0
ORDER BY r.m0 DESC NULLS LAST, t0.text ASC NULLS FIRST
LIMIT 100
