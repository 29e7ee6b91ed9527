using System.Security.Cryptography.X509Certificates;

namespace Opx.Daemon.Listening;

/// <summary>What is made of the certificate in force, once for each.</summary>
internal sealed class OfCertificate<T>
    where T : class
{
    private readonly ServerCertificate _certificate;
    private readonly Func<X509Certificate2, T> _make;
    private volatile Made _made;

    public OfCertificate(ServerCertificate certificate, Func<X509Certificate2, T> make)
    {
        (_certificate, _make) = (certificate, make);
        _made = Make();
    }

    public T Current
    {
        get
        {
            var made = _made;
            if (!ReferenceEquals(made.Of, _certificate.Current))
                _made = made = Make();
            return made.It;
        }
    }

    private Made Make()
    {
        var certificate = _certificate.Current;
        return new Made(certificate, _make(certificate));
    }

    private sealed record Made(X509Certificate2 Of, T It);
}
