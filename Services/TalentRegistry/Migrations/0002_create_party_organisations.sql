-- Party organisations and the member counts that they report (DOMAIN 2.3.1). There is no roster of members and no column
-- for one (PR-03). Codes sort by bytes, so that a prefix of a division code is a range of the index.
create table talent.party_organisations (
    code text collate "C" primary key,
    name text not null,
    kind text not null
        check (kind in ('countyCommittee', 'workCommittee', 'townCommittee', 'generalBranch', 'branch', 'partyGroup',
                        'workingGroup')),
    parent_code text collate "C" references talent.party_organisations (code),
    division_code text collate "C" not null,
    registered_at timestamptz not null,
    changed_at timestamptz not null,
    constraint party_organisations_parent_check check (parent_code <> code)
);

-- Lists go by division; a registration looks for the general branches of its divisions and for its children.
create index party_organisations_division_code_idx on talent.party_organisations (division_code, code);
create index party_organisations_parent_code_idx on talent.party_organisations (parent_code);

-- The groups overlap, so their sum is not compared with the total (ruling A02); INV-02 is.
create table talent.member_counts (
    organisation_code text collate "C" not null references talent.party_organisations (code),
    as_of date not null,
    total integer not null check (total >= 0),
    retired integer not null check (retired between 0 and total),
    two_new integer not null check (two_new between 0 and total),
    age_35_or_less integer not null check (age_35_or_less between 0 and total),
    age_60_or_more integer not null check (age_60_or_more between 0 and total),
    college_or_above integer not null check (college_or_above between 0 and total),
    reported_at timestamptz not null,
    primary key (organisation_code, as_of),
    constraint member_counts_ages_check check (age_35_or_less + age_60_or_more <= total)
);
