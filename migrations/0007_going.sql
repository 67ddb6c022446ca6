-- Who was forgotten and texts again is answered, and for that her number is here once more. Until it goes again she has the mark.
alter table people add column going boolean;
update people p set going = true
 where standing = 'left' and phone_sealed is not null
   and (select kind from consents c where c.person_id = p.id order by id desc limit 1) = 'forgotten';
create index people_going on people (id) where going;
