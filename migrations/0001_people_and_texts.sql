-- People, their consent, the texts in and out, what they reported, and the senators we name.
-- Written for Postgres 14. Forward only: a change is a new file.

create type standing as enum ('unknown', 'invited', 'joined', 'held', 'left');

create table people (
  id             bigint generated always as identity primary key,
  phone_hash     bytea not null unique,             -- keyed hash: finds her, tells nothing
  phone_sealed   bytea,                             -- null once she asked to be forgotten
  standing       standing not null default 'unknown',
  zip            text,
  state          text,                              -- two letters: the state, or DC, PR, VI, GU, AS, MP
  zone           text not null default 'America/New_York',
  other_zone     text not null default 'America/Los_Angeles', -- both must be within hours; unknown = the strictest pair
  language       text not null default 'en',
  fewer          boolean not null default false,    -- LESS: one blast text a month
  unreachable    text,                              -- why her number gets no more blasts (dead, landline); null = it works
  blocked_count  int not null default 0,            -- 30004 in a row; the second one counts as leaving
  owes_apology   boolean not null default false,    -- a reply to her expired in an outage; the next one says sorry
  stop_shown_at  timestamptz,                       -- when she last saw how to stop
  last_text      bigint not null default 0,         -- number of the last text applied to her conversation
  left_text      bigint not null default 0,         -- number of the last text received when she left: none up to it joins her again
  left_at        timestamptz,                       -- when that was: a text received before it, but recorded later, does neither
  conversation   jsonb,                             -- the state after last_text: Redis is rebuilt from here
  joined_at      timestamptz,
  created_at     timestamptz not null default now()
) with (fillfactor = 80);

create table wordings (
  id      bigint generated always as identity primary key,
  digest  bytea not null unique,
  label   text not null,                            -- which text of which action file: "welcome, pro-act version 1"
  body    text not null
);

create table consents (
  id           bigint generated always as identity primary key,
  person_id    bigint not null references people,
  kind         text not null check (kind in ('joined', 'left', 'rejoined', 'invited', 'imported', 'carrier-blocked', 'forgotten')),
  at           timestamptz not null default clock_timestamp(),
  via          text not null check (via in ('text', 'carrier', 'operator', 'import')),
  words_sealed bytea,                               -- her exact words, or the consent text of an import
  message_sid  text,
  rule         text,                                -- what in her words was taken for a leave; the operator's reason
  wording_id   bigint references wordings,          -- what she was shown
  recorded_by  text,
  erased_at    timestamptz                          -- the words were erased at her request
);
create index consents_person on consents (person_id, id);

-- Append-only: the one change allowed is the erasure she may ask for, and it says so.
create function refuse_consent_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and old.erased_at is null and new.erased_at is not null and new.words_sealed is null
     and (new.id, new.person_id, new.kind, new.at, new.via) = (old.id, old.person_id, old.kind, old.at, old.via) then
    return new;
  end if;
  raise exception 'consents are append-only: % refused', tg_op;
end $$;
create trigger consents_append_only before update or delete on consents
  for each row execute function refuse_consent_change();
create trigger consents_no_truncate before truncate on consents
  for each statement execute function refuse_consent_change();

create table texts_in (
  id           bigint generated always as identity primary key, -- also the order of receipt
  message_sid  text not null unique,
  person_id    bigint not null references people,
  received_at  timestamptz not null default clock_timestamp(),
  body_sealed  bytea,
  media_count  int not null default 0,
  verdict      text not null check (verdict in ('leave', 'stay', 'unclear')),
  rule         text,                                -- why the verdict
  opt_out_type text,                                -- Twilio answered this one itself (Advanced Opt-Out)
  understood   text,                                -- what we took it for; null until applied
  applied_at   timestamptz
);
create index texts_in_waiting on texts_in (person_id, id) where applied_at is null;
create index texts_in_person on texts_in (person_id, id);

create type text_status as enum ('pending', 'claimed', 'accepted', 'sent', 'delivered', 'undelivered', 'failed',
  'opted_out', 'capped', 'expired', 'cancelled', 'in_doubt', 'not_sent');

create sequence texts_out_number;

-- One row per outbound text. blast_id 0: an answer or a prompt to one person. In a blast, number = the person's id,
-- so that the primary key alone says: at most one text per blast and person.
create table texts_out (
  blast_id     bigint not null default 0,
  number       bigint not null default nextval('texts_out_number'),
  person_id    bigint not null,
  kind         text not null,                       -- which wording: welcome, senators, nudge, blast ...
  status       text_status not null default 'pending',
  error_code   int,
  segments     smallint not null default 1,
  attempts     smallint not null default 0,         -- POSTs begun
  doubt_polls  smallint not null default 0,         -- times Twilio's list was asked about it while in doubt
  doubt_polled_at timestamptz,
  in_reply_to  bigint,                              -- texts_in.id
  not_before   timestamptz not null default now(),
  expires_at   timestamptz,                         -- a reply later than this helps nobody
  claimed_at   timestamptz,
  accepted_at  timestamptz,
  settled_at   timestamptz,                         -- when the carrier's last word came
  created_at   timestamptz not null default now(),
  message_sid  text,
  body_sealed  bytea,                               -- null in a blast: rendered from the blast's wording
  primary key (blast_id, number)
) partition by list (blast_id);

-- Answers and blasts share one life and one claim, but not their indexes: an update of a blast's row should touch as few as can be.
create table texts_out_replies partition of texts_out for values in (0)
  with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02);
create table texts_out_blasts partition of texts_out default
  with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02);

create unique index texts_out_replies_once on texts_out_replies (in_reply_to, kind) where in_reply_to is not null;
create index texts_out_replies_open on texts_out_replies (person_id, number) where status in ('pending', 'claimed', 'in_doubt');
create index texts_out_replies_due on texts_out_replies (not_before) where status = 'pending';
create index texts_out_replies_person on texts_out_replies (person_id, number);
create index texts_out_replies_claimed on texts_out_replies (claimed_at) where status in ('claimed', 'in_doubt');
create index texts_out_blasts_claimed on texts_out_blasts (claimed_at) where status in ('claimed', 'in_doubt');

create table receipts (
  id          bigint generated always as identity primary key,
  blast_id    bigint not null,
  number      bigint not null,
  message_sid text not null,
  status      text not null,
  error_code  int,
  received_at timestamptz not null default clock_timestamp()
);
create index receipts_age on receipts using brin (received_at);

create table outcomes (
  id         bigint generated always as identity primary key,
  person_id  bigint not null references people,
  text_in    bigint not null,
  action     text not null,
  senator    text not null,                         -- bioguide id
  state      text not null,
  outcome    text not null check (outcome in ('reached', 'voicemail', 'busy', 'wrong')),
  day        date not null,                         -- in her own zone: a call counts once per person, senator and day
  at         timestamptz not null default clock_timestamp()
);
create unique index outcomes_counted on outcomes (person_id, senator, action, day) where outcome in ('reached', 'voicemail');
create index outcomes_person on outcomes (person_id, action);

create table tallies (
  action text not null,
  state  text not null,
  calls  bigint not null,
  primary key (action, state)
);

-- The table of senators in force is the newest row; older ones tell what was given out when.
create table senator_tables (
  id        bigint generated always as identity primary key,
  source    text not null,
  as_of     date not null,
  loaded_at timestamptz not null default now(),
  senators  jsonb not null,
  vacant    text[] not null default '{}'            -- states with a vacant seat, as the operator said
);

create type blast_state as enum ('draft', 'approved', 'scheduled', 'running', 'paused', 'done', 'cancelled');

create table blasts (
  id          bigint generated always as identity primary key,
  code        text not null unique,                 -- what organizers type
  name        text not null,
  state       blast_state not null default 'draft',
  action      text not null,
  wording     jsonb not null,                       -- language -> template
  audience    text not null default '',             -- the expression as typed
  created_by  text not null,
  created_at  timestamptz not null default now()
);

-- The web processes alive, and since when each knows its spool empty: while a STOP may lie in one, no blast is claimed.
create table serves (
  id         text primary key,
  seen_at    timestamptz not null,
  drained_at timestamptz,
  public_url text                                   -- which deployment it serves: two addresses on one database are one too many
);

-- What went out each day, for the ceiling on spending: a row a worker, so that none waits for another.
create table segments_spent (
  day      date not null,
  worker   text not null,
  segments bigint not null,
  primary key (day, worker)
);

-- Small facts of this deployment: the fingerprint of its phone key.
create table deployment (
  key   text primary key,
  value text not null
);
