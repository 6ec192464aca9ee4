// What Imani answers, in the order in which the form asks: [question, answer, how]. Invented, like all people here.

const at = (group, answers) => answers.map(([name, ...rest]) => [`${group}/${name}`, ...rest]);

/** What she writes down in the words of the household. */
export const PRIORITY = 'A lamp at the water point, so that the girls are seen when they come back.';

/** Up to the door: where the tablet dies. */
export const DOOR = [
  ...at('g_start', [
    ['clock_ok', 'yes'],
    ['adm1', 'PSXVQM', 'list'],
    ['adm2', 'P5J4GR', 'list'],
    ['adm3', 'PFRG9G', 'list'],
    ['site_code', 'SX3WMD', 'list'],
  ]),
  ...at('g_visit', [
    ['wave', '٢', 'write', '2'],
    ['stratum', 'north', 'write'],
    ['cluster_id', 'K-07', 'write'],
    ['hh_no', '١٢', 'write', '12'],
    ['enum_sex', 'female'],
  ]),
];

/** From there to the end; the skip logic leaves out what the answers close. */
export const SURVEY = [
  ...at('g_visit', [['lang_used', 'swc', 'list']]),
  ...at('g_door', [
    ['doorstep', 'talk'],
    ['eligible_f', '2', 'write'],
    ['eligible_m', '1', 'write'],
    ['resp_sex', 'female'],
  ]),
  ['', '', 'script'],
  ['', '', 'script'],
  ...at('g_consent', [['consent', 'yes']]),
  ...at('g_person', [['alone', 'yes'], ['ageband', 'a25_34'], ['popgrp', 'resident'], ['hh_size', '6', 'write']]),
  ...at('g_safe1', [
    ['safe_overall', 'unsafe'],
    ['safe_home_day', 'safe'],
    ['safe_home_night', 'unsafe'],
    ['safe_walk_night', 'very_unsafe'],
  ]),
  ...at('g_safe2', [
    ['safe_water', 'neither'],
    ['safe_firewood', 'unsafe'],
    ['safe_field', 'neither'],
    ['safe_market', 'unsafe'],
    ['safe_strangers', 'unsafe'],
  ]),
  ...at('g_change', [
    ['trend_3m', 'worse'],
    ['limit_move', 'sometimes'],
    ['main_threats', 'looting'],
  ]),
  ...at('g_patrol', [
    ['saw_patrol', 'rarely'],
    ['patrol_helped', 'agree'],
    ['know_hotline', 'no'],
    ['met_peacekeeper', 'no'],
  ]),
  ...at('g_mandate', [
    ['info_source', 'radio'],
    ['understand_mandate', 'neither'],
    ['quiz_can_patrol', 'yes'],
    ['quiz_can_arrest', 'yes'],
    ['quiz_pays_for_info', 'no'],
    ['quiz_replaces_army', 'no'],
    ['quiz_advises_police', 'yes'],
    ['quiz_stays_forever', 'dont_know'],
  ]),
  ...at('g_trust', [
    ['trust_un', 'agree'],
    ['alone_still', 'yes'],
    ['trust_police', 'disagree'],
    ['trust_army', 'disagree'],
  ]),
  ...at('g_heard', [
    ['consulted_12m', 'no'],
    ['priority_open', PRIORITY, 'write'],
  ]),
  ...at('g_end', [
    ['distress', 'no'],
    ['reprisal_concern', 'yes'],
    ['ended', 'complete'],
  ]),
];
