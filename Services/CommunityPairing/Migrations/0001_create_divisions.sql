-- What this service knows of divisions. It is a copy of what grid-operations says on its topic, so that a pairing can be
-- checked while that service is down. Nothing refers to it by foreign key: it is another's.
create schema pairing;

create table pairing.divisions (
    code text collate "C" primary key check (code ~ '^([0-9]{6}|[0-9]{9}|[0-9]{12})$'),
    level text not null check (level in ('county', 'town', 'community')),
    kind text check (kind in ('urbanCommunity', 'convertedFromVillage', 'ruralCommunity', 'administrativeVillage'))
);
