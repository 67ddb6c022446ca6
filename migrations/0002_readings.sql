-- Who opened what people wrote to us, and when: their words are decrypted for this alone.
create table readings (
  id    bigint generated always as identity primary key,
  at    timestamptz not null default clock_timestamp(),
  who   text not null,                              -- the operator, by the name of her account on the machine
  what  text not null check (what in ('replies', 'story', 'consents', 'export')),
  count int not null                                -- texts or people shown
);

-- People replies: the answers no rule understood, newest first.
create index texts_in_not_understood on texts_in (id) where understood = 'not understood';
