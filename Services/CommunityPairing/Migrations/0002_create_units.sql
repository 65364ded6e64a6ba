-- County units that report to communities (DOMAIN 2.3.4). Members are a count, never a roster. The contact person is
-- encrypted; a ciphertext differs each time, so a keyed hash of name and number tells whether a row says the same again.
create table pairing.units (
    code text collate "C" primary key check (code ~ '^[0-9A-HJ-NPQRTUWXY]{18}$'),
    name text not null,
    kind text not null
        check (kind in ('government', 'publicInstitution', 'stateEnterprise', 'massOrganisation',
                        'financialInstitution', 'school', 'hospital')),
    strengths text[] not null,
    member_count integer not null check (member_count >= 0),
    contact_name_encrypted bytea not null,
    contact_mobile_encrypted bytea not null,
    contact_hash bytea not null check (octet_length(contact_hash) = 32),
    enrolled_at timestamptz not null,
    changed_at timestamptz not null
);
