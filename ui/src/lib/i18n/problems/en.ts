/** Sentences for the stable codes of refused calls: `problem.<area>.<code>`; `any` stands for the rest of an area. */
export default {
  problem: {
    unknown: 'That did not work. What you wrote is kept. Tell your officer this code: {code}.',
    bridge: {
      forbidden: 'This window may not ask that. Close it and open the app again. Nothing was changed.',
      unreachable: 'The app does not answer. Close it and open it again. What was saved is kept.',
      any: 'The app gave an answer that cannot be read. Close it and open it again. What was saved is kept.',
    },
    call: {
      any: 'This part of the app is not ready. Nothing was changed. Code: {code}.',
    },
    desk: {
      'already-open': 'This tablet is open already.',
      locked: 'The tablet locked itself. Open it again; everything is saved.',
      any: 'The tablet is closing. Everything is saved. Open the app again.',
    },
    vault: {
      io: 'The storage of the tablet did not answer. What was saved before is kept. Try again; if it goes on, hand over soon.',
      'unknown-part': 'That is not on this tablet any more. Go back and look again.',
      unknown: 'That is not on this tablet any more. Go back and look again.',
      damaged:
        'A part of this tablet’s storage is damaged. Do not erase it. Everything that was handed over is safe. Take the tablet to your officer.',
      'wrong-passphrase': 'That did not open. Check each word, then try again.',
      locked:
        'This is already open in another window on this tablet. Close it there, then try again. Nothing is lost.',
      missing: 'Nothing is kept on this tablet yet. Join with an invitation first.',
      exists: 'This tablet already keeps records. They stay as they are.',
      'disk-full': 'The tablet is full. Your last answer is not saved. Free some room, then go on.',
      'too-new':
        'These records were written by a newer app. Put the newer app on this tablet. Nothing was changed.',
      'slots-damaged': 'What opens this tablet is damaged. Do not erase it. Take it to your officer.',
      'part-sealed': 'These answers are sealed. Only headquarters can open them.',
      'not-received': 'Headquarters has not confirmed this record. It stays here until then.',
      any: 'The storage of this tablet did not do what was asked. What was saved before is kept. Code: {code}.',
    },
    file: {
      'too-large': 'This file is larger than what can be read. Nothing was taken from it.',
      any: 'That file could not be read or written. Check the card, then try again.',
    },
    export: {
      any: 'The export was stopped. Nothing was written.',
    },
    form: {
      'not-relevant': 'This question is not asked any more. What was answered is kept.',
      'read-only': 'This answer is worked out by the form and cannot be changed by hand.',
      'unknown-path': 'This question is not asked any more. Your answers are kept.',
      'unknown-part': 'This part of the form does not apply any more. Your answers are kept.',
      'not-open': 'No form is open. What was written is saved; open it from Today.',
      refused: 'The form was not taken. The list shows what to put right.',
      'too-large': 'The form is too large with its pictures and sounds. Make them smaller.',
      unknown: 'This form is not here yet. It comes with the next exchange.',
      any: 'That does not fit the form. Your answers are kept. Code: {code}.',
    },
    device: {
      'not-joined': 'This tablet has not joined yet. Finish with the approval that your officer gives you.',
      'already-joined': 'This tablet already belongs to a workspace.',
    },
    role: {
      any: 'Another person does this: {code}. Ask your officer.',
    },
    team: {
      unknown: 'No team is called {name}.',
      any: 'Say which team. A form of a team needs one.',
    },
    member: {
      'this-device': 'This is your own device. Another officer must do this.',
      any: 'No one here is called {name}.',
    },
    invitation: {
      any: 'This invitation could not be used. Ask for a new one.',
      unknown:
        'This request answers no invitation from here, or one that was used already. Make a new invitation.',
      'used-twice':
        'Two tablets answered the same invitation. Approve neither until you know who holds the second.',
    },
    record: {
      'too-large':
        'This record is too large to be kept whole. Your last answer is not saved. Split it into two records.',
      'already-shared':
        'Something of this record has left the tablet, so it cannot be discarded. It stays as it is.',
      unknown: 'This record is not on this tablet.',
      ambiguous: 'Several records begin with these signs. Give more of them.',
      finalised: 'This record is finished. To change an answer, give a reason.',
      'not-finalised': 'This record is not finished yet. Finish it first.',
      unready:
        'Not answered yet: {missing}. To put right: {violations}. Finish them, or hand over as incomplete with a reason.',
      'reason-missing': 'A reason is needed, in a few words.',
      'shown-differs': 'Someone changed this in between. Look at both answers again.',
      any: 'This record could not be read here. It is kept as it came. Code: {code}.',
    },
    answer: {
      any: 'This answer does not fit the question. The answer before it is kept.',
    },
    conflict: {
      any: 'There are no two answers here any more. Look at the record again.',
    },
    hub: {
      'wrong-workspace': 'This hub belongs to another workspace. Nothing was given to it.',
      'not-loopback':
        'An address like this is only for a hub on this machine. Write the one that headquarters gave you.',
      'key-unknown':
        'This key was not named by headquarters. Do not use this hub. Ask your officer. Your records stay here.',
      'key-malformed': 'The key of a hub has 64 signs, figures and the letters a to f. Copy it again.',
      'key-needed':
        'Headquarters has named no hub, or several. Give the key of this one. Your records stay here.',
      none: 'No address of a hub is known. Give it first. Your records stay here.',
      unreachable: 'The hub does not answer. Your records stay here. Try again later, or use a card.',
      any: 'The hub could not be used. Your records stay here. Code: {code}.',
    },
    sync: {
      'not-a-bundle': 'This is not a file of records from a tablet. Choose another one.',
      'wrong-key': 'This file was sealed for someone else. It cannot be opened here.',
      'unsupported-version':
        'This file was made by a newer app. Put the newer app here, then import it again.',
      'too-large': 'This file is larger than what can be taken at once.',
      any: 'This file is damaged. Nothing was taken from it. Ask for it again. Code: {code}.',
    },
    wire: {
      any: 'What was pasted or read is damaged or not complete. Take it again from its beginning. Code: {code}.',
    },
    office: {
      'wrong-key': 'The office store does not open with the key of this laptop. Nothing was changed.',
      'stale-conflict': 'Someone decided this in between. Look at it again.',
      any: 'The office store did not do what was asked. What was there before is kept. Code: {code}.',
    },
    demo: {
      any: 'The demo is damaged or not complete. Make it again. Nothing real was touched. Code: {code}.',
    },
    settings: {
      'not-saved': 'The settings could not be kept. They hold until the app closes. Records are not touched.',
      any: 'This setting is not known here. Nothing was changed.',
    },
    passphrase: {
      any: 'These words are too easily guessed. Take more of them, or use six words made here.',
    },
    name: {
      missing: 'A name is needed.',
      'too-long': 'The name is too long. At most {limit} signs.',
      any: 'This name cannot be used. Choose another one.',
    },
    place: {
      unknown: 'This card is not there any more. Put it in and look again. Nothing was written.',
      full: 'There is too little room on this card. Take another one, or make room. Nothing was written.',
      any: 'This card could not be used. Nothing is lost. Try another one.',
    },
    media: {
      any: 'This picture or sound is not in the form. The question can be answered without it.',
    },
    enrol: {
      'wrong-kind': 'This is {given}. Here {wanted} is needed.',
      'text-damaged': 'The text is not complete, or was changed on the way. Copy all of it again.',
      'too-long': 'The text is too long to be such a paper. Copy it again from its beginning.',
      'no-request': 'This tablet has no request that waits. Open the app again.',
      expired: 'The invitation is too old. Ask headquarters for a new one. Nothing was changed.',
      wrong_invitation: 'This paper belongs to another invitation. Ask headquarters which one is yours.',
      wrong_secret: 'This request was not made with our invitation. Do not approve it. Speak to the person.',
      bad_signature:
        'The signature does not hold. Somebody may have changed the paper. Do not use it; ask for it again.',
      wrong_device: 'This approval is for another device. Ask headquarters for the one for this tablet.',
      wrong_workspace: 'This approval comes from another workspace. Ask headquarters which one is right.',
      wrong_transport_key: 'This approval does not belong to this workspace. Ask headquarters for a new one.',
      not_in_roster:
        'Headquarters has not added this device, or has stopped trusting it. Speak to your officer.',
      any: 'This paper could not be used. Nothing was changed. Ask for it again. Code: {code}.',
    },
    held: {
      any: 'That is not set aside any more. Look again.',
    },
    roster: {
      gap: 'Some names of the workspace have not come yet. Meet the hub or read the newest card; then it goes on by itself.',
      fork: 'Headquarters has two lists of members that contradict each other. Nothing was taken. Tell your officer at once.',
      any: 'The list of members does not hold together. Nothing was taken from it. Tell your officer. Code: {code}.',
    },
    receipt: {
      any: 'A confirmation could not be checked. Your records stay here until a good one comes. Code: {code}.',
    },
    batch: {
      any: 'This could not be sealed to be handed over. It stays here. Code: {code}.',
    },
    payload: {
      missing_form: 'The form of these records has not come yet. They wait and are used when it comes.',
      any: 'What came could not be read. It is kept apart, nothing was overwritten. Code: {code}.',
    },
    open: {
      any: 'Something that came could not be opened. It is kept apart, nothing was overwritten. Code: {code}.',
    },
    seal: {
      any: 'This is sealed for others. Nothing was changed.',
    },
    segment: {
      any: 'Something that came is not signed as it should be. It is set aside, nothing was overwritten. Tell your officer. Code: {code}.',
    },
    words: { invitation: 'an invitation', request: 'a request', approval: 'an approval' },
  },
};
