# Brings about what Operations.md has an alert for, and shows that the alert's own words or metric change; for operations.sh.
metrics() {
    curl -s -H "Authorization: Bearer $(cat /etc/tutti/operator.token)" http://127.0.0.1:8080/metrics | grep -v '^#' | grep -E "$1"
}

# Workers of so many slots, with a process in each, that stand still from then on.
stand_still() {
    systemctl stop tutti-worker@1 >/dev/null
    if [ -n "${process[tutti-worker@2]:-}" ]; then systemctl stop tutti-worker@2 >/dev/null; fi
    local worker
    for worker in $1; do TUTTI_SLOTS=$2 TUTTI_STALL_LIMIT=0.2 systemctl start "tutti-worker@$worker" >/dev/null; done
    tutti submit model.yaml --chains 4 --warmup 300 --draws 300 --resamples 0 --seed "$3" --wait >/dev/null 2>&1 || true
    kill -STOP $(pgrep -f 'slot --parent')
}

heading 'The alert: `/healthz` does not answer'
remark "the coordinator hangs"
show 'kill -STOP ${process[tutti-coordinator]}'
show 'curl -s --max-time 3 http://127.0.0.1:8080/healthz' 28
show 'kill -CONT ${process[tutti-coordinator]}'
show 'curl -s --max-time 3 http://127.0.0.1:8080/healthz'

heading 'The alerts: `tutti_workers` below what there should be, `tutti_jobs_without_worker` above 0'
show 'metrics "^tutti_(workers|slots|jobs_without_worker) "'
show 'systemctl stop tutti-worker@1'
show 'lonely=$(tutti submit model.yaml --seed 9 --resamples 0)'
show 'tutti why $lonely'
await 'tutti_workers 0' 'metrics "^tutti_(workers|slots|jobs_without_worker) "'
remark "two minutes later"
await 'without_worker 1' 'metrics "^tutti_(workers|slots|jobs_without_worker) "'
show 'grep "no worker has come" /tmp/tutti-coordinator.log'
show 'systemctl start tutti-worker@1'
await 'without_worker 0' 'metrics "^tutti_(workers|slots|jobs_without_worker) "'
show 'tutti watch $lonely'

heading 'The alert: `tutti_jobs{state="held"}` above 0'
remark "two workers whose slots stand still before they have begun"
stand_still '1 2' 1 11
show 'metrics "^tutti_(jobs|tasks).*(held|quarantined)"'
show 'held=$(tutti submit model.yaml --seed 12 --chains 1 --resamples 0)'
await 'held"} 1' 'metrics "^tutti_(jobs|tasks).*(held|quarantined)"'
show 'grep quarantined /tmp/tutti-coordinator.log'
show 'tutti why $held'
show 'tutti replay $held --state /var/lib/tutti 2>&1 | sed -n "1,4p;\$p"'
show 'tutti resume $held'
show 'tutti watch $held'
show 'metrics "^tutti_(jobs|tasks).*(held|quarantined)"'

heading 'The alert: `tasks end badly on this worker` in the log'
remark "one worker, both of whose slots stand still"
stand_still 1 2 13
show 'bad=$(tutti submit model.yaml --seed 14 --chains 2 --resamples 0)'
await 'tasks end badly' 'grep "tasks end badly" /tmp/tutti-coordinator.log'
remark "it gets tasks again by and by"
show 'tutti watch $bad'
systemctl stop tutti-worker@1 >/dev/null
systemctl start tutti-worker@1 >/dev/null

heading 'The alert: `/readyz` is 503, `tutti_ready` is 0'
remark "forty megabytes are left, and results of more are put together"
show 'fallocate -l $(($(stat -f -c "%a*%S" /var/lib) - 40000000)) /var/lib/filling'
show 'large=$(tutti submit model.yaml --seed 16 --chains 2 --draws 12000 --resamples 0)'
await 'wait for room' 'grep "wait for room" /tmp/tutti-coordinator.log'
show 'tutti why $large'
show 'curl -s http://127.0.0.1:8080/readyz'
remark "nothing is left"
show 'fallocate -l $(($(stat -f -c "%a*%S" /var/lib))) /var/lib/rest'
show 'df -h /var/lib'
show 'tutti submit model.yaml --seed 15 || true'
await 503 'curl -s -o /dev/null -w "%{http_code}\n" http://127.0.0.1:8080/readyz'
show 'curl -s http://127.0.0.1:8080/readyz'
show 'metrics "^tutti_ready"'
show 'tutti submit model.yaml --seed 17' 1
show 'grep "disk is full" /tmp/tutti-coordinator.log'
show 'rm /var/lib/filling /var/lib/rest'
await ready 'curl -s http://127.0.0.1:8080/readyz'
show 'metrics "^tutti_ready"'
show 'tutti watch $large'
show 'tutti submit model.yaml --seed 15 --resamples 0 --wait'

heading 'The alert: a night ends with 5'
show 'tutti recalibrate plan.yaml --date 2030-01-14' 5
show 'tutti recalibrate plan.yaml --explain 2030-01-14'
remark "the data come, and the same night is run again"
data 202
show 'tutti recalibrate plan.yaml --date 2030-01-14'

heading 'The alert: a night ends with 6'
remark "a line of the data is spoilt"
data 203
sed -i '$s/,/;/' nights.csv
show 'tutti recalibrate plan.yaml --date 2030-01-21' 6
show 'readlink /var/lib/tutti-recalibrate/nights/own/accepted'

heading 'The alerts: the disk of `folder` fills, and a night ends with 1'
data 203
show 'fallocate -l $(($(stat -f -c "%a*%S" /var/lib/tutti-recalibrate))) /var/lib/tutti-recalibrate/filling'
show 'df -h /var/lib/tutti-recalibrate'
show 'tutti recalibrate plan.yaml --date 2030-01-21' 1
remark "an old night is removed, which is not the accepted one"
show 'ls -d /var/lib/tutti-recalibrate/nights/own/nights/*'
show 'rm -r /var/lib/tutti-recalibrate/nights/own/nights/2030-01-07 /var/lib/tutti-recalibrate/filling'
show 'tutti recalibrate plan.yaml --date 2030-01-21'
show 'tutti recalibrate plan.yaml --history'

heading 'A timer fires twice'
data 204
tutti recalibrate plan.yaml --date 2030-01-28 >/tmp/first 2>&1 &
first=$!
until [ -e /var/lib/tutti-recalibrate/nights/own/nights/2030-01-28 ]; do sleep 0.01; done
show 'tutti recalibrate plan.yaml --date 2030-01-28' 1
code=0
wait "$first" || code=$?
remark "the first, which ends with $code:"
cat /tmp/first
show 'tutti recalibrate plan.yaml --date 2030-01-28' "$code"
if [ "$code" -eq 5 ]; then
    remark "somebody has looked"
    show 'tutti recalibrate plan.yaml --override 2030-01-28 --by "A. Roe" --why "the week was a strike"'
fi

heading 'The alerts: no night at all, and no young backup'
show "find /var/lib/tutti-recalibrate -name trail.jsonl -mmin +1560"
show "find /backup -maxdepth 1 -name 'tutti-*' -mmin -1560"
remark "thirty hours without either"
show 'touch -d "30 hours ago" /var/lib/tutti-recalibrate/nights/own/trail.jsonl /backup/tutti-monday'
show "find /var/lib/tutti-recalibrate -name trail.jsonl -mmin +1560"
show "find /backup -maxdepth 1 -name 'tutti-*' -mmin -1560"

heading 'Alerts that were not brought about'
remark "\`two results of one task differ\`: no processor here computes wrongly; a test of the queue has one that does"
