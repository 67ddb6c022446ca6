import { DEEDS, SPANISH_NOUNS } from './spanish-verbs.js'
import { words } from './words.js'

/** What only we do to her, and what she has from us. */
export const OURS: ReadonlySet<string> = new Set([
  ...SPANISH_NOUNS.mensajes,
  ...words(
    'lista texteando texteen textearme escribiendome mandandome enviandome texteandome escribirme mandarme',
  ),
  ...DEEDS.mand.ando,
  ...DEEDS.mand.arme,
])

/** She has had enough, or bids us farewell. */
export const WEARY: ReadonlySet<string> = new Set([
  ...SPANISH_NOUNS.harta,
  ...DEEDS.quit.en,
  ...DEEDS.quit.enme,
  ...DEEDS.quit.arme,
  ...DEEDS.olvid.en,
  ...words(`
    basta suficiente paren parenle parale parele adios dejenme dejame dejeme dejense bajenle bajele bajale
    quieto quieta paz fuera harta hasta chau chao detengan detenganse alto borrado eliminado cancelen cancelenme
    molestan molesta molestando molestos fastidiosos cansones intensos pesados necios insistentes molestia fastidio fastidian fastidia acoso loca loco insoportable insoportables
    aguanto soporto verga carajo joder jodedera jodienda podrida podrido podridos cortala cortenla lata friega matraca
    cantaleta necedad cancelar desuscribir salirme`),
])

/** After "no": she wants none. */
export const UNWILLING: ReadonlySet<string> = new Set([
  ...DEEDS.mand.en,
  ...DEEDS.molest.en,
  ...words(`
    quiero kero deseo necesito interesa interesan gusta gustan mas quisiera soporto aguanto pedi solicite autorice
    autorizo agradan acepto sigan siga vuelvan quieren queremos comoda comodo agrado`),
])

/** "no me quiten de la lista": whoever denies these stays. */
export const DENIED: ReadonlySet<string> = new Set([
  ...DEEDS.quit.en,
  ...DEEDS.quit.enme,
  ...DEEDS.quit.ar,
  ...DEEDS.quit.arme,
  ...words('salir salirme paren pare dejen deje parar dejar perder perderme cancelen cancelar'),
])

export const NET_WORDS: readonly ReadonlySet<string>[] = [words('no ya nunca jamas tampoco ni')]
