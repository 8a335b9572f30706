-- What analysts ask for, from any DuckDB client: docs/queries.md has examples. Lists of actors become lists here.

CREATE VIEW timeline AS
SELECT
    e.id, e.day, split_part(e.cls, '.', 1) AS family, e.cls AS class, e.status, e.severity, e.cameo, e.plover, e.goldstein,
    from_json(e.sources, '["VARCHAR"]') AS sources, from_json(e.targets, '["VARCHAR"]') AS targets,
    from_json(e.mediators, '["VARCHAR"]') AS mediators, from_json(e.parties, '["VARCHAR"]') AS parties,
    e.headline, e.story, e.first_seen, e.last_seen,
    coalesce(p.families, 0) AS families, coalesce(p.articles, 0) AS articles, coalesce(p.copies, 0) AS copies
FROM events AS e
LEFT JOIN (
    SELECT event, count(DISTINCT family) FILTER (status <> 'denied') AS families, count(*) AS articles,
           count(copy_of) AS copies
    FROM evidence GROUP BY event
) AS p ON p.event = e.id;

-- One row for each actor in each role.
CREATE VIEW event_actors AS
SELECT id AS event, day, family, class, status, goldstein, role, actor
FROM (
    SELECT *, unnest(sources) AS actor, 'source' AS role FROM timeline
    UNION ALL BY NAME SELECT *, unnest(targets) AS actor, 'target' AS role FROM timeline
    UNION ALL BY NAME SELECT *, unnest(mediators) AS actor, 'mediator' AS role FROM timeline
    UNION ALL BY NAME SELECT *, unnest(parties) AS actor, 'party' AS role FROM timeline
);

-- One row for each pair of who acts and on whom; talks, ceasefires and agreements have one row for each pair of sides,
-- in the order of the alphabet.
CREATE VIEW event_dyads AS
SELECT event, day, family, class, status, goldstein, source, target
FROM (
    SELECT id AS event, day, family, class, status, goldstein, unnest(sources) AS source, targets AS others
    FROM timeline WHERE class NOT IN ('talks.held', 'talks.halted', 'deescalation.agreement', 'deescalation.ceasefire')
), unnest(others) AS o(target)
UNION ALL
SELECT event, day, family, class, status, goldstein, source, target
FROM (
    SELECT id AS event, day, family, class, status, goldstein, sides, unnest(sides) AS source
    FROM (SELECT *, list_sort(list_distinct(sources || targets)) AS sides FROM timeline)
    WHERE class IN ('talks.held', 'talks.halted', 'deescalation.agreement', 'deescalation.ceasefire')
), unnest(sides) AS o(target)
WHERE source < target;

-- Reported events only, here and below: what is planned, denied or withdrawn has not happened.
CREATE VIEW events_by_day AS
SELECT day, family, class, count(*) AS events
FROM timeline WHERE status = 'reported' GROUP BY ALL ORDER BY ALL;

-- week is its Monday; goldstein the sum over the week's events, conflict below 0 and cooperation above.
CREATE VIEW goldstein_by_week AS
SELECT source, target, date_trunc('week', day)::DATE AS week, count(*) AS events, round(sum(goldstein), 1) AS goldstein
FROM event_dyads WHERE status = 'reported' GROUP BY ALL ORDER BY ALL;
