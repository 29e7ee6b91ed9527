# The module, evaluated for both systems against as much of lib as it uses, and what it comes to compared: an evaluation that succeeds is the
# check. With nixpkgs at hand `nix flake check` hands in its lib; without, `nix-instantiate --eval --strict nix/module-check.nix` uses a stub.
{ lib ? import ./stub-lib.nix, runCommand ? null }:
let
  evaluate = isLinux: user:
    let
      pkgs = {
        formats.json = _: { type = "json"; generate = name: value: "/store/${name}:${builtins.toJSON value}"; };
        callPackage = _path: _arguments: "/store/opx";
        stdenv.hostPlatform = { inherit isLinux; isDarwin = !isLinux; };
      };
      # As Home Manager's own (modules/lib/dag.nix).
      hm = lib // { hm.dag.entryAfter = after: data: { inherit data after; before = [ ]; }; };
      server = { address = null; namespace = null; caCert = null; auth = { }; };
      defaults = {
        enable = true; package = "/store/opx"; backend = null; ttl = null; sessionTimeout = null; enableAuditLog = null;
        auditLogRetentionDays = null; verbose = null; vault = server; bao = server; settings = { }; policy = null;
      };
      config.services.opx-authd = defaults // user;
      config.home = { username = "alice"; profileDirectory = "/home/alice/.nix-profile"; };
      module = import ./home-manager.nix { inherit config pkgs; lib = hm; };
      parts = builtins.filter (part: part.condition or true) (map (part: part) module.config.content.contents);
      value = part: part.content or part;
    in
    { inherit (module) options; parts = map value parts; };
  settings = import ./settings.nix { inherit lib; };
  server = { address = null; namespace = null; caCert = null; auth = { }; };
  none = { backend = null; ttl = null; sessionTimeout = null; enableAuditLog = null; auditLogRetentionDays = null; verbose = null; vault = server; bao = server; settings = { }; };
  linux = evaluate true { policy = { default_deny = true; }; };
  darwin = evaluate false { };
  wanted = [ "auditLogRetentionDays" "backend" "bao" "enable" "enableAuditLog" "package" "policy" "sessionTimeout" "settings" "ttl" "vault" "verbose" ];
  same = what: left: right: if left == right then true else throw "${what}: ${builtins.toJSON left} instead of ${builtins.toJSON right}";
  results = [
    (same "options" (builtins.attrNames linux.options.services.opx-authd) wanted)
    (same "nothing set" (settings none) { })
    (same "set" (settings (none // { backend = "multi"; ttl = "5m"; enableAuditLog = true; vault = server // { address = "https://v"; auth.method = "approle"; }; settings.limits.connections = 64; }))
      { backend = "multi"; ttl = "5m"; enable_audit_log = true; vault = { address = "https://v"; auth.method = "approle"; }; limits.connections = 64; })
    (same "systemd" (builtins.elemAt linux.parts 1).systemd.user.services.opx-authd.Service.ExecStart "/store/opx/bin/opx-authd")
    (same "socket" (builtins.elemAt linux.parts 1).systemd.user.sockets.opx-authd.Socket.ListenStream "%t/op-authd/socket.sock")
    (same "op is found by systemd" (builtins.match "PATH=/run/wrappers/bin:/home/alice/.nix-profile/bin:.*:/usr/bin:/bin"
      (builtins.head (builtins.elemAt linux.parts 1).systemd.user.services.opx-authd.Service.Environment) != null) true)
    (same "op is found by launchd" (builtins.match "/home/alice/.nix-profile/bin:.*:/usr/bin:/bin"
      (builtins.elemAt darwin.parts 1).launchd.agents.opx-authd.config.EnvironmentVariables.PATH != null) true)
    (same "activation" [ (builtins.head linux.parts).home.activation.opx-authd.after (builtins.head linux.parts).home.activation.opx-authd.before ] [ [ "writeBoundary" ] [ ] ])
    (same "launchd" (builtins.elemAt darwin.parts 1).launchd.agents.opx-authd.config.ProgramArguments [ "/store/opx/bin/opx-authd" ])
    (same "parts" [ (builtins.length linux.parts) (builtins.length darwin.parts) ] [ 2 2 ])
    (same "policy" (builtins.match ".*policy[.]json.*" (builtins.replaceStrings [ "\n" ] [ " " ] (builtins.head linux.parts).home.activation.opx-authd.data) != null) true)
    (same "no policy" (builtins.match ".*policy[.]json.*" (builtins.replaceStrings [ "\n" ] [ " " ] (builtins.head darwin.parts).home.activation.opx-authd.data) != null) false)
  ];
in
if !(builtins.all (result: result) results) then throw "unreachable"
else if runCommand == null then "module: ${toString (builtins.length results)} checks"
else runCommand "opx-module-check" { } "touch $out"
