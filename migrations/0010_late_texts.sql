-- A text that came by way of a spool or of Twilio's list bears another clock's time: how late it is against her STOP is known within
-- a minute only. One minute counts for the STOP.
alter table texts_in add column late boolean not null default false;
