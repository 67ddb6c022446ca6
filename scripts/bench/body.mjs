/** What every sender sends: as long as a blast's text to one person, one segment. */
export const BODY =
  'AFL-CIO: Your senators vote on the PRO Act this week. Reply 1 for the number of the first, 2 for the second. Reply STOP to stop texts.'
