-- West Wendover and Jackpot keep the mountain clock: who is here already is texted when it is day on both of Nevada's, as who comes now.
update people set zone = 'America/Los_Angeles', other_zone = 'America/Denver' where zip in ('89825', '89883') and state = 'NV';
