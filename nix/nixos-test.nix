# A machine on which a user's daemon is started by its socket, reads from the fake backend, and goes with the session.
{ pkgs, self }:

pkgs.testers.runNixOSTest {
  name = "opx";

  nodes.machine = { ... }: {
    users.users.alice = {
      isNormalUser = true;
      uid = 1000;
      linger = true;
    };
    environment.systemPackages = [ self.packages.${pkgs.stdenv.hostPlatform.system}.opx ];
    systemd.packages = [ self.packages.${pkgs.stdenv.hostPlatform.system}.opx ];
    systemd.user.services.opx-authd.environment.OP_AUTHD_BACKEND = "fake";
    systemd.user.sockets.opx-authd.wantedBy = [ "sockets.target" ];
  };

  testScript = ''
    def alice(command):
        return machine.succeed(f"su - alice -c 'XDG_RUNTIME_DIR=/run/user/1000 {command}'").strip()

    machine.wait_for_unit("user@1000.service")
    machine.wait_until_succeeds("test -S /run/user/1000/op-authd/socket.sock")
    value = alice("opx read op://Work/api/token")
    assert value.startswith("fake_") and len(value) == 21, value
    assert alice("systemctl --user is-active opx-authd.service") == "active"
    alice("opx doctor")
    machine.fail("su - nobody -s /bin/sh -c 'cat /run/user/1000/op-authd/socket.sock'")
    alice("opx daemon restart")
    assert alice("opx read op://Work/api/token") == value
  '';
}
