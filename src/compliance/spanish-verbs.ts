import { words } from './words.js'

/** What may hang on a Spanish verb: her ("quitenme", "mandandonos"), or another ("borrarlo", "escribirle"). */
const ME = ['me', 'nos', 'men', 'melo', 'melos', 'mele', 'mela']
const OTHER = ['le', 'les', 'lo', 'la', 'los', 'las', 'se', 'te']

/** The forms of one verb that a request or a refusal may take; accents are gone, so "mandá" and "manda" are one. */
type Forms = { infinitive: string[]; asked: string[]; told: string[]; mine: string[]; going: string[] }

/**
 * "perder pierd" has two stems, one of them stressed. Spelling follows the sound (saco, saque) and who is asked:
 * tú, vos, usted, ustedes.
 */
function forms(verb: string): Forms {
  const [infinitive = '', ...stressed] = verb.split(':')
  const stem = infinitive.slice(0, -2)
  const isAr = infinitive.endsWith('ar')
  const [weak, strong] = isAr ? ['a', 'e'] : ['e', 'a']
  const stems = [stem, ...stressed]
  // "llegue" and "llege"
  const asked = stems
    .flatMap((each) => (isAr ? [...new Set([softened(each), each])] : [each]))
    .flatMap((each) => [each + strong, `${each}${strong}s`, `${each}${strong}n`])
  const wished = ['ra', 'ras', 'ran', 'se', 'sen'].map((end) => `${stem}${isAr ? 'a' : 'ie'}${end}`)
  const told = stems.flatMap((each) => [each + weak, `${each}${weak}s`, `${each}${weak}n`])
  if (infinitive.endsWith('ir')) told.push(`${stem}i`)
  return {
    infinitive: [infinitive],
    asked: [...asked, ...wished],
    told,
    mine: stems.map((each) => `${each}o`),
    going: [`${stem}${isAr ? 'ando' : 'iendo'}`],
  }
}

/** "sac" before an e is "saqu", "lleg" is "llegu", "avis" stays. */
function softened(stem: string): string {
  if (stem.endsWith('c')) return `${stem.slice(0, -1)}qu`
  if (stem.endsWith('g')) return `${stem}u`
  return stem.endsWith('z') ? `${stem.slice(0, -1)}c` : stem
}

function hung(verbs: readonly string[], clitics: readonly string[]): ReadonlySet<string> {
  return new Set(verbs.flatMap((verb) => clitics.map((clitic) => verb + clitic)))
}

/**
 * A kind of deed in all its forms: ar ("mandar"), arme and arlo (the same with her or another on it), en (asked or
 * wished: manden, mandara), a (asked of a friend, or told), o (I do), enme and enlo (asked, with her or another on it), ando
 * (going on, with or without).
 */
type Deed = Readonly<
  Record<'ar' | 'arme' | 'arlo' | 'en' | 'a' | 'o' | 'enme' | 'enlo' | 'ando', ReadonlySet<string>>
>

function deed(verbs: string): Deed {
  const all = [...words(verbs)].map(forms)
  const of = (kind: keyof Forms) => all.flatMap((each) => each[kind])
  const asked = [...of('asked'), ...of('told')]
  return {
    ar: new Set(of('infinitive')),
    arme: hung(of('infinitive'), ME),
    arlo: hung(of('infinitive'), OTHER),
    en: new Set(of('asked')),
    a: new Set(of('told')),
    o: new Set(of('mine')),
    enme: hung(asked, ME),
    enlo: hung(asked, OTHER),
    ando: new Set([...of('going'), ...hung(of('going'), [...ME, ...OTHER])]),
  }
}

/** Kinds of deeds by the stem of their first verb: the list @manden is mand + en. */
export const DEEDS = {
  mand: deed(`
    mandar enviar escribir contactar textear textiar texter mensajear mensajiar spamear notificar avisar remitir`),
  llam: deed('llamar marcar hablar buscar telefonear timbrar'),
  molest: deed(`
    molestar fregar:frieg joder chingar fastidiar acosar hostigar insistir jeringar mamar incomodar importunar
    atosigar bombardear bombardiar abrumar perturbar llenar saturar jorobar gastar inundar`),
  quit: deed(`
    quitar borrar eliminar sacar remover:remuev retirar desuscribir desinscribir desapuntar suprimir excluir:excluy
    desanotar desafiliar descartar tachar desubscribir desenlistar desregistrar`),
  par: deed('parar detener:detien:deteng cesar suspender'),
  dej: deed('dejar'),
  cancel: deed('cancelar anular desactivar descontinuar deshabilitar interrumpir inhabilitar'),
  olvid: deed('olvidar perder:pierd desechar tirar'),
  recib: deed('recibir llegar ver leer'),
  apunt: deed(
    'apuntar anotar inscribir registrar suscribir meter agregar incluir:incluy involucrar considerar invitar agendar',
  ),
}

/** Things of ours, and of hers, in Spanish patterns. */
export const SPANISH_NOUNS = {
  mensajes: words(`
    mensajes mensaje mensajito mensajitos mensajote textos texto textito textitos sms msj msjs spam alerta alertas
    notificacion notificaciones aviso avisos texteo texteos texts messages msg comunicacion comunicaciones recordatorio
    recordatorios propaganda publicidad mensajeria textazos suscripcion subscripcion mensajerio recados recaditos recado recadito`),
  numero: words(`
    numero num telefono tel celular cel nombre contacto datos informacion info movil numerito fono contact number phone
    cell telefonito celu`),
  lista: words(`
    lista listas listado base sistema grupo registro registros contactos programa campana chat agenda difusion
    directorio aqui ahi esto eso esta list suscripcion enlistado lugar mailing aca vaina babosada cosa servicio`),
  deseo: words(`
    quiero kero deseo quisiera necesito ocupo prefiero preferiria queremos requiero pido gustaria agradeceria agradezco
    exijo solicito ruego suplico rogaria pediria apreciaria encargo imploro encantaria urge agradeceriamos ocupamos`),
  // somebody else's texts or lists, or ours that do not come or that she sends
  otros: words(`
  patron patrones jefe jefes jefa boss manager managers gerente supervisor supervisora senador senadores senadora oficina
  oficinas compania companias empresa empresas huelga paro amazon walmart starbucks union sindicato el ella ellos ellas
  buzon lleno voz contestadora maquina grabadora recado llego llega llegaron llegan llegado recibi recibo vi veo leo lei leer
  entiendo entendi entendio sirve sirven funciona funcionan mande envie escribi mandaste mandaron enviaron enviaste dejo
  deje dejar dejen dejarle dejarles dejado dejamos secretaria senorita muchacha muchacho asistente recepcionista horas turno
  turnos trabajo antiguedad espera marque llame correo email carta cartas facebook whatsapp trabajadores gente companeros
  congreso ley voto votar tienda mercado compras invitados negra precio guion preguntas puedo pude puede se sabia
  supe si grupo pueblo racistas odio anti antisindical ingles espanol responde responden respondio contesto contesta contestan borre
  abri abre abren tengo tiempo molestarlos molestarles`),
  parientes: words(`
    mama papa madre padre esposo esposa abuela abuelo abuelita abuelito hijo hija hijito hijita nino nina nene nena
    hermano hermana tia tio suegra suegro bebe marido mujer sobrino sobrina nieto nieta mami papi`),
  harta: words(`
    harto harta hartos hartas cansado cansada cansados canse cansaron hartaron harte aburrido aburrida aburrieron
    fastidiado fastidiada cansan aburren cansaste jarto jarta chole madre coronilla hueva hartan asfixian obstinado
    obstinada enfadado enfadada enfade molesta molesto`),
}

/** Lists that Spanish patterns name with an @. */
export const SPANISH_LISTS: Readonly<Record<string, ReadonlySet<string>>> = {
  ...SPANISH_NOUNS,
  ...Object.fromEntries(
    Object.entries(DEEDS).flatMap(([stem, deed]) =>
      Object.entries(deed).map(([end, list]): [string, ReadonlySet<string>] => [stem + end, list]),
    ),
  ),
}
