# services.opx-authd for Home Manager: the daemon as a user's service, on Linux by systemd with its socket, on macOS by launchd.
{ config, lib, pkgs, ... }:
let
  cfg = config.services.opx-authd;
  json = pkgs.formats.json { };
  optional = type: description: lib.mkOption {
    type = lib.types.nullOr type;
    default = null;
    inherit description;
  };
  server = name: {
    address = optional lib.types.str "Address of ${name}, such as https://vault.example.com.";
    namespace = optional lib.types.str "Namespace.";
    caCert = optional lib.types.path "Certificate authority of the server.";
    auth = lib.mkOption {
      type = json.type;
      default = { };
      example = { method = "approle"; role_id_ref = "op://Work/vault/role-id"; secret_id_ref = "op://Work/vault/secret-id"; };
      description = "How to sign in: method, mount, role, and references. References only: this ends up in the world-readable store.";
    };
  };
  # A service knows nothing of the shell's.
  path = "${config.home.profileDirectory}/bin:/etc/profiles/per-user/${config.home.username}/bin:/run/current-system/sw/bin:/nix/var/nix/profiles/default/bin";
  settings = import ./settings.nix { inherit lib; } cfg;
in
{
  options.services.opx-authd = {
    enable = lib.mkEnableOption "opx-authd, the secret broker";
    package = lib.mkOption {
      type = lib.types.package;
      default = pkgs.opx or (pkgs.callPackage ./package.nix { });
      defaultText = lib.literalExpression "pkgs.opx";
      description = "The package that holds opx and opx-authd.";
    };
    backend = optional (lib.types.enum [ "opcli" "vault" "bao" "multi" "fake" ]) "Where references without a scheme are read.";
    ttl = optional lib.types.str "How long a value is kept, such as 2m; 0s keeps none.";
    sessionTimeout = optional lib.types.str "Idle time after which the session locks, such as 8h; 0s never.";
    enableAuditLog = optional lib.types.bool "Record who read what.";
    auditLogRetentionDays = optional lib.types.ints.unsigned "Days of the audit log that are kept; 0 keeps all.";
    verbose = optional lib.types.bool "Say more in the log; never a secret.";
    vault = server "HashiCorp Vault";
    bao = server "OpenBao";
    settings = lib.mkOption {
      type = json.type;
      default = { };
      description = "Further keys of config.json (opx-config(5)); they win over the options above.";
    };
    policy = lib.mkOption {
      type = lib.types.nullOr json.type;
      default = null;
      example = { allow = [ { path = "/run/current-system/sw/bin/kubectl"; refs = [ "op://Work/k8s/*" ]; } ]; default_deny = true; };
      description = "policy.json (opx-policy(5)); null leaves the file to you.";
    };
  };

  config = lib.mkIf cfg.enable (lib.mkMerge [
    {
      home.packages = [ cfg.package ];
      # The daemon takes no links and no files that others may read, which everything in the store is: so the files are copied.
      home.activation.opx-authd = lib.hm.dag.entryAfter [ "writeBoundary" ] (''
        run install -d -m 0700 "''${XDG_CONFIG_HOME:-$HOME/.config}/op-authd"
        run install -m 0600 ${json.generate "config.json" settings} "''${XDG_CONFIG_HOME:-$HOME/.config}/op-authd/config.json"
      '' + lib.optionalString (cfg.policy != null) ''
        run install -m 0600 ${json.generate "policy.json" cfg.policy} "''${XDG_CONFIG_HOME:-$HOME/.config}/op-authd/policy.json"
      '');
    }

    (lib.mkIf pkgs.stdenv.hostPlatform.isLinux {
      systemd.user.sockets.opx-authd = {
        Unit.Description = "Socket of the secret broker (opx)";
        Socket = {
          ExecStartPre = "-${cfg.package}/bin/opx daemon stop";
          ListenStream = "%t/op-authd/socket.sock";
          SocketMode = "0600";
          DirectoryMode = "0700";
          Backlog = 4096;
          RemoveOnStop = true;
        };
        Install.WantedBy = [ "sockets.target" ];
      };
      # As packaging/systemd/opx-authd.service, which says why nothing is here that implies NoNewPrivileges.
      systemd.user.services.opx-authd = {
        Unit = {
          Description = "Secret broker of this user (opx)";
          Requires = [ "opx-authd.socket" ];
          After = [ "opx-authd.socket" ];
        };
        Service = {
          Type = "notify";
          ExecStart = "${cfg.package}/bin/opx-authd";
          # Where op is; on NixOS the wrapper with the group by which 1Password's app knows it comes first.
          Environment = [ "PATH=/run/wrappers/bin:${path}:/usr/local/bin:/usr/bin:/bin" ];
          Restart = "on-failure";
          TimeoutStopSec = 15;
          UMask = "0077";
          LimitCORE = 0;
          LimitNOFILE = 65536;
        };
        Install.WantedBy = [ "default.target" ];
      };
    })

    (lib.mkIf pkgs.stdenv.hostPlatform.isDarwin {
      launchd.agents.opx-authd = {
        enable = true;
        config = {
          ProgramArguments = [ "${cfg.package}/bin/opx-authd" ];
          EnvironmentVariables.PATH = "${path}:/usr/local/bin:/opt/homebrew/bin:/usr/bin:/bin";
          RunAtLoad = true;
          KeepAlive.SuccessfulExit = false;
          Umask = 63;
          HardResourceLimits.Core = 0;
          ProcessType = "Interactive";
        };
      };
    })
  ]);
}
