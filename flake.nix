{
  description = "opx: secrets from 1Password, Vault and OpenBao through one daemon per user";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixpkgs-unstable";

  outputs = { self, nixpkgs }:
    let
      systems = [ "x86_64-linux" "aarch64-linux" "x86_64-darwin" "aarch64-darwin" ];
      forAll = make: nixpkgs.lib.genAttrs systems (system: make nixpkgs.legacyPackages.${system});
    in
    {
      packages = forAll (pkgs: rec {
        opx = pkgs.callPackage ./nix/package.nix { };
        default = opx;
      });

      apps = forAll (pkgs: rec {
        opx = {
          type = "app";
          program = "${self.packages.${pkgs.stdenv.hostPlatform.system}.opx}/bin/opx";
        };
        default = opx;
      });

      devShells = forAll (pkgs: {
        default = pkgs.callPackage ./nix/shell.nix { };
      });

      overlays.default = final: _previous: {
        opx = final.callPackage ./nix/package.nix { };
      };

      homeManagerModules.default = import ./nix/home-manager.nix;

      checks = forAll (pkgs:
        {
          package = self.packages.${pkgs.stdenv.hostPlatform.system}.opx;
          module = import ./nix/module-check.nix { inherit (pkgs) lib runCommand; };
        }
        // nixpkgs.lib.optionalAttrs pkgs.stdenv.hostPlatform.isLinux {
          nixos = import ./nix/nixos-test.nix { inherit pkgs self; };
        });
    };
}
