-- FORGET: confirmations that have not yet let the number go. Once it has gone, so have their words.
create index texts_out_replies_forgetting on texts_out_replies (person_id)
  where kind = 'forget_done' and body_sealed is not null;

-- Answering what somebody wrote is on record beside the reading of it.
alter table readings drop constraint readings_what_check;
alter table readings add constraint readings_what_check
  check (what in ('replies', 'story', 'consents', 'export', 'answer'));
