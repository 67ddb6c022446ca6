-- What the migrations add up to. Made by: npm run schema

-- types

create type blast_state as enum ('draft', 'approved', 'scheduled', 'running', 'paused', 'done', 'cancelled');
create type standing as enum ('unknown', 'invited', 'joined', 'held', 'left');
create type text_status as enum ('pending', 'claimed', 'accepted', 'sent', 'delivered', 'undelivered', 'failed', 'opted_out', 'capped', 'expired', 'cancelled', 'in_doubt', 'not_sent');

-- sequences

create sequence texts_out_number as bigint;

-- tables

create table blast_log (
  id bigint not null generated always as identity,
  blast_id bigint not null,
  at timestamp with time zone not null default clock_timestamp(),
  who text not null,
  what text not null,
  detail text
);
create table blast_pages (
  blast_id bigint not null,
  page bigint not null,
  ids bigint[] not null
);
create table blast_ranges (
  id bigint not null generated always as identity,
  blast_id bigint not null,
  after bigint not null,
  up_to bigint not null,
  texts integer not null,
  segments integer not null,
  announced_at timestamp with time zone not null default clock_timestamp(),
  seen_at timestamp with time zone not null default clock_timestamp()
);
create table blasts (
  id bigint not null generated always as identity,
  code text not null,
  name text not null,
  state blast_state not null default 'draft'::blast_state,
  action text not null,
  wording jsonb not null,
  audience text not null default ''::text,
  created_by text not null,
  created_at timestamp with time zone not null default now(),
  zone text not null default 'local'::text,
  at_typed text,
  starts_at timestamp with time zone,
  starts_local timestamp without time zone,
  first_at timestamp with time zone,
  until_typed text,
  until_at timestamp with time zone,
  until_local timestamp without time zone,
  per_day smallint not null default 1,
  opens time without time zone,
  closes time without time zone,
  approved_by text,
  approved_at timestamp with time zone,
  approval bytea,
  approved_people integer,
  people integer not null default 0,
  fanned_out integer not null default 0,
  fed_up_to bigint not null default 0,
  canary text not null default 'none'::text,
  canary_at timestamp with time zone,
  started_at timestamp with time zone,
  ended_at timestamp with time zone,
  paused_why text,
  judged_at timestamp with time zone,
  judged_receipt bigint not null default 0,
  judged_consent bigint not null default 0
);
create table consents (
  id bigint not null generated always as identity,
  person_id bigint not null,
  kind text not null,
  at timestamp with time zone not null default clock_timestamp(),
  via text not null,
  words_sealed bytea,
  message_sid text,
  rule text,
  wording_id bigint,
  recorded_by text,
  erased_at timestamp with time zone
);
create table deployment (
  key text not null,
  value text not null
);
create table leases (
  name text not null,
  holder text not null,
  until timestamp with time zone not null
);
create table migrations (
  number integer not null,
  name text not null,
  digest text not null,
  applied_at timestamp with time zone not null default now()
);
create table outcomes (
  id bigint not null generated always as identity,
  person_id bigint not null,
  text_in bigint not null,
  action text not null,
  senator text not null,
  state text not null,
  outcome text not null,
  day date not null,
  at timestamp with time zone not null default clock_timestamp()
);
create table people (
  id bigint not null generated always as identity,
  phone_hash bytea not null,
  phone_sealed bytea,
  standing standing not null default 'unknown'::standing,
  zip text,
  state text,
  zone text not null default 'America/New_York'::text,
  other_zone text not null default 'America/Los_Angeles'::text,
  language text not null default 'en'::text,
  fewer boolean not null default false,
  unreachable text,
  blocked_count integer not null default 0,
  owes_apology boolean not null default false,
  stop_shown_at timestamp with time zone,
  last_text bigint not null default 0,
  left_text bigint not null default 0,
  left_at timestamp with time zone,
  conversation jsonb,
  joined_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  alerted timestamp with time zone[] not null default '{}'::timestamp with time zone[],
  unasked boolean,
  going boolean
) with (fillfactor=80);
create table readings (
  id bigint not null generated always as identity,
  at timestamp with time zone not null default clock_timestamp(),
  who text not null,
  what text not null,
  count integer not null
);
create table receipts (
  id bigint not null generated always as identity,
  blast_id bigint not null,
  number bigint not null,
  message_sid text not null,
  status text not null,
  error_code integer,
  received_at timestamp with time zone not null default clock_timestamp()
);
create table segments_spent (
  day date not null,
  worker text not null,
  segments bigint not null
);
create table senator_tables (
  id bigint not null generated always as identity,
  source text not null,
  as_of date not null,
  loaded_at timestamp with time zone not null default now(),
  senators jsonb not null,
  vacant text[] not null default '{}'::text[]
);
create table serves (
  id text not null,
  seen_at timestamp with time zone not null,
  drained_at timestamp with time zone,
  public_url text
);
create table tallies (
  action text not null,
  state text not null,
  calls bigint not null
);
create table texts_in (
  id bigint not null generated always as identity,
  message_sid text not null,
  person_id bigint not null,
  received_at timestamp with time zone not null default clock_timestamp(),
  body_sealed bytea,
  media_count integer not null default 0,
  verdict text not null,
  rule text,
  opt_out_type text,
  understood text,
  applied_at timestamp with time zone,
  late boolean not null default false
);
create table texts_out (
  blast_id bigint not null default 0,
  number bigint not null default nextval('texts_out_number'::regclass),
  person_id bigint not null,
  kind text not null,
  status text_status not null default 'pending'::text_status,
  error_code integer,
  segments smallint not null default 1,
  attempts smallint not null default 0,
  doubt_polls smallint not null default 0,
  doubt_polled_at timestamp with time zone,
  in_reply_to bigint,
  not_before timestamp with time zone not null default now(),
  expires_at timestamp with time zone,
  claimed_at timestamp with time zone,
  accepted_at timestamp with time zone,
  settled_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  message_sid text,
  body_sealed bytea,
  early boolean
) partition by LIST (blast_id);
create table texts_out_blasts (
  blast_id bigint not null default 0,
  number bigint not null default nextval('texts_out_number'::regclass),
  person_id bigint not null,
  kind text not null,
  status text_status not null default 'pending'::text_status,
  error_code integer,
  segments smallint not null default 1,
  attempts smallint not null default 0,
  doubt_polls smallint not null default 0,
  doubt_polled_at timestamp with time zone,
  in_reply_to bigint,
  not_before timestamp with time zone not null default now(),
  expires_at timestamp with time zone,
  claimed_at timestamp with time zone,
  accepted_at timestamp with time zone,
  settled_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  message_sid text,
  body_sealed bytea,
  early boolean
) with (fillfactor=70, autovacuum_vacuum_scale_factor=0.02);
create table texts_out_replies (
  blast_id bigint not null default 0,
  number bigint not null default nextval('texts_out_number'::regclass),
  person_id bigint not null,
  kind text not null,
  status text_status not null default 'pending'::text_status,
  error_code integer,
  segments smallint not null default 1,
  attempts smallint not null default 0,
  doubt_polls smallint not null default 0,
  doubt_polled_at timestamp with time zone,
  in_reply_to bigint,
  not_before timestamp with time zone not null default now(),
  expires_at timestamp with time zone,
  claimed_at timestamp with time zone,
  accepted_at timestamp with time zone,
  settled_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  message_sid text,
  body_sealed bytea,
  early boolean
) with (fillfactor=70, autovacuum_vacuum_scale_factor=0.02);
create table wordings (
  id bigint not null generated always as identity,
  digest bytea not null,
  label text not null,
  body text not null
);

-- partitions

alter table texts_out attach partition texts_out_blasts DEFAULT;
alter table texts_out attach partition texts_out_replies FOR VALUES IN ('0');

-- constraints

alter table blast_log add constraint blast_log_blast_id_fkey FOREIGN KEY (blast_id) REFERENCES blasts(id);
alter table blast_log add constraint blast_log_pkey PRIMARY KEY (id);
alter table blast_pages add constraint blast_pages_blast_id_fkey FOREIGN KEY (blast_id) REFERENCES blasts(id);
alter table blast_pages add constraint blast_pages_pkey PRIMARY KEY (blast_id, page);
alter table blast_ranges add constraint blast_ranges_blast_id_fkey FOREIGN KEY (blast_id) REFERENCES blasts(id);
alter table blast_ranges add constraint blast_ranges_pkey PRIMARY KEY (id);
alter table blasts add constraint blasts_canary_check CHECK (canary = ANY (ARRAY['none'::text, 'waiting'::text, 'sending'::text, 'watched'::text, 'passed'::text]));
alter table blasts add constraint blasts_code_key UNIQUE (code);
alter table blasts add constraint blasts_per_day_check CHECK (per_day >= 1 AND per_day <= 3);
alter table blasts add constraint blasts_pkey PRIMARY KEY (id);
alter table consents add constraint consents_kind_check CHECK (kind = ANY (ARRAY['joined'::text, 'left'::text, 'rejoined'::text, 'invited'::text, 'imported'::text, 'carrier-blocked'::text, 'forgotten'::text]));
alter table consents add constraint consents_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id);
alter table consents add constraint consents_pkey PRIMARY KEY (id);
alter table consents add constraint consents_via_check CHECK (via = ANY (ARRAY['text'::text, 'carrier'::text, 'operator'::text, 'import'::text]));
alter table consents add constraint consents_wording_id_fkey FOREIGN KEY (wording_id) REFERENCES wordings(id);
alter table deployment add constraint deployment_pkey PRIMARY KEY (key);
alter table leases add constraint leases_pkey PRIMARY KEY (name);
alter table migrations add constraint migrations_pkey PRIMARY KEY (number);
alter table outcomes add constraint outcomes_outcome_check CHECK (outcome = ANY (ARRAY['reached'::text, 'voicemail'::text, 'busy'::text, 'wrong'::text]));
alter table outcomes add constraint outcomes_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id);
alter table outcomes add constraint outcomes_pkey PRIMARY KEY (id);
alter table people add constraint people_phone_hash_key UNIQUE (phone_hash);
alter table people add constraint people_pkey PRIMARY KEY (id);
alter table readings add constraint readings_pkey PRIMARY KEY (id);
alter table readings add constraint readings_what_check CHECK (what = ANY (ARRAY['replies'::text, 'story'::text, 'consents'::text, 'export'::text, 'answer'::text]));
alter table receipts add constraint receipts_pkey PRIMARY KEY (id);
alter table segments_spent add constraint segments_spent_pkey PRIMARY KEY (day, worker);
alter table senator_tables add constraint senator_tables_pkey PRIMARY KEY (id);
alter table serves add constraint serves_pkey PRIMARY KEY (id);
alter table tallies add constraint tallies_pkey PRIMARY KEY (action, state);
alter table texts_in add constraint texts_in_message_sid_key UNIQUE (message_sid);
alter table texts_in add constraint texts_in_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id);
alter table texts_in add constraint texts_in_pkey PRIMARY KEY (id);
alter table texts_in add constraint texts_in_verdict_check CHECK (verdict = ANY (ARRAY['leave'::text, 'stay'::text, 'unclear'::text]));
alter table texts_out add constraint texts_out_pkey PRIMARY KEY (blast_id, number);
alter table texts_out_blasts add constraint texts_out_blasts_pkey PRIMARY KEY (blast_id, number);
alter table texts_out_replies add constraint texts_out_replies_pkey PRIMARY KEY (blast_id, number);
alter table wordings add constraint wordings_digest_key UNIQUE (digest);
alter table wordings add constraint wordings_pkey PRIMARY KEY (id);

-- indexes

CREATE INDEX blast_log_blast ON blast_log USING btree (blast_id, id);
CREATE INDEX blast_ranges_blast ON blast_ranges USING btree (blast_id);
CREATE INDEX blasts_live ON blasts USING btree (first_at) WHERE (state = ANY (ARRAY['scheduled'::blast_state, 'running'::blast_state, 'paused'::blast_state]));
CREATE INDEX consents_person ON consents USING btree (person_id, id);
CREATE INDEX outcomes_person ON outcomes USING btree (person_id, action);
CREATE INDEX people_going ON people USING btree (id) WHERE going;
CREATE INDEX people_unasked ON people USING btree (id) WHERE unasked;
CREATE INDEX receipts_age ON receipts USING brin (received_at);
CREATE INDEX texts_in_not_understood ON texts_in USING btree (id) WHERE (understood = 'not understood'::text);
CREATE INDEX texts_in_person ON texts_in USING btree (person_id, id);
CREATE INDEX texts_in_waiting ON texts_in USING btree (person_id, id) WHERE (applied_at IS NULL);
CREATE INDEX texts_out_blasts_claimed ON texts_out_blasts USING btree (claimed_at) WHERE (status = ANY (ARRAY['claimed'::text_status, 'in_doubt'::text_status]));
CREATE INDEX texts_out_blasts_early ON texts_out_blasts USING btree (blast_id, number) WHERE early;
CREATE INDEX texts_out_replies_claimed ON texts_out_replies USING btree (claimed_at) WHERE (status = ANY (ARRAY['claimed'::text_status, 'in_doubt'::text_status]));
CREATE INDEX texts_out_replies_due ON texts_out_replies USING btree (not_before) WHERE (status = 'pending'::text_status);
CREATE INDEX texts_out_replies_forgetting ON texts_out_replies USING btree (person_id) WHERE ((kind = 'forget_done'::text) AND (body_sealed IS NOT NULL));
CREATE INDEX texts_out_replies_open ON texts_out_replies USING btree (person_id, number) WHERE (status = ANY (ARRAY['pending'::text_status, 'claimed'::text_status, 'in_doubt'::text_status]));
CREATE INDEX texts_out_replies_person ON texts_out_replies USING btree (person_id, number);
CREATE UNIQUE INDEX outcomes_counted ON outcomes USING btree (person_id, senator, action, day) WHERE (outcome = ANY (ARRAY['reached'::text, 'voicemail'::text]));
CREATE UNIQUE INDEX texts_out_replies_once ON texts_out_replies USING btree (in_reply_to, kind) WHERE (in_reply_to IS NOT NULL);

-- functions

CREATE OR REPLACE FUNCTION hours_open(at timestamp with time zone, zone text, opens time without time zone, closes time without time zone)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select (opens = '00:00' and closes = '24:00')
      or ((at at time zone zone)::time >= opens and (at at time zone zone)::time < closes
          and ((at at time zone zone)::time >= '12:00' or extract(isodow from at at time zone zone) <> 7))
$function$
;
CREATE OR REPLACE FUNCTION judged_now()
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$select now()$function$
;
CREATE OR REPLACE FUNCTION refuse_consent_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if tg_op = 'UPDATE' and old.erased_at is null and new.erased_at is not null and new.words_sealed is null and new.rule is null
     and (new.id, new.person_id, new.kind, new.at, new.via) = (old.id, old.person_id, old.kind, old.at, old.via)
     and (new.message_sid, new.wording_id, new.recorded_by) is not distinct from (old.message_sid, old.wording_id, old.recorded_by) then
    return new;
  end if;
  raise exception 'consents are append-only: % refused', tg_op;
end $function$
;

-- triggers

CREATE TRIGGER consents_append_only BEFORE DELETE OR UPDATE ON consents FOR EACH ROW EXECUTE FUNCTION refuse_consent_change();
CREATE TRIGGER consents_no_truncate BEFORE TRUNCATE ON consents FOR EACH STATEMENT EXECUTE FUNCTION refuse_consent_change();
