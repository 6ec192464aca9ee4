import type { Shape } from '../types';
import type en from './en';

const catalogue: Shape<typeof en> = {
  problem: {
    unknown:
      'Cela n’a pas marché. Ce que vous avez écrit est gardé. Donnez ce code à votre responsable : {code}.',
    bridge: {
      unreachable:
        'L’application ne répond pas. Fermez-la et ouvrez-la encore. Ce qui est enregistré est gardé.',
      any: 'L’application a donné une réponse illisible. Fermez-la et ouvrez-la encore. Ce qui est enregistré est gardé.',
    },
    call: {
      any: 'Cette partie de l’application n’est pas prête. Rien n’a changé. Code : {code}.',
    },
    desk: {
      locked: 'La tablette s’est verrouillée. Ouvrez-la encore ; tout est enregistré.',
      any: 'La tablette se ferme. Tout est enregistré. Ouvrez encore l’application.',
    },
    vault: {
      'wrong-passphrase': 'Cela ne s’est pas ouvert. Vérifiez chaque mot, puis essayez encore.',
      locked: 'La tablette est verrouillée. Ouvrez-la d’abord ; tout est enregistré.',
      missing: 'Rien n’est encore gardé sur cette tablette. Rejoignez d’abord avec une invitation.',
      exists: 'Cette tablette garde déjà des fiches. Elles restent telles quelles.',
      'disk-full':
        'La tablette est pleine. Votre dernière réponse n’est pas enregistrée. Libérez de la place, puis continuez.',
      'too-new':
        'Ces fiches viennent d’une application plus récente. Installez-la sur cette tablette. Rien n’a changé.',
      'slots-damaged':
        'Ce qui ouvre cette tablette est abîmé. Ne l’effacez pas. Portez-la à votre responsable.',
      'part-sealed': 'Ces réponses sont scellées. Seul le siège peut les ouvrir.',
      'not-received': 'Le siège n’a pas confirmé cette fiche. Elle reste ici d’ici là.',
      any: 'Le stockage de cette tablette n’a pas fait ce qui était demandé. Ce qui était enregistré est gardé. Code : {code}.',
    },
    file: {
      any: 'Ce fichier n’a pas pu être lu ou écrit. Vérifiez la carte, puis essayez encore.',
    },
    form: {
      refused: 'Le formulaire n’a pas été pris. La liste montre quoi corriger.',
      'too-large': 'Le formulaire est trop grand avec ses images et ses sons. Réduisez-les.',
      unknown: 'Ce formulaire n’est pas encore ici. Il arrive au prochain échange.',
      any: 'Cela ne convient pas au formulaire. Vos réponses sont gardées. Code : {code}.',
    },
    device: {
      'not-joined':
        'Cette tablette n’a pas encore rejoint. Terminez avec l’accord que votre responsable vous donne.',
      'already-joined': 'Cette tablette appartient déjà à un espace de travail.',
    },
    role: {
      any: 'Une autre personne s’en charge : {code}. Demandez à votre responsable.',
    },
    team: {
      unknown: 'Aucune équipe ne s’appelle {name}.',
      any: 'Dites quelle équipe. Un formulaire d’équipe en demande une.',
    },
    member: {
      any: 'Personne ici ne s’appelle {name}.',
    },
    invitation: {
      unknown:
        'Cette demande ne répond à aucune invitation d’ici, ou l’invitation a déjà servi. Faites une nouvelle invitation.',
      'used-twice':
        'Deux tablettes ont répondu à la même invitation. N’acceptez ni l’une ni l’autre avant de savoir qui tient la seconde.',
    },
    record: {
      unknown: 'Cette fiche n’est pas sur cette tablette.',
      ambiguous: 'Plusieurs fiches commencent par ces signes. Donnez-en plus.',
      finalised: 'Cette fiche est terminée. Pour changer une réponse, donnez une raison.',
      'not-finalised': 'Cette fiche n’est pas encore terminée. Terminez-la d’abord.',
      unready:
        'Sans réponse : {missing}. À corriger : {violations}. Terminez-les, ou remettez comme incomplet avec une raison.',
      'reason-missing': 'Il faut une raison, en quelques mots.',
      'shown-differs': 'Quelqu’un a changé ceci entre-temps. Regardez encore les deux réponses.',
      any: 'Cette fiche n’a pas pu être lue ici. Elle est gardée telle quelle. Code : {code}.',
    },
    answer: {
      any: 'Cette réponse ne convient pas à la question. La réponse d’avant est gardée.',
    },
    conflict: {
      any: 'Il n’y a plus deux réponses ici. Regardez encore la fiche.',
    },
    hub: {
      unreachable:
        'Le point d’échange ne répond pas. Vos fiches restent ici. Essayez plus tard, ou utilisez une carte.',
      any: 'Le point d’échange n’a pas pu servir. Vos fiches restent ici. Code : {code}.',
    },
    sync: {
      'not-a-bundle': 'Ce n’est pas un fichier de fiches d’une tablette. Choisissez-en un autre.',
      'wrong-key': 'Ce fichier a été scellé pour quelqu’un d’autre. Il ne peut pas être ouvert ici.',
      'unsupported-version':
        'Ce fichier vient d’une application plus récente. Installez-la ici, puis importez-le encore.',
      'too-large': 'Ce fichier est plus grand que ce qui peut être pris en une fois.',
      any: 'Ce fichier est abîmé. Rien n’en a été pris. Demandez-le encore. Code : {code}.',
    },
    wire: {
      any: 'Ce qui a été collé ou lu est abîmé ou incomplet. Reprenez-le depuis le début. Code : {code}.',
    },
    office: {
      'wrong-key': 'Le dépôt du bureau ne s’ouvre pas avec la clé de cet ordinateur. Rien n’a changé.',
      'stale-conflict': 'Quelqu’un a décidé ceci entre-temps. Regardez encore.',
      any: 'Le dépôt du bureau n’a pas fait ce qui était demandé. Ce qui y était est gardé. Code : {code}.',
    },
  },
};
export default catalogue;
