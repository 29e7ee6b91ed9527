# The managed build: nixpkgs has no native runtime pack to restore from inside the sandbox. nix/deps.json holds the NuGet packages and is
# written by `nix build .#opx.fetch-deps && ./result nix/deps.json`.
{ lib, buildDotnetModule, dotnetCorePackages, installShellFiles, stdenv }:

buildDotnetModule {
  pname = "opx";
  version = lib.head (builtins.match ".*<Version>([^<]*)</Version>.*" (builtins.readFile ../Directory.Build.props));

  src = lib.cleanSourceWith {
    src = ../.;
    filter = path: _type: !(builtins.elem (baseNameOf path) [ ".build" "bin" "dist" "result" ]);
  };

  projectFile = [ "src/Opx.Cli/Opx.Cli.csproj" "src/Opx.Daemon/Opx.Daemon.csproj" ];
  nugetDeps = ./deps.json;
  dotnet-sdk = dotnetCorePackages.sdk_10_0;
  dotnet-runtime = dotnetCorePackages.aspnetcore_10_0;
  executables = [ "opx" "opx-authd" ];

  nativeBuildInputs = [ installShellFiles ];

  postInstall = ''
    installManPage packaging/man/opx.1 packaging/man/opx-authd.8 packaging/man/opx-config.5 packaging/man/opx-policy.5
  '' + lib.optionalString stdenv.hostPlatform.isLinux ''
    install -Dm644 -t $out/lib/systemd/user packaging/systemd/opx-authd.service packaging/systemd/opx-authd.socket
    substituteInPlace $out/lib/systemd/user/* --replace-quiet /usr/bin/ $out/bin/
  '';

  postFixup = lib.optionalString (stdenv.buildPlatform.canExecute stdenv.hostPlatform) ''
    installShellCompletion --cmd opx \
      --bash <($out/bin/opx completion bash) --zsh <($out/bin/opx completion zsh) --fish <($out/bin/opx completion fish)
  '';

  meta = {
    description = "Secrets from 1Password, Vault and OpenBao through one daemon per user";
    license = lib.licenses.mit;
    mainProgram = "opx";
    platforms = lib.platforms.linux ++ lib.platforms.darwin;
  };
}
