# From the options of the module to config.json: only what was set is written, so that the daemon's own defaults hold. A function of lib alone,
# which module-check.nix evaluates.
{ lib }: cfg:
let
  set = lib.filterAttrs (_name: value: value != null && value != { });
  server = backend: set {
    inherit (backend) address namespace;
    ca_cert = backend.caCert;
    auth = set backend.auth;
  };
in
set {
  inherit (cfg) backend ttl;
  session_timeout = cfg.sessionTimeout;
  enable_audit_log = cfg.enableAuditLog;
  audit_log_retention_days = cfg.auditLogRetentionDays;
  verbose = cfg.verbose;
  vault = server cfg.vault;
  bao = server cfg.bao;
} // cfg.settings
