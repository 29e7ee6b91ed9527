using Opx.Daemon.Identity;

namespace Opx.Daemon.Tests.Identity;

public sealed class ScriptArgumentTests
{
    [Theory]
    [InlineData("/usr/bin/dash", "sh x.sh", "x.sh")]
    [InlineData("/usr/bin/bash", "bash -eu ./x.sh -c y", "./x.sh")]
    [InlineData("/usr/bin/bash", "bash -o pipefail +o posix x.sh", "x.sh")]
    [InlineData("/usr/bin/bash", "bash --norc -- -c", "-c")]
    [InlineData("/usr/bin/python3.11", "python3 -I -W error -Xdev x.py", null)]
    [InlineData("/usr/bin/python3.11", "python3 -I -W error -X dev x.py", "x.py")]
    [InlineData("/usr/bin/python3.11", "python3 x.py -c y", "x.py")]
    [InlineData("/usr/bin/perl", "perl -wT x.pl", "x.pl")]
    [InlineData("/usr/bin/node", "node x.js", "x.js")]
    [InlineData("/usr/bin/ruby3.2", "ruby x.rb", "x.rb")]
    [InlineData("/usr/bin/lua5.4", "lua x.lua", "x.lua")]
    [InlineData("/usr/bin/php", "php -f x.php", "x.php")]
    [InlineData("/usr/bin/pwsh", "pwsh -NoProfile -File x.ps1", "x.ps1")]
    [InlineData("/usr/bin/gawk", "awk -F : -f x.awk", "x.awk")]
    public void The_script_is_the_first_word_that_is_no_option(string program, string arguments, string? script) =>
        Assert.Equal(script, ScriptArgument.Of(program, arguments.Split(' ')));

    [Theory]
    [InlineData("/usr/bin/dash", "sh -c x.sh")]
    [InlineData("/usr/bin/bash", "bash -ec x.sh")]
    [InlineData("/usr/bin/bash", "bash -s x.sh")]
    [InlineData("/usr/bin/bash", "bash --rcfile evil x.sh")]
    [InlineData("/usr/bin/bash", "bash --init-file=evil x.sh")]
    [InlineData("/usr/bin/bash", "bash")]
    [InlineData("/usr/bin/bash", "bash --")]
    [InlineData("/usr/bin/bash", "")]
    [InlineData("/usr/bin/python3", "python3 -c code x.py")]
    [InlineData("/usr/bin/python3", "python3 -Ic code x.py")]
    [InlineData("/usr/bin/python3", "python3 -m module x.py")]
    [InlineData("/usr/bin/python3", "python3 - x.py")]
    [InlineData("/usr/bin/perl", "perl -Mevil x.pl")]
    [InlineData("/usr/bin/perl", "perl -e code x.pl")]
    [InlineData("/usr/bin/node", "node -r evil x.js")]
    [InlineData("/usr/bin/node", "node --import=evil x.js")]
    [InlineData("/usr/bin/ruby", "ruby -revil x.rb")]
    [InlineData("/usr/bin/gawk", "awk program x.txt")]
    [InlineData("/usr/bin/kubectl", "kubectl x.sh")]
    public void Code_that_may_come_from_elsewhere_is_no_script(string program, string arguments) =>
        Assert.Null(ScriptArgument.Of(program, arguments.Split(' ')));
}
