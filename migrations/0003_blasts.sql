-- What a blast is besides its words: when, for whom, who agreed to it, and how far it has come.

-- The clock by which hours, schedules and caps are judged. A rehearsal of a whole season in a throw-away database replaces it.
create function judged_now() returns timestamptz language sql stable parallel safe as 'select now()';

-- Whether texts may leave now on a clock in this zone: from 12:00 on Sundays; 00:00-24:00 is no window at all.
create function hours_open(at timestamptz, zone text, opens time, closes time) returns boolean
  language sql immutable parallel safe as $$
  select (opens = '00:00' and closes = '24:00')
      or ((at at time zone zone)::time >= opens and (at at time zone zone)::time < closes
          and ((at at time zone zone)::time >= '12:00' or extract(isodow from at at time zone zone) <> 7))
$$;

alter table people
  add column alerted timestamptz[] not null default '{}'; -- her alerts of the last month, by judged_now(): the caps

alter table blasts
  add column zone            text not null default 'local', -- as typed: local = each person's own
  add column at_typed        text,                  -- null: when somebody starts it
  add column starts_at       timestamptz,           -- one instant for all, or
  add column starts_local    timestamp,             -- the time on each person's own clock
  add column first_at        timestamptz,           -- the earliest instant of anybody in it
  add column until_typed     text,
  add column until_at        timestamptz,
  add column until_local     timestamp,
  add column per_day         smallint not null default 1 check (per_day between 1 and 3),
  add column opens           time,                  -- the window that was approved
  add column closes          time,
  add column approved_by     text,
  add column approved_at     timestamptz,
  add column approval        bytea,                 -- digest of all that was approved; another one voids it
  add column approved_people int,
  add column people          int not null default 0, -- the audience, frozen at the start
  add column fanned_out      int not null default 0, -- of them, those with a row in texts_out
  add column fed_up_to       bigint not null default 0, -- texts up to this number have been announced in this pass
  add column canary          text not null default 'none' check (canary in ('none', 'waiting', 'sending', 'watched', 'passed')),
  add column canary_at       timestamptz,           -- when the last text of the canary had left
  add column started_at      timestamptz,
  add column ended_at        timestamptz,
  add column paused_why      text,
  add column judged_at       timestamptz,           -- the breaker looks at what came in since the start or the last resume:
  add column judged_receipt  bigint not null default 0, -- receipts and
  add column judged_consent  bigint not null default 0; -- consents after these

create index blasts_live on blasts (first_at) where state in ('scheduled', 'running', 'paused');

create table blast_log (
  id       bigint generated always as identity primary key,
  blast_id bigint not null references blasts,
  at       timestamptz not null default clock_timestamp(),
  who      text not null,
  what     text not null,
  detail   text
);
create index blast_log_blast on blast_log (blast_id, id);

-- The frozen audience before it is fanned out. A page goes in the transaction that writes its texts.
create table blast_pages (
  blast_id bigint not null references blasts,
  page     bigint not null,
  ids      bigint[] not null,
  primary key (blast_id, page)
);
alter table blast_pages alter column ids set storage external;

-- Ranges announced to the workers and not yet finished: a few seconds of the rate, whatever the audience.
create table blast_ranges (
  id           bigint generated always as identity primary key,
  blast_id     bigint not null references blasts,
  after        bigint not null,
  up_to        bigint not null,
  texts        int not null,
  segments     int not null,
  announced_at timestamptz not null default clock_timestamp(),
  seen_at      timestamptz not null default clock_timestamp() -- when a worker last said that it is at it
);
create index blast_ranges_blast on blast_ranges (blast_id);

-- Who does what only one process should do. A lease, not a session lock: it works behind PgBouncer.
create table leases (
  name   text primary key,
  holder text not null,
  until  timestamptz not null
);

-- People on a list with --invite who have not been asked yet.
create index people_unasked on people (id) where standing = 'invited' and stop_shown_at is null;

-- The canary's texts: they go first, and the rest waits for their receipts.
alter table texts_out add column early boolean;
create index texts_out_blasts_early on texts_out_blasts (blast_id, number) where early;
