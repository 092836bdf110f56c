WITH g AS (
  SELECT v.entry_page AS k0, count(*) AS m0
  FROM visits v
  WHERE v.site_id = 1 AND v.last_at >= 1772319600000 AND v.first_at < 1774994400000
  GROUP BY 1
),
q AS MATERIALIZED (
  SELECT * FROM g WHERE m0 >= 10
),
cut AS (SELECT m0 AS least FROM q ORDER BY 1 DESC NULLS LAST LIMIT 1 OFFSET 29)
SELECT t0.text, r.m0, (SELECT count(*) FROM q)
FROM (SELECT * FROM q WHERE m0 >= (SELECT least FROM cut) OR (SELECT least FROM cut) IS NULL) r
LEFT JOIN texts t0 ON t0.id = r.k0
ORDER BY r.m0 DESC NULLS LAST, t0.text ASC NULLS FIRST
LIMIT 10
OFFSET 20
