-- What is searched in incidents (decision 0025). PostgreSQL has no parser for Chinese, and words are not separated: so a text
-- counts as the pairs of its neighbouring signs, and whatever is looked for, of two signs or more, is in a text only if all
-- its pairs are. Whether it stands there is then looked up in the few texts that are left.
--
-- A table of its own: incidents change their state several times, and each time every index of theirs gets a new entry.

-- A text as it is compared: full width as half width, small letters, and one space for whatever is neither letter nor digit.
-- The service folds in the same way (SearchText); a test holds both against each other.
create function grid.search_text(written text) returns text language sql immutable parallel safe
    return regexp_replace(
        translate(normalize(written, nfkc), 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz'),
        '[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00a0\u2000-\u206f\u3000-\u3004\u3008-\u3020\u3030]+', ' ', 'g');

create function grid.sign_pairs(written text) returns text[] language plpgsql immutable parallel safe as $$
begin
    return coalesce(
        (select array_agg(p.first || p.second)
         from (select string_to_array(grid.search_text(written), null) as signs) c,
              unnest(c.signs, c.signs[2:]) as p (first, second)
         where p.first <> ' ' and p.second <> ' '), '{}');
end
$$;

-- Spans of time that an id of version 7 lies in: 25 days and 19 hours. The wider hold the narrower.
create function grid.span(id uuid, bits integer) returns bigint language sql immutable parallel safe
    return ('x' || left(replace(id::text, '-', ''), 12))::bit(48)::bigint >> bits;

-- All that an incident is found by: pairs of signs, spans of time, and every place that its grid lies in.
create function grid.incident_words(id uuid, grid_code text, title text, description text) returns tsvector
    language sql immutable parallel safe
    return array_to_tsvector(
        grid.sign_pairs(title || ' ' || description)
        || array['b:' || grid.span(id, 31), 'c:' || grid.span(id, 26), 'g:' || left(grid_code, 6),
                 'g:' || left(grid_code, 9), 'g:' || left(grid_code, 12), 'g:' || left(grid_code, 15), 'g:' || grid_code]);

-- No fence on reading: with one, the index could not be used, because the search of words is not leakproof. Whoever reads
-- words joins the incident, which has its fence.
create table grid.incident_words (
    incident_id uuid primary key,
    words tsvector not null
);

insert into grid.incident_words
select id, grid.incident_words(id, grid_code, title, description) from grid.incidents order by id;

-- New entries wait in a short list, which every look goes through: 64 kB cost a look a tenth of a millisecond, and writing
-- each entry at once costs a report five times as much as this.
create index incident_words_words_idx on grid.incident_words using gin (words) with (gin_pending_list_limit = 64);
