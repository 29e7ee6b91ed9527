# Homebrew formula: brew install --formula ./homebrew/opx.rb
# url and sha256 are those of the release that is to be installed: the release workflow prints both.
class Opx < Formula
  desc "Read secrets from 1Password, Vault and OpenBao through one daemon"
  homepage "https://github.com/OWNER/opx"
  url "https://github.com/OWNER/opx/archive/refs/tags/v0.1.0.tar.gz"
  sha256 "0000000000000000000000000000000000000000000000000000000000000000"
  license "MIT"
  head "https://github.com/OWNER/opx.git", branch: "main"

  depends_on "dotnet" => :build

  def install
    ENV["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1"
    ENV["DOTNET_CLI_HOME"] = buildpath
    system "make", "build"
    # Without a native runtime pack it is a managed build, which is more than two files.
    odie "make build made no native programs" unless (buildpath/".build/built").read.include?("native")
    bin.install "bin/opx", "bin/opx-authd"
    man1.install "packaging/man/opx.1"
    man5.install "packaging/man/opx-config.5", "packaging/man/opx-policy.5"
    man8.install "packaging/man/opx-authd.8"
    generate_completions_from_executable(bin/"opx", "completion")
  end

  service do
    run [opt_bin/"opx-authd"]
    keep_alive successful_exit: false
    environment_variables PATH: std_service_path_env
    log_path var/"log/opx-authd.log"
    error_log_path var/"log/opx-authd.log"
  end

  test do
    ENV["XDG_RUNTIME_DIR"] = testpath/"run"
    (testpath/"run").mkpath
    chmod 0700, testpath/"run"
    ENV["OP_AUTHD_BACKEND"] = "fake"
    # The fake backend answers with a hash of the reference.
    expected = "fake_" + Digest::SHA256.hexdigest("op://Work/api/token")[0, 16]
    assert_equal expected, shell_output("#{bin}/opx read op://Work/api/token").chomp
    system bin/"opx", "doctor"
    system bin/"opx", "daemon", "stop"
  end
end
