#!/usr/bin/env bash
# The story, told with `baraza` alone: from a village to headquarters and back, the hub a process of its own.
#
# Amina interprets; she fills a focus group and a survey offline. Kofi (tablet North-1) and Lindiwe (North-2) write
# one patrol report apart. Kofi meets a hub; Lindiwe's bundle travels on Amina's card and arrives damaged once and
# whole twice. Ines at headquarters sees both answers, settles them and exports; receipts return; private records
# are pruned and the team's stay. Everything is invented.
#
# Usage: bash tests/story.sh     BARAZA=path/to/baraza, default target/debug/baraza
set -euo pipefail

ROOT=$(cd "$(dirname "$0")/.." && pwd)
BARAZA=${BARAZA:-$ROOT/target/debug/baraza}
case $BARAZA in /*) ;; *) BARAZA=$PWD/$BARAZA ;; esac
FORMS=$ROOT/schemas/instruments/xlsx
[ -x "$BARAZA" ] || { echo "story: $BARAZA is not there; build it with: cargo build -p baraza-cli" >&2; exit 1; }

WORK=$(mktemp -d)
HUB_PID=
finish() {
    [ -z "$HUB_PID" ] || kill "$HUB_PID" 2>/dev/null || true
    rm -rf "$WORK"
}
trap finish EXIT
cd "$WORK"

echo "seven invented goats walk to the story well" > passphrase
export BARAZA_PASSPHRASE_FILE=$WORK/passphrase
NOW=2026-11-16T08:00:00+02:00
CHECKS=0

say() { printf '\n%s  %s\n' "${NOW%%T*}" "$1"; }
fail() { echo "story: FAILED: $1" >&2; exit 1; }
b() { "$BARAZA" --now "$NOW" "$@" || fail "baraza $*"; }
json() { b --json "$@"; }
# The first string of a field in one line of JSON.
field() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" | head -n 1; }
number() { sed -n "s/.*\"$1\":\([0-9]*\).*/\1/p" | head -n 1; }
same() { # what, expected, found
    [ "$2" = "$3" ] || fail "$1: expected '$2', found '$3'"
    CHECKS=$((CHECKS + 1))
    echo "  ✓ $1"
}
has() { # what, text, in
    case $3 in *"$2"*) ;; *) fail "$1: '$2' is missing in: $3" ;; esac
    CHECKS=$((CHECKS + 1))
    echo "  ✓ $1"
}
lacks() { # what, text, in
    case $3 in *"$2"*) fail "$1: '$2' should not be in: $3" ;; esac
    CHECKS=$((CHECKS + 1))
    echo "  ✓ $1"
}
outbox() { json device status "$1" | number outbox; }
heads() { b record heads "$1" "$2" | sort | tr '\n' ' '; }
# Lines `question|answer` and `+repeat` become the steps of `record fill`.
steps() { sed -e 's/^+\(.*\)$/{"add":"\1"}/' -e 's/^\([^{|][^|]*\)|\(.*\)$/{"set":"\1","value":"\2"}/'; }
fill() { steps | b record fill "$1" "$2" --steps - > /dev/null; }
start() { json record new "$1" --form "$2" | field record; }
join() { # folder, alias, role and team
    b member invite hq "${@:3}" -o "$1.invitation"
    asked=$(json device join "$1" --invitation "$1.invitation" --request-out "$1.request" --alias "$2")
    approved=$(json member approve hq --request "$1.request" -o "$1.approval")
    b device finish "$1" --approval "$1.approval"
    same "$2 joins by files, and both people see the same words" \
        "${asked#*\"words\":}" "${approved#*\"words\":}"
}

PLACE='g_start/clock_ok|yes
g_start/adm1|PSXVQM
g_start/adm2|P5J4GR
g_start/adm3|PFRG9G
g_start/site_code|SX3WMD'
FEARED='Two neighbours asked who would come to the meeting with the mission.'
FOCUS_GROUP="$PLACE
g_group/sexgrp|women
g_group/agegrp|mixed_adult
g_group/popgrp|resident idp
g_group/fac_role|civil_affairs
g_group/fac_sex|female
g_group/lang_used|swc
g_group/interp_mode|interpreter
g_group/interp_sex|female
g_group/interp_local|no
g_setting/setting|private_indoor
g_setting/others_present|none
g_consent/intro_read|OK
g_consent/limits_read|OK
g_consent/consent_mode|oral_group
g_consent/quotes_ok|yes
g_count/n_f_18_34|5
g_count/n_f_35_59|3
g_count/n_f_60p|1
statements[1]/st_text|On market days men at the bridge ask for a part of what we carry.
statements[1]/st_lang|swc
statements[1]/st_attrib|group
statements[1]/st_strength|most
g_risk/any_risk|no
g_need/any_need|no
g_temp/safe_now|unsafe
g_temp/feedback_given|no
g_end/distress|no
g_end/reprisal_concern|yes
g_end/reprisal_note|$FEARED"
# People who are asked at the door and do not want to talk are counted; nothing more is asked.
DOOR="$PLACE
g_visit/wave|2
g_visit/stratum|north
g_visit/cluster_id|K-07
g_visit/hh_no|12
g_visit/enum_sex|female
g_visit/lang_used|swc
g_door/doorstep|refused"
SURVEY="$PLACE
g_visit/wave|2
g_visit/stratum|north
g_visit/cluster_id|K-07
g_visit/hh_no|13
g_visit/enum_sex|female
g_visit/lang_used|swc
g_door/doorstep|talk
g_door/eligible_f|2
g_door/eligible_m|1
g_door/resp_sex|female
g_consent/intro_read|OK
g_consent/limits_read|OK
g_consent/consent|yes
g_person/alone|yes
g_trust/alone_still|yes
g_heard/priority_open|A lamp at the water point.
g_end/reprisal_concern|yes
g_end/ended|partial"
TRACK='-0.9 -0.5 0.0 0.0;-0.8 -0.5 0.0 0.0;-0.7 -0.5 0.0 0.0'
PATROL="$PLACE
g_plan/ptype|market
g_plan/pcomp|joint_all
g_plan/requested_by|no
g_plan/route_agreed|no
g_status/pstatus|done_as_planned
g_team/n_uniform_f|2
g_team/n_uniform_m|6
g_team/n_civ_f|1
g_team/n_civ_m|1
g_team/interp_f|1
g_team/interp_m|0
g_times/pmode|foot
g_times/t_start|2026-11-16T06:30:00.000+02:00
g_times/t_end|2026-11-16T10:15:00.000+02:00
g_times/route_from|SJSP9N
g_times/route_to|SX3WMD
g_people/n_accomp_f|24
g_people/n_accomp_m|9
g_people/all_back|yes
g_talk/met_anyone|yes
contacts[1]/ct_type|women_group
contacts[1]/ct_n_f|12
contacts[1]/ct_n_m|0
contacts[1]/ct_language|swc
g_seen/saw_anything|no
g_after/promised|no
g_after/followups|Come back on Thursday."
meeting() { # kind, what was said
    printf '+contacts\ncontacts[2]/ct_type|%s\ncontacts[2]/ct_n_f|0\ncontacts[2]/ct_n_m|3\n' "$1"
    printf 'contacts[2]/ct_language|swc\ncontacts[2]/ct_summary|%s\n' "$2"
}

say "Ines founds the workspace, publishes three forms and starts a hub, a process of its own."
b workspace new hq --name Headquarters > /dev/null
for form in fgd survey patrol; do b form publish hq "$FORMS/$form.xlsx" > /dev/null; done
b workspace public hq -o workspace.public
"$BARAZA" hub serve --workspace workspace.public --key hub.key --listen 127.0.0.1:0 --store sqlite:hub.db > hub.out &
HUB_PID=$!
for _ in $(seq 100); do grep -q '^hub ' hub.out && break; sleep 0.1; done
HUB=$(sed -n 's/^hub \([^ ]*\) key .*/\1/p' hub.out)
[ -n "$HUB" ] || fail "the hub did not start"
b workspace add-hub hq --key "$(sed -n 's/^hub .* key \(.*\)/\1/p' hub.out)"
join amina Interpreter --role interpreter
join kofi North-1 --role team-member --team north
join lindiwe North-2 --role team-member --team north
b sync hq --bundle-out briefing.baraza > /dev/null
for device in amina kofi lindiwe; do b sync "$device" --bundle-in briefing.baraza > /dev/null; done
b sync hq --hub "$HUB" > /dev/null

say "Amina fills a focus group and a survey, with no network."
GROUP=$(start amina baraza_fgd)
echo "$FOCUS_GROUP" | fill amina "$GROUP"
has "the severe answer can be read while she writes" "$FEARED" "$(b record show amina "$GROUP")"
b record finalise amina "$GROUP" > /dev/null
lacks "after finalising it is gone from her tablet" "$FEARED" "$(b record show amina "$GROUP")"
HOUSE=$(start amina baraza_survey)
echo "$SURVEY" | fill amina "$HOUSE"
b record finalise amina "$HOUSE" > /dev/null
has "the person sees the truth" '"where":"only-here"' "$(json record list amina)"

say "Kofi begins a patrol report and gives it to Lindiwe by cable."
PATROL_ID=$(start kofi baraza_patrol)
echo "$PATROL" | fill kofi "$PATROL_ID"
b sync kofi --bundle-out cable.baraza --to North-2 > /dev/null
b sync lindiwe --bundle-in cable.baraza > /dev/null
same "both tablets hold the same document" "$(heads kofi "$PATROL_ID")" "$(heads lindiwe "$PATROL_ID")"
for _ in 1 2 3; do
    DOOR_ID=$(start lindiwe baraza_survey)
    echo "$DOOR" | fill lindiwe "$DOOR_ID"
    b record finalise lindiwe "$DOOR_ID" > /dev/null
    b sync lindiwe --bundle-out lindiwe.baraza > /dev/null
done

NOW=2026-11-17T18:00:00+02:00
say "Apart: both add a meeting, answer one question differently and write in the same notes; Lindiwe finalises."
meeting youth "The path by the river is empty after dark." | fill lindiwe "$PATROL_ID"
b sync lindiwe --bundle-out lindiwe.baraza > /dev/null
NOW=2026-11-18T18:00:00+02:00
meeting leader_m "He wants to know the day of the next patrol." | fill kofi "$PATROL_ID"
fill lindiwe "$PATROL_ID" << ANSWERS
g_times/track_ok|yes
g_times/track|$TRACK
g_after/mood|worse
g_after/followups|Tell the school first. Come back on Thursday. Ask the market women about the bridge.
ANSWERS
b record finalise lindiwe "$PATROL_ID" > /dev/null
lacks "her track is severe and gone" "0.8 -0.5" "$(b record show lindiwe "$PATROL_ID")"
fill kofi "$PATROL_ID" << ANSWERS
g_after/mood|better
g_after/followups|Come back on Thursday. Bring a lamp for the bridge.
ANSWERS
has "Kofi cannot know that she finalised" '"state":"draft"' "$(json record list kofi)"

say "Kofi meets the hub; so does Ines."
MET=$(json sync kofi --hub "$HUB")
same "one request is enough" 1 "$(echo "$MET" | number requests)"
has "handed over is not received" '"where":"handed-over"' "$(json record list kofi)"
b sync hq --hub "$HUB" > /dev/null
b sync hq --hub "$HUB" > /dev/null
b sync kofi --hub "$HUB" > /dev/null
same "the receipt came back through the hub: Kofi's outbox is empty" 0 "$(outbox kofi)"

NOW=2026-11-19T09:00:00+02:00
say "Amina's card arrives: Lindiwe's bundle damaged mid-file, then whole, then whole again."
b sync amina --bundle-out amina.baraza > /dev/null
b sync lindiwe --bundle-out lindiwe.baraza > /dev/null
SIZE=$(wc -c < lindiwe.baraza)
cp lindiwe.baraza damaged.baraza
printf 'a scratch on the card' | dd of=damaged.baraza bs=1 seek=$((SIZE / 2)) conv=notrunc 2> /dev/null
FIRST=$(json office import hq damaged.baraza)
same "one frame of the damaged file is lost" 1 "$(echo "$FIRST" | number damaged_frames)"
SOME=$(echo "$FIRST" | sed -n 's/.*"office":\[{"segments":\([0-9]*\).*/\1/p')
[ "$SOME" -gt 0 ] || fail "the damaged file gave nothing"
b office import hq amina.baraza > /dev/null
SECOND=$(json office import hq lindiwe.baraza)
ALL=$(echo "$SECOND" | sed -n 's/.*"office":\[{"segments":\([0-9]*\).*/\1/p')
[ "$SOME" -lt "$ALL" ] || fail "the damage touched nothing: $SOME of $ALL segments"
same "what no damage touched was taken the first time ($SOME of $ALL sealed segments)" \
    "$SOME" "$(echo "$SECOND" | sed -n 's/.*"office":\[{[^]]*"duplicates":\([0-9]*\).*/\1/p')"
THIRD=$(json office import hq lindiwe.baraza)
same "the third time brings nothing new" 0 "$(echo "$THIRD" | sed -n 's/.*"office":\[{[^]]*"applied":\([0-9]*\).*/\1/p')"
same "headquarters holds all six records" 6 "$(json office records hq | grep -o '"form_id"' | wc -l | tr -d ' ')"
same "nothing waits, nothing is quarantined" '{"held":[],"gaps":[],"alarms":[]}' "$(json office quarantine hq)"
b sync hq --bundle-out receipts.baraza > /dev/null
for device in amina lindiwe; do
    b sync "$device" --bundle-in receipts.baraza > /dev/null
    same "the receipt on the card empties $device's outbox" 0 "$(outbox "$device")"
    lacks "all that $device wrote is received" '"where":"handed-over"' "$(json record list "$device")"
done
same "Amina's focus group is the same at headquarters" "$(heads amina "$GROUP")" "$(heads hq "$GROUP")"

NOW=2026-11-24T10:00:00+02:00
say "Five days later Ines settles what the two tablets answered differently, and exports."
CONFLICT=$(json record conflicts hq "$PATROL_ID")
same "one question has two answers" 1 "$(echo "$CONFLICT" | grep -o '"claims"' | wc -l | tr -d ' ')"
has "one of them is Kofi's" '"value":"better","display":"Better","author":"North-1"' "$CONFLICT"
has "the other is Lindiwe's" '"value":"worse","display":"Worse","author":"North-2"' "$CONFLICT"
b record resolve hq "$PATROL_ID" g_after/mood worse
same "it is settled" "[]" "$(json record conflicts hq)"
has "and everybody can see who settled it" '"after":"worse","after_display":"Worse","severe":false,"author":"Headquarters"' "$(json record history hq "$PATROL_ID")"
has "what came after the finalising is up for review" changed-after-finalising "$(b office review hq)"
mkdir plain severe fgd-plain fgd-severe
b office export hq --form baraza_patrol -o plain > /dev/null
b office export hq --form baraza_patrol -o severe --include-severe > /dev/null
b office export hq --form baraza_fgd -o fgd-plain > /dev/null
b office export hq --form baraza_fgd -o fgd-severe --include-severe > /dev/null
REPORT=$(cat plain/baraza_patrol.csv)
for sentence in "Tell the school first. Come back on Thursday." "Ask the market women about the bridge." \
    "Bring a lamp for the bridge."; do
    has "the notes hold: $sentence" "$sentence" "$REPORT"
done
same "three meetings: the first and one of each tablet" 3 "$(grep -c -E 'women_group|youth|leader_m' plain/baraza_patrol-contacts.csv)"
lacks "the track is not exported without the flag" "0.8 -0.5" "$(cat plain/*)"
has "with the flag it is" "$TRACK" "$(cat severe/*)"
lacks "nor is what was feared" "$FEARED" "$(cat fgd-plain/*)"
has "with the flag it is, too" "$FEARED" "$(cat fgd-severe/*)"

say "Decision and receipts return: by the hub to Kofi, by card to the others."
b sync hq --hub "$HUB" > /dev/null
b sync hq --hub "$HUB" > /dev/null
b sync kofi --hub "$HUB" > /dev/null
b sync hq --bundle-out decision.baraza > /dev/null
for device in amina lindiwe; do b sync "$device" --bundle-in decision.baraza > /dev/null; done
OFFICE=$(heads hq "$PATROL_ID")
for device in kofi lindiwe; do
    same "$device's report has the heads of headquarters" "$OFFICE" "$(heads "$device" "$PATROL_ID")"
    has "$device sees the decision" "/data/g_after/mood = worse" "$(b record show "$device" "$PATROL_ID")"
done
for device in hq amina kofi lindiwe; do same "$device's outbox is empty" 0 "$(outbox "$device")"; done
for file in hub.db lindiwe.baraza amina.baraza; do
    if grep -q -a -e "$FEARED" -e "Bring a lamp" -e baraza_patrol "$file"; then fail "$file can be read"; fi
    CHECKS=$((CHECKS + 1))
done
echo "  ✓ hub and cards are blind"

NOW=2026-12-04T09:00:00+02:00
say "The days of the private records have passed; the team's report was settled later and stays."
same "Amina's two records are forgotten" 2 "$(json device prune amina | grep -o '"[0-9a-f]\{32\}"' | wc -l | tr -d ' ')"
PRUNED=$(json device prune lindiwe)
same "Lindiwe's three surveys are forgotten" 3 "$(echo "$PRUNED" | grep -o '"[0-9a-f]\{32\}"' | wc -l | tr -d ' ')"
has "the last of them, too" "$DOOR_ID" "$PRUNED"
has "the team's report is kept" '"kept":1' "$PRUNED"
has "Kofi keeps the report" '{"records":[],"kept":1}' "$(json device prune kofi)"
same "what stays has the heads of headquarters" "$OFFICE" "$(heads kofi "$PATROL_ID")"
same "headquarters still holds all six" 6 "$(json office records hq | grep -o '"form_id"' | wc -l | tr -d ' ')"

kill "$HUB_PID"
wait "$HUB_PID" 2> /dev/null || true
HUB_PID=
printf '\nstory: %s checks passed\n' "$CHECKS"
