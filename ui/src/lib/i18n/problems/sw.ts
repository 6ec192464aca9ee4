import type { Shape } from '../types';
import type en from './en';

const catalogue: Shape<typeof en> = {
  problem: {
    unknown: 'Haikufaulu. Ulichoandika kimehifadhiwa. Mwambie msimamizi wako namba hii: {code}.',
    bridge: {
      forbidden:
        'Dirisha hili haliruhusiwi kuomba hivyo. Lifunge na ufungue programu tena. Hakuna kilichobadilika.',
      unreachable: 'Programu haijibu. Ifunge kisha ifungue tena. Kilichohifadhiwa kipo.',
      any: 'Programu imetoa jibu lisilosomeka. Ifunge kisha ifungue tena. Kilichohifadhiwa kipo.',
    },
    call: {
      any: 'Sehemu hii ya programu haiko tayari. Hakuna kilichobadilika. Namba: {code}.',
    },
    desk: {
      'already-open': 'Tableti hii tayari imefunguliwa.',
      locked: 'Tableti imejifunga. Ifungue tena; kila kitu kimehifadhiwa.',
      any: 'Tableti inafungwa. Kila kitu kimehifadhiwa. Fungua programu tena.',
    },
    vault: {
      io: 'Hifadhi ya tableti haikujibu. Kilichohifadhiwa awali kipo. Jaribu tena; ikiendelea, kabidhi hivi karibuni.',
      'unknown-part': 'Hiyo haipo tena kwenye tableti hii. Rudi na uangalie tena.',
      unknown: 'Hiyo haipo tena kwenye tableti hii. Rudi na uangalie tena.',
      damaged:
        'Sehemu ya hifadhi ya tableti hii imeharibika. Usiifute. Yote yaliyokabidhiwa yako salama. Mpelekee msimamizi wako tableti.',
      'wrong-passphrase': 'Haikufunguka. Angalia kila neno, kisha ujaribu tena.',
      locked:
        'Tayari imefunguliwa kwenye dirisha lingine la tableti hii. Lifunge, kisha ujaribu tena. Hakuna kilichopotea.',
      missing: 'Bado hakuna kilichohifadhiwa kwenye tableti hii. Jiunge kwanza kwa mwaliko.',
      exists: 'Tableti hii tayari inahifadhi rekodi. Zitabaki zilivyo.',
      'disk-full': 'Tableti imejaa. Jibu lako la mwisho halijahifadhiwa. Toa nafasi, kisha uendelee.',
      'too-new':
        'Rekodi hizi ziliandikwa na programu mpya zaidi. Iweke kwenye tableti hii. Hakuna kilichobadilika.',
      'slots-damaged': 'Kinachofungua tableti hii kimeharibika. Usiifute. Mpelekee msimamizi wako.',
      'part-sealed': 'Majibu haya yamefungwa. Makao makuu tu yanaweza kuyafungua.',
      'not-received': 'Makao makuu hayajathibitisha rekodi hii. Itabaki hapa hadi wakati huo.',
      any: 'Hifadhi ya tableti hii haikufanya kilichoombwa. Kilichohifadhiwa awali kipo. Namba: {code}.',
    },
    file: {
      'too-large': 'Faili hili ni kubwa kuliko linaloweza kusomwa. Hakuna kilichochukuliwa.',
      any: 'Faili hiyo haikuweza kusomwa au kuandikwa. Angalia kadi, kisha ujaribu tena.',
    },
    export: {
      any: 'Uhamishaji ulisimamishwa. Hakuna kilichoandikwa.',
    },
    form: {
      'not-relevant': 'Swali hili haliulizwi tena. Kilichojibiwa kimehifadhiwa.',
      'read-only': 'Jibu hili hukokotolewa na fomu na halibadilishwi kwa mkono.',
      'unknown-path': 'Swali hili haliulizwi tena. Majibu yako yamehifadhiwa.',
      'unknown-part': 'Sehemu hii ya fomu haihusiki tena. Majibu yako yamehifadhiwa.',
      'not-open': 'Hakuna fomu iliyofunguliwa. Kilichoandikwa kimehifadhiwa; kifungue kutoka Leo.',
      refused: 'Fomu haikukubaliwa. Orodha inaonyesha cha kurekebisha.',
      'too-large': 'Fomu ni kubwa mno pamoja na picha na sauti zake. Zipunguze.',
      unknown: 'Fomu hii bado haipo hapa. Itakuja katika makabidhiano yajayo.',
      any: 'Hilo halilingani na fomu. Majibu yako yamehifadhiwa. Namba: {code}.',
    },
    device: {
      'not-joined': 'Tableti hii bado haijajiunga. Maliza kwa idhini ambayo msimamizi wako atakupa.',
      'already-joined': 'Tableti hii tayari ni ya eneo la kazi.',
    },
    role: {
      any: 'Mtu mwingine hufanya hili: {code}. Muulize msimamizi wako.',
    },
    team: {
      unknown: 'Hakuna timu inayoitwa {name}.',
      any: 'Taja timu. Fomu ya timu inahitaji timu.',
    },
    member: {
      'this-device': 'Hiki ni kifaa chako mwenyewe. Msimamizi mwingine lazima afanye hivi.',
      any: 'Hakuna mtu hapa anayeitwa {name}.',
    },
    invitation: {
      any: 'Mwaliko huu haukuweza kutumika. Omba mpya.',
      unknown: 'Ombi hili halijibu mwaliko wowote wa hapa, au mwaliko ulishatumika. Tengeneza mwaliko mpya.',
      'used-twice': 'Tableti mbili zilijibu mwaliko mmoja. Usiidhinishe yoyote hadi ujue nani ana ya pili.',
    },
    record: {
      'too-large':
        'Rekodi hii ni kubwa mno kuhifadhiwa nzima. Jibu lako la mwisho halijahifadhiwa. Igawanye kuwa rekodi mbili.',
      'already-shared':
        'Sehemu ya rekodi hii imeondoka kwenye tableti, kwa hiyo haiwezi kutupwa. Inabaki ilivyo.',
      unknown: 'Rekodi hii haipo kwenye tableti hii.',
      ambiguous: 'Rekodi kadhaa zinaanza na alama hizi. Ongeza alama.',
      finalised: 'Rekodi hii imekamilika. Kubadilisha jibu, toa sababu.',
      'not-finalised': 'Rekodi hii bado haijakamilika. Ikamilishe kwanza.',
      unready:
        'Bado bila jibu: {missing}. Ya kurekebisha: {violations}. Yamalize, au kabidhi kama haijakamilika kwa kutoa sababu.',
      'reason-missing': 'Sababu inahitajika, kwa maneno machache.',
      'shown-differs': 'Mtu amebadilisha hili katikati. Angalia tena majibu yote mawili.',
      any: 'Rekodi hii haikuweza kusomwa hapa. Imehifadhiwa kama ilivyokuja. Namba: {code}.',
    },
    answer: {
      any: 'Jibu hili halilingani na swali. Jibu la awali limehifadhiwa.',
    },
    conflict: {
      any: 'Hakuna tena majibu mawili hapa. Angalia rekodi tena.',
    },
    hub: {
      'wrong-workspace': 'Kituo hiki ni cha eneo lingine la kazi. Hakuna kilichopewa.',
      'not-loopback':
        'Anwani kama hii ni ya kituo kwenye mashine hii tu. Andika ile uliyopewa na makao makuu.',
      'key-unknown':
        'Ufunguo huu haukutajwa na makao makuu. Usitumie kituo hiki. Muulize msimamizi wako. Rekodi zako zinabaki hapa.',
      'key-malformed': 'Ufunguo wa kituo una alama 64, tarakimu na herufi a hadi f. Unakili tena.',
      'key-needed':
        'Makao makuu hayakutaja kituo, au yametaja kadhaa. Toa ufunguo wa hiki. Rekodi zako zinabaki hapa.',
      none: 'Anwani ya kituo haijulikani. Itoe kwanza. Rekodi zako zinabaki hapa.',
      unreachable:
        'Kituo cha makabidhiano hakijibu. Rekodi zako zinabaki hapa. Jaribu baadaye, au tumia kadi.',
      any: 'Kituo cha makabidhiano hakikuweza kutumika. Rekodi zako zinabaki hapa. Namba: {code}.',
    },
    sync: {
      'not-a-bundle': 'Hii si faili ya rekodi kutoka tableti. Chagua nyingine.',
      'wrong-key': 'Faili hii ilifungwa kwa ajili ya mtu mwingine. Haiwezi kufunguliwa hapa.',
      'unsupported-version': 'Faili hii ilitengenezwa na programu mpya zaidi. Iweke hapa, kisha ingiza tena.',
      'too-large': 'Faili hii ni kubwa kuliko inayoweza kuchukuliwa mara moja.',
      any: 'Faili hii imeharibika. Hakuna kilichochukuliwa. Iombe tena. Namba: {code}.',
    },
    wire: {
      any: 'Kilichobandikwa au kusomwa kimeharibika au hakijakamilika. Kichukue tena tangu mwanzo. Namba: {code}.',
    },
    office: {
      'wrong-key': 'Hifadhi ya ofisi haifunguki kwa ufunguo wa kompyuta hii. Hakuna kilichobadilika.',
      'stale-conflict': 'Mtu ameamua hili katikati. Angalia tena.',
      any: 'Hifadhi ya ofisi haikufanya kilichoombwa. Kilichokuwepo kipo. Namba: {code}.',
    },
    demo: {
      any: 'Mfano umeharibika au haujakamilika. Utengeneze tena. Hakuna cha kweli kilichoguswa. Namba: {code}.',
    },
    settings: {
      'not-saved': 'Mipangilio haikuweza kutunzwa. Itatumika hadi programu ifungwe. Rekodi hazijaguswa.',
      any: 'Mpangilio huu haujulikani hapa. Hakuna kilichobadilika.',
    },
    passphrase: {
      any: 'Maneno haya ni rahisi mno kukisia. Ongeza mengine, au tumia maneno sita ya hapa.',
    },
    name: {
      missing: 'Jina linahitajika.',
      'too-long': 'Jina ni refu mno. Alama zisizozidi {limit}.',
      any: 'Jina hili haliwezi kutumika. Chagua lingine.',
    },
    place: {
      unknown: 'Kadi hii haipo tena. Iweke na uangalie tena. Hakuna kilichoandikwa.',
      full: 'Nafasi kwenye kadi hii ni ndogo mno. Chukua nyingine, au toa nafasi. Hakuna kilichoandikwa.',
      any: 'Kadi hii haikuweza kutumika. Hakuna kilichopotea. Jaribu nyingine.',
    },
    media: {
      any: 'Picha au sauti hii haimo kwenye fomu. Swali linaweza kujibiwa bila hiyo.',
    },
    enrol: {
      'wrong-kind': 'Hii ni karatasi nyingine: {given}. Hapa inahitajika: {wanted}.',
      'text-damaged': 'Maandishi hayajakamilika, au yalibadilika njiani. Yanakili yote tena.',
      'too-long': 'Maandishi ni marefu mno kwa karatasi kama hii. Yanakili tena kutoka mwanzo.',
      'no-request': 'Tableti hii haina ombi linalosubiri. Fungua programu tena.',
      expired: 'Mwaliko umepitwa na wakati. Omba mpya makao makuu. Hakuna kilichobadilika.',
      wrong_invitation: 'Karatasi hii ni ya mwaliko mwingine. Uliza makao makuu upi ni wako.',
      wrong_secret: 'Ombi hili halikutengenezwa kwa mwaliko wetu. Usilikubali. Zungumza na mtu huyo.',
      bad_signature: 'Saini haishikiki. Huenda mtu alibadilisha karatasi. Usiitumie; iombe tena.',
      wrong_device: 'Idhini hii ni ya kifaa kingine. Omba makao makuu ile ya tableti hii.',
      wrong_workspace: 'Idhini hii inatoka eneo lingine la kazi. Uliza makao makuu ipi ni sahihi.',
      wrong_transport_key: 'Idhini hii si ya eneo hili la kazi. Omba mpya makao makuu.',
      not_in_roster:
        'Makao makuu hayajakiongeza kifaa hiki, au hayakiamini tena. Zungumza na msimamizi wako.',
      any: 'Karatasi hii haikuweza kutumika. Hakuna kilichobadilika. Iombe tena. Namba: {code}.',
    },
    held: {
      any: 'Hiyo haijawekwa kando tena. Angalia tena.',
    },
    roster: {
      gap: 'Baadhi ya majina ya eneo la kazi hayajafika. Kutana na kituo au soma kadi mpya kabisa; kisha itaendelea yenyewe.',
      fork: 'Makao makuu yana orodha mbili za wanachama zinazopingana. Hakuna kilichochukuliwa. Mwambie msimamizi wako mara moja.',
      any: 'Orodha ya wanachama haishikamani. Hakuna kilichochukuliwa. Mwambie msimamizi wako. Namba: {code}.',
    },
    receipt: {
      any: 'Uthibitisho haukuweza kuhakikiwa. Rekodi zako zinabaki hapa hadi uje ulio sahihi. Namba: {code}.',
    },
    batch: {
      any: 'Hii haikuweza kufungwa ili ikabidhiwe. Inabaki hapa. Namba: {code}.',
    },
    payload: {
      missing_form: 'Fomu ya rekodi hizi bado haijafika. Zinasubiri na zitatumika itakapofika.',
      any: 'Kilichokuja hakikuweza kusomwa. Kimetengwa, hakuna kilichobadilishwa. Namba: {code}.',
    },
    open: {
      any: 'Kitu kilichokuja hakikuweza kufunguliwa. Kimetengwa, hakuna kilichobadilishwa. Namba: {code}.',
    },
    seal: {
      any: 'Hii imefungwa kwa ajili ya wengine. Hakuna kilichobadilika.',
    },
    segment: {
      any: 'Kitu kilichokuja hakijasainiwa inavyopaswa. Kimewekwa kando, hakuna kilichobadilishwa. Mwambie msimamizi wako. Namba: {code}.',
    },
    words: { invitation: 'mwaliko', request: 'ombi', approval: 'idhini' },
  },
};
export default catalogue;
