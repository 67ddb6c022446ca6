-- The lawful erasure of words changes nothing else of a record.
create or replace function refuse_consent_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and old.erased_at is null and new.erased_at is not null and new.words_sealed is null and new.rule is null
     and (new.id, new.person_id, new.kind, new.at, new.via) = (old.id, old.person_id, old.kind, old.at, old.via)
     and (new.message_sid, new.wording_id, new.recorded_by) is not distinct from (old.message_sid, old.wording_id, old.recorded_by) then
    return new;
  end if;
  raise exception 'consents are append-only: % refused', tg_op;
end $$;
