start_daemon
expect 0 opx read op://v/i/a
expect 0 opx status
stdout_has 'fake'
expect 0 opx status --json
for field in backend version uptime_seconds cache_size hits misses in_flight ttl_seconds socket_path policy_rule_count session; do
    stdout_has "\"$field\":"
done
stdout_has '"backend":"fake"'
stdout_has '"cache_size":1'
stdout_has '"ttl_seconds":120'
stdout_has '"state":"'
