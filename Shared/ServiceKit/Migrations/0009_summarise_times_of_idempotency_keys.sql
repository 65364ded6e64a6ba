-- Keys lie in the table nearly in the order of their times, so a summary of every few pages finds the old ones once an hour and
-- costs each request less than a tree of times did.
drop index service_kit.idempotency_keys_created_at_idx;
create index idempotency_keys_created_at_idx on service_kit.idempotency_keys
    using brin (created_at) with (pages_per_range = 32, autosummarize = on);
