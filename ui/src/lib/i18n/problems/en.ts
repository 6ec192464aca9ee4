export default {
  problem: {
    unknown: 'That did not work. What you wrote is kept. Tell your officer this code: {code}.',
  },
};
