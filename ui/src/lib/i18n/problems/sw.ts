import type { Shape } from '../types';
import type en from './en';

const catalogue: Shape<typeof en> = {
  problem: {
    unknown: 'Haikufaulu. Ulichoandika kimehifadhiwa. Mwambie msimamizi wako namba hii: {code}.',
    bridge: {
      unreachable: 'Programu haijibu. Ifunge kisha ifungue tena. Kilichohifadhiwa kipo.',
      any: 'Programu imetoa jibu lisilosomeka. Ifunge kisha ifungue tena. Kilichohifadhiwa kipo.',
    },
    call: {
      any: 'Sehemu hii ya programu haiko tayari. Hakuna kilichobadilika. Namba: {code}.',
    },
    desk: {
      locked: 'Tableti imejifunga. Ifungue tena; kila kitu kimehifadhiwa.',
      any: 'Tableti inafungwa. Kila kitu kimehifadhiwa. Fungua programu tena.',
    },
    vault: {
      'wrong-passphrase': 'Haikufunguka. Angalia kila neno, kisha ujaribu tena.',
      locked: 'Tableti imefungwa. Ifungue kwanza; kila kitu kimehifadhiwa.',
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
      any: 'Faili hiyo haikuweza kusomwa au kuandikwa. Angalia kadi, kisha ujaribu tena.',
    },
    form: {
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
      any: 'Hakuna mtu hapa anayeitwa {name}.',
    },
    invitation: {
      unknown: 'Ombi hili halijibu mwaliko wowote wa hapa, au mwaliko ulishatumika. Tengeneza mwaliko mpya.',
      'used-twice': 'Tableti mbili zilijibu mwaliko mmoja. Usiidhinishe yoyote hadi ujue nani ana ya pili.',
    },
    record: {
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
  },
};
export default catalogue;
