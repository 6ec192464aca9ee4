import type { Shape } from '../types';
import type en from './en';

const catalogue: Shape<typeof en> = {
  problem: {
    unknown:
      'Cela n’a pas marché. Ce que vous avez écrit est gardé. Donnez ce code à votre responsable : {code}.',
    bridge: {
      forbidden:
        'Cette fenêtre ne peut pas demander cela. Fermez-la et rouvrez l’application. Rien n’a changé.',
      unreachable:
        'L’application ne répond pas. Fermez-la et ouvrez-la encore. Ce qui est enregistré est gardé.',
      any: 'L’application a donné une réponse illisible. Fermez-la et ouvrez-la encore. Ce qui est enregistré est gardé.',
    },
    call: {
      any: 'Cette partie de l’application n’est pas prête. Rien n’a changé. Code : {code}.',
    },
    desk: {
      'already-open': 'Cette tablette est déjà ouverte.',
      locked: 'La tablette s’est verrouillée. Ouvrez-la encore ; tout est enregistré.',
      any: 'La tablette se ferme. Tout est enregistré. Ouvrez encore l’application.',
    },
    vault: {
      io: 'La mémoire de la tablette n’a pas répondu. Ce qui était enregistré est gardé. Essayez encore ; si cela dure, remettez bientôt.',
      'unknown-part': 'Cela n’est plus sur cette tablette. Revenez et regardez de nouveau.',
      unknown: 'Cela n’est plus sur cette tablette. Revenez et regardez de nouveau.',
      damaged:
        'Une partie de la mémoire de cette tablette est abîmée. Ne l’effacez pas. Tout ce qui a été remis est en sûreté. Portez la tablette à votre responsable.',
      'wrong-passphrase': 'Cela ne s’est pas ouvert. Vérifiez chaque mot, puis essayez encore.',
      locked:
        'C’est déjà ouvert dans une autre fenêtre de cette tablette. Fermez-la, puis essayez encore. Rien n’est perdu.',
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
      'too-large': 'Ce fichier est plus grand que ce qui peut être lu. Rien n’en a été pris.',
      any: 'Ce fichier n’a pas pu être lu ou écrit. Vérifiez la carte, puis essayez encore.',
    },
    export: {
      any: 'L’export a été arrêté. Rien n’a été écrit.',
    },
    form: {
      'not-relevant': 'Cette question n’est plus posée. Ce qui a été répondu est gardé.',
      'read-only': 'Cette réponse est calculée par le formulaire et ne se change pas à la main.',
      'unknown-path': 'Cette question n’est plus posée. Vos réponses sont gardées.',
      'unknown-part': 'Cette partie du formulaire ne s’applique plus. Vos réponses sont gardées.',
      'not-open':
        'Aucun formulaire n’est ouvert. Ce qui est écrit est enregistré ; ouvrez-le depuis l’accueil.',
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
      'this-device': 'C’est votre propre appareil. Un autre responsable doit le faire.',
      any: 'Personne ici ne s’appelle {name}.',
    },
    invitation: {
      any: 'Cette invitation n’a pas pu servir. Demandez-en une nouvelle.',
      unknown:
        'Cette demande ne répond à aucune invitation d’ici, ou l’invitation a déjà servi. Faites une nouvelle invitation.',
      'used-twice':
        'Deux tablettes ont répondu à la même invitation. N’acceptez ni l’une ni l’autre avant de savoir qui tient la seconde.',
    },
    record: {
      'too-large':
        'Cette fiche est trop grande pour être gardée entière. Votre dernière réponse n’est pas enregistrée. Faites-en deux fiches.',
      'already-shared':
        'Une partie de cette fiche a quitté la tablette ; elle ne peut pas être jetée. Elle reste telle quelle.',
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
      'wrong-workspace': 'Ce point d’échange est d’un autre espace de travail. Rien ne lui a été donné.',
      'not-loopback':
        'Une telle adresse ne vaut que sur cette machine. Écrivez celle que le siège vous a donnée.',
      'key-unknown':
        'Le siège n’a pas désigné cette clé. N’utilisez pas ce point d’échange. Demandez à votre responsable. Vos fiches restent ici.',
      'key-malformed':
        'La clé d’un point d’échange a 64 signes, des chiffres et les lettres a à f. Copiez-la de nouveau.',
      'key-needed':
        'Le siège n’a désigné aucun point d’échange, ou plusieurs. Donnez la clé de celui-ci. Vos fiches restent ici.',
      none: 'Aucune adresse de point d’échange. Donnez-la d’abord. Vos fiches restent ici.',
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
    demo: {
      any: 'La démo est abîmée ou incomplète. Refaites-la. Rien de réel n’a été touché. Code : {code}.',
    },
    settings: {
      'not-saved':
        'Les réglages n’ont pas pu être gardés. Ils valent jusqu’à la fermeture. Les fiches ne sont pas touchées.',
      any: 'Ce réglage n’est pas connu ici. Rien n’a changé.',
    },
    passphrase: {
      any: 'Ces mots sont trop faciles à deviner. Prenez-en plus, ou utilisez six mots tirés ici.',
    },
    name: {
      missing: 'Il faut un nom.',
      'too-long': 'Le nom est trop long. Au plus {limit} signes.',
      any: 'Ce nom ne peut pas servir. Choisissez-en un autre.',
    },
    place: {
      unknown: 'Cette carte n’est plus là. Insérez-la et regardez de nouveau. Rien n’a été écrit.',
      full: 'Il y a trop peu de place sur cette carte. Prenez-en une autre, ou faites de la place. Rien n’a été écrit.',
      any: 'Cette carte n’a pas pu servir. Rien n’est perdu. Essayez-en une autre.',
    },
    media: {
      any: 'Cette image ou ce son n’est pas dans le formulaire. On peut répondre sans.',
    },
    enrol: {
      'wrong-kind': 'C’est un autre papier : {given}. Ici il faut : {wanted}.',
      'text-damaged': 'Le texte est incomplet, ou a changé en route. Copiez-le de nouveau en entier.',
      'too-long': 'Le texte est trop long pour un tel papier. Copiez-le de nouveau depuis le début.',
      'no-request': 'Cette tablette n’a aucune demande en attente. Rouvrez l’application.',
      expired: 'L’invitation est trop ancienne. Demandez-en une nouvelle au siège. Rien n’a changé.',
      wrong_invitation: 'Ce papier est d’une autre invitation. Demandez au siège laquelle est la vôtre.',
      wrong_secret:
        'Cette demande n’a pas été faite avec notre invitation. Ne l’approuvez pas. Parlez à la personne.',
      bad_signature:
        'La signature ne tient pas. Quelqu’un a peut-être changé le papier. Ne l’utilisez pas ; redemandez-le.',
      wrong_device: 'Cet accord est pour un autre appareil. Demandez au siège celui de cette tablette.',
      wrong_workspace: 'Cet accord vient d’un autre espace de travail. Demandez au siège lequel est le bon.',
      wrong_transport_key: 'Cet accord n’est pas de cet espace de travail. Demandez-en un nouveau au siège.',
      not_in_roster:
        'Le siège n’a pas ajouté cet appareil, ou ne lui fait plus confiance. Parlez à votre responsable.',
      any: 'Ce papier n’a pas pu servir. Rien n’a changé. Redemandez-le. Code : {code}.',
    },
    held: {
      any: 'Cela n’est plus mis de côté. Regardez de nouveau.',
    },
    roster: {
      gap: 'Des noms de l’espace ne sont pas encore venus. Allez au point d’échange ou lisez la dernière carte ; la suite se fait seule.',
      fork: 'Le siège a deux listes de membres qui se contredisent. Rien n’a été pris. Prévenez tout de suite votre responsable.',
      any: 'La liste des membres ne tient pas. Rien n’en a été pris. Prévenez votre responsable. Code : {code}.',
    },
    receipt: {
      any: 'Une confirmation n’a pas pu être vérifiée. Vos fiches restent ici jusqu’à ce qu’une bonne vienne. Code : {code}.',
    },
    batch: {
      any: 'Cela n’a pas pu être scellé pour être remis. Cela reste ici. Code : {code}.',
    },
    payload: {
      missing_form: 'Le formulaire de ces fiches n’est pas encore venu. Elles attendent et serviront alors.',
      any: 'Ce qui est venu n’a pas pu être lu. C’est gardé à part, rien n’a été remplacé. Code : {code}.',
    },
    open: {
      any: 'Quelque chose n’a pas pu être ouvert. C’est gardé à part, rien n’a été remplacé. Code : {code}.',
    },
    seal: {
      any: 'C’est scellé pour d’autres. Rien n’a changé.',
    },
    segment: {
      any: 'Quelque chose n’est pas signé comme il faut. C’est mis de côté, rien n’a été remplacé. Prévenez votre responsable. Code : {code}.',
    },
    words: { invitation: 'une invitation', request: 'une demande', approval: 'un accord' },
  },
};
export default catalogue;
