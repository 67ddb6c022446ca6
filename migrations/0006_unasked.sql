-- Every alert writes stop_shown_at. While an index looked at it, each such write cost an entry in every index of people, the one by
-- phone number among them, which lies all over the disk. Now only who is on an --invite list and has not been asked has the mark.
alter table people add column unasked boolean;
update people set unasked = true where standing = 'invited' and stop_shown_at is null;
drop index people_unasked;
create index people_unasked on people (id) where unasked;
