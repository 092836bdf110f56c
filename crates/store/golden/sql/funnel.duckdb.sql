-- $1 = DE
-- $2 = /
-- $3 = /pricing
-- $4 = Signup
WITH s0 AS MATERIALIZED (
  SELECT h.visitor_id AS visitor, min(h.at) - min(h.at) % 1000 AS reached
  FROM hits h
  WHERE h.site_id = 1 AND h.at >= 1772319600000 AND h.at < 1774994400000 AND h.visit_id IN (SELECT v.visit_id FROM visits v WHERE v.site_id = 1 AND v.first_at >= 1772233200000 AND v.first_at < 1775080800000 AND v.country = $1) AND (h.kind = 1 AND h.page IN (SELECT t.id FROM texts t WHERE t.hash = -5808620644828345858 AND t.text = $2))
  GROUP BY 1
),
s1 AS MATERIALIZED (
  SELECT h.visitor_id AS visitor, min(h.at) - min(h.at) % 1000 AS reached
  FROM hits h JOIN s0 ON s0.visitor = h.visitor_id
  WHERE h.site_id = 1 AND h.at >= 1772319600000 AND h.at < 1774994400000 AND h.visit_id IN (SELECT v.visit_id FROM visits v WHERE v.site_id = 1 AND v.first_at >= 1772233200000 AND v.first_at < 1775080800000 AND v.country = $1) AND (h.kind = 1 AND h.page IN (SELECT t.id FROM texts t WHERE t.hash = 5786054679131380888 AND t.text = $3)) AND h.at >= s0.reached
  GROUP BY 1
),
s2 AS MATERIALIZED (
  SELECT h.visitor_id AS visitor, min(h.at) - min(h.at) % 1000 AS reached
  FROM hits h JOIN s1 ON s1.visitor = h.visitor_id
  WHERE h.site_id = 1 AND h.at >= 1772319600000 AND h.at < 1774994400000 AND h.visit_id IN (SELECT v.visit_id FROM visits v WHERE v.site_id = 1 AND v.first_at >= 1772233200000 AND v.first_at < 1775080800000 AND v.country = $1) AND h.event_action IN (SELECT t.id FROM texts t WHERE t.hash = 4104050997479739049 AND t.text = $4) AND h.at >= s1.reached
  GROUP BY 1
)
SELECT (SELECT count(*) FROM s0), (SELECT count(*) FROM s1), (SELECT count(*) FROM s2)
