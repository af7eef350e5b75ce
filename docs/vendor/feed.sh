#!/bin/sh
# Feeds a hall figures and a notice from files, with mosquitto-clients alone (MQTT 3.1.1).
#
#   HOST=127.0.0.1 PORT=1883 HALL=demo PASSWORDS=/etc/motcua/credentials sh feed.sh FOLDER
#
# FOLDER/figures.json and FOLDER/notice.json hold the message without its four common fields, e.g.
# {"as_of": "2026-11-22T10:32:00+07:00", "source": "…", "periods": [ … ]}.
#
# A client id connects once, and each command here is a connection of its own: `onestop-feed`
# publishes the states, `onestop` only says every 45 s that the feed is there. Nobody answers
# look-ups: kiosks say that dossiers cannot be looked up now. vendor.mjs does all of it.
set -eu
: "${HOST:=127.0.0.1}" "${PORT:=1883}" "${HALL:=demo}" "${EVERY_S:=45}" "${TIMES:=0}"
folder=${1:?a folder with figures.json and notice.json}
conn=$$-$(date +%s)
last=

publish() {  # client, topic, the message's own fields without the braces
    printf '{"schema":1,"hall":"%s","src":"%s","ts":"%s",%s}' "$HALL" "$1" "$(date +%Y-%m-%dT%H:%M:%S%:z)" "$3" |
        mosquitto_pub -V mqttv311 -h "$HOST" -p "$PORT" -i "$1" -u "$1" -P "$(cat "$PASSWORDS/$1")" \
            -q 1 -r -t "motcua/1/$HALL/ext/onestop/$2" -s
}

fields() {  # of a file: all between the outer braces
    tr '\n' ' ' <"$1" | sed 's/^[^{]*{//; s/}[^}]*$//'
}

refused() {  # what the hall did not take, if anything
    mosquitto_sub -V mqttv311 -h "$HOST" -p "$PORT" -i onestop-feed -u onestop-feed \
        -P "$(cat "$PASSWORDS/onestop-feed")" -t "motcua/1/$HALL/ext/onestop/refused" -C 1 -W 2 || true
}

n=0
while :; do
    publish onestop status "\"state\":\"ready\",\"source\":\"feed.sh\",\"conn\":\"$conn\""
    now=$(cat "$folder"/*.json | cksum)
    if [ "$now" != "$last" ]; then
        for state in figures notice; do
            [ ! -f "$folder/$state.json" ] || publish onestop-feed "$state" "$(fields "$folder/$state.json")"
        done
        last=$now
        refused
    fi
    n=$((n + 1))
    [ "$n" != "$TIMES" ] || exit 0
    sleep "$EVERY_S"
done
