# What CONTRIBUTING.md asks for.
{ mkShell, dotnetCorePackages, clang, zlib, openssl, shellcheck, mandoc, zsh, fish, curl }:

mkShell {
  packages = [ dotnetCorePackages.sdk_10_0 clang zlib openssl shellcheck mandoc zsh fish curl ];
  DOTNET_CLI_TELEMETRY_OPTOUT = "1";
  DOTNET_NOLOGO = "1";
}
