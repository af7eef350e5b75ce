-- The figures of some days, from their events: what was taken back does not count, nor what a later
-- rating replaced. Taken back is always an event of the same epoch and the same day's tickets.
WITH chosen AS (
    SELECT hall, day FROM unnest(%(halls)s::text[], %(days)s::date[]) AS given (hall, day)
), happened AS (
    SELECT event.* FROM event JOIN chosen USING (hall, day)
), undone AS (
    SELECT hall, epoch, of_seq FROM happened
    WHERE of_seq IS NOT NULL AND type IN ('undone', 'rated', 'unrated')
), standing AS (
    SELECT happened.* FROM happened
    LEFT JOIN undone ON undone.hall = happened.hall AND undone.epoch = happened.epoch
        AND undone.of_seq = happened.seq
    WHERE undone.of_seq IS NULL
), services AS (
    INSERT INTO day_service
    SELECT hall, day, service,
        count(*) FILTER (WHERE type = 'issued'),
        count(*) FILTER (WHERE type = 'called'),
        count(*) FILTER (WHERE type = 'finished' AND coalesce(how, 'served') = 'served'),
        count(*) FILTER (WHERE type = 'finished' AND how = 'left_open'),
        count(*) FILTER (WHERE type = 'no_show'),
        count(*) FILTER (WHERE type = 'cancelled'),
        count(*) FILTER (WHERE type = 'voided'),
        count(*) FILTER (WHERE type = 'expired'),
        count(wait_s) FILTER (WHERE type = 'called'),
        coalesce(sum(wait_s) FILTER (WHERE type = 'called'), 0),
        coalesce(max(wait_s) FILTER (WHERE type = 'called'), 0),
        count(serve_s) FILTER (WHERE type = 'finished'),
        coalesce(sum(serve_s) FILTER (WHERE type = 'finished'), 0)
    FROM standing WHERE ticket IS NOT NULL
    GROUP BY hall, day, service
)
INSERT INTO day_rating
SELECT hall, day, coalesce(question, ''), score, count(*)
FROM standing WHERE type = 'rated' AND score IS NOT NULL
GROUP BY hall, day, coalesce(question, ''), score
