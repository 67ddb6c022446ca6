/** Every text we send back, by the name it has in the action file. */
export const TEXT_NAMES = [
  'welcome',
  'already',
  'senators',
  'senators_guess',
  'border',
  'dc',
  'territory',
  'military',
  'zip_first',
  'zip_two',
  'zip_photo',
  'zip_third',
  'which',
  'thanks_next',
  'thanks_first',
  'thanks_done',
  'busy',
  'busy_again',
  'wrong',
  'help',
  'stop',
  'start',
  'stranger',
  'did_you_mean',
  'unclear',
  'forget_ask',
  'forget_done',
  'nudge',
  'invite',
  'less',
  'more',
  'language',
  'ack',
] as const

export type TextName = (typeof TEXT_NAMES)[number]

/** Sentences put into another text. */
export const ADDITION_NAMES = ['introduction', 'stop_reminder', 'apology'] as const

export type AdditionName = (typeof ADDITION_NAMES)[number]
