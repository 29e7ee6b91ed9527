program "$PWD/allowed"
program "$PWD/other"
echo more >>other
hash=$(sha256 <allowed | cut -c1-64)
start_daemon
policy "{\"allow\":[{\"sha256\":\"$hash\",\"refs\":[\"*\"]}],\"default_deny\":true}"
reads ./allowed op://v/i/f
refused ./other op://v/i/f
# A copy is the same content; the same file with other content is not.
cp allowed copy
reads ./copy op://v/i/f
echo more >>copy
refused ./copy op://v/i/f
