using Opx.Daemon.Listening;

namespace Opx.Daemon.Tests.Listening;

public sealed class SessionTicketsTests
{
    [Fact]
    public void Ours_comes_behind_the_systems_and_adds_to_the_section_that_it_names()
    {
        var text = SessionTickets.Configuration("/etc/ssl/openssl.cnf", "HOME = .\nopenssl_conf = openssl_init\n[openssl_init]\nproviders = p\n")!;
        Assert.StartsWith(".include /etc/ssl/openssl.cnf\n", text);
        Assert.Contains("[openssl_init]\nssl_conf = opx_ssl\n", text);
        Assert.Contains("NumTickets = 0\n", text);
    }

    [Fact]
    public void Where_the_system_has_none_ours_stands_alone()
    {
        var text = SessionTickets.Configuration(null, "")!;
        Assert.DoesNotContain(".include", text);
        Assert.Contains("openssl_conf = opx_init\n[opx_init]\n", text);
    }

    [Fact]
    public void What_somebody_has_decided_about_tls_is_left_alone() =>
        Assert.Null(SessionTickets.Configuration("/x", "openssl_conf = a\n[a]\n  ssl_conf = b\n[b]\nsystem_default = c\n[c]\nMinProtocol = TLSv1.3\n"));

    [Fact]
    public void A_line_that_is_commented_out_is_no_decision() =>
        Assert.Contains("[opx_init]", SessionTickets.Configuration("/x", "#openssl_conf = a\n# ssl_conf = b\n"));

    [Fact]
    public void A_configuration_that_the_user_chose_is_left_alone() => Assert.Null(SessionTickets.SwitchOff(_ => "/etc/ssl/mine.cnf"));
}
