-- People and the talent ledger (DOMAIN 2.3.2, 4.3). A person is found again by the keyed hash of the identity number,
-- which itself is not kept. Name and mobile number are encrypted; a ciphertext differs each time, so a keyed hash of both
-- tells whether a row says the same again. Of the date of birth the year is kept. There is no column for ethnicity, for
-- Party membership or for any score.
create table talent.persons (
    id uuid primary key,
    identity_hash bytea not null unique check (octet_length(identity_hash) = 32),
    name_encrypted bytea not null,
    mobile_encrypted bytea not null,
    contact_hash bytea not null check (octet_length(contact_hash) = 32),
    birth_year integer not null check (birth_year between 1900 and 9999),
    gender text check (gender in ('male', 'female')),
    recorded_at timestamptz not null,
    changed_at timestamptz not null
);

create table talent.talents (
    id uuid primary key,
    person_id uuid not null unique references talent.persons (id),
    division_code text collate "C" not null,
    category text not null,
    education text,
    residence text,
    skill text,
    willingness text,
    listed_at timestamptz not null,
    changed_at timestamptz not null
);

-- Lists go by division; its prefix is the scope of who asks.
create index talents_division_code_idx on talent.talents (division_code, id);
