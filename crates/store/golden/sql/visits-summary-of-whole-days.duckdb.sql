WITH g AS (
  SELECT count(*) AS m0, count(DISTINCT v.visitor_id) AS m1, count(*) FILTER (WHERE v.first_of_day) AS m2, CAST(coalesce(sum(CAST(v.bounce AS BIGINT)), 0) AS BIGINT) AS m3, max(v.duration) AS m4
  FROM visits v
  WHERE v.site_id = 1 AND v.last_at >= 1772319600000 AND v.last_at < 1774994400000
)
SELECT r.m0, r.m1, r.m2, r.m3, r.m4
FROM g r
