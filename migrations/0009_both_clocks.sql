-- Who is here already is texted when it is day on all clocks that may be hers, as who comes now.

-- 24 ZIPs about which the table of zones errs: both of their state's clocks.
update people p set zone = c.zone, other_zone = c.other_zone
  from (values ('AL', 'America/New_York', 'America/Chicago', '36869 36874'),
               ('TN', 'America/Chicago', 'America/New_York', '37337 37419 37854'),
               ('KY', 'America/New_York', 'America/Chicago', '40140 42603 42716'),
               ('IN', 'America/New_York', 'America/Chicago', '47532 47660'),
               ('MI', 'America/New_York', 'America/Chicago', '49807'),
               ('SD', 'America/Chicago', 'America/Denver', '57532 57601'),
               ('ND', 'America/Chicago', 'America/Denver', '58535 58568 58838'),
               ('NE', 'America/Chicago', 'America/Denver', '69165'),
               ('TX', 'America/Chicago', 'America/Denver', '79847'),
               ('ID', 'America/Denver', 'America/Los_Angeles', '83522'),
               ('AZ', 'America/Phoenix', 'America/Denver', '86004 86016 86028 86040 86502'))
       as c (state, zone, other_zone, zips)
 where p.zip = any (string_to_array(c.zips, ' '));

-- A military ZIP of somebody who votes in Puerto Rico or the Virgin Islands: from there to Los Angeles.
update people set zone = 'America/Los_Angeles',
       other_zone = case state when 'PR' then 'America/Puerto_Rico' else 'America/St_Thomas' end
 where zip ~ '^(09[0-9]|340|96[2-6])' and state in ('PR', 'VI');

-- Until now "I vote in Hawaii" threw away a ZIP in Pennsylvania, and its clock with it. Where that ZIP was cannot be told any more,
-- but mostly that there was one: she sent it, or sent it with WORK and got her senators at once, or came by a list. She is texted
-- when it is day from New York to Los Angeles and where she votes, until she sends a ZIP. Who sent none is where she votes.
update people p
   set zone = case when p.state in ('PR', 'VI') then 'America/Los_Angeles' else 'America/New_York' end,
       other_zone = case p.state when 'HI' then 'Pacific/Honolulu' when 'AK' then 'America/Adak' when 'GU' then 'Pacific/Guam'
                      when 'MP' then 'Pacific/Saipan' when 'AS' then 'Pacific/Pago_Pago' when 'PR' then 'America/Puerto_Rico'
                      when 'VI' then 'America/St_Thomas' else 'America/Los_Angeles' end
 where p.zip is null and p.state is not null
   and (exists (select from consents c where c.person_id = p.id and c.via = 'import')
     or exists (select from texts_in t where t.person_id = p.id and t.understood = 'zip')
     or exists (select from texts_in t join texts_out o on o.blast_id = 0 and o.in_reply_to = t.id
                 where t.person_id = p.id and t.understood in ('join', 'rejoin')
                   and o.kind in ('senators', 'senators_guess', 'border', 'military')));
