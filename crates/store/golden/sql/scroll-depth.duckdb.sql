WITH g AS (
  SELECT h.page AS k0, arg_max_null(h.url_prefix, h.at) AS m1, any_value(nullif(h.title, 0)) AS m2, count(DISTINCT v.browser_name) AS m3
  FROM hits h JOIN visits v ON v.visit_id = h.visit_id
  WHERE h.site_id = 1 AND h.at >= 1772319600000 AND h.at < 1774994400000 AND v.site_id = 1 AND v.first_at >= 1772233200000 AND v.first_at < 1775080800000
  GROUP BY 1
),
p0 AS (SELECT k0, sum(most) AS most FROM (
  SELECT h.page AS k0, h.visit_id AS visit, max(h.scroll_depth) AS most
  FROM hits h JOIN visits v ON v.visit_id = h.visit_id
  WHERE h.site_id = 1 AND h.at >= 1772319600000 AND h.at < 1774994400000 AND v.site_id = 1 AND v.first_at >= 1772233200000 AND v.first_at < 1775080800000 AND h.kind = 8
  GROUP BY 1, 2
) GROUP BY k0),
q AS MATERIALIZED (
  SELECT g.k0, CAST(coalesce(p0.most, 0) AS BIGINT) AS m0, g.m1 AS m1, g.m2 AS m2, g.m3 AS m3
  FROM g LEFT JOIN p0 ON g.k0 IS NOT DISTINCT FROM p0.k0
),
cut AS (SELECT m3 AS least FROM q ORDER BY 1 DESC NULLS LAST LIMIT 1 OFFSET 9)
SELECT t0.text, r.m0, r.m1, t3.text, r.m3, (SELECT count(*) FROM q)
FROM (SELECT * FROM q WHERE (m3 >= (SELECT least FROM cut)) IS NOT FALSE) r
LEFT JOIN texts t0 ON t0.id = r.k0
LEFT JOIN texts t3 ON t3.id = r.m2
ORDER BY r.m3 DESC NULLS LAST, t0.text ASC NULLS FIRST
LIMIT 10
