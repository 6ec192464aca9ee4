/** Sentences for the stable codes of refused calls: `problem.<area>.<code>`; `any` stands for the rest of an area. */
export default {
  problem: {
    unknown: 'That did not work. What you wrote is kept. Tell your officer this code: {code}.',
    bridge: {
      unreachable: 'The app does not answer. Close it and open it again. What was saved is kept.',
      any: 'The app gave an answer that cannot be read. Close it and open it again. What was saved is kept.',
    },
    call: {
      any: 'This part of the app is not ready. Nothing was changed. Code: {code}.',
    },
    desk: {
      locked: 'The tablet locked itself. Open it again; everything is saved.',
      any: 'The tablet is closing. Everything is saved. Open the app again.',
    },
    vault: {
      'wrong-passphrase': 'That did not open. Check each word, then try again.',
      locked: 'The tablet is locked. Open it first; everything is saved.',
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
      any: 'That file could not be read or written. Check the card, then try again.',
    },
    form: {
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
      any: 'No one here is called {name}.',
    },
    invitation: {
      unknown:
        'This request answers no invitation from here, or one that was used already. Make a new invitation.',
      'used-twice':
        'Two tablets answered the same invitation. Approve neither until you know who holds the second.',
    },
    record: {
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
      unreachable:
        'The exchange point does not answer. Your records stay here. Try again later, or use a card.',
      any: 'The exchange point could not be used. Your records stay here. Code: {code}.',
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
  },
};
