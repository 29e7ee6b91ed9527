// Reads references through opx-authd: go run client.go REF... The daemon has to run (opx daemon start).
package main

import ("bytes"; "context"; "crypto/tls"; "crypto/x509"; "encoding/json"; "fmt"; "log"; "net"; "net/http"; "os"; "path/filepath")

func or(value, other string) string { if value != "" { return value }; return other }
func must[T any](value T, err error) T { if err != nil { log.Fatal(err) }; return value }

func main() {
	data := filepath.Join(or(os.Getenv("XDG_DATA_HOME"), filepath.Join(os.Getenv("HOME"), ".local/share")), "op-authd")
	run := data // without a runtime directory the socket lies with the data
	if dir := os.Getenv("XDG_RUNTIME_DIR"); dir != "" { run = filepath.Join(dir, "op-authd") }
	path := or(os.Getenv("OPX_SOCKET_PATH"), filepath.Join(run, "socket.sock"))
	pool := x509.NewCertPool() // the one certificate that is trusted is the file's own
	pool.AppendCertsFromPEM(must(os.ReadFile(filepath.Join(data, "tls.crt"))))
	client := http.Client{Transport: &http.Transport{DialTLSContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		raw, err := new(net.Dialer).DialContext(ctx, "unix", path)
		if err != nil { return nil, err }
		conn := tls.Client(raw, &tls.Config{RootCAs: pool, ServerName: "op-authd-local"})
		return conn, conn.HandshakeContext(ctx)
	}}}
	body := must(json.Marshal(map[string]any{"refs": os.Args[1:]}))
	request := must(http.NewRequest("POST", "https://unix/v1/reads", bytes.NewReader(body)))
	request.Header.Set("X-OpAuthd-Token", string(must(os.ReadFile(filepath.Join(data, "token")))))
	response := must(client.Do(request))
	var answer struct { Results map[string]struct { Value string; Base64 []byte `json:"value_base64"`; Error *struct{ Message string } } }
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil { log.Fatal(err) }
	for _, ref := range os.Args[1:] {
		result := answer.Results[ref]
		if result.Error != nil { log.Fatalf("%s: %s", ref, result.Error.Message) }
		fmt.Printf("%s%s\n", result.Value, result.Base64) // the second is of a value that is no text
	}
}
