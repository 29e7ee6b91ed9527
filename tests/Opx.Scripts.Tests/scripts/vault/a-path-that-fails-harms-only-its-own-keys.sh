use_vault
secret good '{"a":"1","b":"2"}'
secret closed '{"a":"3"}'
secret odd '{"a":"4"}'
rule some 'secret/data/good' read
rule some 'secret/data/odd' read
rule some 'secret/data/none' read
VAULT_TOKEN=$(token_for some)
export VAULT_TOKEN
ask 'fault?kind=html&path=secret/data/odd&status=200'
start_daemon
expect 4 opx read --json 'vault://secret/good#a' 'vault://secret/none#a' 'vault://secret/closed#a' 'vault://secret/good#b' 'vault://secret/good#c' 'vault://secret/odd#a'
stdout_has '"ref":"vault://secret/good#a","value":"1"'
stdout_has '"ref":"vault://secret/good#b","value":"2"'
stdout_has '"vault://secret/none#a","value":"","error":[{]"code":"not_found"'
stdout_has '"vault://secret/closed#a","value":"","error":[{]"code":"access_denied"'
stdout_has '"vault://secret/good#c","value":"","error":[{]"code":"not_found"'
stdout_has '"vault://secret/odd#a","value":"","error":[{]"code":"backend_error"'
is "$(ask requests | grep -c 'GET secret/data/good 200')" 1
